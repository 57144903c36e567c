// The steps every loader ends with: checks, fingerprint, limits.
#pragma once

#include <filesystem>

#include "datasets/dataset.h"
#include "datasets/fingerprint.h"

namespace msdbench {

// Throws UsageError for options that fit no data set. Loaders call it first.
void CheckOptions(const DatasetOptions& options);

// Completes a data set whose splits, labels, head and metrics are read: sets
// its name, checks that no split is empty, no id occurs twice in a split and
// every image file is there (unless options.images says that none is needed),
// notes ids that two splits share, sets the fingerprint and applies
// options.limit. Check and fingerprint come before the limits, so that they
// speak of the data and not of the run. Image names are taken relative to
// `base`. Throws DataError.
Dataset Assemble(Dataset dataset, const DatasetOptions& options,
                 const std::filesystem::path& base, Fingerprint fingerprint);

}  // namespace msdbench
