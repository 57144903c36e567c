#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "reports/json_file.h"
#include "reports/random.h"
#include "reports/safetensors.h"
#include "tests/datasets/tree.h"
#include "tests/golden.h"

namespace msdbench {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string WithHeader(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data_bytes, 'x');
}

// The error that a file of these bytes gives, which must name the file.
std::string ErrorOfBytes(const Tree& tree, const std::string& bytes) {
  tree.Write("a.safetensors", bytes);
  const std::string error =
      ErrorOf([&] { SafetensorsFile unused(tree.Path("a.safetensors")); });
  EXPECT_THAT(error, HasSubstr(tree.Path("a.safetensors")));
  return error;
}

TEST(SafetensorsDamage, OverlapsAndRepeatsNameTheArray) {
  const Tree tree;
  EXPECT_THAT(
      ErrorOfBytes(
          tree,
          WithHeader(
              R"({"first":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
              R"("second":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
              8)),
      AllOf(HasSubstr("first"), HasSubstr("second"), HasSubstr("overlap")));
  EXPECT_THAT(
      ErrorOfBytes(
          tree,
          WithHeader(
              R"({"same":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
              R"("same":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
              2)),
      AllOf(HasSubstr("\"same\""), HasSubstr("twice")));
}

TEST(SafetensorsDamage, ShapesAndOffsetsAreWholeNumbers) {
  const Tree tree;
  for (const char* fields : {
           R"("shape":[2.5],"data_offsets":[0,2])",
           R"("shape":[true],"data_offsets":[0,1])",
           R"("shape":[1e300],"data_offsets":[0,1])",
           R"("shape":["1"],"data_offsets":[0,1])",
           R"("shape":[1],"data_offsets":[0.5,1.5])",
           R"("shape":[1],"data_offsets":[false,true])",
           R"("shape":1,"data_offsets":[0,1])",
           R"("shape":[1],"data_offsets":null)",
       }) {
    EXPECT_THAT(
        ErrorOfBytes(tree, WithHeader(std::string(R"({"odd":{"dtype":"U8",)") +
                                          fields + "}}",
                                      2)),
        HasSubstr("odd"))
        << fields;
  }
}

TEST(SafetensorsDamage, OffsetsOutsideNameTheArray) {
  const Tree tree;
  for (const char* offsets :
       {"[-1,0]", "[0,-1]", "[-2,-1]", "[0]", "[]", "[0,1,1]",
        "[18446744073709551614,18446744073709551615]", "[2,3]"}) {
    EXPECT_THAT(
        ErrorOfBytes(tree, WithHeader(std::string(R"({"far":{"dtype":"U8",)") +
                                          R"("shape":[1],"data_offsets":)" +
                                          offsets + "}}",
                                      2)),
        AllOf(HasSubstr("far"), HasSubstr("outside")))
        << offsets;
  }
}

TEST(SafetensorsDamage, MetadataIsText) {
  const Tree tree;
  EXPECT_THAT(ErrorOfBytes(tree, WithHeader(R"({"__metadata__":[]})", 0)),
              HasSubstr("metadata"));
  EXPECT_THAT(ErrorOfBytes(tree, WithHeader(R"({"__metadata__":{"k":1}})", 0)),
              AllOf(HasSubstr("metadata"), HasSubstr("k")));
}

TEST(SafetensorsDamage, EmptyFilesAndFoldersAreErrors) {
  const Tree tree;
  EXPECT_THAT(ErrorOfBytes(tree, ""), HasSubstr("empty"));
  EXPECT_THAT(ErrorOf([&] { SafetensorsFile unused(tree.root()); }),
              HasSubstr(tree.root().string()));
}

TEST(SafetensorsDamage, HeadersWithoutEndAreRefusedAtOnce) {
  const Tree tree;
  const std::string deep(1'000'000, '[');
  EXPECT_THAT(ErrorOfBytes(tree, WithHeader("{\"a\":" + deep, 0)),
              HasSubstr("nested deeper than 200 levels"));
  std::string wide = "{\"a\":{\"dtype\":\"U8\",\"shape\":[1";
  for (int i = 0; i < 10000; ++i) wide += ",1";
  EXPECT_THAT(
      ErrorOfBytes(tree, WithHeader(wide + "],\"data_offsets\":[0,1]}}", 1)),
      HasSubstr("more than 10000 parts in one entry"));
  EXPECT_THAT(ErrorOfBytes(tree, WithHeader("[{}]", 0)),
              HasSubstr("not a JSON object"));
}

