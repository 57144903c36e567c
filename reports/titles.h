// What tables call things: "roc_auc" is "AUROC" to a reader.
#pragma once

#include <string>

#include "reports/run_matrix.h"

namespace msdbench {

// Names without a title stay as they are.
std::string DatasetTitle(const RunMatrix::Dataset& dataset);
// Says so when lower is better.
std::string MetricTitle(const RecordMetric& metric);
std::string MethodTitle(const RunMatrix::Method& method);
// "multimodal", "text", "image".
std::string ViewTitle(const std::string& view);

}  // namespace msdbench
