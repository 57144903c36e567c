// The word pieces of a plan.
#pragma once

#include "benchmarks/places.h"
#include "benchmarks/suite.h"
#include "datasets/dataset.h"
#include "datasets/text/wordpiece.h"

namespace msdbench {

// Those of the file that the plan names, or built from the texts of `train`.
// Throws DataError.
Vocabulary MakeVocabulary(const DatasetPlan& plan, const Split& train,
                          const Places& places);

}  // namespace msdbench
