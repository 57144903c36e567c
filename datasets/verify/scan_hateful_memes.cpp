#include "datasets/hateful_memes_files.h"
#include "datasets/layout.h"
#include "datasets/verify/scan.h"

namespace msdbench {

Scan ScanHatefulMemes(const std::filesystem::path& root) {
  const HatefulMemesLayout layout = FindHatefulMemes(root);
  Scan scan;
  scan.root = root;
  scan.label_names =
      ScanLabels(scan, {layout.annotations, root}, {"not hateful", "hateful"});
  if (scan.label_names.size() != 2) {
    scan.faults.push_back("labels.json: must name two labels, 0 and 1");
    scan.label_names = {"0", "1"};
  }
  if (!layout.packed.empty()) {
    scan.faults.push_back("the pictures are still packed in " +
                          NameBelow(scan, layout.packed));
  }
  const std::string ending = ".jsonl";
  std::vector<std::string> names = FilesEndingWith(layout.annotations, ending);
  for (std::string& name : names) name.resize(name.size() - ending.size());
  const auto file_of = [&](const std::string& name) { return name + ending; };
  for (const std::string& name :
       SplitsAmong(scan, "hateful_memes", names, file_of)) {
    const std::string file = file_of(name);
    ScannedSplit split;
    split.name = name;
    split.files = {NameBelow(scan, layout.annotations / file)};
    ScanLines(layout.annotations / file, split, [&](const JsonRecord& record) {
      const Example example = ReadMeme(record, layout);
      if (example.targets.empty()) {
        ++split.unlabelled;
        scan.Add(split, example);
        return;
      }
      const std::string& label =
          scan.label_names[static_cast<std::size_t>(example.targets[0].label)];
      ++split.labels[label];
      scan.Add(split, example, label);
    });
    scan.splits.push_back(std::move(split));
  }
  return scan;
}

}  // namespace msdbench
