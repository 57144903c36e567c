#include "datasets/snli_ve.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "datasets/assemble.h"
#include "datasets/jsonl.h"
#include "datasets/label_set.h"
#include "datasets/layout.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

constexpr char kPrefix[] = "snli_ve_";

struct Layout {
  fs::path annotations, images;
};

Layout FindLayout(const fs::path& root) {
  Layout layout;
  for (const fs::path& folder : {root, root / "annotations"}) {
    if (!FilesEndingWith(folder, ".jsonl").empty()) {
      layout.annotations = folder;
      break;
    }
  }
  for (const char* folder : {"flickr30k_images", "images/flickr30k_images"}) {
    if (fs::is_directory(root / folder)) {
      layout.images = root / folder;
      break;
    }
  }
  if (layout.annotations.empty() || layout.images.empty()) {
    FailRoot(root, "snli_ve",
             "snli_ve_train.jsonl, snli_ve_dev.jsonl, snli_ve_test.jsonl and "
             "flickr30k_images/");
  }
  return layout;
}

std::string ImageName(const JsonRecord& record) {
  const char* key = "Flikr30kID";
  for (const char* spelling : {"Flickr30kID", "Flickr30K_ID"}) {
    if (record.Find(key) == nullptr) key = spelling;
  }
  if (record.Find(key) == nullptr) {
    record.Fail(
        "no photo id, expected Flikr30kID, Flickr30kID or "
        "Flickr30K_ID");
  }
  std::string id = record.Id(key);
  if (id.find('/') != id.npos) record.FailField(key, "a photo's id");
  constexpr std::string_view kEnding = ".jpg";
  const bool ends =
      id.size() >= kEnding.size() &&
      id.compare(id.size() - kEnding.size(), kEnding.npos, kEnding) == 0;
  return ends ? id : id + std::string(kEnding);
}

Split ReadSplit(const Layout& layout, const std::string& name,
                const LabelSet& labels, bool may_be_unlabelled,
                std::vector<std::string>& notes) {
  Split split;
  split.name = name;
  LabelPresence presence;
  std::int64_t without_gold = 0, visual_genome = 0;
  ReadJsonLines(layout.annotations / (kPrefix + name + ".jsonl"),
                [&](const JsonRecord& record) {
                  Example example;
                  example.id = record.Id("pairID");
                  if (example.id.rfind("vg_", 0) == 0) {
                    ++visual_genome;
                    return;
                  }
                  const bool labelled = record.Find("gold_label") != nullptr;
                  if (labelled) {
                    const std::string& gold = record.Text("gold_label");
                    if (gold == "-") {
                      ++without_gold;
                      return;
                    }
                    const auto label = labels.Find(gold);
                    if (label < 0)
                      record.FailField("gold_label", labels.Allowed());
                    example.targets = {{label, 1.0F}};
                  }
                  presence.Add(record, labelled);
                  example.text = record.Text("sentence2");
                  example.image = layout.images / ImageName(record);
                  split.examples.push_back(std::move(example));
                });
  split.labelled = presence.Labelled(may_be_unlabelled);
  if (without_gold > 0) {
    notes.push_back(fmt::format("{}: {} pairs skipped: no gold label (\"-\")",
                                name, without_gold));
  }
  if (visual_genome > 0) {
    notes.push_back(fmt::format(
        "{}: {} pairs skipped: Visual Genome pictures (pairID \"vg_...\")",
        name, visual_genome));
  }
  return split;
}

}  // namespace

Dataset LoadSnliVe(const DatasetOptions& options) {
  CheckOptions(options);
  const Layout layout = FindLayout(options.root);
  const auto choose = [&](const std::string& named, const char* standard) {
    return ChooseSplit(layout.annotations, kPrefix, named, {standard});
  };
  const std::string train = choose(options.train_split, "train");
  const std::string dev = choose(options.dev_split, "dev");
  const std::string test = choose(options.test_split, "test");

  Dataset dataset;
  dataset.format = "snli_ve";
  dataset.head = Head::kSingleLabel;
  dataset.labels = ChooseLabels(options, {layout.annotations, options.root},
                                {"entailment", "neutral", "contradiction"});
  dataset.metrics = {"accuracy"};
  const LabelSet labels(dataset.labels);
  dataset.train = ReadSplit(layout, train, labels, /*may_be_unlabelled=*/false,
                            dataset.notes);
  dataset.dev = ReadSplit(layout, dev, labels, /*may_be_unlabelled=*/false,
                          dataset.notes);
  dataset.test = ReadSplit(layout, test, labels, /*may_be_unlabelled=*/true,
                           dataset.notes);

  Fingerprint fingerprint;
  for (const std::string& name : {train, dev, test}) {
    const fs::path file = layout.annotations / (kPrefix + name + ".jsonl");
    fingerprint.AddAnnotationFile(
        file.lexically_relative(options.root).generic_string(), file);
  }
  return Assemble(std::move(dataset), options, options.root,
                  std::move(fingerprint));
}

}  // namespace msdbench
