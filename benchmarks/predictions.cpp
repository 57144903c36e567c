#include "benchmarks/predictions.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "reports/digest.h"
#include "reports/json_file.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

// What was asked for: int32 [examples] of single labels, else uint8
// [examples, labels].
at::Tensor GoldLabels(const EncodedSplit& split) {
  const std::int64_t count = split.size();
  const bool single = split.head == Head::kSingleLabel;
  at::Tensor gold = single ? at::zeros({count}, at::kInt)
                           : at::zeros({count, split.label_count}, at::kByte);
  for (std::int64_t i = 0; i < count; ++i) {
    for (const LabelScore& target : split.examples[i].targets) {
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
std::string HashIds(const EncodedSplit& split) {
  Sha256 digest;
  for (const Example& example : split.examples) {
    digest.Update(example.id).Update("\n");
  }
  return digest.Hex();
}

Json IdsOf(const EncodedSplit& split) {
  Json ids = Json::array();
  for (const Example& example : split.examples) ids.push_back(example.id);
  return ids;
}

// What the best labels earn, [examples].
at::Tensor Credits(const EncodedSplit& split, const at::Tensor& best) {
  at::Tensor credit = at::zeros({best.size(0)});
  for (std::int64_t i = 0; i < best.size(0); ++i) {
    for (const LabelScore& entry : split.examples[i].credit) {
      if (entry.label == best.data_ptr<std::int32_t>()[i]) {
        credit.data_ptr<float>()[i] = entry.score;
      }
    }
  }
  return credit;
}

class Writer {
 public:
  void Add(const std::string& name, const char* dtype, at::Tensor tensor) {
    tensors_.push_back(tensor.contiguous());
    const at::Tensor& kept = tensors_.back();
    arrays_.push_back({name, dtype, kept.sizes().vec(), kept.data_ptr(),
                       static_cast<std::size_t>(kept.nbytes())});
  }

  // In an array and not in the header, which every reader parses.
  void AddJson(const std::string& name, const Json& json) {
    texts_.push_back(json.dump(-1, ' ', /*ensure_ascii=*/false,
                               Json::error_handler_t::replace));
    const std::string& kept = texts_.back();
    arrays_.push_back({name,
                       "U8",
                       {static_cast<std::int64_t>(kept.size())},
                       kept.data(),
                       kept.size()});
  }

  void AddSplit(const PredictedSplit& predicted) {
    const EncodedSplit& split = predicted.split;
    const std::string& role = predicted.role;
    if (split.head != Head::kAnswer && split.labelled) {
      const at::Tensor gold = GoldLabels(split);
      Add(role + "/gold", gold.scalar_type() == at::kInt ? "I32" : "U8", gold);
    }
    for (View view : kViews) {
      const at::Tensor& logits = predicted.logits[view];
      if (!logits.defined()) continue;
      const std::string name = role + "/" + Name(view);
      if (split.head != Head::kAnswer) {
        Add(name, "F32", logits);
        continue;
      }
      const at::Tensor best = logits.argmax(1).to(at::kInt);
      Add(name + "/label", "I32", best);
      if (split.labelled) Add(name + "/credit", "F32", Credits(split, best));
    }
    AddJson(role + "/ids", IdsOf(split));
    metadata_[role == "test" ? "example_ids_sha256"
                             : role + "_example_ids_sha256"] = HashIds(split);
  }

  // Bytes last: numbers then lie where readers that map the file want them.
  void Write(const std::filesystem::path& file) {
    std::stable_partition(arrays_.begin(), arrays_.end(),
                          [](const NamedArray& a) { return a.dtype != "U8"; });
    WriteSafetensors(file, arrays_, metadata_);
  }

 private:
  std::deque<at::Tensor> tensors_;  // alive until written
  std::deque<std::string> texts_;
  std::vector<NamedArray> arrays_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace

void WritePredictions(const std::filesystem::path& file,
                      const std::vector<std::string>& labels,
                      const std::vector<PredictedSplit>& splits) {
  Writer writer;
  for (const PredictedSplit& split : splits) writer.AddSplit(split);
  writer.AddJson("labels", Json(labels));
  writer.Write(file);
}

}  // namespace msdbench
