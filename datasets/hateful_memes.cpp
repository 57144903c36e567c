#include "datasets/hateful_memes.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "datasets/assemble.h"
#include "datasets/hateful_memes_files.h"
#include "datasets/jsonl.h"
#include "datasets/label_set.h"
#include "datasets/layout.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

Split ReadSplit(const HatefulMemesLayout& layout, const std::string& name,
                bool may_be_unlabelled) {
  Split split;
  split.name = name;
  LabelPresence presence;
  ReadJsonLines(layout.annotations / (name + ".jsonl"),
                [&](const JsonRecord& record) {
                  Example example = ReadMeme(record, layout);
                  presence.Add(record, !example.targets.empty());
                  split.examples.push_back(std::move(example));
                });
  split.labelled = presence.Labelled(may_be_unlabelled);
  return split;
}

}  // namespace

Dataset LoadHatefulMemes(const DatasetOptions& options) {
  CheckOptions(options);
  const HatefulMemesLayout layout = FindHatefulMemes(options.root);
  if (options.images && !layout.packed.empty()) {
    throw DataError(
        fmt::format("{}: the pictures are still packed; unpack them, so that "
                    "{} is a folder",
                    layout.packed.string(), (layout.images / "img").string()));
  }
  const auto choose = [&](const std::string& named,
                          const std::vector<std::string>& defaults) {
    return ChooseSplit(layout.annotations, "", named, defaults);
  };
  const std::string train = choose(options.train_split, {"train"});
  const std::string dev = choose(options.dev_split, {"dev_seen", "dev"});
  const std::string test = choose(options.test_split, {"test_seen", "test"});

  Dataset dataset;
  dataset.format = "hateful_memes";
  dataset.head = Head::kSingleLabel;
  dataset.labels = ChooseLabels(options, {layout.annotations, options.root},
                                {"not hateful", "hateful"});
  if (dataset.labels.size() != 2) {
    throw UsageError(
        fmt::format("hateful_memes: {} label names, expected 2: the names of "
                    "label 0 and label 1",
                    dataset.labels.size()));
  }
  dataset.metrics = {"roc_auc", "accuracy"};
  dataset.train = ReadSplit(layout, train, /*may_be_unlabelled=*/false);
  dataset.dev = ReadSplit(layout, dev, /*may_be_unlabelled=*/false);
  dataset.test = ReadSplit(layout, test, /*may_be_unlabelled=*/true);

  Fingerprint fingerprint;
  for (const std::string& name : {train, dev, test}) {
    const fs::path file = layout.annotations / (name + ".jsonl");
    fingerprint.AddAnnotationFile(
        file.lexically_relative(options.root).generic_string(), file);
  }
  return Assemble(std::move(dataset), options, options.root,
                  std::move(fingerprint));
}

}  // namespace msdbench
