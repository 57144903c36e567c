// The .npy format, arrays and objects.
#include "datasets/features/numpy.h"
#include "tests/fuzz/fuzz_target.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  Accepts([&] {
    const NumpyArray array = ReadNpy(bytes, "input.npy");
    Expect(array.bytes.size() <= bytes.size(), "elements inside the file");
    const std::vector<float> values = FloatsOf(array, "input.npy");
    Expect(values.size() <= bytes.size(), "a byte or more an element");
  });
  Accepts([&] {
    const NpyObject object(bytes, "input.npy");
    for (const auto& [key, value] : object.value().entries) {
      if (const auto array = ArrayOf(*value, "input.npy")) {
        FloatsOf(*array, "input.npy");
      }
      IntegerOf(*value, "input.npy");
    }
  });
}

}  // namespace msdbench::fuzz
