#include "tests/golden_file.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

class GoldenFileTest : public testing::Test {
 protected:
  void Write(const std::string& json) {
    tree_.Write("a.json", json);
    file_ = std::make_unique<GoldenFile>(tree_.root() / "a.json");
  }

  const Tree tree_;
  std::unique_ptr<GoldenFile> file_;
};

TEST_F(GoldenFileTest, NamesWhatNothingHasRead) {
  Write(R"({"source": "x", "cases": [{"in": 1, "out": 2}, {"in": 3, "more":
            {"a": 0, "b": 0}}], "empty": {}})");
  for (const GoldenJson& one : file_->at("cases").items()) {
    EXPECT_GT(one.at("in").number(), 0);
  }
  file_->at("cases").at(1).at("more").Leave({"a", "absent"});
  EXPECT_NONFATAL_FAILURE(file_.reset(),
                          "2 fields that the test does not use: /cases/0/out, "
                          "/cases/1/more/b");
}

TEST_F(GoldenFileTest, IsSilentWhereAllIsReadOrLeft) {
  Write(R"({"tolerance": {"x": 1}, "list": [1, [2]], "pair": {"a": "b"},
            "left": {"deep": [1]}})");
  EXPECT_EQ(file_->at("list").json().size(), 2u);
  const std::string text = file_->at("pair").at("a");
  EXPECT_EQ(text, "b");
  EXPECT_EQ(file_->value("absent", 7), 7);
  file_->Leave({"left"});
  file_.reset();
}

TEST(GoldenArrays, NameWhatNothingHasRead) {
  const Tree tree;
  const float value = 1;
  const auto array = [&](const char* name) {
    return NamedArray{name, "F32", {1}, &value, sizeof(value)};
  };
  WriteSafetensors(tree.root() / "a.safetensors",
                   {array("a/in"), array("a/out"), array("b/in")});
  auto arrays = std::make_unique<GoldenArrays>(tree.root() / "a.safetensors");
  EXPECT_TRUE(arrays->Has("a/out"));
  EXPECT_EQ(arrays->Get("a/in").bytes, 4u);
  arrays->LeaveStarting("b/");
  EXPECT_NONFATAL_FAILURE(arrays.reset(),
                          "1 fields that the test does not use: a/out");
}

}  // namespace
}  // namespace msdbench
