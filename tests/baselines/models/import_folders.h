// Where weights are imported from and to.
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "baselines/models/weights_import.h"
#include "reports/json_file.h"
#include "tests/baselines/models/hashed_weights.h"
#include "tests/baselines/models/tiny_bert.h"
#include "tests/datasets/tree.h"

namespace msdbench {

class WeightsImport : public testing::Test {
 protected:
  WeightsImport() {
    options_.from = tree_.root() / "from";
    options_.out = tree_.root() / "out";
    std::filesystem::create_directories(options_.from);
  }
  // A whole BERT of one layer.
  StateDict Words(std::int64_t pieces = 6) const {
    StateDict state = TinyBert(1);
    state["embeddings.word_embeddings.weight"] =
        at::arange(pieces * 8, at::kFloat).view({pieces, 8});
    state["embeddings.LayerNorm.bias"] = at::ones({8}, at::kHalf);
    state["embeddings.position_ids"] = at::arange(4);
    return state;
  }
  void WriteFrom(const StateDict& state) const {
    WriteState(state, options_.from / "model.safetensors");
  }
  ImportedWeights Import() const { return ImportWeights(options_); }
  std::string Refused() const {
    return ErrorOf([&] { Import(); });
  }
  std::string Out(const std::string& name) const {
    return ReadTextFile(options_.out / name);
  }

  Tree tree_;
  ImportOptions options_;
};

}  // namespace msdbench
