// What a trained model says of dev and test, in files beside its record.
#pragma once

#include <filesystem>

#include "baselines/models/view_logits.h"
#include "benchmarks/prepared_data.h"
#include "benchmarks/suite.h"
#include "reports/json_file.h"

namespace msdbench {

// Writes predictions (predictions.h) and, for a whole test split without
// labels, a submission (submission.h) into `folder`, and their names into the
// record. A record of an earlier run there is removed first.
void PutOutputs(Json& record, const std::filesystem::path& folder,
                const DatasetPlan& plan, const PreparedData& data,
                const ViewLogits& dev, const ViewLogits& test);

}  // namespace msdbench
