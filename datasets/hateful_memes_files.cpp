#include "datasets/hateful_memes_files.h"

#include "datasets/layout.h"
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

// 0 or 1, -1 for no label.
int ReadLabel(const JsonRecord& record) {
  const Json* value = record.Find("label");
  if (value == nullptr || *value == -1) return -1;
  if (*value == 0 || *value == 1) return value->get<int>();
  record.FailField("label", "0, 1 or, without a label, -1");
}

fs::path PackedImages(const HatefulMemesLayout& layout) {
  for (const char* unpacked : {"img", "images"}) {
    if (IsFolder(layout.images / unpacked)) return {};
  }
  for (const fs::path& folder : {layout.images, layout.annotations}) {
    for (const char* name : {"img.tar.gz", "img.tar", "img.zip"}) {
      if (IsFile(folder / name)) return folder / name;
    }
  }
  return {};
}

}  // namespace

HatefulMemesLayout FindHatefulMemes(const fs::path& root) {
  HatefulMemesLayout layout;
  if (!FilesEndingWith(root, ".jsonl").empty()) {
    layout = {root, root, {}};
  } else {
    for (const fs::path& home :
         {root, root / "defaults", root / "hateful_memes/defaults",
          root / "datasets/hateful_memes/defaults"}) {
      const fs::path annotations = home / "annotations";
      if (FilesEndingWith(annotations, ".jsonl").empty()) continue;
      const fs::path images = home / "images";
      layout = {annotations, IsFolder(images) ? images : home, {}};
      break;
    }
  }
  if (layout.annotations.empty()) {
    FailRoot(root, "hateful_memes",
             "train.jsonl, dev_seen.jsonl, test_seen.jsonl and img/, or "
             "MMF's annotations/ and images/img/");
  }
  layout.packed = PackedImages(layout);
  return layout;
}

Example ReadMeme(const JsonRecord& record, const HatefulMemesLayout& layout) {
  Example example;
  example.id = record.Id("id");
  example.text = record.Text("text");
  example.image = layout.images / record.RelativePath("img");
  const int label = ReadLabel(record);
  if (label >= 0) example.targets = {{label, 1.0F}};
  return example;
}

}  // namespace msdbench
