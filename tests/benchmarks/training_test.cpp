#include "benchmarks/training.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baselines/models/checkpoint.h"
#include "baselines/models/classifier.h"
#include "benchmarks/inference.h"
#include "benchmarks/prepared_data.h"
#include "benchmarks/view_scores.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;

class TrainingTest : public testing::Test {
 protected:
  TrainingTest()
      : suite_(ParseSuite(TinySuiteJson(), "tiny")),
        plan_(suite_.datasets[1]),
        data_(PrepareData(plan_, {TinyDataRoot(), {}, {}}, 1)),
        options_(plan_.student.training) {
    options_.epochs = 4;
    options_.learning_rate = 0.01;
  }

  Classifier Model() const {
    ClassifierOptions options = plan_.student.model;
    options.bert.vocabulary =
        static_cast<std::int64_t>(data_.pieces.ids.size());
    options.labels = static_cast<std::int64_t>(data_.dataset.labels.size());
    options.bert.dropout = 0.1;
    return Classifier(options, 1);
  }

  TrainingResult TrainOne(Classifier& model, std::uint64_t seed) {
    const MadeMethod made =
        MakeMethod("none", Json::object(),
                   {data_.dataset.head, seed, c10::kCPU}, "test", "");
    const TrainingData training{data_.train,     data_.student_rows,
                                data_.meta_rows, data_.dev,
                                nullptr,         data_.dataset.metrics};
    return Train(model, *made.method, training, options_, Removal::kDrop, seed,
                 c10::kCPU);
  }

  Suite suite_;
  DatasetPlan plan_;
  PreparedData data_;
  TrainingOptions options_;
};

TEST_F(TrainingTest, LowersTheLoss) {
  Classifier model = Model();
  const TrainingResult result = TrainOne(model, 1);
  ASSERT_EQ(result.epochs.size(), 4);
  EXPECT_LT(result.epochs.back().losses.front().second,
            result.epochs.front().losses.front().second);
}

TEST_F(TrainingTest, TheSeedDecidesEverythingDropoutIncluded) {
  Classifier a = Model(), b = Model(), c = Model();
  TrainOne(a, 1);
  TrainOne(b, 1);
  TrainOne(c, 2);
  EXPECT_EQ(HashWeights(*a), HashWeights(*b));
  EXPECT_NE(HashWeights(*a), HashWeights(*c));
}

TEST_F(TrainingTest, UpdatesEndTheLastEpochEarly) {
  const auto rows = static_cast<std::int64_t>(data_.student_rows.size());
  const std::int64_t batches =
      (rows + options_.batch_size - 1) / options_.batch_size;
  options_.updates = batches + 1;
  Classifier model = Model();
  const TrainingResult result = TrainOne(model, 1);
  EXPECT_EQ(result.epochs.size(), 2);
  EXPECT_EQ(result.examples_seen, rows + options_.batch_size);
  EXPECT_EQ(PlannedEpochs(options_, rows), 2);
}

TEST_F(TrainingTest, TheBestEpochComesBack) {
  Classifier model = Model();
  const TrainingResult result = TrainOne(model, 3);
  RestoreBest(model, result);
  const ViewLogits logits = RunModel(model, data_.dev, {View::kMultimodal},
                                     Removal::kDrop, 7, c10::kCPU);
  const double restored =
      *ScoreView(data_.dataset.metrics, data_.dev, logits[View::kMultimodal])
           .front()
           .value;
  double best = 0;
  for (const EpochReport& epoch : result.epochs) {
    best = std::max(best, *epoch.dev.front().value);
  }
  EXPECT_DOUBLE_EQ(restored, best);
  EXPECT_DOUBLE_EQ(*result.epochs[result.best_epoch - 1].dev.front().value,
                   best);
}

TEST_F(TrainingTest, ALossThatIsNoNumberIsAnError) {
  Classifier model = Model();
  {
    at::NoGradGuard no_grad;
    model->parameters()[0].fill_(std::nan(""));
  }
  try {
    TrainOne(model, 1);
    FAIL() << "trained on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kRunFailed);
    EXPECT_THAT(error.what(), HasSubstr("stopped being finite in epoch 1"));
  }
}

}  // namespace
}  // namespace msdbench
