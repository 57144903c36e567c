#include "datasets/mm_imdb.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "datasets/assemble.h"
#include "datasets/json_record.h"
#include "datasets/label_set.h"
#include "datasets/mm_imdb_files.h"
#include "datasets/mm_imdb_hdf5.h"
#include "reports/digest.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

// The films of a split, in its order; adds them to the fingerprint.
using ReadSplit = std::function<std::vector<MmImdbFilm>(const std::string&)>;

class JsonRelease {
 public:
  JsonRelease(fs::path folder, Plot plot, Fingerprint& fingerprint)
      : folder_(std::move(folder)),
        plot_(plot),
        fingerprint_(fingerprint),
        split_file_((folder_ / "split.json").string()) {
    const std::string text = ReadTextFile(split_file_);
    splits_ = ParseJson(text, split_file_);
    fingerprint_.AddAnnotations("split.json", text);
  }

  std::vector<MmImdbFilm> Read(const std::string& name) const {
    const JsonRecord splits(splits_, split_file_);
    if (splits.Find(name.c_str()) == nullptr) {
      std::string there;
      for (const auto& item : splits_.items()) {
        there += (there.empty() ? "" : ", ") + item.key();
      }
      splits.Fail("no split \"" + name + "\", allowed: " + there);
    }
    std::vector<MmImdbFilm> films;
    for (const std::string& id : ReadMmImdbSplit(splits, name)) {
      const std::string file = MmImdbFilmFile(id);
      const std::string path = (folder_ / file).string();
      const std::string text = ReadTextFile(path);
      fingerprint_.AddAnnotations(file, text);
      const Json json = ParseJson(text, path);
      films.push_back(
          ParseMmImdbFilm(JsonRecord(json, path), folder_, id, plot_));
    }
    return films;
  }

 private:
  fs::path folder_;
  Plot plot_;
  Fingerprint& fingerprint_;
  std::string split_file_;
  Json splits_;
};

// What is read of the file is its annotation: 12 GB of pictures are not hashed.
void AddFilm(Sha256& digest, const MmImdbFilm& film) {
  const auto add = [&](const std::string& text) {
    digest.Update(fmt::format("{}:", text.size())).Update(text);
  };
  add(film.id);
  add(film.text);
  for (const std::string& genre : film.genres) add(genre);
  digest.Update("\n");
}

std::vector<MmImdbFilm> ReadHdf5Split(MmImdbHdf5& release,
                                      const std::string& name,
                                      Fingerprint& fingerprint) {
  std::string there;
  for (const MmImdbHdf5::Range& split : release.splits()) {
    there += (there.empty() ? "" : ", ") + split.name;
    if (split.name != name) continue;
    std::vector<MmImdbFilm> films;
    Sha256 digest;
    for (std::int64_t row = split.begin; row < split.end; ++row) {
      films.push_back(release.Film(row));
      AddFilm(digest, films.back());
    }
    fingerprint.AddHash(fmt::format("{}/{}", kMmImdbHdf5, name), digest.Hex());
    return films;
  }
  throw DataError(fmt::format("{}: no split \"{}\", allowed: {}",
                              release.name(), name, there));
}

// Films as examples, and what got lost on the way.
class Examples {
 public:
  explicit Examples(const LabelSet& labels) : labels_(labels) {}

  Split Take(const std::string& name, std::vector<MmImdbFilm> films) {
    Split split;
    split.name = name;
    std::int64_t without_plot = 0, without_label = 0;
    for (MmImdbFilm& film : films) {
      without_plot += film.text.empty() ? 1 : 0;
      split.examples.push_back(ToExample(std::move(film)));
      without_label += split.examples.back().targets.empty() ? 1 : 0;
    }
    if (without_plot > 0) {
      notes_.push_back(
          fmt::format("{}: {} films without a plot keep an empty "
                      "text",
                      name, without_plot));
    }
    if (without_label > 0) {
      notes_.push_back(
          fmt::format("{}: {} films have no genre among the "
                      "labels (empty targets)",
                      name, without_label));
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
  Example ToExample(MmImdbFilm film) {
    Example example;
    example.id = std::move(film.id);
    example.text = std::move(film.text);
    example.image = std::move(film.image);
    std::set<std::int32_t> found;
    for (const std::string& genre : film.genres) {
      const auto label = labels_.Find(genre);
      if (label < 0) {
        ++dropped_[genre];
      } else {
        found.insert(label);
      }
    }
    for (const auto label : found) example.targets.push_back({label, 1.0F});
    return example;
  }

  const LabelSet& labels_;
  std::vector<std::string> notes_;
  std::map<std::string, std::int64_t> dropped_;
};

Dataset ToDataset(const DatasetOptions& options, const fs::path& folder,
                  const std::vector<std::string>& official,
                  const ReadSplit& read) {
  Dataset dataset;
  dataset.format = "mm_imdb";
  dataset.head = Head::kMultiLabel;
  dataset.labels = ChooseLabels(options, {folder, options.root}, official);
  dataset.metrics = {"multilabel_micro_f1", "multilabel_macro_f1",
                     "multilabel_weighted_f1", "multilabel_samples_f1"};
  const LabelSet labels(dataset.labels);
  Examples examples(labels);
  const auto take = [&](const std::string& named, const char* standard) {
    const std::string name = named.empty() ? standard : named;
    return examples.Take(name, read(name));
  };
  dataset.train = take(options.train_split, "train");
  dataset.dev = take(options.dev_split, "dev");
  dataset.test = take(options.test_split, "test");
  dataset.notes = examples.Notes();

  const auto& train = dataset.train.examples;
  if (!train.empty() &&
      std::all_of(train.begin(), train.end(),
                  [](const Example& film) { return film.targets.empty(); })) {
    throw DataError(
        fmt::format("{}: no film of split {} has a genre among the labels: {}",
                    folder.string(), dataset.train.name, labels.Allowed()));
  }
  return dataset;
}

}  // namespace

Dataset LoadMmImdb(const DatasetOptions& options) {
  CheckOptions(options);
  const MmImdbFolder folder = FindMmImdb(options.root);
  Fingerprint fingerprint;
  Dataset dataset;
  if (folder.is_hdf5) {
    MmImdbHdf5 release(folder.path);
    dataset = ToDataset(options, folder.path, release.genres(),
                        [&](const std::string& name) {
                          return ReadHdf5Split(release, name, fingerprint);
                        });
    for (std::string& note : release.Notes()) {
      dataset.notes.push_back(std::move(note));
    }
  } else {
    const JsonRelease release(folder.path, options.plot, fingerprint);
    dataset =
        ToDataset(options, folder.path, MmImdbGenres(),
                  [&](const std::string& name) { return release.Read(name); });
  }
  return Assemble(std::move(dataset), options, folder.path,
                  std::move(fingerprint));
}

}  // namespace msdbench
