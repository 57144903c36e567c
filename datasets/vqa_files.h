// The question and annotation files of VQA v2, as their authors write them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "datasets/json_record.h"

namespace msdbench {

// The folder with the question files: the root or, as MMF lays things out, its
// annotations/ or defaults/annotations/. The root where none has any.
std::filesystem::path FindVqaAnnotations(const std::filesystem::path& root);

// Names of a split's files ("train2014") in that folder.
std::string VqaQuestionFile(const std::string& split);
std::string VqaAnnotationFile(const std::string& split);

// The picture files of a split: COCO 2014's names with a prefix or COCO 2017's
// without, in the root's train2014/ or, one or more folders down, where MMF has
// it (images/train2014/). The split's first picture shows which, or else what
// lies in the folder.
class VqaImageNames {
 public:
  VqaImageNames(const std::filesystem::path& root, const std::string& split,
                std::int64_t first);
  std::filesystem::path Of(std::int64_t image) const;

 private:
  bool HasBareNames() const;

  std::string subset_;
  std::filesystem::path folder_;
  bool bare_ = false;
};

struct VqaQuestion {
  std::int64_t id = 0, image = 0;
  std::string text;
};
VqaQuestion ParseVqaQuestion(const JsonRecord& record);

// What a file holds, and its SHA-256.
template <typename T>
struct VqaFile {
  std::vector<T> entries;
  std::string sha256;
};

// In the file's order. Throws DataError, also when an id occurs twice.
VqaFile<VqaQuestion> ReadVqaQuestions(const std::filesystem::path& file);

// Views into the pool that the reader was given: few answers are distinct.
struct VqaAnswers {
  std::string_view multiple_choice;
  std::vector<std::string_view> references;  // never empty
};
// Throws DataError; "question_id" and "image_id" are not looked at.
VqaAnswers ParseVqaAnswers(const JsonRecord& record,
                           std::unordered_set<std::string>& pool);
// One entry for each of `questions`, in their order. Throws DataError unless
// each question has one annotation, of the same image, and each annotation its
// question.
VqaFile<VqaAnswers> ReadVqaAnnotations(
    const std::filesystem::path& file,
    const std::vector<VqaQuestion>& questions,
    std::unordered_set<std::string>& pool);

// answers_vqa.txt: one label a line, without empty lines and without <unk>,
// which is told in `notes`. Throws DataError for a line that is no UTF-8, a
// label that is there twice and a file without labels; with `on_fault` each is
// told instead, and what remains is returned.
std::vector<std::string> ReadVqaAnswerLines(const std::filesystem::path& file,
                                            std::vector<std::string>& notes,
                                            const OnFault& on_fault = {});

// The multiple-choice answers alone, in the file's order: views into the pool.
VqaFile<std::string_view> ReadVqaChoices(const std::filesystem::path& file,
                                         std::unordered_set<std::string>& pool);

}  // namespace msdbench
