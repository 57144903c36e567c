#include "benchmarks/json_lines.h"

#include <cmath>

#include "benchmarks/run_record.h"

namespace msdbench {
namespace {

// JSON has no word for NaN.
Json Number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json Begin(const char* event) {
  return {{"event", event}, {"time", NowText()}};
}

Json Begin(const char* event, const RunName& run) {
  Json json = Begin(event);
  json["dataset"] = run.dataset;
  json["method"] = run.method;
  json["seed"] = run.seed;
  return json;
}

Json WeightJson(const std::optional<WeightSummary>& weight) {
  if (!weight) return nullptr;
  return {{"mean", Number(weight->mean)}, {"sd", Number(weight->deviation)}};
}

}  // namespace

void JsonLines::OnSuiteStart(const std::string& suite, int runs) {
  Json event = Begin("suite_start");
  event["suite"] = suite;
  event["runs"] = runs;
  Write(event);
}

void JsonLines::OnRunStart(const RunName& run) {
  Write(Begin("run_start", run));
}

void JsonLines::OnEpoch(const RunName& run, const EpochReport& epoch,
                        std::int64_t epochs) {
  Json event = Begin("epoch", run);
  event["epoch"] = epoch.epoch;
  event["epochs"] = epochs;
  event["learning_rate"] = Number(epoch.learning_rate);
  event["losses"] = Json::object();
  for (const auto& [name, value] : epoch.losses) {
    event["losses"][name] = Number(value);
  }
  event["dev"] = Json::object();
  for (const MetricValue& metric : epoch.dev) {
    event["dev"][metric.name] =
        metric.value ? Number(*metric.value) : Json(nullptr);
  }
  event["weights"] = nullptr;
  if (epoch.text_weight) {
    event["weights"] = {{"text", WeightJson(epoch.text_weight)},
                        {"image", WeightJson(epoch.image_weight)}};
  }
  Write(event);
}

void JsonLines::OnRunEnd(const RunName& run, const RunEnd& end) {
  Json event = Begin("run_end", run);
  event["status"] = end.status;
  event["error"] = end.error.empty() ? Json(nullptr) : Json(end.error);
  event["metric"] = nullptr;
  event["value"] = nullptr;
  if (end.score) {
    event["metric"] = end.score->name;
    if (end.score->value) event["value"] = Number(*end.score->value);
  }
  event["seconds"] = Number(end.seconds);
  event["record"] = end.record.string();
  Write(event);
}

void JsonLines::OnSuiteEnd(const SuiteEnd& end) {
  Json event = Begin("suite_end");
  event["done"] = end.done;
  event["reused"] = end.reused;
  event["failed"] = end.failed;
  event["seconds"] = Number(end.seconds);
  Write(event);
}

void JsonLines::Write(const Json& event) {
  // An error may quote bytes that are not UTF-8.
  const std::string line = event.dump(-1, ' ', /*ensure_ascii=*/false,
                                      Json::error_handler_t::replace) +
                           "\n";
  const std::lock_guard<std::mutex> lock(mutex_);
  std::fputs(line.c_str(), out_);
  std::fflush(out_);
}

}  // namespace msdbench
