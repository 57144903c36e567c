#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "baselines/methods/features/attention_transfer.h"
#include "baselines/methods/features/correlation_congruence.h"
#include "baselines/methods/features/hint.h"
#include "baselines/methods/features/probabilistic_transfer.h"
#include "baselines/methods/features/relational.h"
#include "baselines/methods/features/similarity_preserving.h"
#include "baselines/methods/features/unit_vectors.h"
#include "baselines/methods/features/variational_information.h"
#include "reports/error.h"

namespace msdbench {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

using Loss = std::function<at::Tensor(const at::Tensor& teacher,
                                      const at::Tensor& student)>;

struct NamedLoss {
  std::string name;
  Loss loss;
};

VariationalInformation TinyVariational() {
  VariationalInformationOptions options;
  options.student_channels = options.teacher_channels = 3;
  options.hidden = 2;
  VariationalInformation module(options, /*seed=*/1);
  module->to(at::kDouble);
  return module;
}

// All that are a distance: 0 for equal features.
std::vector<NamedLoss> Distances() {
  return {
      {"hint", HintLoss},
      {"attention",
       [](const at::Tensor& teacher, const at::Tensor& student) {
         return AttentionTransferLoss(teacher, student);
       }},
      {"similarity", SimilarityPreservingLoss},
      {"relational distance", RelationalDistanceLoss},
      {"relational angle", RelationalAngleLoss},
      {"probabilistic",
       [](const at::Tensor& teacher, const at::Tensor& student) {
         return ProbabilisticTransferLoss(teacher, student);
       }},
      {"correlation", [](const at::Tensor& teacher, const at::Tensor& student) {
         return CorrelationCongruenceLoss(teacher.flatten(1),
                                          student.flatten(1));
       }}};
}

std::vector<NamedLoss> AllLosses() {
  std::vector<NamedLoss> losses = Distances();
  losses.push_back(
      {"variational", [](const at::Tensor& teacher, const at::Tensor& student) {
         return TinyVariational()->forward(teacher, student);
       }});
  return losses;
}

at::Tensor Features(std::uint64_t seed, at::IntArrayRef shape = {4, 3, 2, 2}) {
  return at::empty(shape, at::kDouble)
      .normal_(0, 1, at::detail::createCPUGenerator(seed));
}

at::Tensor Rows(const std::vector<std::vector<double>>& rows) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(rows.size());
  for (const auto& row : rows) tensors.push_back(at::tensor(row, at::kDouble));
  return at::stack(tensors);
}

double Value(const Loss& loss, const at::Tensor& teacher,
             const at::Tensor& student) {
  return loss(teacher, student).item<double>();
}

// The gradient with respect to the student; checks that it is finite.
at::Tensor Gradient(const Loss& loss, const at::Tensor& teacher,
                    const at::Tensor& student) {
  const at::Tensor leaf = student.clone().set_requires_grad(true);
  const at::Tensor value = loss(teacher, leaf);
  EXPECT_TRUE(std::isfinite(value.item<double>()));
  value.backward();
  EXPECT_TRUE(leaf.grad().isfinite().all().item<bool>());
  return leaf.grad();
}

TEST(FeatureLosses, AreZeroForEqualFeatures) {
  for (const auto& [name, loss] : Distances()) {
    EXPECT_NEAR(Value(loss, Features(1), Features(1)), 0, 1e-15) << name;
    EXPECT_GT(Value(loss, Features(1), Features(2)), 1e-3) << name;
  }
}

TEST(FeatureLosses, NoGradientReachesTheTeacher) {
  const at::Tensor teacher = Features(1).set_requires_grad(true);
  for (const auto& [name, loss] : AllLosses()) {
    EXPECT_GT(Gradient(loss, teacher, Features(2)).abs().max().item<double>(),
              0)
        << name;
    EXPECT_FALSE(teacher.grad().defined()) << name;
  }
}

