// JPEG and PNG pictures.
#include "datasets/image/image.h"
#include "tests/fuzz/fuzz_target.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  Accepts([&] {
    const Image image = DecodeImage(bytes, "input");
    Expect(image.rgb.size() ==
               static_cast<std::size_t>(3 * image.width * image.height),
           "three bytes a pixel");
    const Image small = Resize(image, 5, 3);
    Expect(small.rgb.size() == 45, "a picture of the size asked for");
  });
}

}  // namespace msdbench::fuzz
