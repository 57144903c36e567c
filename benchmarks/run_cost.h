// What a training will cost, from its plan alone: enough to order runs, to
// guess how long is left, and to keep as many at once as memory holds.
#pragma once

#include <cstddef>
#include <string>

#include "benchmarks/suite.h"

namespace msdbench {

// Of a training step, in those of plain training: MethodKind::cost.
double StepCost(const std::string& method_kind);

// Steps times the weights that a step touches; no unit.
double TrainingCost(const Learner& learner, double step_cost);

// GiB that a training holds at its most, beside the data: parameters with
// gradients, AdamW's moments and the best epoch's copy, and what a step on
// `views` views keeps for its way back.
double TrainingMemoryGib(const DatasetPlan& plan, const Learner& learner,
                         std::size_t views);

}  // namespace msdbench
