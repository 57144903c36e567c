// The parts of an HTML report that show what models said, and what they were
// trained with.
#pragma once

#include <filesystem>
#include <string>

#include "reports/run_matrix.h"

namespace msdbench {

// Each returns what stands below its section's heading.

// Distributions of outputs, from the prediction files below `store`.
std::string OutputsSection(const RunMatrix& matrix,
                           const std::filesystem::path& store);
// Weights of the modality terms over the epochs.
std::string WeightsSection(const RunMatrix& matrix);

}  // namespace msdbench
