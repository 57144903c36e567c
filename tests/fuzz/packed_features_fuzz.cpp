// Our own store of features.
#include "datasets/features/packed_features.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  Accepts([&] {
    const PackedFeatures store(InputFile(bytes));
    for (std::string_view name : store.names()) {
      Expect(store.Row(name).has_value(), "every name has its row");
    }
    Expect(store.Damaged(1).size() <= store.names().size(), "at most all");
  });
}

}  // namespace msdbench::fuzz
