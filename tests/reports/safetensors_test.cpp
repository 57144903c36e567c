#include "reports/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>

#include "reports/json_file.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;

class SafetensorsTest : public testing::Test {
 protected:
  ~SafetensorsTest() override { std::filesystem::remove(file_); }

  // A file of this header text and so many bytes of data.
  void Write(const std::string& header, std::size_t data_bytes) {
    const std::uint64_t length = header.size();
    std::string bytes(reinterpret_cast<const char*>(&length), 8);
    WriteFileAtomically(file_, bytes + header + std::string(data_bytes, 'x'));
  }

  std::string Problem() {
    try {
      SafetensorsFile unused(file_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kData);
      EXPECT_THAT(error.what(), HasSubstr(file_.string()));
      return error.what();
    }
    return "read";
  }

  std::filesystem::path file_ =
      std::filesystem::path(testing::TempDir()) /
      ("msdbench_" + std::to_string(getpid()) + ".safetensors");
};

TEST_F(SafetensorsTest, ComesBackAsWritten) {
  const std::vector<float> a = {1.5F, -2.F, 3.F, 4.F, 5.F, 6.F};
  const std::vector<std::int64_t> b = {7};
  WriteSafetensors(file_,
                   {{"a", "F32", {2, 3}, a.data(), 24},
                    {"b", "I64", {}, b.data(), 8},
                    {"none", "F32", {0, 4}, nullptr, 0}},
                   {{"made by", "a test"}});
  const SafetensorsFile read(file_);
  ASSERT_EQ(read.arrays().size(), 3);
  EXPECT_EQ(read.arrays()[0].name, "a");
  EXPECT_EQ(read.Get("a").shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(std::memcmp(read.Get("a").data, a.data(), 24), 0);
  EXPECT_EQ(std::memcmp(read.Get("b").data, b.data(), 8), 0);
  EXPECT_EQ(read.Get("none").bytes, 0);
  EXPECT_EQ(read.metadata().at("made by"), "a test");
  EXPECT_THROW(read.Get("c"), Error);
}

TEST_F(SafetensorsTest, ASealKnowsEveryByte) {
  const std::vector<float> a = {1.5F, -2.F};
  WriteSafetensors(file_, {{"a", "F32", {2}, a.data(), 8}},
                   {{"made by", "a test"}, {kSeal, "filled in"}});
  SafetensorsFile(file_).CheckSeal();
  const std::string whole = ReadTextFile(file_);
  // By its rule: SHA-256 of the file with zeros in its place.
  const std::string seal = SafetensorsFile(file_).metadata().at(kSeal);
  std::string plain = whole;
  plain.replace(whole.find(seal), seal.size(), std::string(64, '0'));
  EXPECT_EQ(seal, Sha256OfText(plain));
  for (std::size_t place = 0; place < whole.size(); ++place) {
    std::string bytes = whole;
    bytes[place] = static_cast<char>(bytes[place] ^ 0x20);
    WriteFileAtomically(file_, bytes);
    EXPECT_THROW(SafetensorsFile(file_).CheckSeal(), Error) << place;
  }
}

TEST_F(SafetensorsTest, WithoutASealThereIsNothingToCheck) {
  const float a = 1;
  WriteSafetensors(file_, {{"a", "F32", {1}, &a, 4}}, {{"made by", "a test"}});
  const SafetensorsFile read(file_);
  EXPECT_EQ(read.metadata().size(), 1);
  EXPECT_THROW(read.CheckSeal(), Error);
}

TEST_F(SafetensorsTest, BytesMayComeOneAfterAnother) {
  SafetensorsWriter writer(file_, {{"a", "U8", {6}, nullptr, 6}},
                           {{kSeal, ""}});
  writer.Write("abc");
  EXPECT_FALSE(std::filesystem::exists(file_));
  writer.Write("def");
  writer.Commit();
  const SafetensorsFile read(file_);
  read.CheckSeal();
  EXPECT_EQ(std::memcmp(read.Get("a").data, "abcdef", 6), 0);
}

TEST_F(SafetensorsTest, EveryUnsoundFileIsAnError) {
  EXPECT_THAT(Problem(), HasSubstr("No such file"));
  WriteFileAtomically(file_, "1234567");
  EXPECT_THAT(Problem(), HasSubstr("shorter than its 8-byte header length"));
  WriteFileAtomically(file_, std::string(8, '\xFF') + "{}");
  EXPECT_THAT(Problem(), HasSubstr("in a file of 10"));
  Write("not json", 0);
  EXPECT_THAT(Problem(), HasSubstr("not a JSON object"));
  Write(R"({"a":{"dtype":"F32","shape":[2]}})", 8);
  EXPECT_THAT(Problem(), HasSubstr("a lacks dtype, shape or data_offsets"));
  Write(R"({"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}})", 8);
  EXPECT_THAT(Problem(), HasSubstr("a has unknown dtype F31"));
  Write(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8);
  EXPECT_THAT(Problem(), HasSubstr("a: its shape does not fit its bytes"));
  Write(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8);
  EXPECT_THAT(Problem(), HasSubstr("a: its shape does not fit its bytes"));
  // 2^62 * 4 elements of 4 bytes wraps around to 0.
  Write(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],)"
        R"("data_offsets":[0,0]}})",
        0);
  EXPECT_THAT(Problem(), HasSubstr("a: its shape does not fit its bytes"));
  Write(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", 8);
  EXPECT_THAT(Problem(), HasSubstr("a lies outside the file"));
  Write(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8);
  EXPECT_THAT(Problem(), HasSubstr("a lies outside the file"));
  Write(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
        R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
        8);
  EXPECT_THAT(Problem(), HasSubstr("arrays overlap"));
  Write(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
        R"("a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
        8);
  EXPECT_THAT(Problem(), HasSubstr("names an array twice"));
}

}  // namespace
}  // namespace msdbench
