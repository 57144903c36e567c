#include "benchmarks/predictions.h"

#include <ATen/ATen.h>

#include <deque>
#include <string>
#include <vector>

#include "reports/digest.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

// What was asked for: int32 [examples] of single labels, else uint8
// [examples, labels].
at::Tensor GoldLabels(const EncodedSplit& test) {
  const std::int64_t count = test.size();
  const bool single = test.head == Head::kSingleLabel;
  at::Tensor gold = single ? at::zeros({count}, at::kInt)
                           : at::zeros({count, test.label_count}, at::kByte);
  for (std::int64_t i = 0; i < count; ++i) {
    for (const LabelScore& target : test.examples[i].targets) {
      if (single) {
        gold.data_ptr<std::int32_t>()[i] = target.label;
      } else {
        gold[i].data_ptr<std::uint8_t>()[target.label] = target.score > 0.5F;
      }
    }
  }
  return gold;
}

// Two files are about the same examples, in the same order, when these agree.
std::string HashIds(const EncodedSplit& test) {
  Sha256 digest;
  for (const Example& example : test.examples) {
    digest.Update(example.id).Update("\n");
  }
  return digest.Hex();
}

}  // namespace

void WritePredictions(const std::filesystem::path& file,
                      const EncodedSplit& test, const ViewLogits& logits) {
  std::deque<at::Tensor> kept;  // alive until written
  std::vector<NamedArray> arrays;
  const auto add = [&](const std::string& name, const char* dtype,
                       at::Tensor tensor) {
    kept.push_back(tensor.contiguous());
    arrays.push_back({name, dtype, kept.back().sizes().vec(),
                      kept.back().data_ptr(),
                      static_cast<std::size_t>(kept.back().nbytes())});
  };
  if (test.head != Head::kAnswer && test.labelled) {
    const at::Tensor gold = GoldLabels(test);
    add("test/gold", gold.scalar_type() == at::kInt ? "I32" : "U8", gold);
  }
  for (View view : kViews) {
    if (!logits[view].defined()) continue;
    const std::string name = std::string("test/") + Name(view);
    if (test.head != Head::kAnswer) {
      add(name, "F32", logits[view]);
      continue;
    }
    const at::Tensor best = logits[view].argmax(1).to(at::kInt);
    at::Tensor credit = at::zeros({best.size(0)});
    for (std::int64_t i = 0; i < best.size(0); ++i) {
      for (const LabelScore& entry : test.examples[i].credit) {
        if (entry.label == best.data_ptr<std::int32_t>()[i]) {
          credit.data_ptr<float>()[i] = entry.score;
        }
      }
    }
    add(name + "/label", "I32", best);
    if (test.labelled) add(name + "/credit", "F32", credit);
  }
  WriteSafetensors(file, arrays, {{"example_ids_sha256", HashIds(test)}});
}

}  // namespace msdbench
