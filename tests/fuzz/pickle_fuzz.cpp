// The restricted reader of Python pickles.
#include "datasets/features/pickle.h"
#include "tests/fuzz/fuzz_target.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  Accepts([&] {
    const PickleDocument document(bytes, "input.pkl");
    Expect(document.size() <= bytes.size(), "no byte beyond the end");
    Expect(document.values().size() <= bytes.size(), "one value a byte");
    // Every value is what its kind says, whether used or not.
    for (const PickleValue& value : document.values()) {
      if (value.kind == PickleValue::Kind::kCall) {
        Expect(value.items.size() == 2, "a callee and its arguments");
        value.Calls("collections.OrderedDict");
      }
      for (const auto& [key, item] : value.entries) {
        Expect(key != nullptr && item != nullptr, "a key and its value");
      }
    }
  });
}

}  // namespace msdbench::fuzz
