#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "datasets/json_stream.h"
#include "datasets/label_set.h"
#include "datasets/layout.h"
#include "datasets/verify/answer_reach.h"
#include "datasets/verify/scan.h"
#include "datasets/vqa_answers.h"
#include "datasets/vqa_files.h"
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

struct Question {
  std::int64_t image;
  std::size_t example;  // in the split
};
// By question_id.
using Asked = std::unordered_map<std::int64_t, Question>;
// By the name of the split.
using Reaches = std::map<std::string, AnswerReach>;

Asked ScanQuestions(Scan& scan, ScannedSplit& split, const fs::path& file,
                    const OnFault& on_fault) {
  Asked asked;
  std::optional<VqaImageNames> names;
  ReadJsonArray(
      file, "questions",
      [&](const JsonRecord& record) {
        const VqaQuestion question = ParseVqaQuestion(record);
        if (!names) names.emplace(scan.root, split.name, question.image);
        asked.emplace(question.id, Question{question.image, split.ids.size()});
        Example example;
        example.id = std::to_string(question.id);
        example.text = question.text;
        example.image = names->Of(question.image);
        scan.Add(split, example);
      },
      on_fault);
  return asked;
}

void ScanAnswers(Scan& scan, ScannedSplit& split, const fs::path& file,
                 const Asked& asked, AnswerReach& reach,
                 const OnFault& on_fault) {
  std::unordered_set<std::string> pool;
  std::unordered_set<std::int64_t> answered;
  std::unordered_map<std::string_view, std::int64_t> counts;
  const auto read = [&] {
    ReadJsonArray(
        file, "annotations",
        [&](const JsonRecord& record) {
          const std::int64_t id = record.Integer("question_id");
          const auto question = asked.find(id);
          if (question == asked.end()) {
            record.Fail(
                fmt::format("question_id {} is not in the question file", id));
          }
          if (record.Integer("image_id") != question->second.image) {
            record.FailField("image_id",
                             fmt::format("{} as in the question file",
                                         question->second.image));
          }
          const VqaAnswers answers = ParseVqaAnswers(record, pool);
          if (!answered.insert(id).second) {
            record.Fail(fmt::format("question_id {} occurs twice", id));
          }
          ++counts[answers.multiple_choice];
          scan.SetAnswer(split, question->second.example,
                         std::string(answers.multiple_choice));
          reach.Add(answers.references);
        },
        on_fault);
  };
  try {
    read();
  } catch (const Error& error) {
    on_fault(error.what());  // cut off: what came before still counts
  }
  for (const auto& [answer, count] : counts) {
    split.labels[VocabularyAnswer(answer)] += count;
  }
  if (answered.size() < asked.size()) {
    split.faults.push_back(fmt::format("{}: {} questions have no annotation",
                                       file.string(),
                                       asked.size() - answered.size()));
  }
}

// Labels from the first of the folder's files that a loader would take them
// from; none when it would count them. `found`: whether one is there.
std::vector<std::string> ScanLabelFile(Scan& scan, const fs::path& folder,
                                       bool& found) {
  const fs::path lines = folder / "answers_vqa.txt";
  const fs::path json = folder / "labels.json";
  const OnFault fault = [&](const std::string& what) {
    scan.faults.push_back(what);
  };
  try {
    for (const fs::path& file : {lines, json}) {
      if (!IsThere(file)) continue;
      found = true;
      scan.more_files.push_back(NameBelow(scan, file));
    }
    if (IsThere(lines)) return ReadVqaAnswerLines(lines, scan.notes, fault);
    if (found) return ReadLabelFile(json, EmptyName::kAllowed);
  } catch (const Error& error) {
    fault(error.what());
  }
  return {};
}

// Labels that the answers do not reach; nothing without any answers.
void CheckLabelReach(Scan& scan, const std::vector<std::string>& labels,
                     const Reaches& reaches) {
  scan.checked_labels = labels.size();
  for (const std::string& label : labels) {
    bool scored = reaches.empty();
    std::string like;
    for (const auto& [split, reach] : reaches) {
      scored = scored || reach.Scores(label);
      if (like.empty()) like = reach.Like(label);
    }
    const std::string line =
        (label.empty() ? "(empty)" : label) +
        (like.empty() || like == label ? "" : " (a reference: " + like + ")");
    if (!scored) scan.unscored_labels.push_back(line);
    const auto train = reaches.find("train2014");
    if (train != reaches.end() && !train->second.Trains(label)) {
      scan.untrained_labels.push_back(line);
    }
  }
}

// The loader's label set: a file, else the frequent answers of train.
void ScanLabelSet(Scan& scan, const fs::path& annotations,
                  const Reaches& reaches) {
  bool given = false;
  std::vector<std::string> labels = ScanLabelFile(scan, annotations, given);
  if (!given && annotations != scan.root) {
    labels = ScanLabelFile(scan, scan.root, given);
  }
  for (ScannedSplit& split : scan.splits) {
    if (split.name != "train2014") continue;
    std::size_t frequent = 0;
    for (const auto& [label, count] : split.labels) {
      if (count < 9) continue;
      ++frequent;
      if (!given) labels.push_back(label);
    }
    const std::string note =
        fmt::format("{}: {} answers are those of 9 or more questions",
                    split.name, frequent);
    if (given || frequent > 0) {
      scan.notes.push_back(note);
    } else if (split.faults.empty()) {
      split.faults.push_back(note + ", so there is no label");
    }
  }
  CheckLabelReach(scan, labels, reaches);
}

}  // namespace

Scan ScanVqaV2(const fs::path& root) {
  const std::string prefix = "v2_OpenEnded_mscoco_", ending = "_questions.json";
  Scan scan;
  scan.root = root;
  const fs::path folder = FindVqaAnnotations(root);
  Reaches reaches;
  std::vector<std::string> names;
  for (const std::string& file : FilesEndingWith(folder, ending)) {
    if (file.rfind(prefix, 0) != 0 ||
        file.size() <= prefix.size() + ending.size()) {
      continue;
    }
    names.push_back(file.substr(prefix.size(),
                                file.size() - prefix.size() - ending.size()));
  }
  for (const std::string& name :
       SplitsAmong(scan, "vqa_v2", names, VqaQuestionFile)) {
    const std::string file = VqaQuestionFile(name);
    ScannedSplit split;
    split.name = name;
    split.files = {NameBelow(scan, folder / file)};
    const OnFault on_fault = [&](const std::string& what) {
      split.faults.push_back(what);
    };
    try {
      const Asked asked = ScanQuestions(scan, split, folder / file, on_fault);
      const std::string annotations = VqaAnnotationFile(split.name);
      if (IsThere(folder / annotations)) {
        split.files.push_back(NameBelow(scan, folder / annotations));
        AnswerReach reach;
        ScanAnswers(scan, split, folder / annotations, asked, reach, on_fault);
        if (!reach.empty()) reaches.emplace(split.name, std::move(reach));
      } else {
        split.unlabelled = static_cast<std::int64_t>(split.ids.size());
      }
    } catch (const Error& error) {
      split.faults.push_back(error.what());
    }
    scan.splits.push_back(std::move(split));
  }
  if (scan.splits.empty()) {
    FailRoot(root, "vqa_v2", VqaQuestionFile("train2014"));
  }
  ScanLabelSet(scan, folder, reaches);
  return scan;
}

}  // namespace msdbench
