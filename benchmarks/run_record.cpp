#include "benchmarks/run_record.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <limits>

#include "benchmarks/environment.h"
#include "benchmarks/machine/host.h"
#include "benchmarks/teacher.h"
#include "benchmarks/version.h"
#include "reports/numerics.h"

namespace msdbench {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

const char* HeadName(Head head) {
  switch (head) {
    case Head::kSingleLabel:
      return "single_label";
    case Head::kMultiLabel:
      return "multi_label";
    default:
      return "answer";
  }
}

void PutMetrics(Json& record, const std::string& pointer,
                const std::vector<MetricValue>& metrics) {
  for (const MetricValue& metric : metrics) {
    SetMetric(record, pointer + "/" + metric.name, metric.value.value_or(kNone),
              metric.reason);
  }
}

void PutViews(Json& record, const std::string& pointer,
              const ViewScores& scores) {
  for (View view : kViews) {
    PutMetrics(record, pointer + "/" + Name(view),
               scores[static_cast<int>(view)]);
  }
}

Json SplitJson(const std::string& name, std::int64_t examples) {
  return {{"name", name}, {"examples", examples}};
}

Json WeightsJson(const EpochReport& epoch) {
  if (!epoch.text_weight) return nullptr;
  const auto one = [](const WeightSummary& weight) {
    return Json{{"mean", weight.mean}, {"sd", weight.deviation}};
  };
  return {{"text", one(*epoch.text_weight)},
          {"image", one(*epoch.image_weight)}};
}

}  // namespace

Json BeginRecord(const Suite& suite, const DatasetPlan& plan,
                 const PreparedData* data, const RunIdentity& identity) {
  Json record;
  record["schema_version"] = 1;
  record["status"] = "ok";
  record["error"] = nullptr;
  record["suite"] = {{"name", suite.name},
                     {"hash", suite.hash},
                     {"distillation", plan.distillation},
                     {"methods", suite.own_options}};
  record["role"] = identity.role;
  record["method"] = {{"name", identity.name},
                      {"kind", identity.kind},
                      {"options", identity.options}};
  record["dataset"] = {{"name", plan.name()}, {"format", plan.format}};
  record["seed"] = identity.seed;
  record["config"] = identity.config.values;
  record["config_changes"] = identity.config.changes;
  record["config_hash"] = identity.config_hash;
  record["code"] = {{"version", std::string(Version())},
                    {"revision", std::string(Revision())},
                    {"numerics", kNumericsVersion}};
  record["environment"] = DescribeEnvironment();
  record["teacher"] = nullptr;
  record["metrics"] = nullptr;
  for (const char* later : {"selection", "epochs", "results", "saliency"}) {
    record[later] = nullptr;
  }
  record["undefined"] = Json::array();
  record["parameters"] = nullptr;
  record["predictions"] = nullptr;
  record["timings"] = nullptr;
  if (data == nullptr) return record;

  const Dataset& dataset = data->dataset;
  Json& entry = record["dataset"];
  entry["head"] = HeadName(dataset.head);
  entry["labels"] = dataset.labels.size();
  entry["fingerprint"] = dataset.fingerprint;
  entry["splits"] = {
      {"train", SplitJson(data->train.name,
                          static_cast<std::int64_t>((identity.role == "teacher"
                                                         ? data->all_rows
                                                         : data->student_rows)
                                                        .size()))},
      {"dev", SplitJson(data->dev.name, data->dev.size())},
      {"test", SplitJson(data->test.name, data->test.size())}};
  entry["splits"]["meta"] = nullptr;
  if (identity.role == "student") {
    entry["splits"]["meta"] =
        SplitJson(data->train.name + " (cut)",
                  static_cast<std::int64_t>(data->meta_rows.size()));
  }
  entry["notes"] = dataset.notes;
  entry["floor"] = {{"dev", Json::object()}, {"test", Json::object()}};
  PutMetrics(record, "/dataset/floor/dev", data->dev_floor);
  PutMetrics(record, "/dataset/floor/test", data->test_floor);
  record["metrics"] = Json::array();
  for (const std::string& metric : dataset.metrics) {
    record["metrics"].push_back({{"name", metric}, {"higher_is_better", true}});
  }
  return record;
}

void MarkFailed(Json& record, const std::string& error) {
  record["status"] = "failed";
  record["error"] = error;
}

void PutOrigin(Json& record, const std::optional<WeightsOrigin>& origin) {
  if (!origin) return;
  record["first_weights"] = {{"source", origin->source},
                             {"loaded", origin->loaded},
                             {"new", origin->new_ones},
                             {"left_out", origin->left_out}};
}

void PutTeacher(Json& record, const TrainedTeacher& teacher) {
  record["teacher"] = {{"hash", teacher.weights_hash},
                       {"config_hash", teacher.config_hash},
                       {"dev", Json::object()},
                       {"test", Json::object()}};
  PutViews(record, "/teacher/dev", teacher.dev_scores);
  PutViews(record, "/teacher/test", teacher.test_scores);
}

void PutSelection(Json& record, const TrainingResult& training,
                  const std::string& metric) {
  if (training.best_epoch == 0) return;
  record["selection"] = {{"rule", "best_on_dev"},
                         {"metric", metric},
                         {"epoch", training.best_epoch},
                         {"tied", training.tied_epochs}};
}

void PutTraining(Json& record, const TrainingResult& training,
                 const std::string& metric) {
  PutSelection(record, training, metric);
  record["epochs"] = Json::array();
  for (const EpochReport& epoch : training.epochs) {
    const std::string pointer =
        fmt::format("/epochs/{}", record["epochs"].size());
    record["epochs"].push_back({{"epoch", epoch.epoch},
                                {"learning_rate", epoch.learning_rate},
                                {"losses", Json::object()},
                                {"dev", Json::object()},
                                {"weights", WeightsJson(epoch)}});
    for (const auto& [name, value] : epoch.losses) {
      SetMetric(record, pointer + "/losses/" + name, value);
    }
    PutMetrics(record, pointer + "/dev", epoch.dev);
    if (epoch.threshold) {
      record["epochs"].back()["threshold"] = *epoch.threshold;
    }
  }
}

void PutResults(Json& record, const std::string& split,
                const ViewScores& scores) {
  if (record["results"].is_null()) record["results"] = Json::object();
  record["results"][split] = Json::object();
  PutViews(record, "/results/" + split, scores);
}

void PutTimings(Json& record, const RunTimings& timings) {
  const auto rounded = [](std::optional<double> value) {
    return value ? Json(std::round(*value * 1000) / 1000) : Json(nullptr);
  };
  record["timings"] = {
      {"started", timings.started},
      {"loading_s", rounded(timings.loading_s)},
      {"teacher_s", rounded(timings.teacher_s)},
      {"training_s", rounded(timings.training_s)},
      {"evaluation_s", rounded(timings.evaluation_s)},
      {"total_s", rounded(timings.total_s)},
      {"examples_per_second", rounded(timings.examples_per_second)},
      {"run_peak_memory_mib", rounded(timings.memory.mib)},
      {"process_peak_memory_mib", rounded(DescribeProcessMemory().peak_mib)}};
  if (!timings.memory.mib) {
    record["timings"]["run_peak_memory_reason"] = timings.memory.reason;
  }
}

std::string NowText() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace msdbench
