#include "datasets/vqa_v2.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
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
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

void RequireFile(const fs::path& folder, const std::string& name) {
  if (!IsFile(folder / name)) {
    FailRoot(folder, "vqa_v2", name);
  }
}

struct RawSplit {
  std::string name;
  std::vector<VqaQuestion> questions;
  std::optional<std::vector<VqaAnswers>> answers;
};

RawSplit ReadRawSplit(const fs::path& folder, const std::string& name,
                      bool may_be_unlabelled, Fingerprint& fingerprint,
                      std::unordered_set<std::string>& pool) {
  RawSplit raw;
  raw.name = name;
  const std::string questions = VqaQuestionFile(name);
  RequireFile(folder, questions);
  auto read = ReadVqaQuestions(folder / questions);
  raw.questions = std::move(read.entries);
  fingerprint.AddHash(questions, std::move(read.sha256));
  if (raw.questions.empty()) {
    throw DataError((folder / questions).string() + ": holds no question");
  }

  const std::string annotations = VqaAnnotationFile(name);
  if (may_be_unlabelled && !IsThere(folder / annotations)) return raw;
  RequireFile(folder, annotations);
  auto answers = ReadVqaAnnotations(folder / annotations, raw.questions, pool);
  raw.answers = std::move(answers.entries);
  fingerprint.AddHash(annotations, std::move(answers.sha256));
  return raw;
}

// The labels by the answers of the named splits: train's are at hand, others'
// are streamed, so that only one split's records are held at a time.
std::vector<std::string> CountAnswers(const fs::path& folder,
                                      const std::vector<std::string>& names,
                                      const RawSplit& train,
                                      std::unordered_set<std::string>& pool,
                                      Fingerprint& fingerprint) {
  std::vector<std::string_view> answers;
  if (std::set<std::string>(names.begin(), names.end()).size() < names.size()) {
    throw UsageError("answers_from names a split twice; allowed: each once");
  }
  for (const std::string& name : names) {
    if (name == train.name) {
      for (const VqaAnswers& entry : *train.answers) {
        answers.push_back(entry.multiple_choice);
      }
      continue;
    }
    const std::string file = VqaAnnotationFile(name);
    RequireFile(folder, file);
    auto choices = ReadVqaChoices(folder / file, pool);
    answers.insert(answers.end(), choices.entries.begin(),
                   choices.entries.end());
    fingerprint.AddHash(file, std::move(choices.sha256));
  }
  return BuildAnswerLabels(answers);
}

std::vector<std::string> ChooseAnswers(const DatasetOptions& options,
                                       const fs::path& annotations,
                                       const RawSplit& train,
                                       const std::string& test,
                                       std::unordered_set<std::string>& pool,
                                       Fingerprint& fingerprint,
                                       std::vector<std::string>& notes) {
  std::vector<std::string> names = options.answers_from;
  if (!options.labels.empty()) {
    if (!names.empty()) {
      throw UsageError("labels and answers_from are both given: one is wanted");
    }
    CheckLabels(options.labels, "labels", ExitCode::kUsage,
                EmptyName::kAllowed);
    return options.labels;
  }
  if (names.empty()) {
    for (const fs::path& place : {annotations, options.root}) {
      const fs::path lines = place / "answers_vqa.txt";
      if (IsThere(lines)) return ReadVqaAnswerLines(lines, notes);
      const fs::path json = place / "labels.json";
      if (IsThere(json)) return ReadLabelFile(json, EmptyName::kAllowed);
    }
    names = {train.name};
  }

  const std::vector<std::string> labels =
      CountAnswers(annotations, names, train, pool, fingerprint);
  const std::string joined = fmt::format("{}", fmt::join(names, " and "));
  if (labels.empty()) {
    throw DataError(fmt::format(
        "{}: no answer is that of 9 or more questions of {}, so there is no "
        "label; give them in labels.json",
        options.root.string(), joined));
  }
  notes.push_back(fmt::format("{} answers: those of 9 or more questions of {}",
                              labels.size(), joined));
  if (std::count(names.begin(), names.end(), test) > 0) {
    notes.back() += fmt::format(", the test split {} among them", test);
  }
  return labels;
}

Split ToSplit(const fs::path& root, RawSplit raw, AnswerScorer& scorer,
              std::vector<std::string>& notes) {
  Split split;
  split.name = raw.name;
  split.labelled = raw.answers.has_value();
  const VqaImageNames images(root, raw.name, raw.questions.front().image);
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
  const fs::path annotations = FindVqaAnnotations(root);
  Fingerprint fingerprint;
  std::unordered_set<std::string> pool;
  const auto read = [&](const std::string& name, bool may_be_unlabelled) {
    return ReadRawSplit(annotations, name, may_be_unlabelled, fingerprint,
                        pool);
  };
  const std::string test = named(options.test_split, "val2014");
  RawSplit train = read(named(options.train_split, "train2014"),
                        /*may_be_unlabelled=*/false);

  Dataset dataset;
  dataset.format = "vqa_v2";
  dataset.head = Head::kAnswer;
  dataset.labels = ChooseAnswers(options, annotations, train, test, pool,
                                 fingerprint, dataset.notes);
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
  dataset.test = to_split(read(test, /*may_be_unlabelled=*/true));
  return Assemble(std::move(dataset), options, root, std::move(fingerprint));
}

}  // namespace msdbench
