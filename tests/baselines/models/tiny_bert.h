// A BERT of the tiny model's shape, as others would store it.
#pragma once

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "baselines/models/classifier.h"
#include "baselines/models/state_dict.h"
#include "datasets/kept_pieces.h"
#include "reports/json_file.h"
#include "tests/baselines/tiny_model.h"

namespace msdbench {

// HuggingFace's BertModel of TinyOptions' shape, written out by hand.
inline StateDict TinyBert(std::int64_t layers) {
  constexpr std::int64_t kHidden = 8, kIntermediate = 12;
  at::Generator generator = at::detail::createCPUGenerator(5);
  StateDict state;
  const auto draw = [&](const std::string& name,
                        const std::vector<std::int64_t>& shape) {
    state[name] = at::empty(shape).normal_(0, 0.5, generator);
  };
  const auto dense = [&](const std::string& name, std::int64_t out,
                         std::int64_t in) {
    draw(name + ".weight", {out, in});
    draw(name + ".bias", {out});
  };
  const auto norm = [&](const std::string& name) {
    draw(name + ".LayerNorm.weight", {kHidden});
    draw(name + ".LayerNorm.bias", {kHidden});
  };
  draw("embeddings.word_embeddings.weight", {kTinyVocabulary, kHidden});
  draw("embeddings.position_embeddings.weight", {8, kHidden});
  draw("embeddings.token_type_embeddings.weight", {2, kHidden});
  norm("embeddings");
  for (std::int64_t i = 0; i < layers; ++i) {
    const std::string layer = fmt::format("encoder.layer.{}.", i);
    for (const char* part : {"query", "key", "value"}) {
      dense(layer + "attention.self." + part, kHidden, kHidden);
    }
    dense(layer + "attention.output.dense", kHidden, kHidden);
    norm(layer + "attention.output");
    dense(layer + "intermediate.dense", kIntermediate, kHidden);
    dense(layer + "output.dense", kHidden, kIntermediate);
    norm(layer + "output");
  }
  dense("pooler.dense", kHidden, kHidden);
  return state;
}

inline Json TinyConfig() {
  return {
      {"model_type", "bert"},         {"hidden_size", 8},
      {"num_hidden_layers", 2},       {"num_attention_heads", 2},
      {"intermediate_size", 12},      {"hidden_act", "gelu"},
      {"layer_norm_eps", 1e-12},      {"position_embedding_type", "absolute"},
      {"vocab_size", kTinyVocabulary}};
}

inline KeptPieces WholeVocabulary() {
  return {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, kTinyVocabulary};
}

inline StateDict Parameters(const Classifier& model) {
  StateDict state;
  for (const auto& named : model->named_parameters()) {
    state[named.key()] = named.value().detach().clone();
  }
  return state;
}

}  // namespace msdbench
