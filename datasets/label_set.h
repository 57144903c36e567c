// The label names of a data set: where they come from, and looking them up.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "datasets/dataset.h"
#include "datasets/json_record.h"

namespace msdbench {

class LabelSet {
 public:
  // `names` as checked by CheckLabels.
  explicit LabelSet(std::vector<std::string> names);

  const std::vector<std::string>& names() const { return names_; }
  // Index of a name, -1 when it is not a label.
  std::int32_t Find(const std::string& name) const;
  // All names for an error, cut when they are many.
  std::string Allowed() const;

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::int32_t> index_;
};

// Throws Error(code) starting with `source` unless there is a name, none is
// twice and none is empty. Answers may be empty: VQA's normalisation turns
// the answer "a" into "", and the official vocabulary keeps it.
enum class EmptyName { kRefused, kAllowed };
void CheckLabels(const std::vector<std::string>& names,
                 const std::string& source, ExitCode code,
                 EmptyName empty_name = EmptyName::kRefused);

// An array of strings; throws DataError naming the file.
std::vector<std::string> ReadLabelFile(
    const std::filesystem::path& file,
    EmptyName empty_name = EmptyName::kRefused);

// options.labels, else labels.json of the first of `folders` that has one,
// else `official`.
std::vector<std::string> ChooseLabels(
    const DatasetOptions& options,
    const std::vector<std::filesystem::path>& folders,
    const std::vector<std::string>& official);

// Whether a split has labels: every record of it or, where that is allowed,
// no record of it.
class LabelPresence {
 public:
  void Add(const JsonRecord& record, bool labelled);
  // Throws DataError naming the first record without a label.
  bool Labelled(bool may_be_unlabelled) const;

 private:
  bool any_ = false;
  std::string first_without_;
};

}  // namespace msdbench
