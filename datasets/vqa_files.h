// The question and annotation files of VQA v2, as their authors write them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace msdbench {

struct VqaQuestion {
  std::int64_t id = 0, image = 0;
  std::string text;
};
// In the file's order. Throws DataError, also when an id occurs twice.
std::vector<VqaQuestion> ReadVqaQuestions(const std::filesystem::path& file);

// Views into the pool that the reader was given: few answers are distinct.
struct VqaAnswers {
  std::string_view multiple_choice;
  std::vector<std::string_view> references;  // never empty
};
// One entry for each of `questions`, in their order. Throws DataError unless
// each question has one annotation, of the same image, and each annotation its
// question.
std::vector<VqaAnswers> ReadVqaAnnotations(
    const std::filesystem::path& file,
    const std::vector<VqaQuestion>& questions,
    std::unordered_set<std::string>& pool);

}  // namespace msdbench