// More than one object of a DOM may have: each is read by itself.
TEST(SafetensorsDamage, AnyNumberOfArraysIsRead) {
  const Tree tree;
  constexpr std::size_t kArrays = 30000;
  std::string header = "{";
  for (std::size_t i = 0; i < kArrays; ++i) {
    header += (i > 0 ? ",\"" : "\"") + std::to_string(i) +
              R"(":{"dtype":"U8","shape":[1],"data_offsets":[)" +
              std::to_string(i) + "," + std::to_string(i + 1) + "]}";
  }
  tree.Write("a.safetensors", WithHeader(header + "}", kArrays));
  const SafetensorsFile file(tree.Path("a.safetensors"));
  ASSERT_EQ(file.arrays().size(), kArrays);
  EXPECT_EQ(file.arrays()[kArrays - 1].name, std::to_string(kArrays - 1));
}

class WholeFile : public testing::Test {
 protected:
  WholeFile() {
    const std::vector<double> wide = {1, 2, 3, 4, 5, 6};
    const std::vector<std::uint8_t> narrow = {9, 8, 7};
    WriteSafetensors(tree_.root() / "whole",
                     {{"wide", "F64", {2, 3}, wide.data(), 48},
                      {"narrow", "U8", {3}, narrow.data(), 3}},
                     {{"k", "v"}});
    whole_ = ReadTextFile(tree_.root() / "whole");
  }
  Tree tree_;
  std::string whole_;
};

// The last array ends where the file ends, so no byte can be spared.
TEST_F(WholeFile, EveryCutIsAnError) {
  for (std::size_t size = 0; size < whole_.size(); ++size) {
    ErrorOfBytes(tree_, whole_.substr(0, size));
  }
}

TEST_F(WholeFile, ChangedBytesNeverReachOutside) {
  Random random(5, "safetensors");
  int read = 0, refused = 0;
  const std::size_t header_end = whole_.size() - 51;
  for (int i = 0; i < 500; ++i) {
    std::string bytes = whole_;
    bytes[random.Below(header_end)] = static_cast<char>(random.Below(256));
    tree_.Write("a.safetensors", bytes);
    try {
      const SafetensorsFile file(tree_.Path("a.safetensors"));
      std::size_t total = 0;
      for (const NamedArray& array : file.arrays()) {
        const auto* data = static_cast<const unsigned char*>(array.data);
        for (std::size_t k = 0; k < array.bytes; ++k) total += data[k] > 0;
      }
      EXPECT_LE(total, bytes.size());
      ++read;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kData);
      ++refused;
    }
  }
  EXPECT_GT(read, 0);
  EXPECT_GT(refused, 0);
}

TEST_F(WholeFile, ArraysOutliveTheNameOfTheFile) {
  const SafetensorsFile file(tree_.root() / "whole");
  tree_.Remove("whole");
  double last = 0;
  std::memcpy(&last, static_cast<const char*>(file.Get("wide").data) + 40, 8);
  EXPECT_EQ(last, 6);
  EXPECT_THAT(ErrorOf([&] { file.Get("tall"); }), HasSubstr("\"tall\""));
}

class GoldenSafetensors : public GoldenTest {};
MSDBENCH_GOLDEN_SUITE(GoldenSafetensors);

TEST_P(GoldenSafetensors, EveryFileOpensAndIsFull) {
  MSDBENCH_GOLDEN_FILE(folder, "");
  GoldenTally tally;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".safetensors") continue;
    tally.Case(entry.path().filename());
    const SafetensorsFile file(entry.path());
    // Other writers pack: what the arrays leave is the header.
    std::uintmax_t bytes = 8;
    std::uint64_t header = 0;
    std::memcpy(&header, ReadTextFile(entry.path()).data(), 8);
    bytes += header;
    for (const NamedArray& array : file.arrays()) bytes += array.bytes;
    tally.Equal("bytes", bytes, entry.file_size());
  }
}

}  // namespace
}  // namespace msdbench
