// The record of one run: what the JSON file beside each run says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/json_file.h"

namespace msdbench {

// JSON Schema (draft-07) of a record, schemas/record.schema.json.
std::string_view RecordSchema();

struct RecordMetric {
  std::string name;
  bool higher_is_better = true;
};

// Metric name -> value; an undefined metric is there, without a value.
using MetricValues = std::map<std::string, std::optional<double>, std::less<>>;

// Modality weights of one epoch: mean and standard deviation over examples.
struct EpochWeights {
  std::int64_t epoch = 0;
  std::optional<double> text, text_sd, image, image_sd;
};

// What the reports need of a record. Fields that a failed run did not get to
// are empty.
struct Record {
  std::string source;  // the file, as its reader names it
  bool ok = false;
  std::string error;  // one line, why it failed
  std::string suite, suite_hash;
  bool teacher = false;
  std::string method, kind;
  std::string dataset, format, fingerprint;
  std::string dev_split, test_split;  // as the authors name them
  std::int64_t labels = 0, dev_examples = 0, test_examples = 0;
  std::vector<std::string> notes;
  std::uint64_t seed = 0;
  std::string config_hash, version, revision;
  std::vector<RecordMetric> metrics;  // the primary one first
  // Constant prediction: split -> metric.
  std::map<std::string, MetricValues, std::less<>> floor;
  // Split ("dev", "test", "test_last_epoch") -> view ("multimodal", "text",
  // "image") -> metric.
  std::map<std::string, std::map<std::string, MetricValues, std::less<>>,
           std::less<>>
      results;
  std::map<std::string, std::string, std::less<>> undefined;  // pointer -> why
  std::optional<double> parameters, training_s, examples_per_second;
  // MiB: the run's own tensors at their most, and the process's largest
  // resident size so far, all of its runs together.
  std::optional<double> run_peak_memory, process_peak_memory;
  // How many epochs were trained, and how many of them were equally good on dev
  // when one was kept; 0 = not a tie, or not known.
  std::size_t epochs = 0, tied_epochs = 0;
  Json json;  // all of it; null when the reader did not ask for it
  // For figures, and to run it again.
  std::string head, device;
  std::string predictions;  // a file beside the record; empty = none
  // Multimodal view: probability above which one of several labels counts.
  double threshold = 0.5;
  std::string environment;  // JSON text
  // For config_difference.h: the configuration without the method (see
  // `options`), the run's own seed, the device, where the data lies and what a
  // weak teacher is met with; a teacher's also without the teacher's seed. And
  // what of it (and of the method) is not at its default; empty = not told, as
  // in records of before. All JSON text.
  std::string config, config_changes, options;
  std::string distillation;   // JSON text: options that methods share; or empty
  std::string suite_methods;  // JSON text: row -> own options; or empty
  std::optional<int> numerics;  // version of the arithmetic; none = not told
  std::string teacher_hash;     // the weights learned from, or a teacher's own
  std::string started;          // ISO 8601; empty = not told
  std::vector<EpochWeights> weights;
  std::map<std::string, double, std::less<>> saliency;  // "score/text"

  // nullptr = the record has no such metric.
  const std::optional<double>* Find(std::string_view split,
                                    std::string_view view,
                                    std::string_view metric) const;
};

// Checks the schema and what it cannot say: each metric in each view, a reason
// for each null, nothing stale in `undefined`. Throws Error(code) naming
// `source`, the JSON pointer, what is wrong and what is allowed.
Record ParseRecord(Json json, const std::string& source,
                   ExitCode code = ExitCode::kData);

// Checks as ParseRecord does, then writes atomically; no number that is not
// finite reaches a file. Throws RunError and leaves an old file as it was.
void WriteRecord(const std::filesystem::path& file, const Json& json);

// Sets the number at `pointer`; one that is not finite becomes null with an
// entry in `undefined` that says `reason` (empty = "the value is nan").
void SetMetric(Json& record, const std::string& pointer, double value,
               const std::string& reason = "");

}  // namespace msdbench
