// SNLI-VE (Xie et al. 2019): does a Flickr30k picture entail a sentence?
#pragma once

#include "datasets/dataset.h"

namespace msdbench {

// Reads, below options.root, snli_ve_{train,dev,test}.jsonl (or the same in
// annotations/) and flickr30k_images/ID.jpg (or images/flickr30k_images/). Of
// a line it takes "pairID", "sentence2" (the hypothesis, the text; the picture
// replaces sentence1, unless options.premise adds it), "gold_label" and the
// photo's id, which is spelt Flikr30kID, Flickr30kID or Flickr30K_ID, with or
// without ".jpg". Skipped and counted in the notes: pairs without a gold label
// ("-") and pairs about Visual Genome pictures (pairID "vg_..."). Labels in
// MMF's order: entailment, neutral, contradiction. A test split without any
// "gold_label" is unlabelled. Throws DataError.
Dataset LoadSnliVe(const DatasetOptions& options);

}  // namespace msdbench
