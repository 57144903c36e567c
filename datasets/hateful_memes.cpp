#include "datasets/hateful_memes.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "datasets/assemble.h"
#include "datasets/jsonl.h"
#include "datasets/label_set.h"
#include "datasets/layout.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

struct Layout {
  fs::path annotations, images;  // "img/NNNNN.png" is below `images`
};

Layout FindLayout(const fs::path& root) {
  if (!FilesEndingWith(root, ".jsonl").empty()) return {root, root};
  const fs::path annotations = root / "annotations";
  if (!FilesEndingWith(annotations, ".jsonl").empty()) {
    const fs::path images = root / "images";
    return {annotations, fs::is_directory(images) ? images : root};
  }
  FailRoot(root, "hateful_memes",
           "train.jsonl, dev_seen.jsonl, test_seen.jsonl and img/, or "
           "annotations/ and images/img/");
}

// 0 or 1, -1 for no label.
int ReadLabel(const JsonRecord& record) {
  const Json* value = record.Find("label");
  if (value == nullptr || *value == -1) return -1;
  if (*value == 0 || *value == 1) return value->get<int>();
  record.FailField("label", "0, 1 or, without a label, -1");
}

Split ReadSplit(const Layout& layout, const std::string& name,
                bool may_be_unlabelled) {
  Split split;
  split.name = name;
  LabelPresence presence;
  ReadJsonLines(layout.annotations / (name + ".jsonl"),
                [&](const JsonRecord& record) {
                  Example example;
                  example.id = record.Id("id");
                  example.text = record.Text("text");
                  example.image = layout.images / record.RelativePath("img");
                  const int label = ReadLabel(record);
                  presence.Add(record, label >= 0);
                  if (label >= 0) example.targets = {{label, 1.0F}};
                  split.examples.push_back(std::move(example));
                });
  split.labelled = presence.Labelled(may_be_unlabelled);
  return split;
}

}  // namespace

Dataset LoadHatefulMemes(const DatasetOptions& options) {
  CheckOptions(options);
  const Layout layout = FindLayout(options.root);
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
