// The header of safetensors files.
#include "reports/safetensors.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  Accepts([&] {
    const SafetensorsFile file(InputFile(bytes));
    std::size_t sum = 0;
    for (const NamedArray& array : file.arrays()) {
      Expect(array.bytes <= bytes.size(), "an array inside the file");
      const auto* data = static_cast<const unsigned char*>(array.data);
      for (std::size_t i = 0; i < array.bytes; ++i) sum += data[i];
      Expect(&file.Get(array.name) == &array, "one array of a name");
    }
    Expect(sum <= 255 * bytes.size(), "every byte can be read");
  });
}

}  // namespace msdbench::fuzz
