#include "benchmarks/training.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

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

  TrainingResult TrainOne(Classifier& model, std::uint64_t seed,
                          ThresholdRule rule = ThresholdRule::kFixed,
                          const TrainingObserver& observer = {}) {
    const MadeMethod made =
        MakeMethod("none", Json::object(),
                   {data_.dataset.head, seed, c10::kCPU}, "test", "");
    const TrainingData training{data_.train,
                                data_.student_rows,
                                data_.meta_rows,
                                data_.dev,
                                nullptr,
                                data_.dataset.metrics,
                                rule};
    return Train(model, *made.method, training, options_, Removal::kDrop, seed,
                 c10::kCPU, observer);
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

// Micro F1 on dev of sigmoids above `threshold`, counted pair by pair.
double MicroF1At(double threshold, const EncodedSplit& dev,
                 const at::Tensor& logits) {
  double hits = 0, predicted = 0, actual = 0;
  for (std::int64_t i = 0; i < dev.size(); ++i) {
    std::set<std::int64_t> gold;
    for (const LabelScore& target : dev.examples[i].targets) {
      gold.insert(target.label);
    }
    actual += static_cast<double>(gold.size());
    for (std::int64_t label = 0; label < dev.label_count; ++label) {
      const double z = logits[i][label].item<double>();
      if (1 / (1 + std::exp(-z)) <= threshold) continue;
      ++predicted;
      hits += gold.count(label) > 0;
    }
  }
  return 2 * hits / (predicted + actual);
}

TEST_F(TrainingTest, EpochsAreChosenByTheThresholdsThatScoreThem) {
  Classifier model = Model();
  std::vector<double> at_half, at_best;
  TrainingObserver observer;
  observer.epoch = [&](const EpochReport& report) {
    const at::Tensor logits =
        RunModel(model, data_.dev, {View::kMultimodal}, Removal::kDrop,
                 options_.batch_size, c10::kCPU)[View::kMultimodal];
    at_half.push_back(MicroF1At(0.5, data_.dev, logits));
    double best = 0;
    for (int percent = 1; percent < 100; ++percent) {
      best = std::max(best, MicroF1At(percent / 100.0, data_.dev, logits));
    }
    at_best.push_back(best);
    ASSERT_TRUE(report.threshold.has_value());
    EXPECT_DOUBLE_EQ(MicroF1At(*report.threshold, data_.dev, logits), best);
    EXPECT_DOUBLE_EQ(*report.dev.front().value, best);
  };
  const TrainingResult result =
      TrainOne(model, 1, ThresholdRule::kDev, observer);
  ASSERT_EQ(at_best.size(), 4u);
  EXPECT_NE(at_best, at_half);
  EXPECT_EQ(
      result.best_epoch,
      std::max_element(at_best.begin(), at_best.end()) - at_best.begin() + 1);
}

// A rate of 0 leaves every epoch as it was.
TEST_F(TrainingTest, OfEqualEpochsTheFirstIsKeptAndAllAreNamed) {
  options_.learning_rate = 0;
  for (const ThresholdRule rule :
       {ThresholdRule::kFixed, ThresholdRule::kDev}) {
    Classifier model = Model();
    const TrainingResult result = TrainOne(model, 1, rule);
    EXPECT_EQ(result.best_epoch, 1);
    EXPECT_EQ(result.tied_epochs, (std::vector<std::int64_t>{1, 2, 3, 4}));
    EXPECT_EQ(result.epochs[0].threshold.has_value(),
              rule == ThresholdRule::kDev);
  }
  EXPECT_EQ(TieText(1, 4), "epoch 1 kept of 4 tied on dev");
  EXPECT_EQ(TieText(3, 0), "");
}

TEST_F(TrainingTest, TheTiedEpochsAreThoseWithTheBestValue) {
  options_.epochs = 12;
  options_.learning_rate = 0.002;
  Classifier model = Model();
  const TrainingResult result = TrainOne(model, 2);
  double best = 0;
  for (const EpochReport& epoch : result.epochs) {
    best = std::max(best, *epoch.dev.front().value);
  }
  std::vector<std::int64_t> equal;
  for (const EpochReport& epoch : result.epochs) {
    if (*epoch.dev.front().value == best) equal.push_back(epoch.epoch);
  }
  EXPECT_EQ(result.best_epoch, equal.front());
  if (equal.size() == 1) equal.clear();
  EXPECT_EQ(result.tied_epochs, equal);
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
