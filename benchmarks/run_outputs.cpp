#include "benchmarks/run_outputs.h"

#include "benchmarks/predictions.h"
#include "benchmarks/run_record.h"
#include "benchmarks/submission.h"
#include "reports/record_store.h"

namespace msdbench {

void PutOutputs(Json& record, const std::filesystem::path& folder,
                const DatasetPlan& plan, const PreparedData& data,
                const ViewLogits& dev, const ViewLogits& test) {
  // A record never stands beside outputs of another run.
  std::filesystem::remove(folder / kRecordName);
  std::filesystem::remove_all(folder / kModelFolder);
  WritePredictions(folder / kPredictionsFile, data.dataset.labels,
                   {{"test", data.test, test}, {"dev", data.dev, dev}});
  record["predictions"] = kPredictionsFile;
  // Servers want every example: no part of a split is a submission.
  if (data.test.labelled || plan.options.limit.at("test") > 0) return;
  record["submission"] = WriteSubmission(folder, data.dataset.labels, data.test,
                                         test[View::kMultimodal]);
}

}  // namespace msdbench
