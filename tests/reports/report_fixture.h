// A folder of records with one of everything that a report can show.
#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "reports/record_store.h"
#include "reports/safetensors.h"
#include "tests/reports/simulated_record.h"

namespace msdbench {

// Logits of two labels under each view; the image's say nothing.
inline void WriteFixtureLogits(const std::filesystem::path& folder) {
  constexpr std::int64_t kExamples = 40;
  std::vector<std::vector<float>> logits(3);
  std::vector<NamedArray> arrays;
  const char* kViews[] = {"test/multimodal", "test/text", "test/image"};
  for (std::size_t v = 0; v < 3; ++v) {
    for (std::int64_t i = 0; i < kExamples; ++i) {
      const double side = i % 2 == 0 ? 1 : -1;
      const double size[] = {2, 1, 0};
      logits[v].push_back(0);
      logits[v].push_back(static_cast<float>(
          side * size[v] + 0.05 * static_cast<double>(i % 7)));
    }
    arrays.push_back({kViews[v],
                      "F32",
                      {kExamples, 2},
                      logits[v].data(),
                      logits[v].size() * sizeof(float)});
  }
  WriteSafetensors(folder / "predictions.safetensors", arrays);
}

inline void WriteFixtureCredits(const std::filesystem::path& folder) {
  const std::vector<float> credits = {0, 0, 0.3F, 0.6F, 1, 1, 1, 1, 1, 0.9F};
  std::vector<NamedArray> arrays;
  for (const char* view : {"multimodal", "text", "image"}) {
    arrays.push_back({std::string("test/") + view + "/credit",
                      "F32",
                      {10},
                      credits.data(),
                      credits.size() * sizeof(float)});
  }
  WriteSafetensors(folder / "predictions.safetensors", arrays);
}

// Hateful Memes: four seeds, kd clearly below msd-learned, one failed run;
// VQA v2: one seed, answers.
inline void WriteFixture(const std::filesystem::path& store) {
  const auto write = [&](const Simulated& run, const auto& change) {
    Json json = SimulatedRecord(run);
    json["predictions"] = "predictions.safetensors";
    json["config"]["device"] = "cpu";
    json["environment"] = {{"cpu", {{"model", "simulated"}, {"cores", 2}}},
                           {"libtorch", {{"version", "1.13.1"}}}};
    change(json);
    const auto file = RecordFile(store, run.dataset, run.method, run.seed);
    WriteRecord(file, json);
    return file.parent_path();
  };
  const auto as_is = [](Json&) {};
  const auto learned = [](Json& json) {
    Json epochs = Json::array();
    for (int e = 1; e <= 3; ++e) {
      Json epoch = json["epochs"][0];
      epoch["epoch"] = e;
      epoch["weights"] = {{"text", {{"mean", 0.5 + 0.1 * e}, {"sd", 0.05}}},
                          {"image", {{"mean", 0.5 - 0.1 * e}, {"sd", 0.02}}}};
      epochs.push_back(epoch);
    }
    json["epochs"] = epochs;
    json["saliency"] = {{"score", {{"text", 1.25}, {"image", 0.25}}}};
  };

  WriteFixtureLogits(write({"hateful_memes",
                            "teacher",
                            "teacher",
                            1000,
                            {{"roc_auc", 0.9}, {"accuracy", 0.8}},
                            400},
                           as_is));
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const double noise = 0.002 * static_cast<double>(seed * seed % 5);
    write({"hateful_memes",
           "none",
           "none",
           seed,
           {{"roc_auc", 0.7 - noise}, {"accuracy", 0.61 + noise}},
           90},
          as_is);
    WriteFixtureLogits(write({"hateful_memes",
                              "kd",
                              "kd",
                              seed,
                              {{"roc_auc", 0.75 + noise}, {"accuracy", 0.6}},
                              100 + static_cast<double>(seed)},
                             as_is));
    if (seed == 4) continue;
    WriteFixtureLogits(
        write({"hateful_memes",
               "msd-learned",
               "msd-learned",
               seed,
               {{"roc_auc", 0.85 + noise * 1.5}, {"accuracy", 0.605 - noise}},
               180},
              learned));
  }
  const Simulated failed = {"hateful_memes", "msd-learned", "msd-learned", 4};
  WriteRecord(RecordFile(store, failed.dataset, failed.method, failed.seed),
              FailedRecord(failed, "out of memory: 100 % & <more>"));

  const auto answers = [](Json& json) {
    json["dataset"]["head"] = "answer";
    json["dataset"]["labels"] = 12;
    json["dataset"]["notes"] = {"1 question without an answer was left out"};
  };
  WriteFixtureCredits(
      write({"vqa_v2", "kd", "kd", 1, {{"vqa_accuracy", 0.6}}}, answers));
  write({"vqa_v2", "msd-fixed", "msd-fixed", 1, {{"vqa_accuracy", 0.65}}},
        answers);
}

}  // namespace msdbench
