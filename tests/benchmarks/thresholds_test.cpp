#include "benchmarks/thresholds.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "baselines/models/view_logits.h"
#include "datasets/encoded.h"

namespace msdbench {
namespace {

// One label, three examples; the first two have it.
EncodedSplit Dev() {
  EncodedSplit dev;
  dev.head = Head::kMultiLabel;
  dev.label_count = 1;
  dev.examples.resize(3);
  dev.examples[0].targets = dev.examples[1].targets = {{0, 1}};
  return dev;
}

at::Tensor LogitsOf(std::initializer_list<float> probabilities) {
  std::vector<float> logits;
  for (float p : probabilities) logits.push_back(std::log(p / (1 - p)));
  return at::tensor(logits).view({-1, 1});
}

TEST(ChooseThresholds, EachViewHasItsOwnFromDev) {
  ViewLogits logits;
  logits[View::kMultimodal] = LogitsOf({0.405F, 0.305F, 0.205F});
  logits[View::kText] = LogitsOf({0.905F, 0.805F, 0.705F});
  logits[View::kImage] = LogitsOf({0.9F, 0.6F, 0.1F});
  const std::vector<std::string> metrics = {"multilabel_micro_f1"};
  // Of the perfect ones the nearest to a half.
  EXPECT_EQ(ChooseThresholds(ThresholdRule::kDev, metrics, Dev(), logits),
            (ViewThresholds{0.30, 0.71, 0.50}));
  EXPECT_EQ(ChooseThresholds(ThresholdRule::kFixed, metrics, Dev(), logits),
            kHalf);
  EncodedSplit single = Dev();
  single.head = Head::kSingleLabel;
  EXPECT_EQ(ChooseThresholds(ThresholdRule::kDev, metrics, single, logits),
            kHalf);
}

}  // namespace
}  // namespace msdbench