TEST(FeatureLosses, AreFiniteForEqualRowsZerosAndOneExample) {
  const at::Tensor teacher = Features(1);
  const at::Tensor equal_rows = teacher.narrow(0, 0, 1).repeat({4, 1, 1, 1});
  const at::Tensor zeros = at::zeros_like(teacher);
  for (const auto& [name, loss] : AllLosses()) {
    SCOPED_TRACE(name);
    for (const at::Tensor& student : {equal_rows, zeros}) {
      Gradient(loss, teacher, student);
      Gradient(loss, student, teacher);
      Gradient(loss, student, student);
    }
    Gradient(loss, teacher.narrow(0, 0, 1), Features(2).narrow(0, 0, 1));
  }
}

TEST(UnitVectors, LeaveZeroAloneAndGiveItNoGradient) {
  const at::Tensor x = Rows({{3, -4}, {0, 0}}).set_requires_grad(true);
  const at::Tensor unit = UnitVectors(x);
  EXPECT_TRUE(at::allclose(unit, Rows({{0.6, -0.8}, {0, 0}})));
  unit.sum().backward();
  // (1 - u u^T) (1, 1) / 5.
  EXPECT_TRUE(at::allclose(x.grad(), Rows({{0.224, 0.168}, {0, 0}})));
  EXPECT_TRUE(at::allclose(UnitVectors(x, 5), Rows({{0.3, -0.4}, {0, 0}})));
}

TEST(FeatureLosses, EqualRowsGetNoRelationalGradient) {
  const at::Tensor rows = at::ones({4, 3}, at::kDouble);
  const at::Tensor teacher = Features(1, {4, 3});
  for (const auto& loss : {RelationalDistanceLoss, RelationalAngleLoss}) {
    EXPECT_EQ(Gradient(loss, teacher, rows).abs().max().item<double>(), 0);
  }
}

TEST(FeatureLosses, DifferentShapesAreErrorsWhereEntriesAreCompared) {
  const at::Tensor teacher = Features(1, {4, 3});
  const auto names_shapes = ThrowsMessage<Error>(
      HasSubstr("student features are [4, 1], wanted the teacher's [4, 3]"));
  EXPECT_THAT([&] { HintLoss(teacher, Features(2, {4, 1})); }, names_shapes);
  EXPECT_THAT(
      [&] {
        CorrelationCongruenceLoss(teacher, Features(2, {4, 1}));
      },
      names_shapes);
  EXPECT_THROW(TinyVariational()->forward(Features(1, {4, 1}), teacher), Error);
}

TEST(HintLoss, AveragesSquaresOverAllEntries) {
  EXPECT_DOUBLE_EQ(
      Value(HintLoss, Rows({{1, 2}, {3, 4}}), Rows({{1, 0}, {0, 3}})),
      (0.0 + 4 + 9 + 1) / 4);
}

TEST(AttentionTransferLoss, ComparesMapsOfLengthOne) {
  const Loss loss = [](const at::Tensor& t, const at::Tensor& s) {
    return AttentionTransferLoss(t, s);
  };
  // One example, one channel, two pixels: the maps are (1, 0) and (0.6, 0.8).
  const at::Tensor teacher = Rows({{2, 0}}).view({1, 1, 1, 2});
  const at::Tensor student =
      Rows({{std::sqrt(3), -2}}).view({1, 1, 1, 2}).mul(5);
  EXPECT_NEAR(Value(loss, teacher, student), (0.16 + 0.64) / 2, 1e-12);
  // power 1: (sqrt(3), 2) / sqrt(7).
  EXPECT_NEAR(AttentionTransferLoss(teacher, student, 1).item<double>(),
              1 - std::sqrt(3.0 / 7), 1e-12);
}

TEST(AttentionTransferLoss, PoolsTheLargerSide) {
  // Pooled to one row, the student equals the teacher.
  const at::Tensor teacher = Rows({{1, 3}}).view({1, 1, 1, 2});
  const at::Tensor student = Rows({{2, 2}, {0, 4}}).view({1, 1, 2, 2});
  EXPECT_NEAR(AttentionTransferLoss(teacher, student).item<double>(), 0, 1e-15);
  EXPECT_NEAR(AttentionTransferLoss(student, teacher).item<double>(), 0, 1e-15);
}

