#include "datasets/dataset.h"

#include "datasets/hateful_memes.h"
#include "datasets/mm_imdb.h"
#include "datasets/snli_ve.h"
#include "datasets/vqa_v2.h"
#include "reports/error.h"

namespace msdbench {

const std::vector<DatasetFormat>& DatasetFormats() {
  static const std::vector<DatasetFormat> kFormats = {
      {"hateful_memes", "is a meme hateful? 2 classes", LoadHatefulMemes},
      {"mm_imdb", "the genres of a film by poster and plot, 23 labels",
       LoadMmImdb},
      {"snli_ve", "does a picture entail a sentence? 3 classes", LoadSnliVe},
      {"vqa_v2", "answers to questions about pictures, soft targets",
       LoadVqaV2},
  };
  return kFormats;
}

Dataset LoadDataset(const std::string& format, const DatasetOptions& options) {
  std::string names;
  for (const DatasetFormat& known : DatasetFormats()) {
    if (known.name == format) return known.load(options);
    names += (names.empty() ? "" : ", ") + known.name;
  }
  throw UsageError("unknown data set format \"" + format +
                   "\", allowed: " + names);
}

}  // namespace msdbench
