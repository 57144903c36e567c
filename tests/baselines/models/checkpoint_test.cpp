#include "baselines/models/checkpoint.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "reports/error.h"
#include "tests/baselines/tiny_model.h"

namespace msdbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::filesystem::path TestFile(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) / ("checkpoint_" + name);
}

TEST(Checkpoint, RestoresEveryWeight) {
  Classifier saved(TinyOptions(3), 1), loaded(TinyOptions(3), 2);
  const auto file = TestFile("round_trip.safetensors");
  SaveWeights(*saved, file);
  EXPECT_NE(HashWeights(*saved), HashWeights(*loaded));
  LoadWeights(*loaded, file);
  EXPECT_EQ(HashWeights(*saved), HashWeights(*loaded));
}

TEST(Checkpoint, ListsEveryMisfit) {
  ClassifierOptions deeper = TinyOptions(3);
  deeper.bert.layers = 3;
  Classifier saved(TinyOptions(4), 1), other(deeper, 1);
  const auto file = TestFile("misfit.safetensors");
  SaveWeights(*saved, file);
  try {
    LoadWeights(*other, file);
    FAIL() << "loaded weights of another shape";
  } catch (const Error& error) {
    EXPECT_THAT(
        error.what(),
        AllOf(HasSubstr("misfit.safetensors"),
              HasSubstr("missing visual_bert.encoder.layer.2.output.dense."),
              HasSubstr("cls.weight is F32 [4, 8], wanted F32 [3, 8]")));
  }
}

}  // namespace
}  // namespace msdbench
