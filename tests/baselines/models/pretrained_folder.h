// A folder of a tiny BERT's weights, and models that start from it.
#pragma once

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "baselines/models/pretrained.h"
#include "tests/baselines/models/hashed_weights.h"
#include "tests/baselines/models/tiny_bert.h"
#include "tests/datasets/tree.h"

namespace msdbench {

// The number of `bert`'s tensors that `model` holds under VisualBERT's names.
inline int CountEqual(const StateDict& model, const StateDict& bert) {
  int equal = 0;
  for (const auto& [name, tensor] : bert) {
    const auto place = model.find("visual_bert." + name);
    equal += place != model.end() && at::equal(place->second, tensor) ? 1 : 0;
  }
  return equal;
}

class Pretrained : public testing::Test {
 protected:
  void Write(const StateDict& state, const Json& config = TinyConfig()) {
    tree_.Write("config.json", config.dump());
    WriteState(state, tree_.root() / "model.safetensors");
  }
  WeightsOrigin Load(Classifier& model,
                     const std::vector<std::int64_t>& layers = {},
                     const KeptPieces& pieces = WholeVocabulary()) {
    return LoadPretrained(model, OpenPretrained(tree_.root()),
                          {layers, new_parts_}, pieces);
  }
  std::string Refused(Classifier& model,
                      const std::vector<std::int64_t>& layers = {},
                      const KeptPieces& pieces = WholeVocabulary()) {
    const std::string error = ErrorOf([&] { Load(model, layers, pieces); });
    EXPECT_THAT(error, testing::HasSubstr(tree_.Path("model.safetensors") +
                                          ": does not fit the model: "));
    return error;
  }

  Tree tree_;
  const StateDict bert_ = TinyBert(2);
  std::vector<std::string> new_parts_ = {"visual_*", "image"};
};

// What a text encoder has no part of; channels {4, 6} make two convolutions.
inline const std::vector<std::string> kNewOnes = {
    "cls.bias (drawn)",
    "cls.weight (drawn)",
    "image.convolution_0.bias (drawn)",
    "image.convolution_0.weight (drawn)",
    "image.convolution_1.bias (drawn)",
    "image.convolution_1.weight (drawn)",
    "image.norm.bias (drawn)",
    "image.norm.weight (drawn)",
    "image.position (drawn)",
    "visual_bert.embeddings.visual_position_embeddings.weight (copied from "
    "the text's)",
    "visual_bert.embeddings.visual_projection.bias (drawn)",
    "visual_bert.embeddings.visual_projection.weight (drawn)",
    "visual_bert.embeddings.visual_token_type_embeddings.weight (copied from "
    "the text's)"};

}  // namespace msdbench
