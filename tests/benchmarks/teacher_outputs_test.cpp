// Stored teacher outputs are what the live teacher says.

#include "benchmarks/teacher_outputs.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <numeric>

#include "baselines/models/checkpoint.h"
#include "benchmarks/teacher.h"
#include "datasets/batch.h"
#include "reports/random.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

class TeacherOutputsTest : public testing::TestWithParam<std::string> {
 protected:
  TeacherOutputsTest()
      : suite_(ParseSuite(TinySuiteJson(), "tiny")),
        plan_(suite_.datasets[GetParam() == "mm_imdb" ? 1 : 0]),
        data_(PrepareData(plan_, {TinyDataRoot(), {}, {}}, 1)),
        teacher_(MakeTeacher()) {}

  Classifier MakeTeacher() const {
    ClassifierOptions options = plan_.teacher.model;
    options.bert.vocabulary =
        static_cast<std::int64_t>(data_.pieces.ids.size());
    options.labels = static_cast<std::int64_t>(data_.dataset.labels.size());
    return Classifier(options, 9);
  }

  StoredOutputs Obtain(const std::filesystem::path& cache,
                       Removal removal = Removal::kDrop) {
    return ObtainTeacherOutputs(teacher_, HashWeights(*teacher_), data_,
                                removal, 32, cache, c10::kCPU);
  }

  Suite suite_;
  DatasetPlan plan_;
  PreparedData data_;
  Classifier teacher_;
};

TEST_P(TeacherOutputsTest, StoredEqualsLive) {
  const auto cache = FreshFolder("outputs_live_" + GetParam());
  for (Removal removal : {Removal::kDrop, Removal::kZero, Removal::kMask}) {
    Obtain(cache, removal);
    const StoredOutputs stored = Obtain(cache, removal);
    ASSERT_TRUE(stored.from_cache);
    // Live: shuffled batches of another size, as training meets them.
    std::vector<std::int64_t> order = data_.all_rows;
    Random(3, "order").Shuffle(order);
    at::NoGradGuard no_grad;
    for (std::size_t first = 0; first < order.size(); first += 7) {
      const std::size_t last = std::min(order.size(), first + 7);
      const Batch batch = Collate(
          data_.train, {order.begin() + static_cast<std::ptrdiff_t>(first),
                        order.begin() + static_cast<std::ptrdiff_t>(last)});
      const ViewLogits live =
          teacher_->Forward(batch, {kViews.begin(), kViews.end()}, removal);
      const ViewLogits kept = stored.outputs.Rows(batch.rows, c10::kCPU);
      for (View view : kViews) {
        EXPECT_TRUE(at::allclose(kept[view], live[view], 1e-5, 1e-5))
            << Name(view);
      }
      EXPECT_TRUE(at::equal(stored.outputs.targets.index_select(0, batch.rows),
                            batch.targets));
    }
  }
}

TEST_P(TeacherOutputsTest, TheKeyFollowsWeightsRemovalAndInputs) {
  const std::string base =
      TeacherOutputsKey("w", data_, Removal::kDrop, data_.train);
  EXPECT_EQ(base, TeacherOutputsKey("w", data_, Removal::kDrop, data_.train));
  EXPECT_NE(base, TeacherOutputsKey("v", data_, Removal::kDrop, data_.train));
  EXPECT_NE(base, TeacherOutputsKey("w", data_, Removal::kZero, data_.train));
  EXPECT_NE(base, TeacherOutputsKey("w", data_, Removal::kDrop, data_.dev));
  DatasetPlan limited = plan_;
  limited.config.changes["input"]["max_text_tokens"] = 8;
  limited.input.max_text_tokens = 8;
  const PreparedData other = PrepareData(limited, {TinyDataRoot(), {}, {}}, 1);
  EXPECT_NE(base, TeacherOutputsKey("w", other, Removal::kDrop, other.train));
}

INSTANTIATE_TEST_SUITE_P(Heads, TeacherOutputsTest,
                         testing::Values("hateful_memes", "mm_imdb"));

TEST(ChanceVerdict, AsksForTwoStandardErrors) {
  // Accuracy floor 0.5 over 100 examples: 0.5 + 2 * sqrt(0.25 / 100) = 0.6.
  const std::vector<Example> examples(100);
  const auto verdict = [&](double score) {
    return ChanceVerdict({"accuracy", score, ""}, {"accuracy", 0.5, ""},
                         examples);
  };
  EXPECT_EQ(verdict(0.601), "");
  EXPECT_EQ(verdict(0.599),
            "the teacher is not clearly above the best constant prediction: "
            "accuracy 0.599 on dev, constant 0.500, two standard errors are "
            "0.100");
}

// Each has its own word: none of them is "at chance".
TEST(ChanceVerdict, SaysOnWhichSideOfTheConstantTheTeacherIs) {
  const auto verdict = [](double score, double floor, std::size_t examples) {
    return ChanceVerdict({"accuracy", score, ""}, {"accuracy", floor, ""},
                         std::vector<Example>(examples));
  };
  EXPECT_EQ(verdict(0.3, 0.5, 100),
            "the teacher is below the best constant prediction: accuracy 0.300 "
            "on dev, constant 0.500, two standard errors are 0.100");
  EXPECT_EQ(verdict(0.5, 0.5, 100),
            "the teacher is no better than the best constant prediction: "
            "accuracy 0.500 on dev, constant 0.500, two standard errors are "
            "0.100");
  // 2 * sqrt(0.9 * 0.1 / 25) = 0.12: a perfect teacher would not be told from
  // the constant.
  EXPECT_EQ(verdict(1, 0.9, 25),
            "the teacher is not clearly above the best constant prediction: "
            "accuracy 1.000 on dev, constant 0.900, two standard errors are "
            "0.120; no score could be, on 25 examples");
}

TEST(ChanceVerdict, KnowsTheSpreadOfAnAreaUnderTheCurve) {
  // 50 against 50: 2 * sqrt(101 / (12 * 2500)) = 0.116.
  std::vector<Example> examples(100);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    examples[i].targets = {{static_cast<std::int32_t>(i % 2), 1}};
  }
  const auto verdict = [&](double score) {
    return ChanceVerdict({"roc_auc", score, ""}, {"roc_auc", 0.5, ""},
                         examples);
  };
  EXPECT_EQ(verdict(0.617), "");
  EXPECT_NE(verdict(0.615), "");
}

TEST(ChanceVerdict, AnUndefinedScoreIsNotAPass) {
  EXPECT_NE(ChanceVerdict({"roc_auc", std::nullopt, "only one class"},
                          {"roc_auc", 0.5, ""}, {}),
            "");
}

}  // namespace
}  // namespace msdbench
