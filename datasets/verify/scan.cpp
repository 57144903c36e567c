#include "datasets/verify/scan.h"

#include <string_view>

#include "datasets/jsonl.h"
#include "datasets/label_set.h"
#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {
namespace {

std::int32_t CountWords(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  std::int32_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool is_space = kSpace.find(c) != kSpace.npos;
    words += !is_space && !inside;
    inside = !is_space;
  }
  return words;
}

}  // namespace

std::string NameBelow(const Scan& scan, const std::filesystem::path& path) {
  return path.lexically_relative(scan.root).generic_string();
}

void Scan::Add(ScannedSplit& split, const Example& example) {
  const auto [row, is_new] =
      image_rows_.emplace(NameBelow(*this, example.image),
                          static_cast<std::int32_t>(images.size()));
  if (is_new) images.push_back(row->first);
  split.ids.push_back(example.id);
  split.images.push_back(row->second);
  split.words.push_back(CountWords(example.text));
}

std::vector<std::string> ScanLabels(
    Scan& scan, const std::vector<std::filesystem::path>& folders,
    const std::vector<std::string>& official) {
  try {
    for (const std::filesystem::path& folder : folders) {
      if (!IsThere(folder / "labels.json")) continue;
      scan.more_files.push_back(NameBelow(scan, folder / "labels.json"));
      break;
    }
    return ChooseLabels({}, folders, official);
  } catch (const Error& error) {
    scan.faults.push_back(error.what());
    return official;
  }
}

Scan ScanDataset(const std::string& format, const std::filesystem::path& root) {
  if (format == "hateful_memes") return ScanHatefulMemes(root);
  if (format == "mm_imdb") return ScanMmImdb(root);
  if (format == "snli_ve") return ScanSnliVe(root);
  if (format == "vqa_v2") return ScanVqaV2(root);
  throw UsageError("unknown data set format \"" + format +
                   "\", allowed: hateful_memes, mm_imdb, snli_ve, vqa_v2");
}

void ScanLines(const std::filesystem::path& file, ScannedSplit& split,
               const std::function<void(const JsonRecord&)>& use) {
  const auto fault = [&](const std::string& what) {
    split.faults.push_back(what);
  };
  try {
    ReadJsonLines(file, use, fault);
  } catch (const Error& error) {
    fault(error.what());  // the file itself
  }
}

}  // namespace msdbench
