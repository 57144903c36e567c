// A data set's annotation files read to the end whatever is wrong in them: the
// loaders stop at the first fault, a scan goes on where it can.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "datasets/dataset.h"
#include "datasets/json_record.h"

namespace msdbench {

struct ScannedSplit {
  std::string name;
  std::vector<std::string> files;  // relative to the scan's root
  // What a loader would stop at, a line each.
  std::vector<std::string> faults;
  std::map<std::string, std::int64_t> skipped;  // why -> records
  // An entry for each example that can be read.
  std::vector<std::string> ids;
  std::vector<std::int32_t> images;   // row of Scan::images
  std::vector<std::int32_t> words;    // of the text, between white space
  std::vector<std::int32_t> texts;    // row of Scan::texts, -1 without a word
  std::vector<std::int32_t> answers;  // row of Scan::answers, -1 unlabelled
  std::int64_t unlabelled = 0;
  std::map<std::string, std::int64_t> labels;  // name -> examples
};

struct Scan {
  std::filesystem::path root;
  std::vector<ScannedSplit> splits;
  std::vector<std::string> images;  // distinct, relative to root
  // Distinct, the words with one space between them.
  std::vector<std::string> texts;
  // Distinct: what an example is to be answered with, its label or labels.
  std::vector<std::string> answers;
  // VQA's labels that no reference of train is spelt like, so that nothing
  // trains them, and that none of any split is taken for, so that they earn
  // nothing; a line each, with a reference that is meant the same.
  std::vector<std::string> untrained_labels, unscored_labels;
  std::size_t checked_labels = 0;
  // Labels in their order; empty where the answers themselves are counted.
  std::vector<std::string> label_names;
  // Files beside the splits' own, relative to root: split.json.
  std::vector<std::string> more_files;
  // Files that hold the pictures and can be huge, relative to root.
  std::vector<std::string> picture_files;
  // Files that are one record each, relative to root: a film's.
  std::vector<std::string> record_files;
  // What concerns no single split, for a person.
  std::vector<std::string> faults, notes;

  // `example.image` lies below root. `answer` empty: not labelled.
  void Add(ScannedSplit& split, const Example& example,
           const std::string& answer = "");
  // Of an example that was added without.
  void SetAnswer(ScannedSplit& split, std::size_t example,
                 const std::string& answer);

 private:
  using Rows = std::unordered_map<std::string, std::int32_t>;
  Rows image_rows_, text_rows_, answer_rows_;
};

// Those of `names` that are splits: the published ones. Only where none of
// these is for training (or for selection, for testing), others whose names
// begin with train (dev or val, test), which a suite would have to name. The
// rest, such as copies that somebody keeps, is noted and not looked at;
// `place` says where a name stands.
std::vector<std::string> SplitsAmong(
    Scan& scan, const std::string& format,
    const std::vector<std::string>& names,
    const std::function<std::string(const std::string&)>& place);

// Every split that is there. Throws DataError when `root` is not the folder of
// that format, UsageError for an unknown format.
Scan ScanDataset(const std::string& format, const std::filesystem::path& root);

// One a format, as ScanDataset calls them.
Scan ScanHatefulMemes(const std::filesystem::path& root);
Scan ScanMmImdb(const std::filesystem::path& root);
Scan ScanSnliVe(const std::filesystem::path& root);
Scan ScanVqaV2(const std::filesystem::path& root);

// A split in a file of JSON lines: calls `use` with each record and makes a
// fault of each that it refuses.
void ScanLines(const std::filesystem::path& file, ScannedSplit& split,
               const std::function<void(const JsonRecord&)>& use);

// labels.json as a loader would take it, else `official`; a broken file becomes
// a fault.
std::vector<std::string> ScanLabels(
    Scan& scan, const std::vector<std::filesystem::path>& folders,
    const std::vector<std::string>& official);

// `path` below the scan's root, with '/'.
std::string NameBelow(const Scan& scan, const std::filesystem::path& path);

}  // namespace msdbench
