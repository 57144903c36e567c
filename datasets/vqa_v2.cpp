#include "datasets/vqa_v2.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "datasets/assemble.h"
#include "datasets/label_set.h"
#include "datasets/layout.h"
#include "datasets/splits.h"
#include "datasets/vqa_answers.h"
#include "datasets/vqa_files.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

std::string QuestionFile(const std::string& split) {
  return "v2_OpenEnded_mscoco_" + split + "_questions.json";
}

std::string AnnotationFile(const std::string& split) {
  return "v2_mscoco_" + split + "_annotations.json";
}

void RequireFile(const fs::path& root, const std::string& name) {
  if (!fs::is_regular_file(root / name)) {
    FailRoot(root, "vqa_v2", name);
  }
}

// Prefixed names or bare ones, as the first picture of the split shows.
class ImageNames {
 public:
  ImageNames(const fs::path& root, const std::string& split, std::int64_t first)
      : subset_(split) {
    constexpr std::string_view kTestDev = "test-dev";
    if (split.rfind(kTestDev, 0) == 0) {
      subset_ = "test" + split.substr(kTestDev.size());
    }
    folder_ = root / subset_;
    if (fs::exists(Of(first))) return;
    bare_ = true;
    // With neither there, the error about it names the prefixed file.
    bare_ = fs::exists(Of(first));
  }

  fs::path Of(std::int64_t image) const {
    return folder_ / (bare_
                          ? fmt::format("{:012d}.jpg", image)
                          : fmt::format("COCO_{}_{:012d}.jpg", subset_, image));
  }

 private:
  std::string subset_;
  fs::path folder_;
  bool bare_ = false;
};

struct RawSplit {
  std::string name;
  std::vector<VqaQuestion> questions;
  std::optional<std::vector<VqaAnswers>> answers;
};

RawSplit ReadRawSplit(const fs::path& root, const std::string& name,
                      bool may_be_unlabelled, Fingerprint& fingerprint,
                      std::unordered_set<std::string>& pool) {
  RawSplit raw;
  raw.name = name;
  const std::string questions = QuestionFile(name);
  RequireFile(root, questions);
  raw.questions = ReadVqaQuestions(root / questions);
  if (raw.questions.empty()) {
    throw DataError((root / questions).string() + ": holds no question");
  }
  fingerprint.AddAnnotationFile(questions, root / questions);

  const std::string annotations = AnnotationFile(name);
  if (may_be_unlabelled && !fs::exists(root / annotations)) return raw;
  RequireFile(root, annotations);
  raw.answers = ReadVqaAnnotations(root / annotations, raw.questions, pool);
  fingerprint.AddAnnotationFile(annotations, root / annotations);
  return raw;
}

std::vector<std::string> ReadAnswerLines(const fs::path& file,
                                         std::vector<std::string>& notes) {
  std::ifstream in(file);
  if (!in) throw DataError(file.string() + ": cannot be read");
  std::vector<std::string> labels;
  std::string line;
  while (std::getline(in, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (labels.empty() && line.rfind("\xef\xbb\xbf", 0) == 0) line.erase(0, 3);
    if (line == "<unk>") {
      notes.push_back("answers_vqa.txt: <unk> left out: it is no answer");
    } else if (!line.empty()) {
      labels.push_back(line);
    }
  }
  CheckLabels(labels, file.string(), ExitCode::kData);
  return labels;
}

std::vector<std::string> ChooseAnswers(const DatasetOptions& options,
                                       const RawSplit& train,
                                       std::vector<std::string>& notes) {
  if (!options.labels.empty()) {
    CheckLabels(options.labels, "labels", ExitCode::kUsage,
                EmptyName::kAllowed);
    return options.labels;
  }
  const fs::path lines = options.root / "answers_vqa.txt";
  if (fs::exists(lines)) return ReadAnswerLines(lines, notes);
  const fs::path json = options.root / "labels.json";
  if (fs::exists(json)) return ReadLabelFile(json, EmptyName::kAllowed);

  std::vector<std::string_view> answers;
  answers.reserve(train.answers->size());
  for (const VqaAnswers& entry : *train.answers) {
    answers.push_back(entry.multiple_choice);
  }
  std::vector<std::string> labels = BuildAnswerLabels(answers);
  if (labels.empty()) {
    throw DataError(fmt::format(
        "{}: no answer is that of 9 or more questions, so there is no label; "
        "give them in labels.json",
        (options.root / AnnotationFile(train.name)).string()));
  }
  notes.push_back(fmt::format("{} answers: those of 9 or more questions of {}",
                              labels.size(), train.name));
  return labels;
}

Split ToSplit(const fs::path& root, RawSplit raw, AnswerScorer& scorer,
              std::vector<std::string>& notes) {
  Split split;
  split.name = raw.name;
  split.labelled = raw.answers.has_value();
  const ImageNames images(root, raw.name, raw.questions.front().image);
  split.examples.reserve(raw.questions.size());
  std::size_t outside = 0;
  for (std::size_t i = 0; i < raw.questions.size(); ++i) {
    VqaQuestion& question = raw.questions[i];
    Example example;
    example.id = std::to_string(question.id);
    example.text = std::move(question.text);
    example.image = images.Of(question.image);
    if (raw.answers) {
      auto scores = scorer.Score((*raw.answers)[i].references);
      example.targets = std::move(scores.targets);
      example.credit = std::move(scores.credit);
      outside += example.targets.empty() ? 1 : 0;
    }
    split.examples.push_back(std::move(example));
  }
  if (outside > 0) {
    notes.push_back(fmt::format(
        "{}: {} of {} questions have no answer among the labels (empty "
        "targets)",
        split.name, outside, split.examples.size()));
  }
  return split;
}

}  // namespace

Dataset LoadVqaV2(const DatasetOptions& options) {
  CheckOptions(options);
  const auto named = [](const std::string& name, const char* standard) {
    return name.empty() ? std::string(standard) : name;
  };
  const fs::path& root = options.root;
  Fingerprint fingerprint;
  std::unordered_set<std::string> pool;
  const auto read = [&](const std::string& name, bool may_be_unlabelled) {
    return ReadRawSplit(root, name, may_be_unlabelled, fingerprint, pool);
  };
  RawSplit train = read(named(options.train_split, "train2014"),
                        /*may_be_unlabelled=*/false);

  Dataset dataset;
  dataset.format = "vqa_v2";
  dataset.head = Head::kAnswer;
  dataset.labels = ChooseAnswers(options, train, dataset.notes);
  dataset.metrics = {"vqa_accuracy"};
  AnswerScorer scorer(dataset.labels);
  const auto to_split = [&](RawSplit raw) {
    return ToSplit(root, std::move(raw), scorer, dataset.notes);
  };
  dataset.train = to_split(std::move(train));
  if (options.dev_split.empty()) {
    dataset.dev.name = dataset.train.name + "-dev";
    std::tie(dataset.train.examples, dataset.dev.examples) =
        CutByImage(std::move(dataset.train.examples), options.dev_fraction,
                   options.split_seed);
    dataset.notes.push_back(fmt::format(
        "{}: {} questions cut from {} by image (share {}, seed {})",
        dataset.dev.name, dataset.dev.examples.size(), dataset.train.name,
        options.dev_fraction, options.split_seed));
  } else {
    dataset.dev = to_split(read(options.dev_split,
                                /*may_be_unlabelled=*/false));
  }
  dataset.test = to_split(read(named(options.test_split, "val2014"),
                               /*may_be_unlabelled=*/true));
  return Assemble(std::move(dataset), options, root, std::move(fingerprint));
}

}  // namespace msdbench
