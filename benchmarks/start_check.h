// What a plan names on disk, looked at before anything is trained.
#pragma once

#include <filesystem>

#include "benchmarks/places.h"
#include "benchmarks/suite.h"
#include "datasets/dataset.h"

namespace msdbench {

// Opens the vocabulary, the feature store and the weights that `plan` names,
// and fills a teacher and a student from them, so that a layer that is not
// there or a tensor of another shape is told now and not after the teacher's
// training. `data` is the plan's, as loaded. Throws DataError, and UsageError
// for what is wrong in the suite.
void CheckStart(const DatasetPlan& plan, const Dataset& data,
                const Places& places);

// Throws UsageError where weights that the plan starts from lie in a folder
// below `out` that a run of it saves its own model in.
void CheckSavedModels(const Suite& suite, const DatasetPlan& plan,
                      const Places& places, const std::filesystem::path& out);

}  // namespace msdbench
