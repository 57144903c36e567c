#include "datasets/batch.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "datasets/features/half.h"

namespace msdbench {
namespace {

// Nothing here runs on more than the caller's thread: batches are also made
// beside a training, whose cores they must not take.

at::Tensor Empty(at::IntArrayRef sizes, at::ScalarType type, bool pinned) {
  return at::empty(sizes, at::TensorOptions(type).pinned_memory(pinned));
}

void Copy(const float* from, std::int64_t count, float* to) {
  std::copy_n(from, count, to);
}
void Copy(const at::Half* from, std::int64_t count, float* to) {
  static_assert(sizeof(at::Half) == sizeof(std::uint16_t));
  HalvesToFloats(reinterpret_cast<const std::uint16_t*>(from),
                 static_cast<std::size_t>(count), to);
}

template <typename T>
void CollateFeatures(const EncodedSplit& split,
                     const std::vector<std::int64_t>& rows, float* out) {
  const std::int64_t values = split.features.size(1) * split.features.size(2);
  const std::int64_t stride = split.features.stride(0);
  const T* features = split.features.data_ptr<T>();
  for (std::int64_t row : rows) {
    Copy(features + split.feature_row[split.image_of[row]] * stride, values,
         out);
    out += values;
  }
}

at::Tensor CollateFeatures(const EncodedSplit& split,
                           const std::vector<std::int64_t>& rows, bool pinned) {
  at::Tensor images = Empty({static_cast<std::int64_t>(rows.size()),
                             split.features.size(1), split.features.size(2)},
                            at::kFloat, pinned);
  auto* out = images.data_ptr<float>();
  if (split.features.scalar_type() == at::kHalf) {
    CollateFeatures<at::Half>(split, rows, out);
  } else {
    CollateFeatures<float>(split, rows, out);
  }
  return images;
}

at::Tensor CollateCounts(const EncodedSplit& split,
                         const std::vector<std::int64_t>& rows) {
  at::Tensor counts =
      at::empty({static_cast<std::int64_t>(rows.size())}, at::kLong);
  auto* out = counts.data_ptr<std::int64_t>();
  bool all = true;
  for (std::int64_t row : rows) {
    *out = split.feature_count[split.image_of[row]];
    all = all && *out == split.features.size(1);
    ++out;
  }
  return all ? at::Tensor() : counts;
}

at::Tensor CollatePixels(const EncodedSplit& split,
                         const std::vector<std::int64_t>& rows, bool pinned) {
  const auto count = static_cast<std::int64_t>(rows.size());
  const std::int64_t size = split.input.image_size, area = size * size;
  at::Tensor images = Empty({count, 3, size, size}, at::kFloat, pinned);
  float* out = images.data_ptr<float>();
  const std::uint8_t* pixels = split.pixels.data_ptr<std::uint8_t>();
  for (std::int64_t b = 0; b < count; ++b) {
    const std::uint8_t* in =
        pixels + static_cast<std::int64_t>(split.image_of[rows[b]]) * 3 * area;
    for (std::int64_t c = 0; c < 3; ++c) {
      const float scale = 1 / (255 * split.input.deviation[c]);
      const float shift = -split.input.mean[c] / split.input.deviation[c];
      for (std::int64_t i = 0; i < area; ++i) {
        *out++ = static_cast<float>(*in++) * scale + shift;
      }
    }
  }
  return images;
}

at::Tensor CollateTargets(const EncodedSplit& split,
                          const std::vector<std::int64_t>& rows, bool pinned) {
  const auto count = static_cast<std::int64_t>(rows.size());
  if (split.head == Head::kSingleLabel) {
    at::Tensor targets = Empty({count}, at::kLong, pinned);
    auto* data = targets.data_ptr<std::int64_t>();
    for (std::int64_t b = 0; b < count; ++b) {
      const auto& labels = split.examples[rows[b]].targets;
      // An unlabelled test split has none; its loss is never asked for.
      data[b] = labels.empty() ? 0 : labels[0].label;
    }
    return targets;
  }
  at::Tensor targets = Empty({count, split.label_count}, at::kFloat, pinned);
  auto* data = targets.data_ptr<float>();
  std::fill_n(data, targets.numel(), 0.0F);
  for (std::int64_t b = 0; b < count; ++b) {
    for (const LabelScore& target : split.examples[rows[b]].targets) {
      data[b * split.label_count + target.label] = target.score;
    }
  }
  return targets;
}

}  // namespace

at::Tensor CollateTargets(const EncodedSplit& split,
                          const std::vector<std::int64_t>& rows) {
  return CollateTargets(split, rows, /*pinned=*/false);
}

Batch Collate(const EncodedSplit& split, const std::vector<std::int64_t>& rows,
              bool pinned) {
  const auto count = static_cast<std::int64_t>(rows.size());
  std::int64_t longest = 2;
  for (std::int64_t row : rows) {
    longest = std::max(longest, split.offsets[row + 1] - split.offsets[row]);
  }
  Batch batch;
  batch.token_ids = Empty({count, longest}, at::kLong, pinned);
  batch.text_mask = Empty({count, longest}, at::kFloat, pinned);
  batch.ends = Empty({count, 2}, at::kLong, pinned);
  batch.rows = at::empty({count}, at::kLong);
  auto* ids = batch.token_ids.data_ptr<std::int64_t>();
  auto* mask = batch.text_mask.data_ptr<float>();
  auto* ends = batch.ends.data_ptr<std::int64_t>();
  std::fill_n(ids, count * longest, std::int64_t{split.pad});
  std::fill_n(mask, count * longest, 0.0F);
  auto* row_ids = batch.rows.data_ptr<std::int64_t>();
  for (std::int64_t b = 0; b < count; ++b) {
    const std::int64_t first = split.offsets[rows[b]];
    const std::int64_t length = split.offsets[rows[b] + 1] - first;
    std::copy_n(split.token_ids.begin() + first, length, ids + b * longest);
    std::fill_n(mask + b * longest, length, 1.0F);
    ends[2 * b] = split.cls;
    ends[2 * b + 1] = split.sep;
    row_ids[b] = rows[b];
  }
  if (split.features.defined()) {
    batch.images = CollateFeatures(split, rows, pinned);
    batch.image_tokens = CollateCounts(split, rows);
  } else {
    batch.images = CollatePixels(split, rows, pinned);
  }
  batch.targets = CollateTargets(split, rows, pinned);
  return batch;
}

Batch Batch::To(c10::Device device) const {
  if (device.is_cpu()) return *this;
  Batch moved = *this;
  for (at::Tensor* tensor : {&moved.token_ids, &moved.text_mask, &moved.ends,
                             &moved.images, &moved.targets}) {
    *tensor = tensor->to(device, /*non_blocking=*/true);
  }
  return moved;
}

}  // namespace msdbench
