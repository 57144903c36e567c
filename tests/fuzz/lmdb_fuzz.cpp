// An LMDB of features. The library trusts the file; its crashes must stay in
// the process that reads for this one.
#include <algorithm>

#include "datasets/features/feature_source.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  if (!HasLmdb()) return;
  Accepts([&] {
    const auto source = OpenFeatureLmdb(InputFile(bytes));
    std::vector<std::string> names;
    Accepts([&] {
      names = source->Names();
      Expect(std::is_sorted(names.begin(), names.end()), "names in order");
    });
    names.resize(std::min<std::size_t>(names.size(), 4));
    names.push_back("b");  // where the names could not be read
    ImageFeatures features;
    for (const std::string& name : names) {
      Accepts([&] {
        if (source->Read(name, &features)) {
          Expect(features.tokens <= features.padded, "tokens in their room");
        }
      });
    }
  });
}

}  // namespace msdbench::fuzz
