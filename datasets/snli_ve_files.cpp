#include "datasets/snli_ve_files.h"

#include <string_view>
#include <utility>

#include "datasets/layout.h"
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

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
  if (id.find_first_of(std::string_view("/\0", 2)) != id.npos) {
    record.FailField(key, "a photo's id");
  }
  constexpr std::string_view kEnding = ".jpg";
  const bool ends =
      id.size() >= kEnding.size() &&
      id.compare(id.size() - kEnding.size(), kEnding.npos, kEnding) == 0;
  return ends ? id : id + std::string(kEnding);
}

}  // namespace

SnliVeLayout FindSnliVe(const fs::path& root, bool images) {
  SnliVeLayout layout;
  for (const fs::path& folder :
       {root, root / "annotations", root / "defaults/annotations",
        root / "visual_entailment/defaults/annotations",
        root / "datasets/visual_entailment/defaults/annotations"}) {
    if (!FilesEndingWith(folder, ".jsonl").empty()) {
      layout.annotations = folder;
      break;
    }
  }
  if (!images) layout.images = root / "flickr30k_images";
  for (const char* folder :
       {"flickr30k_images", "images/flickr30k_images",
        "defaults/images/flickr30k_images",
        "flickr30k/defaults/images/flickr30k_images",
        "datasets/flickr30k/defaults/images/flickr30k_images"}) {
    if (IsFolder(root / folder)) {
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

SnliVePair ReadSnliVePair(const JsonRecord& record, const SnliVeLayout& layout,
                          bool premise) {
  SnliVePair pair;
  pair.example.id = record.Id("pairID");
  if (pair.example.id.rfind("vg_", 0) == 0) {
    pair.skipped = "Visual Genome pictures (pairID \"vg_...\")";
    return pair;
  }
  if (record.Find("gold_label") != nullptr) {
    pair.gold = record.Text("gold_label");
    if (*pair.gold == "-") {
      pair.skipped = "no gold label (\"-\")";
      return pair;
    }
  }
  pair.example.text = record.Text("sentence2");
  if (premise) pair.example.text += " [SEP] " + record.Text("sentence1");
  pair.example.image = layout.images / ImageName(record);
  return pair;
}

}  // namespace msdbench
