// A batch: tensors that a model reads, made from rows of an encoded split.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <vector>

#include "datasets/encoded.h"

namespace msdbench {

struct Batch {
  at::Tensor token_ids;  // int64 [batch, text], [CLS] .. [SEP] then [PAD]
  at::Tensor text_mask;  // float [batch, text], 1 = a real token
  at::Tensor ends;       // int64 [batch, 2], the ids of [CLS] and [SEP]
  // float [batch, 3, size, size], normalised, or the split's features,
  // [batch, tokens, width].
  at::Tensor images;
  // int64 [batch], on the CPU: how many of its visual tokens are real, the
  // first ones. Undefined = all.
  at::Tensor image_tokens;
  // kSingleLabel: int64 [batch]; else float [batch, labels].
  at::Tensor targets;
  at::Tensor rows;  // int64 [batch], rows of the split, always on the CPU

  std::int64_t size() const { return rows.size(0); }
  // Copies to a GPU are asynchronous from pinned memory.
  Batch To(c10::Device device) const;
};

// Batch::targets alone.
at::Tensor CollateTargets(const EncodedSplit& split,
                          const std::vector<std::int64_t>& rows);

// Pads to the longest text among `rows`. `pinned` memory is what copies to a
// GPU need not wait for.
Batch Collate(const EncodedSplit& split, const std::vector<std::int64_t>& rows,
              bool pinned = false);

}  // namespace msdbench
