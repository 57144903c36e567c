// Lines of SNLI-VE's annotation files.
#include "datasets/jsonl.h"
#include "datasets/snli_ve_files.h"
#include "tests/fuzz/below.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  const SnliVeLayout layout{"/ve", "/ve/flickr30k_images"};
  for (const bool premise : {false, true}) {
    const auto read = [&](const JsonRecord& record) {
      const SnliVePair pair = ReadSnliVePair(record, layout, premise);
      Expect(!pair.example.id.empty(), "a sound example");
      if (*pair.skipped != '\0') return;
      Expect(LiesBelow(pair.example.image, "/ve/flickr30k_images"),
             "an image below its folder");
    };
    Accepts([&] { ReadJsonLines(InputFile(bytes), read); });
  }
}

}  // namespace msdbench::fuzz
