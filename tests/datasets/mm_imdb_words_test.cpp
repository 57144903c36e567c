#include "datasets/mm_imdb_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/json_file.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::HasSubstr;

// Written by numpy: fixtures/make_mm_imdb_hdf5.py.
const std::filesystem::path kFixtures = "tests/datasets/fixtures/mm_imdb_hdf5";

TEST(MmImdbWords, ReadsWhatNumpyWroteThenAndNow) {
  for (const char* file : {"metadata.npy", "metadata_protocol2.npy"}) {
    EXPECT_THAT(ReadMmImdbWords(kFixtures / file),
                ElementsAre("_UNK_", ".", "the", "caf\u00e9", "is", "\"", "N",
                            "open", "\u96e8"))
        << file;
  }
}

std::string Npy(const std::string& header, std::string_view body) {
  std::string bytes = "\x93NUMPY\x01"s + '\0';
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  return bytes + header + std::string(body);
}

const char* const kHeader =
    "{'descr': '|O', 'fortran_order': False, 'shape': (), }\n";

// A 0-d object array of the pickled `thing`, in protocol 0 and 2.
std::string Stored(std::string_view thing) {
  return Npy(
      kHeader,
      "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntVb\n"
      "tR(I1\n)NI00\n(" +
          std::string(thing) + "ltb.");
}

class MmImdbWordsFile : public testing::Test {
 protected:
  std::string ErrorIn(const std::string& bytes) {
    tree_.Write("words.npy", bytes);
    const std::string error =
        ErrorOf([&] { ReadMmImdbWords(tree_.root() / "words.npy"); });
    EXPECT_THAT(error, testing::StartsWith(tree_.Path("words.npy") + ": "));
    return error;
  }
  Tree tree_;
};

TEST_F(MmImdbWordsFile, PythonTwosBytesAreWordsToo) {
  tree_.Write("words.npy", Stored("(U\012ix_to_word(I1\nU\001bI0\nVa\ndd"sv));
  EXPECT_THAT(ReadMmImdbWords(tree_.root() / "words.npy"),
              ElementsAre("a", "b"));
}

TEST_F(MmImdbWordsFile, OtherFilesAreRefused) {
  EXPECT_THAT(ErrorIn(""), HasSubstr("not a .npy file"));
  EXPECT_THAT(ErrorIn("PK\3\4 a zip of arrays"), HasSubstr("not a .npy file"));
  EXPECT_THAT(ErrorIn(Npy("{'descr': '<f4', 'fortran_order': False, "
                          "'shape': (2,), }\n",
                          "12345678")),
              HasSubstr("one stored object is wanted"));
  EXPECT_THAT(ErrorIn(Npy(kHeader, "I1\n.")),
              HasSubstr("one stored object is wanted"));
  EXPECT_THAT(ErrorIn(Npy(kHeader, "cos\nsystem\n(Vtrue\ntR.")),
              HasSubstr("one stored object is wanted"));
  EXPECT_THAT(ErrorIn(Stored("I1\nI2\n")),
              HasSubstr("one stored object is wanted"));
  EXPECT_THAT(ErrorIn(Stored("(d")), HasSubstr("no dictionary \"ix_to_word\""));
  EXPECT_THAT(ErrorIn(Stored("(Vix_to_word\nVa\nd")),
              HasSubstr("no dictionary \"ix_to_word\""));
}

TEST_F(MmImdbWordsFile, NumbersHaveNoGapsAndWordsAreText) {
  const auto words = [&](const std::string& entries) {
    return ErrorIn(Stored("(Vix_to_word\n(" + entries + "dd"));
  };
  EXPECT_THAT(words("I0\nVa\nI2\nVb\n"),
              HasSubstr("2 words, but a key that is not 0 to 1"));
  EXPECT_THAT(words("I-1\nVa\n"), HasSubstr("a key that is not 0 to 0"));
  EXPECT_THAT(words("V0\nVa\n"), HasSubstr("a key that is not 0 to 0"));
  EXPECT_THAT(words("I0\nVa\nI0\nVb\n"), HasSubstr("has the key 0 twice"));
  EXPECT_THAT(words("I0\nV\n"), HasSubstr("0 is no word"));
  EXPECT_THAT(words("I0\nI7\n"), HasSubstr("0 is no word"));
  EXPECT_THAT(words("I0\nU\2\xff\xfe"), HasSubstr("0 is no word"));
  EXPECT_THAT(ErrorIn(Stored("(Vix_to_word\n(I0\nVa\ndVvocab_size\nI2\nd")),
              HasSubstr("\"vocab_size\" is 2, but there are 1 words"));
}

TEST_F(MmImdbWordsFile, EveryCutIsAnError) {
  const std::string whole = ReadTextFile(kFixtures / "metadata.npy");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ErrorIn(whole.substr(0, size));
  }
}

}  // namespace
}  // namespace msdbench