// An orthogonal matrix that mixes three coordinates.
at::Tensor Rotation() { return Rows({{2, -2, 1}, {1, 2, 2}, {2, 1, -2}}) / 3; }

TEST(SimilarityPreservingLoss, ComparesRowsOfLengthOne) {
  // G of the student is all ones, of the teacher ((1, 0), (0, 0)).
  const double half = std::sqrt(0.5);
  EXPECT_NEAR(
      Value(SimilarityPreservingLoss, Rows({{1}, {0}}), Rows({{1}, {1}})),
      ((1 - half) * (1 - half) + 3 * 0.5) / 4, 1e-12);
}

TEST(SimilarityPreservingLoss, IgnoresRotationAndScale) {
  const at::Tensor teacher = Features(1, {4, 5}), student = Features(2, {4, 3});
  EXPECT_NEAR(Value(SimilarityPreservingLoss, teacher * 7,
                    student.mm(Rotation()) * 0.1),
              Value(SimilarityPreservingLoss, teacher, student), 1e-12);
}

TEST(RelationalLosses, CompareDistancesOverTheirMean) {
  // Points 0, 1 and 3: distances 0.5, 1, 1.5 of their mean; the teacher's three
  // are equal. Huber of 0.5 is 0.125; each pair counts twice.
  const at::Tensor teacher = at::eye(3, at::kDouble);
  EXPECT_NEAR(Value(RelationalDistanceLoss, teacher, Rows({{0}, {1}, {3}})),
              2 * (0.125 + 0 + 0.125) / 9, 1e-12);
}

TEST(RelationalLosses, CompareCosinesOfAngles) {
  // A right angle with two of 45 degrees, against 0, 180 and 0 degrees.
  const at::Tensor teacher = Rows({{0}, {1}, {2}});
  const at::Tensor student = Rows({{0, 0}, {1, 0}, {0, 1}});
  const double half = std::sqrt(0.5);
  EXPECT_NEAR(Value(RelationalAngleLoss, teacher, student),
              2 * (0.5 + (1 + half - 0.5) + (1 - half) * (1 - half) / 2) / 27,
              1e-12);
}

TEST(RelationalLosses, IgnoreMotionAndScale) {
  const at::Tensor teacher = Features(1, {4, 5}), student = Features(2, {4, 3});
  const at::Tensor moved = student.mm(Rotation()) * 0.1 + 20;
  for (const auto& loss : {RelationalDistanceLoss, RelationalAngleLoss}) {
    EXPECT_NEAR(Value(loss, teacher - 3, moved), Value(loss, teacher, student),
                1e-10);
  }
}

TEST(ProbabilisticTransferLoss, ComparesCosinesAsProbabilities) {
  // Rows (1, 0) and (0, 1) for opposite examples, (1/2, 1/2) for equal ones.
  EXPECT_NEAR(
      ProbabilisticTransferLoss(Rows({{1, 0}, {-1, 0}}), Rows({{1, 1}, {2, 2}}))
          .item<double>(),
      2 * std::log(2) / 4, 1e-6);
}

TEST(ProbabilisticTransferLoss, IgnoresRotationAndEachRowsLength) {
  const at::Tensor teacher = Features(1, {4, 5}), student = Features(2, {4, 3});
  const at::Tensor lengths = Rows({{1}, {2}, {3}, {4}});
  EXPECT_NEAR(
      ProbabilisticTransferLoss(teacher, student.mm(Rotation()) * lengths)
          .item<double>(),
      ProbabilisticTransferLoss(teacher, student).item<double>(), 1e-7);
}

