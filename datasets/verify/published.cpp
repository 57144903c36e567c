#include "datasets/verify/published.h"

namespace msdbench {
namespace {

using Labels = std::map<std::string, std::int64_t>;

Labels Memes(std::int64_t not_hateful, std::int64_t hateful) {
  return {{"not hateful", not_hateful}, {"hateful", hateful}};
}

Labels Pairs(std::int64_t entailment, std::int64_t neutral,
             std::int64_t contradiction) {
  return {{"entailment", entailment},
          {"neutral", neutral},
          {"contradiction", contradiction}};
}

}  // namespace

const std::vector<PublishedSplit>& PublishedSplits() {
  // Phase 1 called dev_seen "dev" and test_seen, without labels, "test".
  static const std::vector<PublishedSplit> kSplits = {
      {"hateful_memes", "train", 8500, 0, Memes(5481, 3019)},
      {"hateful_memes", "dev_seen", 500, 0, Memes(253, 247)},
      {"hateful_memes", "dev_unseen", 540, 0, Memes(340, 200)},
      {"hateful_memes", "test_seen", 1000, 0, Memes(510, 490)},
      {"hateful_memes", "test_unseen", 2000, 0, Memes(1250, 750)},
      {"hateful_memes", "dev", 500, 0, Memes(253, 247)},
      {"hateful_memes", "test", 1000, 0, {}},
      {"mm_imdb", "train", 15552, 0, {}},
      {"mm_imdb", "dev", 2608, 0, {}},
      {"mm_imdb", "test", 7799, 0, {}},
      {"snli_ve", "train", 529527, 29783, Pairs(176932, 176045, 176550)},
      {"snli_ve", "dev", 17858, 1000, Pairs(5959, 5960, 5939)},
      {"snli_ve", "test", 17901, 1000, Pairs(5973, 5964, 5964)},
      {"vqa_v2", "train2014", 443757, 82783, {}},
      {"vqa_v2", "val2014", 214354, 40504, {}},
      {"vqa_v2", "test2015", 447793, 81434, {}},
  };
  return kSplits;
}

const PublishedSplit* FindPublished(const std::string& format,
                                    const std::string& split) {
  for (const PublishedSplit& known : PublishedSplits()) {
    if (known.format == format && known.split == split) return &known;
  }
  return nullptr;
}

bool IsPublished(const std::string& format, const std::string& split) {
  return FindPublished(format, split) != nullptr ||
         (format == "vqa_v2" && split == "test-dev2015");
}

std::string PublishedSource(const std::string& format) {
  if (format == "hateful_memes") {
    return "the annotation files of phase 2 (Kiela et al. 2020), counted";
  }
  if (format == "mm_imdb") {
    return "split.json of the release (Arevalo et al. 2017), all 25,959 films";
  }
  if (format == "snli_ve") return "the README of SNLI-VE (Xie et al. 2019)";
  return "visualqa.org, VQA v2 (Goyal et al. 2017)";
}

}  // namespace msdbench
