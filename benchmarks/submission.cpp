#include "benchmarks/submission.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "reports/json_file.h"

namespace msdbench {
namespace {

// RFC 4180.
std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c;
    if (c == '"') quoted += c;
  }
  return quoted + '"';
}

std::string CsvOf(const std::vector<std::string>& labels,
                  const EncodedSplit& test, const float* logits) {
  const bool two = labels.size() == 2;
  std::string csv = two ? "id,proba,label\n" : "id,label\n";
  for (const Example& example : test.examples) {
    const auto best = static_cast<std::size_t>(
        std::max_element(logits, logits + labels.size()) - logits);
    csv += CsvField(example.id) + ',';
    if (two) {
      const double rise = static_cast<double>(logits[1]) - logits[0];
      csv += fmt::format("{},{}\n", 1 / (1 + std::exp(-rise)), best);
    } else {
      csv += CsvField(labels[best]) + '\n';
    }
    logits += labels.size();
  }
  return csv;
}

std::string AnswersOf(const std::vector<std::string>& labels,
                      const EncodedSplit& test, const float* logits) {
  Json answers = Json::array();
  for (const Example& example : test.examples) {
    const auto best = std::max_element(logits, logits + labels.size()) - logits;
    answers.push_back({{"question_id", std::stoll(example.id)},
                       {"answer", labels[static_cast<std::size_t>(best)]}});
    logits += labels.size();
  }
  return answers.dump() + '\n';
}

}  // namespace

std::string WriteSubmission(const std::filesystem::path& folder,
                            const std::vector<std::string>& labels,
                            const EncodedSplit& test,
                            const at::Tensor& logits) {
  if (test.head == Head::kMultiLabel) {
    throw UsageError("split " + test.name +
                     " has no labels, and no form of submission is known for "
                     "several labels an example");
  }
  const at::Tensor rows = logits.contiguous();
  const auto* data = rows.data_ptr<float>();
  const bool answers = test.head == Head::kAnswer;
  const std::string name = answers ? "submission.json" : "submission.csv";
  WriteFileAtomically(folder / name, answers ? AnswersOf(labels, test, data)
                                             : CsvOf(labels, test, data));
  return name;
}

}  // namespace msdbench
