// What models said, from the prediction files beside records, in plain numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace msdbench {

// One number of [0, 1] an example, per view (multimodal, text, image).
struct ModelOutputs {
  std::array<std::vector<double>, 3> values;
};

// By the record's `head`: of two single labels the probability of class 1, of
// more that of the predicted class; of many labels the largest probability; of
// answers the credit. Throws DataError naming the file for arrays that are not
// as benchmarks/predictions.h writes them and for numbers that are not finite.
ModelOutputs ReadModelOutputs(const std::filesystem::path& file,
                              const std::string& head);

// What ReadModelOutputs gives, for an axis: "probability of class 1".
std::string OutputTitle(const std::string& head, std::int64_t labels);

// Gaussian kernels of this width, mirrored at 0 and 1, so that all of the area,
// 1, is inside.
inline constexpr double kDensityWidth = 0.03;

// At `points` equal steps from 0 to 1; empty for no values.
std::vector<double> Density(const std::vector<double>& values,
                            std::size_t points);

// The shares of values nearest to each of `points` equal steps from 0 to 1;
// empty for no values.
std::vector<double> Shares(const std::vector<double>& values,
                           std::size_t points);

}  // namespace msdbench
