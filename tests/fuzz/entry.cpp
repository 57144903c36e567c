// Where libFuzzer enters the one target of its program.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto& targets = msdbench::fuzz::Targets();
  msdbench::fuzz::Expect(targets.size() == 1, "one target a program");
  targets[0].run({reinterpret_cast<const char*>(data), size});
  return 0;
}
