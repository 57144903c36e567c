#include "datasets/encoded.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "datasets/batch.h"
#include "datasets/image/image.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class EncodedTest : public testing::Test {
 protected:
  EncodedTest()
      : tokenizer_(Vocabulary(
            {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "red", "dog"})) {
    input_.image_size = 2;
    input_.max_text_tokens = 4;
    dataset_.labels = {"x", "y", "z"};
    WritePicture("one.png", 255, 0, 102);
    WritePicture("two.png", 0, 0, 0);
  }
  ~EncodedTest() override { std::filesystem::remove_all(home_); }

  void WritePicture(const std::string& name, std::uint8_t r, std::uint8_t g,
                    std::uint8_t b) {
    Image image{3, 3, {}};
    for (int i = 0; i < 9; ++i) image.rgb.insert(image.rgb.end(), {r, g, b});
    WriteFileAtomically(home_ / name, EncodePng(image));
  }

  void Add(const std::string& text, const std::string& picture,
           std::vector<LabelScore> targets) {
    Example example;
    example.id = std::to_string(split_.examples.size());
    example.text = text;
    example.image = home_ / picture;
    example.targets = std::move(targets);
    split_.examples.push_back(example);
  }

  EncodedSplit Encoded(Head head) {
    dataset_.head = head;
    return Encode(split_, dataset_, tokenizer_, input_, 2);
  }

  std::filesystem::path home_ =
      std::filesystem::path(testing::TempDir()) /
      ("msdbench_encoded_" + std::to_string(getpid()));
  WordPiece tokenizer_;
  InputOptions input_;
  Dataset dataset_;
  Split split_;
};

TEST_F(EncodedTest, TokensArePaddedAndCutWithTheirEnds) {
  Add("a red dog", "one.png", {{0, 1}});
  Add("dog", "two.png", {{1, 1}});
  const Batch batch = Collate(Encoded(Head::kSingleLabel), {0, 1});
  // [CLS] a red [SEP] fills the four places; dog is cut off.
  EXPECT_TRUE(
      at::equal(batch.token_ids,
                at::tensor({2, 4, 5, 3, 2, 6, 3, 0}, at::kLong).view({2, 4})));
  EXPECT_TRUE(at::equal(
      batch.text_mask,
      at::tensor({1.F, 1.F, 1.F, 1.F, 1.F, 1.F, 1.F, 0.F}).view({2, 4})));
  EXPECT_TRUE(
      at::equal(batch.ends, at::tensor({2, 3, 2, 3}, at::kLong).view({2, 2})));
}

TEST_F(EncodedTest, CutTextsAreCounted) {
  Add("a dog", "one.png", {{0, 1}});
  Add("a red dog", "one.png", {{0, 1}});
  Add("", "one.png", {{0, 1}});
  Add("red red red red", "one.png", {{0, 1}});
  EXPECT_EQ(Encoded(Head::kSingleLabel).cut_texts, 2);
}

TEST_F(EncodedTest, BatchesAreAsLongAsTheirLongestText) {
  Add("a red dog", "one.png", {{0, 1}});
  Add("dog", "two.png", {{1, 1}});
  EXPECT_EQ(Collate(Encoded(Head::kSingleLabel), {1}).token_ids.size(1), 3);
}

TEST_F(EncodedTest, PixelsAreNormalisedChannelByChannel) {
  input_.mean = {0.5F, 0.25F, 0};
  input_.deviation = {0.5F, 0.5F, 2};
  Add("a", "one.png", {{0, 1}});
  const at::Tensor images =
      Collate(Encoded(Head::kSingleLabel), {0}).images.select(0, 0);
  const std::vector<double> expected = {(1 - 0.5) / 0.5, (0 - 0.25) / 0.5,
                                        (0.4 - 0) / 2};
  for (int c = 0; c < 3; ++c) {
    EXPECT_TRUE(
        at::allclose(images[c], at::full({2, 2}, expected[c]), 1e-5, 1e-6));
  }
}

TEST_F(EncodedTest, APictureOfSeveralExamplesIsStoredOnce) {
  Add("a", "one.png", {{0, 1}});
  Add("red", "two.png", {{0, 1}});
  Add("dog", "one.png", {{0, 1}});
  const EncodedSplit encoded = Encoded(Head::kSingleLabel);
  EXPECT_EQ(encoded.pixels.size(0), 2);
  EXPECT_EQ(encoded.image_of, (std::vector<std::int32_t>{0, 1, 0}));
  const Batch batch = Collate(encoded, {2, 1});
  EXPECT_EQ(batch.images[0][0][0][0].item<float>(), 1);
  EXPECT_EQ(batch.images[1][0][0][0].item<float>(), -1);
  EXPECT_TRUE(at::equal(batch.rows, at::tensor({2, 1}, at::kLong)));
}

TEST_F(EncodedTest, TargetsFollowTheHead) {
  Add("a", "one.png", {{2, 1}});
  EXPECT_TRUE(at::equal(Collate(Encoded(Head::kSingleLabel), {0}).targets,
                        at::tensor({2}, at::kLong)));
  split_.examples[0].targets = {{0, 0.3F}, {2, 1}};
  EXPECT_TRUE(at::equal(Collate(Encoded(Head::kAnswer), {0}).targets,
                        at::tensor({0.3F, 0.F, 1.F}).view({1, 3})));
}

TEST_F(EncodedTest, UnreadablePicturesAreNamedTogether) {
  WriteFileAtomically(home_ / "bad1.png", "GIF89a");
  WriteFileAtomically(home_ / "bad2.png", "");
  Add("a", "bad1.png", {{0, 1}});
  Add("a", "one.png", {{0, 1}});
  Add("a", "bad2.png", {{0, 1}});
  try {
    Encoded(Head::kSingleLabel);
    FAIL() << "decoded a GIF";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kData);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("bad1.png"), HasSubstr("GIF"),
                                    HasSubstr("and 1 more")));
  }
}

}  // namespace
}  // namespace msdbench
