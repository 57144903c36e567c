// A whole, valid record of a run that never was.
#pragma once

#include <map>
#include <string>

#include "reports/record.h"

namespace msdbench {

struct Simulated {
  std::string dataset = "hateful_memes";
  std::string method = "kd", kind = "kd";
  std::uint64_t seed = 1;
  // Test split, multimodal view; the other views stand 0.1 and 0.2 below,
  // the dev split and the last epoch 0.01 above and below the test split.
  std::vector<std::pair<std::string, double>> metrics = {{"roc_auc", 0.75},
                                                         {"accuracy", 0.5}};
  double training_s = 100;
};

inline std::string FakeHash(char digit) { return std::string(64, digit); }

inline Json SimulatedRecord(const Simulated& run) {
  const bool teacher = run.kind == "teacher";
  const auto views = [&](double offset) {
    Json json;
    const std::pair<const char*, double> kOffsets[] = {
        {"multimodal", 0}, {"text", -0.1}, {"image", -0.2}};
    for (const auto& [view, below] : kOffsets) {
      for (const auto& [name, value] : run.metrics) {
        json[view][name] = value + offset + below;
      }
    }
    return json;
  };
  Json metrics = Json::array();
  Json floor;
  for (const auto& [name, value] : run.metrics) {
    metrics.push_back({{"name", name}, {"higher_is_better", true}});
    floor["dev"][name] = 0.5;
    floor["test"][name] = 0.5;
  }
  Json epoch = {{"epoch", 1}, {"learning_rate", 0.001}};
  epoch["losses"]["task"] = 0.7;
  epoch["dev"][run.metrics[0].first] = 0.6;
  epoch["weights"] = nullptr;

  Json json;
  json["schema_version"] = 1;
  json["status"] = "ok";
  json["error"] = nullptr;
  json["suite"] = {{"name", "quick"}, {"hash", FakeHash('a')}};
  json["role"] = teacher ? "teacher" : "student";
  json["method"] = {
      {"name", run.method}, {"kind", run.kind}, {"options", Json::object()}};
  json["dataset"] = {{"name", run.dataset},
                     {"format", run.dataset},
                     {"head", "single_label"},
                     {"labels", 2},
                     {"fingerprint", FakeHash('b')},
                     {"splits",
                      {{"train", {{"name", "train"}, {"examples", 80}}},
                       {"dev", {{"name", "dev_seen"}, {"examples", 10}}},
                       {"meta", nullptr},
                       {"test", {{"name", "test_seen"}, {"examples", 20}}}}},
                     {"notes", Json::array()},
                     {"floor", floor}};
  json["seed"] = run.seed;
  json["config"] = {{"seed", run.seed}};
  json["config_hash"] = FakeHash('c');
  json["code"] = {{"version", "0.1.0"}, {"revision", "0123abc"}};
  json["environment"] = {{"cpu", "simulated"}};
  json["teacher"] = nullptr;
  if (!teacher) {
    json["teacher"] = {{"hash", FakeHash('d')},
                       {"config_hash", FakeHash('e')},
                       {"dev", views(0)},
                       {"test", views(0)}};
  }
  json["metrics"] = metrics;
  json["selection"] = {
      {"rule", "best_on_dev"}, {"metric", run.metrics[0].first}, {"epoch", 1}};
  json["epochs"] = Json::array({epoch});
  json["results"] = {{"dev", views(0.01)},
                     {"test", views(0)},
                     {"test_last_epoch", views(-0.01)}};
  json["saliency"] = nullptr;
  json["undefined"] = Json::array();
  json["parameters"] = teacher ? 109482240 : 14350248;
  json["predictions"] = "predictions.jsonl";
  json["timings"] = {{"started", "2026-01-31T18:30:00Z"},
                     {"loading_s", 1.5},
                     {"teacher_s", 2},
                     {"training_s", run.training_s},
                     {"evaluation_s", 3},
                     {"total_s", run.training_s + 6.5},
                     {"examples_per_second", 800},
                     {"run_peak_memory_mib", 512.25},
                     {"process_peak_memory_mib", 1700.5}};
  return json;
}

// What a run that died while training leaves behind.
inline Json FailedRecord(const Simulated& run, const std::string& error) {
  Json json = SimulatedRecord(run);
  json["status"] = "failed";
  json["error"] = error;
  for (const char* part : {"metrics", "selection", "epochs", "results",
                           "parameters", "predictions", "timings"}) {
    json[part] = nullptr;
  }
  json["dataset"] = {{"name", run.dataset}, {"format", run.dataset}};
  return json;
}

// As LoadRecords would name and parse it.
inline Record Simulate(const Simulated& run) {
  return ParseRecord(SimulatedRecord(run),
                     run.dataset + "/" + run.method + "/seed-" +
                         std::to_string(run.seed) + "/record.json");
}

inline Record SimulateFailure(const Simulated& run, const std::string& error) {
  return ParseRecord(FailedRecord(run, error),
                     run.dataset + "/" + run.method + "/seed-" +
                         std::to_string(run.seed) + "/record.json");
}

}  // namespace msdbench
