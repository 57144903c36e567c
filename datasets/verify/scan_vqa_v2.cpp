#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "datasets/json_stream.h"
#include "datasets/label_set.h"
#include "datasets/layout.h"
#include "datasets/verify/scan.h"
#include "datasets/vqa_answers.h"
#include "datasets/vqa_files.h"
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

// question_id -> image_id.
using Asked = std::unordered_map<std::int64_t, std::int64_t>;

Asked ScanQuestions(Scan& scan, ScannedSplit& split, const fs::path& file,
                    const OnFault& on_fault) {
  Asked asked;
  std::optional<VqaImageNames> names;
  ReadJsonArray(
      file, "questions",
      [&](const JsonRecord& record) {
        const VqaQuestion question = ParseVqaQuestion(record);
        if (!names) names.emplace(scan.root, split.name, question.image);
        asked.emplace(question.id, question.image);
        Example example;
        example.id = std::to_string(question.id);
        example.text = question.text;
        example.image = names->Of(question.image);
        scan.Add(split, example);
      },
      on_fault);
  return asked;
}

void ScanAnswers(ScannedSplit& split, const fs::path& file, const Asked& asked,
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
          if (record.Integer("image_id") != question->second) {
            record.FailField(
                "image_id",
                fmt::format("{} as in the question file", question->second));
          }
          const VqaAnswers answers = ParseVqaAnswers(record, pool);
          if (!answered.insert(id).second) {
            record.Fail(fmt::format("question_id {} occurs twice", id));
          }
          ++counts[answers.multiple_choice];
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

// The first of the files that a loader would take its labels from; false when
// it would count them.
bool ScanLabelFile(Scan& scan, const fs::path& folder) {
  const fs::path lines = folder / "answers_vqa.txt";
  const fs::path json = folder / "labels.json";
  for (const fs::path& file : {lines, json}) {
    if (!IsThere(file)) continue;
    scan.more_files.push_back(NameBelow(scan, file));
  }
  const OnFault fault = [&](const std::string& what) {
    scan.faults.push_back(what);
  };
  try {
    for (const fs::path& file : {lines, json}) {
      if (!IsThere(file)) continue;
      scan.more_files.push_back(NameBelow(scan, file));
    }
    if (IsThere(lines)) {
      ReadVqaAnswerLines(lines, scan.notes, fault);
    } else if (IsThere(json)) {
      ReadLabelFile(json, EmptyName::kAllowed);
    } else {
      return false;
    }
  } catch (const Error& error) {
    fault(error.what());
  }
  return true;
}

// The loader's label set: a file, else the frequent answers of train.
void ScanLabelSet(Scan& scan, const fs::path& annotations) {
  const bool given =
      ScanLabelFile(scan, annotations) ||
      (annotations != scan.root && ScanLabelFile(scan, scan.root));
  for (ScannedSplit& split : scan.splits) {
    if (split.name != "train2014") continue;
    const auto frequent =
        std::count_if(split.labels.begin(), split.labels.end(),
                      [](const auto& label) { return label.second >= 9; });
    const std::string note =
        fmt::format("{}: {} answers are those of 9 or more questions",
                    split.name, frequent);
    if (given || frequent > 0) {
      scan.notes.push_back(note);
    } else if (split.faults.empty()) {
      split.faults.push_back(note + ", so there is no label");
    }
  }
}

}  // namespace

Scan ScanVqaV2(const fs::path& root) {
  const std::string prefix = "v2_OpenEnded_mscoco_", ending = "_questions.json";
  Scan scan;
  scan.root = root;
  const fs::path folder = FindVqaAnnotations(root);
  for (const std::string& file : FilesEndingWith(folder, ending)) {
    if (file.rfind(prefix, 0) != 0) continue;
    ScannedSplit split;
    split.name =
        file.substr(prefix.size(), file.size() - prefix.size() - ending.size());
    split.files = {NameBelow(scan, folder / file)};
    const OnFault on_fault = [&](const std::string& what) {
      split.faults.push_back(what);
    };
    try {
      const Asked asked = ScanQuestions(scan, split, folder / file, on_fault);
      const std::string annotations = VqaAnnotationFile(split.name);
      if (IsThere(folder / annotations)) {
        split.files.push_back(NameBelow(scan, folder / annotations));
        ScanAnswers(split, folder / annotations, asked, on_fault);
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
  ScanLabelSet(scan, folder);
  return scan;
}

}  // namespace msdbench
