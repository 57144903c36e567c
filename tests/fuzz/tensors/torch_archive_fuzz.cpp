// Both formats of torch.save.
#include "baselines/models/torch_archive.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  Accepts([&] {
    for (const auto& [name, tensor] : ReadTorchArchive(InputFile(bytes))) {
      Expect(tensor.defined() && tensor.is_contiguous(), "a sound tensor");
    }
  });
}

}  // namespace msdbench::fuzz
