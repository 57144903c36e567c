// What a run says of the test split, in files beside its record.
#pragma once

#include <filesystem>

#include "baselines/models/view_logits.h"
#include "benchmarks/prepared_data.h"
#include "benchmarks/suite.h"
#include "reports/json_file.h"

namespace msdbench {

// Writes predictions (predictions.h) and, for a whole split without labels, a
// submission (submission.h) into `folder`, and their names into the record. A
// record of an earlier run there is removed first.
void PutTestOutputs(Json& record, const std::filesystem::path& folder,
                    const DatasetPlan& plan, const PreparedData& data,
                    const ViewLogits& test);

}  // namespace msdbench
