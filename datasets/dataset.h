// What every loader returns: labelled image-text examples in named splits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace msdbench {

// How the logits z of shape [batch, labels] become predictions.
enum class Head {
  kSingleLabel,  // softmax, one right label
  kMultiLabel,   // sigmoids, any number of right labels
  kAnswer,       // sigmoids on soft targets, the best label is the answer (VQA)
};

struct LabelScore {
  std::int32_t label = 0;  // index into Dataset::labels
  float score = 0;         // in [0, 1]
};

struct Example {
  std::string id;               // unique in its split, as the file spells it
  std::string text;             // UTF-8, as the file spells it
  std::filesystem::path image;  // the file to decode
  // Training targets, sorted by label; labels left out have score 0. A
  // single-label example has exactly one, with score 1.
  std::vector<LabelScore> targets;
  // Kept for kAnswer only: the official accuracy that answering this label
  // earns, in [0, 1]; labels left out earn 0. Differs from `targets`, whose
  // answers are not normalised (see vqa_answers.h).
  std::vector<LabelScore> credit;
};

struct Split {
  std::string name;  // as the authors name it: "dev_seen", "val2014"
  bool labelled = true;
  std::vector<Example> examples;
};

struct Dataset {
  std::string name;    // "snli_ve", or what the suite calls this instance
  std::string format;  // which loader read it
  Head head = Head::kSingleLabel;
  std::vector<std::string> labels;
  // Metric names, the one that selects the epoch first (see docs/metrics.md).
  std::vector<std::string> metrics;
  Split train, dev, test;
  // SHA-256 over the bytes of annotations and images.
  std::string fingerprint;
  // Things a person should know, one line each: "2 examples skipped: ...".
  std::vector<std::string> notes;
};

// Which of a film's plots is its text (MM-IMDb).
enum class Plot {
  kFirst,    // as MMF does
  kLongest,  // in characters, the first of equals: the authors' own script
};

class ContentHashes;

struct DatasetOptions {
  std::string name;            // Dataset::name; empty = the format's name
  std::filesystem::path root;  // the folder that holds the authors' layout
  // Names of the splits to use; empty = the format's own default.
  std::string train_split, dev_split, test_split;
  // Label names in order; empty = labels.json beside the annotations when it
  // is there, else the data set's official labels.
  std::vector<std::string> labels;
  // Where the data set has no dev split (VQA v2): the share of train's images
  // that becomes one, whole images at a time.
  double dev_fraction = 0.1;
  std::uint64_t split_seed = 0;
  Plot plot = Plot::kFirst;
  // Whether the files of images are needed and looked at. Features that are
  // stored under their names make do without.
  bool images = true;
  // SNLI-VE: the picture's caption (SNLI's premise) follows the hypothesis in
  // the text, behind "[SEP]".
  bool premise = false;
  // VQA v2: splits whose answers are counted for the labels; empty = train's.
  // The official 3,129 come from {"train2014", "val2014"}.
  std::vector<std::string> answers_from;
  // Keep at most this many examples of a split, drawn by split_seed in whole
  // images; 0 = all. For tests and small machines, stored in the record.
  std::map<std::string, std::int64_t> limit;  // "train", "dev", "test"
  // Remembers the images' hashes; null = each is computed.
  ContentHashes* hashes = nullptr;
};

// Reads a data set. Throws DataError (file, record, what is wrong, what is
// allowed) and UsageError for an unknown format.
Dataset LoadDataset(const std::string& format, const DatasetOptions& options);

struct DatasetFormat {
  std::string name;     // "hateful_memes"
  std::string summary;  // one line for `msdbench list datasets`
  Dataset (*load)(const DatasetOptions&);
};
// In the order the papers list them.
const std::vector<DatasetFormat>& DatasetFormats();

}  // namespace msdbench
