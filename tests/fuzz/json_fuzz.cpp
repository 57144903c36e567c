// The JSON reader below suites, records and label files.
#include "datasets/label_set.h"
#include "reports/json_file.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {
namespace {

int Depth(const Json& json) {
  int depth = 0;
  if (!json.is_structured()) return depth;
  for (const Json& part : json) depth = std::max(depth, Depth(part));
  return depth + 1;
}

}  // namespace

FUZZ_TARGET(bytes) {
  Accepts([&] {
    const Json json = ParseJson(bytes, "a.json");
    Expect(Depth(json) <= 200, "bounded nesting");
    Expect(ParseJson(json.dump(), "again") == json, "dumped and read again");
  });
  Accepts([&] { ReadLabelFile(InputFile(bytes)); });
}

}  // namespace msdbench::fuzz
