#include "datasets/label_set.h"
#include "datasets/layout.h"
#include "datasets/snli_ve_files.h"
#include "datasets/verify/scan.h"

namespace msdbench {

Scan ScanSnliVe(const std::filesystem::path& root) {
  const SnliVeLayout layout = FindSnliVe(root);
  Scan scan;
  scan.root = root;
  scan.label_names = ScanLabels(scan, {layout.annotations, root},
                                {"entailment", "neutral", "contradiction"});
  const LabelSet labels(scan.label_names);
  const std::string prefix = kSnliVePrefix, ending = ".jsonl";
  std::vector<std::string> names;
  for (const std::string& file : FilesEndingWith(layout.annotations, ending)) {
    if (file.rfind(prefix, 0) != 0 ||
        file.size() <= prefix.size() + ending.size()) {
      continue;
    }
    names.push_back(file.substr(prefix.size(),
                                file.size() - prefix.size() - ending.size()));
  }
  const auto file_of = [&](const std::string& name) {
    return prefix + name + ending;
  };
  for (const std::string& name : SplitsAmong(scan, "snli_ve", names, file_of)) {
    const std::string file = file_of(name);
    ScannedSplit split;
    split.name = name;
    split.files = {NameBelow(scan, layout.annotations / file)};
    ScanLines(layout.annotations / file, split, [&](const JsonRecord& record) {
      const SnliVePair pair = ReadSnliVePair(record, layout);
      if (*pair.skipped != '\0') {
        ++split.skipped[pair.skipped];
        return;
      }
      if (pair.gold && labels.Find(*pair.gold) < 0) {
        record.FailField("gold_label", labels.Allowed());
      }
      scan.Add(split, pair.example, pair.gold.value_or(""));
      if (pair.gold) {
        ++split.labels[*pair.gold];
      } else {
        ++split.unlabelled;
      }
    });
    scan.splits.push_back(std::move(split));
  }
  return scan;
}

}  // namespace msdbench
