#include "datasets/label_set.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unordered_set>
#include <utility>

#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;

LabelSet::LabelSet(std::vector<std::string> names) : names_(std::move(names)) {
  index_.reserve(names_.size());
  for (const std::string& name : names_) {
    index_.emplace(name, static_cast<std::int32_t>(index_.size()));
  }
}

std::int32_t LabelSet::Find(const std::string& name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? -1 : found->second;
}

std::string LabelSet::Allowed() const {
  constexpr std::size_t kMost = 30;
  if (names_.size() <= kMost) return fmt::format("{}", fmt::join(names_, ", "));
  return fmt::format("{} and {} more",
                     fmt::join(names_.begin(), names_.begin() + kMost, ", "),
                     names_.size() - kMost);
}

void CheckLabels(const std::vector<std::string>& names,
                 const std::string& source, ExitCode code,
                 EmptyName empty_name) {
  if (names.empty()) throw Error(code, source + ": no label names");
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty() && empty_name == EmptyName::kRefused) {
      throw Error(code,
                  fmt::format("{}: label {} has an empty name", source, i));
    }
    if (!seen.insert(names[i]).second) {
      throw Error(code, fmt::format("{}: label {}, \"{}\", is there twice",
                                    source, i, names[i]));
    }
  }
}

std::vector<std::string> ReadLabelFile(const fs::path& file,
                                       EmptyName empty_name) {
  const Json json = ReadJsonFile(file);
  bool fits = json.is_array();
  for (const Json& name : json) fits = fits && name.is_string();
  if (!fits) throw DataError(file.string() + ": must be an array of strings");
  auto names = json.get<std::vector<std::string>>();
  CheckLabels(names, file.string(), ExitCode::kData, empty_name);
  return names;
}

std::vector<std::string> ChooseLabels(
    const DatasetOptions& options, const std::vector<fs::path>& folders,
    const std::vector<std::string>& official) {
  if (!options.labels.empty()) {
    CheckLabels(options.labels, "labels", ExitCode::kUsage);
    return options.labels;
  }
  for (const fs::path& folder : folders) {
    const fs::path file = folder / "labels.json";
    if (IsThere(file)) return ReadLabelFile(file);
  }
  return official;
}

void LabelPresence::Add(const JsonRecord& record, bool labelled) {
  any_ = any_ || labelled;
  if (!labelled && first_without_.empty()) first_without_ = record.Where();
}

bool LabelPresence::Labelled(bool may_be_unlabelled) const {
  if (first_without_.empty()) return true;
  if (!may_be_unlabelled || any_) {
    throw DataError(first_without_ +
                    ": has no label (only a test split may be without, and "
                    "then in every record)");
  }
  return false;
}

}  // namespace msdbench
