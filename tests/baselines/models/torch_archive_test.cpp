#include "baselines/models/torch_archive.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "reports/json_file.h"
#include "reports/random.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// Written by PyTorch: fixtures/make_fixtures.py.
const fs::path kFixtures = "tests/baselines/models/fixtures/torch_archive";

// Both formats of one thing.
class TorchArchive : public testing::TestWithParam<const char*> {
 protected:
  static fs::path File(const std::string& name) {
    return kFixtures / (name + GetParam());
  }
  static StateDict Read(const std::string& name) {
    return ReadTorchArchive(File(name));
  }
  // One line that names the file.
  static std::string Refused(const std::string& name) {
    const std::string error = ErrorOf([&] { Read(name); });
    EXPECT_THAT(error, testing::StartsWith(File(name).string() + ": "));
    return error;
  }
};
INSTANTIATE_TEST_SUITE_P(Formats, TorchArchive,
                         testing::Values(".zip.pth", ".old.pth"),
                         [](const auto& format) {
                           return std::string(format.param).substr(1, 3);
                         });

std::vector<std::string> Names(const StateDict& state) {
  std::vector<std::string> names;
  for (const auto& item : state) names.push_back(item.first);
  return names;
}

void ExpectEqual(const at::Tensor& got, const at::Tensor& want) {
  EXPECT_EQ(got.scalar_type(), want.scalar_type());
  EXPECT_EQ(got.sizes(), want.sizes());
  EXPECT_TRUE(got.is_contiguous());
  EXPECT_TRUE(at::equal(got, want)) << got << want;
}

void ExpectLayer(const StateDict& state) {
  EXPECT_THAT(Names(state), ElementsAre("bias", "weight"));
  ExpectEqual(state.at("weight"), at::arange(6, at::kFloat).view({2, 3}) / 2);
  ExpectEqual(state.at("bias"), at::tensor({-1.0F, 1.0F}));
}

TEST_P(TorchArchive, StateDictsOfModulesAreRead) {
  ExpectLayer(Read("ordered"));
}

TEST_P(TorchArchive, WrappersAreOpened) {
  for (const char* name :
       {"wrapped_state_dict", "wrapped_model", "wrapped_model_state_dict",
        "wrapped_model_state", "wrapped_some_name", "wrapped_twice",
        "wrapped_beside_settings"}) {
    SCOPED_TRACE(name);
    ExpectLayer(Read(name));
  }
}

TEST_P(TorchArchive, OneOfTwoDictionariesIsNotChosen) {
  EXPECT_THAT(Refused("two_dictionaries"),
              HasSubstr("several dictionaries of tensors are in it (student, "
                        "average)"));
}

TEST_P(TorchArchive, PlainDictionariesMayHoldMoreThanTensors) {
  const StateDict state = Read("plain");
  EXPECT_THAT(Names(state), ElementsAre("w"));
  ExpectEqual(state.at("w"), at::tensor({1.5F, -2.0F}).view({1, 2}));
}

TEST_P(TorchArchive, ParametersAreTensors) {
  const StateDict state = Read("parameters");
  ExpectEqual(state.at("w"), at::arange(6, at::kFloat).view({2, 3}) / 2);
  ExpectEqual(state.at("b"), at::tensor({-1.0F, 1.0F}));
}

TEST_P(TorchArchive, ViewsOfOneStorageAreToldApart) {
  const StateDict state = Read("views");
  ExpectEqual(state.at("whole"), at::arange(24, at::kFloat).view({4, 6}));
  ExpectEqual(
      state.at("columns"),
      at::tensor({1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23}, at::kFloat)
          .view({4, 3}));
  ExpectEqual(state.at("transposed"),
              at::tensor({0, 6, 12, 18, 1, 7,  13, 19, 2, 8,  14, 20,
                          3, 9, 15, 21, 4, 10, 16, 22, 5, 11, 17, 23},
                         at::kFloat)
                  .view({6, 4}));
  ExpectEqual(state.at("shifted"), at::arange(12, 24, at::kFloat).view({2, 6}));
  ExpectEqual(state.at("scalar"), at::scalar_tensor(21, at::kFloat));
  ExpectEqual(state.at("repeated"),
              at::tensor({6, 7, 8, 9, 10, 11, 6, 7, 8, 9, 10, 11,  //
                          6, 7, 8, 9, 10, 11},
                         at::kFloat)
                  .view({3, 6}));
}

TEST_P(TorchArchive, EveryTypeKeepsItsOwn) {
  const StateDict state = Read("types");
  EXPECT_EQ(state.size(), 10U);
  for (const auto& [name, type] :
       {std::pair{"float64", at::kDouble}, std::pair{"float32", at::kFloat},
        std::pair{"float16", at::kHalf}, std::pair{"bfloat16", at::kBFloat16},
        std::pair{"int64", at::kLong}, std::pair{"int32", at::kInt},
        std::pair{"int16", at::kShort}, std::pair{"int8", at::kChar}}) {
    SCOPED_TRACE(name);
    ExpectEqual(state.at(name), at::tensor({-3, 0, 100}, at::kInt).to(type));
  }
  ExpectEqual(state.at("uint8"), at::tensor({3, 0, 200}, at::kByte));
  ExpectEqual(state.at("bool"), at::tensor({1, 0, 1}, at::kInt).to(at::kBool));
}

