#include "datasets/verify/scan.h"

#include <set>
#include <string_view>
#include <utility>

#include "datasets/jsonl.h"
#include "datasets/label_set.h"
#include "datasets/verify/published.h"
#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {
namespace {

// The words with one space between them, and how many they are.
std::pair<std::string, std::int32_t> WordsOf(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  std::pair<std::string, std::int32_t> found;
  bool inside = false;
  for (const char c : text) {
    const bool is_space = kSpace.find(c) != kSpace.npos;
    if (!is_space && !inside && ++found.second > 1) found.first += ' ';
    if (!is_space) found.first += c;
    inside = !is_space;
  }
  return found;
}

// The row of `value` in `list`, where it is put if it is new.
std::int32_t RowOf(std::unordered_map<std::string, std::int32_t>& rows,
                   std::vector<std::string>& list, const std::string& value) {
  const auto [row, is_new] =
      rows.emplace(value, static_cast<std::int32_t>(list.size()));
  if (is_new) list.push_back(value);
  return row->second;
}

// What a split is for by the beginning of its name; empty for what is none.
std::string UseOf(const std::string& format, const std::string& name) {
  for (const char* start : {"train", "dev", "val", "test"}) {
    if (name.rfind(start, 0) != 0) continue;
    // VQA's val is what runs are tested on.
    return std::string_view(start) == "val" && format != "vqa_v2" ? "dev"
                                                                  : start;
  }
  return "";
}

}  // namespace

std::string NameBelow(const Scan& scan, const std::filesystem::path& path) {
  return path.lexically_relative(scan.root).generic_string();
}

void Scan::Add(ScannedSplit& split, const Example& example,
               const std::string& answer) {
  const auto [text, words] = WordsOf(example.text);
  split.ids.push_back(example.id);
  split.images.push_back(
      RowOf(image_rows_, images, NameBelow(*this, example.image)));
  split.words.push_back(words);
  split.texts.push_back(words == 0 ? -1 : RowOf(text_rows_, texts, text));
  split.answers.push_back(-1);
  SetAnswer(split, split.ids.size() - 1, answer);
}

void Scan::SetAnswer(ScannedSplit& split, std::size_t example,
                     const std::string& answer) {
  if (answer.empty()) return;
  split.answers[example] = RowOf(answer_rows_, answers, answer);
}

std::vector<std::string> SplitsAmong(
    Scan& scan, const std::string& format,
    const std::vector<std::string>& names,
    const std::function<std::string(const std::string&)>& place) {
  std::set<std::string> published;  // what they are for
  for (const std::string& name : names) {
    if (IsPublished(format, name)) published.insert(UseOf(format, name));
  }
  std::vector<std::string> splits;
  for (const std::string& name : names) {
    const std::string use = UseOf(format, name);
    if (IsPublished(format, name) ||
        (!use.empty() && published.count(use) == 0)) {
      splits.push_back(name);
    } else {
      scan.notes.push_back("not read: " + place(name) +
                           " is not a split that is known");
    }
  }
  return splits;
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
