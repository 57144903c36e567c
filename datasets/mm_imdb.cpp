#include "datasets/mm_imdb.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "datasets/assemble.h"
#include "datasets/json_record.h"
#include "datasets/label_set.h"
#include "datasets/mm_imdb_files.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

class Reader {
 public:
  Reader(const fs::path& folder, const LabelSet& labels, Plot plot,
         Fingerprint& fingerprint)
      : folder_(folder),
        labels_(labels),
        plot_(plot),
        fingerprint_(fingerprint),
        split_file_((folder / "split.json").string()),
        text_(ReadTextFile(split_file_)),
        splits_(ParseJson(text_, split_file_)) {
    fingerprint_.AddAnnotations("split.json", text_);
  }

  Split Read(const std::string& name) {
    const JsonRecord splits(splits_, split_file_);
    if (splits.Find(name.c_str()) == nullptr) {
      std::string there;
      for (const auto& item : splits_.items()) {
        there += (there.empty() ? "" : ", ") + item.key();
      }
      splits.Fail("no split \"" + name + "\", allowed: " + there);
    }
    Split split;
    split.name = name;
    without_plot_ = without_label_ = 0;
    for (const std::string& id : ReadMmImdbSplit(splits, name)) {
      split.examples.push_back(ReadFilm(id));
    }
    if (without_plot_ > 0) {
      notes_.push_back(
          fmt::format("{}: {} films without a plot keep an empty "
                      "text",
                      name, without_plot_));
    }
    if (without_label_ > 0) {
      notes_.push_back(
          fmt::format("{}: {} films have no genre among the "
                      "labels (empty targets)",
                      name, without_label_));
    }
    return split;
  }

  // Most frequent first.
  std::vector<std::string> Notes() const {
    std::vector<std::string> notes = notes_;
    std::vector<std::pair<std::int64_t, std::string>> dropped;
    for (const auto& [genre, count] : dropped_) {
      dropped.emplace_back(-count, genre);
    }
    std::sort(dropped.begin(), dropped.end());
    std::string list;
    for (const auto& [count, genre] : dropped) {
      list += fmt::format("{}{} {}", list.empty() ? "" : ", ", genre, -count);
    }
    if (!list.empty()) {
      notes.push_back("genres outside the labels dropped: " + list);
    }
    if (labels_.names() == MmImdbGenres() && !list.empty()) {
      notes.back() +=
          " (the authors keep 23 of the release's 27 genres and leave out "
          "News, "
          "Adult, Talk-Show and Reality-TV, each of 64 films or fewer)";
    }
    return notes;
  }

 private:
  Example ReadFilm(const std::string& id) {
    const std::string name = MmImdbFilmFile(id);
    const std::string file = (folder_ / name).string();
    const std::string text = ReadTextFile(file);
    fingerprint_.AddAnnotations(name, text);
    const Json json = ParseJson(text, file);
    const JsonRecord film(json, file);

    Example example;
    example.id = id;
    example.text = ReadPlot(film, plot_);
    if (example.text.empty()) ++without_plot_;
    example.image = folder_ / MmImdbImageFile(id);
    std::set<std::int32_t> found;
    for (const std::string& genre : film.Texts("genres")) {
      const auto label = labels_.Find(genre);
      if (label < 0) {
        ++dropped_[genre];
      } else {
        found.insert(label);
      }
    }
    if (found.empty()) ++without_label_;
    for (const auto label : found) example.targets.push_back({label, 1.0F});
    return example;
  }

  const fs::path& folder_;
  const LabelSet& labels_;
  const Plot plot_;
  Fingerprint& fingerprint_;
  std::string split_file_, text_;
  Json splits_;
  std::vector<std::string> notes_;
  std::map<std::string, std::int64_t> dropped_;
  std::int64_t without_plot_ = 0, without_label_ = 0;
};

}  // namespace

Dataset LoadMmImdb(const DatasetOptions& options) {
  CheckOptions(options);
  const fs::path folder = FindMmImdb(options.root);

  Dataset dataset;
  dataset.format = "mm_imdb";
  dataset.head = Head::kMultiLabel;
  dataset.labels =
      ChooseLabels(options, {folder, options.root}, MmImdbGenres());
  dataset.metrics = {"multilabel_micro_f1", "multilabel_macro_f1",
                     "multilabel_weighted_f1", "multilabel_samples_f1"};
  const LabelSet labels(dataset.labels);
  Fingerprint fingerprint;
  Reader reader(folder, labels, options.plot, fingerprint);
  const auto named = [](const std::string& name, const char* standard) {
    return name.empty() ? std::string(standard) : name;
  };
  dataset.train = reader.Read(named(options.train_split, "train"));
  dataset.dev = reader.Read(named(options.dev_split, "dev"));
  dataset.test = reader.Read(named(options.test_split, "test"));
  dataset.notes = reader.Notes();

  const auto& train = dataset.train.examples;
  if (!train.empty() &&
      std::all_of(train.begin(), train.end(),
                  [](const Example& film) { return film.targets.empty(); })) {
    throw DataError(
        fmt::format("{}: no film of split {} has a genre among the labels: {}",
                    folder.string(), dataset.train.name, labels.Allowed()));
  }
  return Assemble(std::move(dataset), options, folder, std::move(fingerprint));
}

}  // namespace msdbench