TEST_P(TorchArchive, TensorsMayBeEmpty) {
  const StateDict state = Read("empty");
  EXPECT_EQ(state.at("none").sizes(), at::IntArrayRef({0}));
  EXPECT_EQ(state.at("flat").sizes(), at::IntArrayRef({3, 0, 2}));
}

TEST_P(TorchArchive, NothingIsRun) {
  EXPECT_THAT(Refused("runs"), HasSubstr("no dictionary of tensors"));
  EXPECT_THAT(Refused("runs_as_tensor"),
              HasSubstr("x is built by posix.system, which is not run"));
  EXPECT_THAT(Refused("runs_as_name"), HasSubstr("a name is no text"));
  // What is no tensor is passed over, and not run either.
  EXPECT_THAT(Names(Read("runs_beside")), ElementsAre("w"));
  EXPECT_FALSE(fs::exists("msdbench-archive-ran"));
}

TEST_P(TorchArchive, WhatIsNoDictionaryOfTensorsIsRefused) {
  EXPECT_THAT(Refused("whole_model"),
              AllOf(HasSubstr("no dictionary of tensors"),
                    HasSubstr("save its state_dict()")));
  EXPECT_THAT(Refused("a_list"), HasSubstr("no dictionary of tensors"));
  EXPECT_THAT(Refused("no_tensors"), HasSubstr("it holds no tensors"));
  EXPECT_THAT(Refused("number_as_name"), HasSubstr("a name is no text"));
  EXPECT_THAT(Refused("complex"),
              AllOf(HasSubstr("z has storage"), HasSubstr("ComplexFloat")));
}

TEST_P(TorchArchive, BigEndianFilesAreRefused) {
  EXPECT_THAT(Refused("big_endian"), HasSubstr("big-endian"));
}

TEST_P(TorchArchive, TensorsMayNotReachOutside) {
  for (const char* name : {"outside_by_size", "outside_by_offset",
                           "outside_by_far_offset", "outside_by_stride"}) {
    EXPECT_THAT(Refused(name), HasSubstr("bad reaches outside its storage"));
  }
  EXPECT_THAT(Refused("negative_size"), HasSubstr("no whole number"));
  EXPECT_THAT(Refused("negative_stride"), HasSubstr("no whole number"));
  EXPECT_THAT(Refused("negative_offset"),
              HasSubstr("bad is described in an unknown way"));
  EXPECT_THAT(Refused("ranks_differ"),
              HasSubstr("bad is described in an unknown way"));
}

// A tensor that repeats one element needs no storage to be of any size.
TEST_P(TorchArchive, FewBytesDoNotTakeAnyMemory) {
  for (const char* name :
       {"huge_product", "huge_reach", "huge_bytes", "huge_and_empty"}) {
    EXPECT_THAT(Refused(name), HasSubstr("bad is larger than any memory"));
  }
  EXPECT_THAT(Refused("repeated_too_often"),
              HasSubstr("bad repeats its storage too often"));
}

TEST_P(TorchArchive, EveryCutIsAnError) {
  const Tree tree;
  for (const char* name : {"ordered", "views", "types", "parameters"}) {
    const std::string whole = ReadTextFile(File(name));
    for (std::size_t size = 0; size < whole.size();
         size += size < 64 || size + 64 > whole.size() ? 1 : 29) {
      tree.Write("cut.pth", whole.substr(0, size));
      EXPECT_THAT(ErrorOf([&] { ReadTorchArchive(tree.Path("cut.pth")); }),
                  HasSubstr(tree.Path("cut.pth")))
          << name << " " << size;
    }
  }
}

TEST_P(TorchArchive, ChangedBytesAreReadOrRefused) {
  const Tree tree;
  Random random(7, "torch archive");
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    std::string bytes =
        ReadTextFile(File(i % 2 == 0 ? "views" : "wrapped_state_dict"));
    for (int k = 0; k <= i % 3; ++k) {
      bytes[random.Below(bytes.size())] = static_cast<char>(random.Below(256));
    }
    tree.Write("changed.pth", bytes);
    try {
      for (const auto& item : ReadTorchArchive(tree.Path("changed.pth"))) {
        item.second.to(at::kDouble).sum();
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kData) << error.what();
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos)
          << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 0);
}

TEST(TorchArchiveFiles, OtherFilesAreRefused) {
  const Tree tree;
  tree.Write("empty.pth", "");
  tree.Write("page.pth", "<html>404</html>");
  tree.Write("number.pth", "I5\n.");
  tree.Write("zip.pth", "PK\003\004" + std::string(200, 'x'));
  for (const char* name :
       {"empty.pth", "page.pth", "number.pth", "zip.pth", "missing.pth", "."}) {
    EXPECT_THAT(ErrorOf([&] { ReadTorchArchive(tree.Path(name)); }),
                HasSubstr(tree.Path(name)));
  }
  EXPECT_THAT(ErrorOf([&] { ReadTorchArchive(tree.Path("number.pth")); }),
              HasSubstr("another magic number"));
}

// A tensor's name comes from the file; errors stay one line.
TEST(TorchArchiveFiles, NamesDoNotBreakTheLine) {
  const Tree tree;
  std::string bytes = ReadTextFile(kFixtures / "outside_by_size.old.pth");
  bytes.replace(bytes.find("bad"), 3, "b\nd");
  tree.Write("name.pth", bytes);
  EXPECT_THAT(ErrorOf([&] { ReadTorchArchive(tree.Path("name.pth")); }),
              HasSubstr("b?d reaches outside"));
}

}  // namespace
}  // namespace msdbench
