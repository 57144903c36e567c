// Lines of Hateful Memes' annotation files.
#include "datasets/hateful_memes_files.h"
#include "datasets/jsonl.h"
#include "tests/fuzz/below.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  const HatefulMemesLayout layout{"/memes", "/memes", {}};
  const auto read = [&](const JsonRecord& record) {
    const Example meme = ReadMeme(record, layout);
    Expect(!meme.id.empty() && meme.targets.size() <= 1, "a sound example");
    Expect(LiesBelow(meme.image, "/memes"), "an image below its folder");
  };
  const auto file = InputFile(bytes);
  const bool sound = Accepts([&] { ReadJsonLines(file, read); });
  // Going on after faults must find some exactly where stopping does.
  std::size_t faults = 0;
  const auto count = [&](const std::string& what) {
    CheckMessage(DataError(what));
    ++faults;
  };
  Accepts([&] { ReadJsonLines(file, read, count); });
  Expect(sound == (faults == 0), "both ways of reading agree");
}

}  // namespace msdbench::fuzz
