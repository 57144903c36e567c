// An entry of MMF's feature stores: a pickled dictionary with an array.
#include <cmath>

#include "datasets/features/image_features.h"
#include "tests/fuzz/fuzz_target.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  Accepts([&] {
    const ImageFeatures features = FeaturesInPickle(bytes, "input");
    Expect(features.tokens > 0 && features.width > 0, "tokens");
    Expect(features.values.size() ==
               static_cast<std::size_t>(features.tokens * features.width),
           "as many values as the shape says");
    Expect(features.values.size() <= bytes.size(), "no more than was stored");
    for (float value : features.values) Expect(std::isfinite(value), "finite");
  });
}

}  // namespace msdbench::fuzz
