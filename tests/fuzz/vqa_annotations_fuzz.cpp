// VQA v2's annotation file, for the questions 1 and 2 about image 7.
#include "datasets/json_stream.h"
#include "datasets/vqa_files.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  const auto file = InputFile(bytes);
  std::unordered_set<std::string> pool;
  const std::vector<VqaQuestion> questions = {{1, 7, "what?"}, {2, 7, "who?"}};
  Accepts([&] {
    const auto annotations = ReadVqaAnnotations(file, questions, pool);
    Expect(annotations.entries.size() == 2 &&
               !annotations.entries[1].references.empty(),
           "an entry for each question");
  });
  Accepts([&] { ReadVqaChoices(file, pool); });
  // As `data verify` reads: past every fault.
  Accepts([&] {
    ReadJsonArray(
        file, "annotations",
        [&](const JsonRecord& record) { ParseVqaAnswers(record, pool); },
        [](const std::string& what) { CheckMessage(DataError(what)); });
  });
}

}  // namespace msdbench::fuzz
