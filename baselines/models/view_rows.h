// Which embedded tokens make up each view of a batch.
#pragma once

#include <cstdint>
#include <vector>

#include "baselines/models/row_layout.h"
#include "baselines/models/view.h"
#include "datasets/batch.h"

namespace msdbench {

// Every token is embedded once, views take what they show. Pools of rows, in
// this order; those that no view takes from are empty.
struct ViewRows {
  // Columns of the batch's padded texts, flattened: which are embedded.
  std::vector<std::int64_t> texts, positions;
  bool ends = false;     // [CLS] and [SEP] of each example, at positions 0, 1
  bool blanks = false;   // the texts' places without words (Removal::kZero)
  bool visuals = false;  // the visual tokens of each example
  bool zero_visual = false;  // one token: the projection of no features

  std::vector<std::int64_t> taken;  // into the pools, a row a token
  RowLayout layout;                 // key_bias where padding is kept
};

// packed: sequences as long as they are, hidden tokens left out, for the CPU.
// Otherwise padded to one length a view, with a key_bias, so that a view is one
// block.
ViewRows PlanViewRows(const Batch& batch, std::int64_t visual_tokens,
                      const std::vector<View>& views, Removal removal,
                      bool packed);

}  // namespace msdbench
