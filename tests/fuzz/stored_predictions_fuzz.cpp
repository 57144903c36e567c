// What a run stored of its test split.
#include "reports/stored_predictions.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  Accepts([&] {
    const StoredPredictions stored = ReadPredictions(InputFile(bytes));
    Expect(stored.logits.size() == stored.examples * stored.labels ||
               stored.credits.size() == stored.examples,
           "a score for each example");
    Expect(WhereExamplesDiffer(stored, stored).empty(), "equal to itself");
  });
}

}  // namespace msdbench::fuzz
