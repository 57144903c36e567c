// Records of whole plans, for the tests of what happens where they mix.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/reports/simulated_record.h"

namespace msdbench {

using Change = std::function<void(Json&)>;

// As a suite of one student and one teacher writes it, at a minute of one day.
inline Json PlanRecord(const std::string& method, std::uint64_t seed,
                       double value, int minute = 0,
                       const Change& change = nullptr) {
  Simulated run;
  run.method = run.kind = method;
  run.seed = seed;
  run.metrics = {{"accuracy", value}};
  Json json = SimulatedRecord(run);
  const bool teacher = method == "teacher";
  json["suite"]["distillation"] = {{"lambda", 0.5}, {"temperature", 2.0}};
  json["config"] = ParseJson(R"({
    "dataset": {"name": "hateful_memes", "path": "here", "labels": []},
    "input": {"image_size": 16, "max_text_tokens": 12}, "removal": "drop",
    "teacher": {"seed": 1000, "training": {"epochs": 60}}})",
                             "test");
  json["config"]["seed"] = seed;
  json["config"]["device"] = "cpu";
  json["config_changes"] = {{"teacher", {{"training", {{"epochs", 60}}}}}};
  json["code"]["numerics"] = 1;
  if (!teacher) {
    json["config"]["meta_fraction"] = 0.1;
    json["config"]["student"] = {{"training", {{"epochs", 1}}}};
    json["config_changes"]["student"] = {{"training", {{"epochs", 1}}}};
    if (method != "none") {
      json["method"]["options"] = {{"lambda", 0.5}, {"temperature", 2.0}};
    }
    json["config"]["method"] = {{"kind", method},
                                {"options", json["method"]["options"]}};
  }
  if (method == "none") json["teacher"] = nullptr;
  if (teacher) {
    json["teacher"] = {{"hash", FakeHash('d')},
                       {"config_hash", FakeHash('e')},
                       {"dev", json["results"]["dev"]},
                       {"test", json["results"]["test"]}};
  }
  json["timings"]["started"] =
      "2026-01-31T18:" + std::to_string(10 + minute) + ":00Z";
  if (change) change(json);
  return json;
}

inline Record Parsed(const Json& json) {
  return ParseRecord(json, json["dataset"]["name"].get<std::string>() + "/" +
                               json["method"]["name"].get<std::string>() +
                               "/seed-" + json["seed"].dump() + "/record.json");
}

// Five seeds of each method, 0.002 above `value` on average: enough for a clear
// difference to become a claim.
inline std::vector<Json> PlanRecords(const std::string& method, double value,
                                     int minute = 0,
                                     const Change& change = nullptr) {
  std::vector<Json> records;
  if (method == "teacher") {
    return {PlanRecord(method, 1000, value, minute, change)};
  }
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto noise = static_cast<double>(seed * method.size() % 5);
    records.push_back(
        PlanRecord(method, seed, value + 0.001 * noise, minute, change));
  }
  return records;
}

inline std::vector<Json> operator+(std::vector<Json> a,
                                   const std::vector<Json>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline std::vector<Record> Parsed(const std::vector<Json>& all) {
  std::vector<Record> records;
  for (const Json& json : all) records.push_back(Parsed(json));
  return records;
}

// A suite as it should be: teacher, student alone, kd and msd.
inline std::vector<Json> WholePlan() {
  return PlanRecords("teacher", 0.9) + PlanRecords("none", 0.6, 1) +
         PlanRecords("kd", 0.7, 2) + PlanRecords("msd", 0.8, 3);
}

}  // namespace msdbench
