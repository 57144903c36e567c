// The gate's baseline.
#include "reports/baseline.h"
#include "tests/fuzz/fuzz_target.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  Accepts([&] {
    const Baseline baseline =
        ParseBaseline(ParseJson(bytes, "b.json"), "b.json");
    const Json written = BaselineJson(baseline);
    const Baseline again = ParseBaseline(written, "again");
    Expect(MovedCells(baseline, again).rows.empty(), "written as it was read");
    Expect(BaselineJson(again) == written, "written twice alike");
  });
}

}  // namespace msdbench::fuzz
