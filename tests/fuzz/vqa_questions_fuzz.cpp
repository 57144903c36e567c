// VQA v2's question file, streamed.
#include <unordered_set>

#include "datasets/vqa_files.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  Accepts([&] {
    const auto questions = ReadVqaQuestions(InputFile(bytes));
    std::unordered_set<std::int64_t> ids;
    for (const VqaQuestion& question : questions.entries) {
      Expect(question.image >= 0 && ids.insert(question.id).second,
             "a sound question");
    }
    Expect(questions.sha256.size() == 64, "the whole file was hashed");
  });
}

}  // namespace msdbench::fuzz
