// A run's record, and what lists and shows it.
#include "reports/baseline.h"
#include "reports/config_difference.h"
#include "reports/record.h"
#include "reports/run_view.h"
#include "tests/fuzz/fuzz_target.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  Accepts([&] {
    const Record record = ParseRecord(ParseJson(bytes, "r.json"), "r.json");
    RunTable({record});
    RunsJson({record}).dump();
    RunText(record);
    PlanConfig(record);
    PlatformOf(record);
    // What was accepted once is accepted as it would be written.
    ParseRecord(ParseJson(record.json.dump(2), "again"), "again");
  });
}

}  // namespace msdbench::fuzz
