#include "datasets/batch.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "datasets/image/image.h"
#include "reports/json_file.h"
#include "tests/datasets/tree.h"
#include "tests/golden_tensors.h"

namespace msdbench {
namespace {

const WordPiece& Tokenizer() {
  static const WordPiece tokenizer(
      Vocabulary({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "cat", "##s", "sat"}));
  return tokenizer;
}

class BatchTest : public testing::Test {
 protected:
  BatchTest() {
    dataset_.labels = {"x", "y", "z"};
    input_.image_size = 1;
    input_.max_text_tokens = 5;
    Image dot{1, 1, {9, 9, 9}};
    tree_.Write("dot.png", EncodePng(dot));
  }

  void Add(const std::string& text, std::vector<LabelScore> targets = {}) {
    Example example;
    example.text = text;
    example.image = tree_.Path("dot.png");
    example.targets = std::move(targets);
    split_.examples.push_back(example);
  }

  EncodedSplit Encoded() {
    return Encode(split_, dataset_, Tokenizer(), input_, 1);
  }

  Tree tree_;
  Dataset dataset_;
  InputOptions input_;
  Split split_;
};

TEST_F(BatchTest, TextsOfEveryLengthKeepBothEnds) {
  Add("");
  Add("cat");
  Add("cats sat");       // three pieces: exactly full
  Add("cats sat cats");  // cut after the third piece
  const EncodedSplit split = Encoded();
  EXPECT_EQ(split.offsets, (std::vector<std::int64_t>{0, 2, 5, 10, 15}));
  EXPECT_EQ(split.token_ids, (std::vector<std::int32_t>{2, 3, 2, 4, 3, 2, 4, 5,
                                                        6, 3, 2, 4, 5, 6, 3}));
  EXPECT_TRUE(at::equal(Collate(split, {0}).token_ids,
                        at::tensor({2, 3}, at::kLong).view({1, 2})));
}

TEST_F(BatchTest, TwoTokensLeaveRoomForTheEndsAlone) {
  input_.max_text_tokens = 2;
  Add("cats sat");
  EXPECT_EQ(Encoded().token_ids, (std::vector<std::int32_t>{2, 3}));
}

TEST_F(BatchTest, RowsComeInTheOrderAskedFor) {
  Add("cat", {{0, 1}});
  Add("sat sat", {{1, 1}});
  Add("", {{2, 1}});
  const Batch batch = Collate(Encoded(), {2, 0, 1, 2});
  EXPECT_EQ(batch.size(), 4);
  EXPECT_TRUE(at::equal(batch.targets, at::tensor({2, 0, 1, 2}, at::kLong)));
  EXPECT_TRUE(at::equal(
      batch.token_ids,
      at::tensor({2, 3, 0, 0, 2, 4, 3, 0, 2, 6, 6, 3, 2, 3, 0, 0}, at::kLong)
          .view({4, 4})));
  EXPECT_TRUE(at::equal(batch.text_mask, batch.token_ids.ne(0).to(at::kFloat)));
}

TEST_F(BatchTest, MultiLabelTargetsAreOnesAndZeros) {
  dataset_.head = Head::kMultiLabel;
  Add("cat", {{0, 1}, {2, 1}});
  Add("sat", {{1, 1}});
  const at::Tensor expected =
      at::tensor({0.F, 1.F, 0.F, 1.F, 0.F, 1.F}).view({2, 3});
  EXPECT_TRUE(at::equal(CollateTargets(Encoded(), {1, 0}), expected));
  EXPECT_TRUE(at::equal(Collate(Encoded(), {1, 0}).targets, expected));
}

TEST_F(BatchTest, UnlabelledExamplesStillMakeABatch) {
  split_.labelled = false;
  Add("cat");
  EXPECT_EQ(Collate(Encoded(), {0}).targets.sizes(), at::IntArrayRef({1}));
  dataset_.head = Head::kMultiLabel;
  EXPECT_TRUE(at::equal(Collate(Encoded(), {0}).targets, at::zeros({1, 3})));
}

TEST_F(BatchTest, ThreadsChangeNothing) {
  for (int i = 0; i < 20; ++i) {
    const std::string name = std::to_string(i) + ".png";
    const auto level = static_cast<std::uint8_t>(10 * i);
    tree_.Write(name, EncodePng(Image{1, 1, {level, level, level}}));
    Add("cat");
    split_.examples.back().image = tree_.Path(name);
  }
  const at::Tensor pixels =
      Encode(split_, dataset_, Tokenizer(), input_, 4).pixels;
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(pixels[i][0][0][0].item<int>(), 10 * i);
  }
  EXPECT_TRUE(at::equal(pixels, Encoded().pixels));
}

TEST_F(BatchTest, PlanesKeepRowsAndColumns) {
  input_.image_size = 2;
  Image image{2, 2, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  tree_.Write("dot.png", EncodePng(image));
  Add("cat");
  EXPECT_TRUE(at::equal(
      Encoded().pixels.flatten(),
      at::tensor({1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12}, at::kByte)));
}

// Pictures 0, 1, 2 have rows 2, 0, 1 of a store with 3 tokens, of which 3, 1
// and 2 are real.
TEST_F(BatchTest, FeaturesOfEveryRowWithTheirCounts) {
  EncodedSplit split;
  split.label_count = 2;
  split.features = at::arange(3 * 3 * 2, at::kFloat).view({3, 3, 2});
  split.feature_row = {2, 0, 1};
  split.feature_count = {3, 1, 2};
  split.offsets = {0};
  for (int i = 0; i < 5; ++i) {
    split.token_ids.insert(split.token_ids.end(), {2, 3});
    split.offsets.push_back(2 * (i + 1));
    split.image_of.push_back(i % 3);
    split.examples.push_back(Example{});
    split.examples.back().targets = {{0, 1}};
  }
  const at::Tensor all = split.features;
  for (const auto type : {at::kFloat, at::kHalf}) {
    split.features = all.to(type);
    const Batch batch = Collate(split, {1, 0, 4, 2, 3});
    EXPECT_TRUE(
        at::equal(batch.images,
                  all.index_select(0, at::tensor({0, 2, 0, 1, 2}, at::kLong))));
    ASSERT_TRUE(batch.image_tokens.defined());
    EXPECT_TRUE(
        at::equal(batch.image_tokens, at::tensor({1, 3, 1, 2, 3}, at::kLong)));
    EXPECT_FALSE(Collate(split, {0, 3}).image_tokens.defined());
    // A store of which less is wanted.
    split.features = split.features.narrow(1, 0, 2);
    EXPECT_TRUE(
        at::equal(Collate(split, {2}).images[0], all[1].narrow(0, 0, 2)));
  }
}

class GoldenBatch : public GoldenTest {};
MSDBENCH_GOLDEN_SUITE(GoldenBatch);

// Pillow and torchvision's numbers, from the file and from the resized bytes.
TEST_P(GoldenBatch, ImagesAreNormalisedAsTheirPipelineDoes) {
  MSDBENCH_GOLDEN_FILE(file, "images/images.json");
  const GoldenFile golden(file);
  golden.Leave({"tensors"});
  const GoldenArrays tensors(file.parent_path() / "images.safetensors");
  tensors.LeaveEnding("/decoded_rgb_hwc");  // image/encode_test.cpp
  const Tree tree;
  InputOptions input;
  for (int c = 0; c < 3; ++c) {
    input.mean[c] = golden.at("mean").at(c).get<float>();
    input.deviation[c] = golden.at("std").at(c).get<float>();
  }
  GoldenTally tally;
  for (const GoldenJson& item : golden.at("cases").items()) {
    const std::string name = item.at("name").text();
    tally.Case(name);
    item.Leave({"width", "height", "decoded_rgb_included", "pil_mode", "format",
                "progressive", "dev_torch_antialias_vs_pil_uint8",
                "dev_without_antialias"});
    const at::Tensor resized = GoldenTensor(tensors, name + "/resized_rgb_hwc");
    const at::Tensor want = GoldenTensor(tensors, name + "/normalised_chw");
    input.image_size = resized.size(0);
    ASSERT_EQ(resized.sizes(),
              at::IntArrayRef({input.image_size, input.image_size, 3}));
    const auto* bytes = resized.data_ptr<std::uint8_t>();
    tree.Write(name + ".png", EncodePng({input.image_size,
                                         input.image_size,
                                         {bytes, bytes + resized.numel()}}));

    Example from_file, from_resized;
    from_file.image = file.parent_path() / item.at("file").text();
    from_resized.image = tree.Path(name + ".png");
    Split split;
    split.examples = {from_file, from_resized};
    const at::Tensor images =
        Collate(Encode(split, Dataset(), Tokenizer(), input, 1), {0, 1}).images;
    CompareTensors(tally, "from the file", images[0], want, {0.018, 0, 0});
    CompareTensors(tally, "from the resized", images[1], want, {1e-6, 0, 0});
  }
}

}  // namespace
}  // namespace msdbench
