// Runs and baselines for the tests of the gate.
#pragma once

#include <string>
#include <vector>

#include "reports/baseline.h"
#include "tests/reports/simulated_record.h"

namespace msdbench {

inline Json GateEnvironment() {
  return Json::parse(R"({
    "msdbench": {"build": "optimized"},
    "cpu": {"model": "Modell Eins", "architecture": "x86_64", "cores": 2,
            "simd": ["avx2", "fma"]},
    "compiler": "GCC 12.2.0",
    "libtorch": {"version": "1.13.1", "cpu_capability": "AVX2"},
    "blas": {"name": "openblas", "variant": "openmp", "version": "0.3.21"},
    "threads": {"intra_op": 1}
  })");
}

inline Json GateRunJson(const std::string& dataset, const std::string& method,
                        std::uint64_t seed, double value) {
  Simulated run;
  run.dataset = dataset;
  run.method = method;
  run.kind = method == "teacher" ? "teacher" : "kd";
  run.seed = seed;
  run.metrics = {{"accuracy", value}};
  Json json = SimulatedRecord(run);
  json["environment"] = GateEnvironment();
  json["dataset"]["splits"]["test"]["examples"] = 1000;
  json["config"]["device"] = "cpu";
  json["config"]["teacher"] = {{"seed", 1000}};
  if (run.kind == "teacher") json["config"]["teacher"]["seed"] = seed;
  json["config"]["dataset"] = {{"name", dataset}, {"path", "somewhere"}};
  return json;
}

inline Record GateRecord(const Json& json) {
  return ParseRecord(json, json["dataset"]["name"].get<std::string>() + "/" +
                               json["method"]["name"].get<std::string>() +
                               "/seed-" + json["seed"].dump() + "/record.json");
}

// Seeds 1, 2, ... with these values.
inline std::vector<Record> GateRuns(const std::string& dataset,
                                    const std::string& method,
                                    const std::vector<double>& values,
                                    std::uint64_t first_seed = 1) {
  std::vector<Record> records;
  for (double value : values) {
    records.push_back(
        GateRecord(GateRunJson(dataset, method, first_seed++, value)));
  }
  return records;
}

inline std::vector<Record> operator+(std::vector<Record> a,
                                     const std::vector<Record>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace msdbench
