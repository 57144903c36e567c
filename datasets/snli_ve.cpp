#include "datasets/snli_ve.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "datasets/assemble.h"
#include "datasets/jsonl.h"
#include "datasets/label_set.h"
#include "datasets/layout.h"
#include "datasets/snli_ve_files.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

Split ReadSplit(const SnliVeLayout& layout, const std::string& name,
                const LabelSet& labels, bool premise, bool may_be_unlabelled,
                std::vector<std::string>& notes) {
  Split split;
  split.name = name;
  LabelPresence presence;
  std::map<std::string, std::int64_t> skipped;
  ReadJsonLines(layout.annotations / (kSnliVePrefix + name + ".jsonl"),
                [&](const JsonRecord& record) {
                  SnliVePair pair = ReadSnliVePair(record, layout, premise);
                  if (*pair.skipped != '\0') {
                    ++skipped[pair.skipped];
                    return;
                  }
                  if (pair.gold) {
                    const auto label = labels.Find(*pair.gold);
                    if (label < 0) {
                      record.FailField("gold_label", labels.Allowed());
                    }
                    pair.example.targets = {{label, 1.0F}};
                  }
                  presence.Add(record, pair.gold.has_value());
                  split.examples.push_back(std::move(pair.example));
                });
  split.labelled = presence.Labelled(may_be_unlabelled);
  // In reverse, "no gold label" comes first.
  for (auto entry = skipped.rbegin(); entry != skipped.rend(); ++entry) {
    notes.push_back(fmt::format("{}: {} pairs skipped: {}", name, entry->second,
                                entry->first));
  }
  return split;
}

}  // namespace

Dataset LoadSnliVe(const DatasetOptions& options) {
  CheckOptions(options);
  const SnliVeLayout layout = FindSnliVe(options.root, options.images);
  const auto choose = [&](const std::string& named, const char* standard) {
    return ChooseSplit(layout.annotations, kSnliVePrefix, named, {standard});
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
  const auto read = [&](const std::string& name, bool may_be_unlabelled) {
    return ReadSplit(layout, name, labels, options.premise, may_be_unlabelled,
                     dataset.notes);
  };
  dataset.train = read(train, /*may_be_unlabelled=*/false);
  dataset.dev = read(dev, /*may_be_unlabelled=*/false);
  dataset.test = read(test, /*may_be_unlabelled=*/true);

  Fingerprint fingerprint;
  for (const std::string& name : {train, dev, test}) {
    const fs::path file =
        layout.annotations / (kSnliVePrefix + name + ".jsonl");
    fingerprint.AddAnnotationFile(
        file.lexically_relative(options.root).generic_string(), file);
  }
  return Assemble(std::move(dataset), options, options.root,
                  std::move(fingerprint));
}

}  // namespace msdbench
