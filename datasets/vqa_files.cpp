#include "datasets/vqa_files.h"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

#include "datasets/json_stream.h"

namespace msdbench {

std::vector<VqaQuestion> ReadVqaQuestions(const std::filesystem::path& file) {
  std::vector<VqaQuestion> questions;
  std::unordered_set<std::int64_t> ids;
  ReadJsonArray(file, "questions", [&](const JsonRecord& record) {
    VqaQuestion question;
    question.id = record.Integer("question_id");
    question.image = record.Integer("image_id");
    question.text = record.Text("question");
    if (question.image < 0) {
      record.FailField("image_id", "an integer that is not negative");
    }
    if (!ids.insert(question.id).second) {
      record.Fail(fmt::format("question_id {} occurs twice", question.id));
    }
    questions.push_back(std::move(question));
  });
  return questions;
}

std::vector<VqaAnswers> ReadVqaAnnotations(
    const std::filesystem::path& file,
    const std::vector<VqaQuestion>& questions,
    std::unordered_set<std::string>& pool) {
  std::unordered_map<std::int64_t, std::size_t> rows;
  rows.reserve(questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    rows.emplace(questions[i].id, i);
  }
  std::vector<VqaAnswers> annotations(questions.size());
  ReadJsonArray(file, "annotations", [&](const JsonRecord& record) {
    const std::int64_t id = record.Integer("question_id");
    const auto row = rows.find(id);
    if (row == rows.end()) {
      record.Fail(
          fmt::format("question_id {} is not in the question file", id));
    }
    VqaAnswers& entry = annotations[row->second];
    if (!entry.references.empty()) {
      record.Fail(fmt::format("question_id {} occurs twice", id));
    }
    const std::int64_t image = questions[row->second].image;
    if (record.Integer("image_id") != image) {
      record.FailField("image_id",
                       fmt::format("{} as in the question file", image));
    }
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
  });
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (annotations[i].references.empty()) {
      throw DataError(fmt::format("{}: no annotation for question_id {}",
                                  file.string(), questions[i].id));
    }
  }
  return annotations;
}

}  // namespace msdbench