TEST(CorrelationCongruenceLoss, MultipliesNeighbours) {
  // Differences (1, 2), (3, 0), (1, 1): (3 + 0) and (3 + 0) over two pairs.
  EXPECT_DOUBLE_EQ(
      Value(CorrelationCongruenceLoss, at::zeros({3, 2}, at::kDouble),
            Rows({{1, -2}, {-3, 0}, {1, 1}})),
      3);
  EXPECT_EQ(Value(CorrelationCongruenceLoss, Features(1, {1, 2}),
                  Features(2, {1, 2})),
            0);
}

TEST(VariationalInformation, IsTheNegativeLogDensityWithoutItsConstant) {
  // A zero student predicts zero, with variance 5.
  const at::Tensor teacher = Rows({{1, 2, 3}});
  VariationalInformation module = TinyVariational();
  const at::Tensor loss =
      module->forward(teacher, at::zeros({1, 3}, at::kDouble));
  EXPECT_NEAR(loss.item<double>(), (14.0 / 3 / 5 + std::log(5)) / 2, 1e-6);
  loss.backward();
  // d loss / d variance < 0 where (teacher)^2 > 5, > 0 elsewhere.
  const at::Tensor gradient = module->named_parameters()["log_scale"].grad();
  EXPECT_GT(gradient[0].item<double>(), 0);
  EXPECT_LT(gradient[2].item<double>(), 0);
}

TEST(VariationalInformation, MapsChannelsAlikeAtEveryPlace) {
  VariationalInformation module = TinyVariational();
  const at::Tensor teacher = Features(1), student = Features(2);
  double sum = 0;
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 2; ++x) {
      sum += module
                 ->forward(teacher.select(3, x).select(2, y),
                           student.select(3, x).select(2, y))
                 .item<double>();
    }
  }
  EXPECT_NEAR(module->forward(teacher, student).item<double>(), sum / 4, 1e-12);
}

// The larger map is average-pooled to the smaller, whichever side has it, as in
// public implementations: 2 x 2 cells become one here.
TEST(VariationalInformation, PoolsTheLargerMap) {
  VariationalInformation module = TinyVariational();
  const at::Tensor small = Features(1), large = Features(2, {4, 3, 4, 4});
  const at::Tensor pooled =
      large.view({4, 3, 2, 2, 2, 2}).mean(at::IntArrayRef({3, 5}));
  EXPECT_NEAR(module->forward(small, large).item<double>(),
              module->forward(small, pooled).item<double>(), 1e-12);
  EXPECT_NEAR(module->forward(large, small).item<double>(),
              module->forward(pooled, small).item<double>(), 1e-12);
  // Taller alone, and wider alone: each side is pooled where it is larger.
  const at::Tensor tall = Features(3, {4, 3, 4, 2}),
                   wide = Features(4, {4, 3, 2, 4});
  const auto rows = [](const at::Tensor& x) {
    return x.view({4, 3, 2, 2, 2}).mean(3);
  };
  const auto columns = [](const at::Tensor& x) {
    return x.view({4, 3, 2, 2, 2}).mean(4);
  };
  EXPECT_NEAR(module->forward(tall, wide).item<double>(),
              module->forward(rows(tall), columns(wide)).item<double>(), 1e-12);
  // Channels are what the module maps; examples are not pooled.
  EXPECT_THROW(module->forward(Features(1, {4, 2, 2, 2}), large), Error);
  EXPECT_THROW(module->forward(Features(1, {2, 3, 2, 2}), large), Error);
}

TEST(VariationalInformation, APooledStudentSharesItsGradient) {
  VariationalInformation module = TinyVariational();
  const at::Tensor teacher = Features(1),
                   large = Features(2, {4, 3, 4, 4}).set_requires_grad(true),
                   pooled = large.detach()
                                .view({4, 3, 2, 2, 2, 2})
                                .mean(at::IntArrayRef({3, 5}))
                                .set_requires_grad(true);
  module->forward(teacher, large).backward();
  module->forward(teacher, pooled).backward();
  EXPECT_TRUE(at::allclose(
      large.grad(),
      pooled.grad().repeat_interleave(2, 2).repeat_interleave(2, 3) / 4));
}

}  // namespace
}  // namespace msdbench
