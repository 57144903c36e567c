// What reads a plan's texts.
#pragma once

#include "benchmarks/places.h"
#include "benchmarks/suite.h"
#include "datasets/dataset.h"
#include "datasets/text/tokenizer_folder.h"

namespace msdbench {

// With the word pieces and settings that the plan names, or with pieces built
// from the texts of `train`. Throws DataError.
StoredTokenizer MakeTokenizer(const DatasetPlan& plan, const Split& train,
                              const Places& places);

}  // namespace msdbench
