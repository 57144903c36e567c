#include "datasets/written_records.h"

#include <fmt/format.h>

namespace msdbench {

std::string MemeLine(std::int64_t id, const std::string& picture, int label,
                     const std::string& text) {
  const Json record = {
      {"id", id}, {"img", picture}, {"label", label}, {"text", text}};
  return record.dump() + "\n";
}

std::string FilmRecord(const std::string& title,
                       const std::vector<std::string>& genres,
                       const std::string& plot) {
  const Json record = {{"title", title}, {"genres", genres}, {"plot", {plot}}};
  return record.dump();
}

std::string PairId(const std::string& photo, std::int64_t k) {
  return fmt::format("{}#0r{}", photo, k);
}

std::string PairLine(const std::string& photo, std::int64_t k,
                     const std::string& label, const std::string& caption,
                     const std::string& hypothesis) {
  const Json record = {
      {"Flikr30kID", photo},          {"annotator_labels", {label}},
      {"captionID", photo + "#0"},    {"gold_label", label},
      {"pairID", PairId(photo, k)},   {"sentence1", caption},
      {"sentence1_binary_parse", ""}, {"sentence1_parse", ""},
      {"sentence2", hypothesis},      {"sentence2_binary_parse", ""},
      {"sentence2_parse", ""}};
  return record.dump() + "\n";
}

}  // namespace msdbench
