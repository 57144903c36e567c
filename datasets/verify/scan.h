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
  std::vector<std::int32_t> images;  // row of Scan::images
  std::vector<std::int32_t> words;   // of the text, between white space
  std::int64_t unlabelled = 0;
  std::map<std::string, std::int64_t> labels;  // name -> examples
};

struct Scan {
  std::filesystem::path root;
  std::vector<ScannedSplit> splits;
  std::vector<std::string> images;  // distinct, relative to root
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

  // `example.image` lies below root.
  void Add(ScannedSplit& split, const Example& example);

 private:
  std::unordered_map<std::string, std::int32_t> image_rows_;
};

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
