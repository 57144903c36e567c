#include "datasets/vqa_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "datasets/json_stream.h"
#include "datasets/layout.h"
#include "datasets/text/utf8.h"
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;

fs::path FindVqaAnnotations(const fs::path& root) {
  for (const fs::path& folder :
       {root, root / "annotations", root / "defaults/annotations",
        root / "vqa2/defaults/annotations",
        root / "datasets/vqa2/defaults/annotations"}) {
    for (const std::string& name : FilesEndingWith(folder, "_questions.json")) {
      if (name.rfind("v2_OpenEnded_mscoco_", 0) == 0) return folder;
    }
  }
  return root;
}

std::string VqaQuestionFile(const std::string& split) {
  return "v2_OpenEnded_mscoco_" + split + "_questions.json";
}

std::string VqaAnnotationFile(const std::string& split) {
  return "v2_mscoco_" + split + "_annotations.json";
}

VqaImageNames::VqaImageNames(const fs::path& root, const std::string& split,
                             std::int64_t first)
    : subset_(split) {
  constexpr std::string_view kTestDev = "test-dev";
  if (split.rfind(kTestDev, 0) == 0) {
    subset_ = "test" + split.substr(kTestDev.size());
  }
  // COCO's own folders are beside VQA's in MMF's data.
  const std::vector<fs::path> places = {
      root / subset_,
      root / "images" / subset_,
      root / "defaults/images" / subset_,
      root / "coco" / subset_,
      root / "coco/images" / subset_,
      root / "coco/defaults/images" / subset_,
      root / "datasets/coco/defaults/images" / subset_};
  for (const fs::path& place : places) {
    folder_ = place;
    for (const bool bare : {false, true}) {
      bare_ = bare;
      if (IsThere(Of(first))) return;
    }
  }
  // Its first picture is missing: the others say how they are called, so that
  // errors name files as they would be there.
  const auto there =
      std::find_if(places.begin(), places.end(),
                   [](const fs::path& place) { return IsFolder(place); });
  folder_ = there == places.end() ? places.front() : *there;
  bare_ = HasBareNames();
}

bool VqaImageNames::HasBareNames() const {
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end;
       !error && entry != end; entry.increment(error)) {
    const fs::path name = entry->path().filename();
    if (name.extension() != ".jpg") continue;
    return name.string().rfind("COCO_", 0) != 0;
  }
  return false;
}

fs::path VqaImageNames::Of(std::int64_t image) const {
  return folder_ / (bare_ ? fmt::format("{:012d}.jpg", image)
                          : fmt::format("COCO_{}_{:012d}.jpg", subset_, image));
}

VqaQuestion ParseVqaQuestion(const JsonRecord& record) {
  VqaQuestion question;
  question.id = record.Integer("question_id");
  question.image = record.Integer("image_id");
  question.text = record.Text("question");
  if (question.image < 0) {
    record.FailField("image_id", "an integer that is not negative");
  }
  return question;
}

VqaFile<VqaQuestion> ReadVqaQuestions(const fs::path& file) {
  VqaFile<VqaQuestion> questions;
  std::unordered_set<std::int64_t> ids;
  questions.sha256 =
      ReadJsonArray(file, "questions", [&](const JsonRecord& record) {
        VqaQuestion question = ParseVqaQuestion(record);
        if (!ids.insert(question.id).second) {
          record.Fail(fmt::format("question_id {} occurs twice", question.id));
        }
        questions.entries.push_back(std::move(question));
      });
  return questions;
}

VqaAnswers ParseVqaAnswers(const JsonRecord& record,
                           std::unordered_set<std::string>& pool) {
  VqaAnswers entry;
  entry.multiple_choice =
      *pool.insert(record.Text("multiple_choice_answer")).first;
  const Json* answers = record.Find("answers");
  if (answers == nullptr || !answers->is_array() || answers->empty()) {
    record.FailField("answers", "an array of answers that is not empty");
  }
  entry.references.reserve(answers->size());
  const std::string place = record.Where() + "/answers";
  std::int64_t number = 0;
  for (const Json& answer : *answers) {
    const JsonRecord one(answer, place, "", number++);
    entry.references.push_back(*pool.insert(one.Text("answer")).first);
  }
  return entry;
}

VqaFile<VqaAnswers> ReadVqaAnnotations(
    const fs::path& file, const std::vector<VqaQuestion>& questions,
    std::unordered_set<std::string>& pool) {
  std::unordered_map<std::int64_t, std::size_t> rows;
  rows.reserve(questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    rows.emplace(questions[i].id, i);
  }
  VqaFile<VqaAnswers> annotations;
  annotations.entries.resize(questions.size());
  annotations.sha256 =
      ReadJsonArray(file, "annotations", [&](const JsonRecord& record) {
        const std::int64_t id = record.Integer("question_id");
        const auto row = rows.find(id);
        if (row == rows.end()) {
          record.Fail(
              fmt::format("question_id {} is not in the question file", id));
        }
        VqaAnswers& entry = annotations.entries[row->second];
        if (!entry.references.empty()) {
          record.Fail(fmt::format("question_id {} occurs twice", id));
        }
        const std::int64_t image = questions[row->second].image;
        if (record.Integer("image_id") != image) {
          record.FailField("image_id",
                           fmt::format("{} as in the question file", image));
        }
        entry = ParseVqaAnswers(record, pool);
      });
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (annotations.entries[i].references.empty()) {
      throw DataError(fmt::format("{}: no annotation for question_id {}",
                                  file.string(), questions[i].id));
    }
  }
  return annotations;
}

std::vector<std::string> ReadVqaAnswerLines(const fs::path& file,
                                            std::vector<std::string>& notes,
                                            const OnFault& on_fault) {
  InputStream in(file);
  const std::string name = file.string();
  const auto fault = [&](const std::string& what) {
    if (!on_fault) throw DataError(name + ": " + what);
    on_fault(name + ": " + what);
  };
  std::vector<std::string> labels;
  std::unordered_map<std::string, std::size_t> line_of;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (number == 1 && line.rfind("\xef\xbb\xbf", 0) == 0) line.erase(0, 3);
    if (EncodeUtf8(DecodeUtf8(line)) != line) {
      fault(fmt::format("line {} is not UTF-8", number));
    } else if (line == "<unk>") {
      notes.push_back("answers_vqa.txt: <unk> left out: it is no answer");
    } else if (line.empty()) {
      continue;
    } else if (const auto [known, is_new] = line_of.emplace(line, number);
               is_new) {
      labels.push_back(line);
    } else {
      fault(fmt::format("line {}: \"{}\" is there twice, first in line {}",
                        number, line, known->second));
    }
  }
  if (in.bad()) throw DataError(name + ": reading failed midway");
  if (labels.empty()) fault("no label names");
  return labels;
}

VqaFile<std::string_view> ReadVqaChoices(
    const fs::path& file, std::unordered_set<std::string>& pool) {
  VqaFile<std::string_view> choices;
  choices.sha256 =
      ReadJsonArray(file, "annotations", [&](const JsonRecord& record) {
        choices.entries.push_back(
            *pool.insert(record.Text("multiple_choice_answer")).first);
      });
  return choices;
}

}  // namespace msdbench
