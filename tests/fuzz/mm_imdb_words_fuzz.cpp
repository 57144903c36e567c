// The words of MM-IMDb's HDF5 release, a pickle in an .npy file.
#include "datasets/mm_imdb_words.h"
#include "datasets/text/utf8.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  Accepts([&] {
    for (const std::string& word : ReadMmImdbWords(InputFile(bytes))) {
      Expect(!word.empty() && EncodeUtf8(DecodeUtf8(word)) == word,
             "words of valid UTF-8");
    }
  });
}

}  // namespace msdbench::fuzz
