// A vocabulary cut down to the word pieces that occur. Where embeddings come
// from pretrained weights the rest reach no output, but would be swept over in
// every optimizer step.
#pragma once

#include <cstdint>
#include <vector>

#include "datasets/encoded.h"

namespace msdbench {

struct KeptPieces {
  std::vector<std::int64_t> ids;  // in the whole vocabulary, ascending
  std::int64_t total = 0;         // the whole vocabulary's size
};

// Renumbers the splits' tokens from 0; [PAD], [CLS] and [SEP] are always kept.
KeptPieces KeepOccurringPieces(const std::vector<EncodedSplit*>& splits,
                               std::int64_t total);

// Every piece under the number it has.
KeptPieces KeepAllPieces(std::int64_t total);

}  // namespace msdbench
