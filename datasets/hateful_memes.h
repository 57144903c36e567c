// Hateful Memes (Kiela et al. 2020): is a meme hateful?
#pragma once

#include "datasets/dataset.h"

namespace msdbench {

// Reads, below options.root,
//   train.jsonl dev_seen.jsonl test_seen.jsonl ... and img/NNNNN.png, or
//   annotations/*.jsonl and images/img/NNNNN.png, as MMF lays them out, also
//   further in: defaults/ or datasets/hateful_memes/defaults/.
// A line is {"id": 42953, "img": "img/42953.png", "label": 0, "text": "..."}.
// Splits by default: train, dev_seen (else phase 1's dev), test_seen (else
// test); any other file's name can be named. The image is always the one that
// "img" names, since ids lose their leading zeros in one of the releases. Test
// files may lack "label" or give -1: the split is then unlabelled.
// Labels: 0 not hateful, 1 hateful. Throws DataError.
Dataset LoadHatefulMemes(const DatasetOptions& options);

}  // namespace msdbench
