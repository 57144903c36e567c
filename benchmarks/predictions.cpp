#include "benchmarks/predictions.h"

#include <ATen/ATen.h>

#include <deque>
#include <string>
#include <vector>

#include "datasets/features/safetensors.h"

namespace msdbench {

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
    add(name + "/credit", "F32", credit);
  }
  WriteSafetensors(file, arrays);
}

}  // namespace msdbench
