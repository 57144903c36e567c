// Visual tokens of one image, as a detector's or a convolution net's features.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/features/numpy.h"

namespace msdbench {

struct ImageFeatures {
  std::int64_t tokens = 0, width = 0;
  std::int64_t padded = 0;    // tokens that the source stores, padding included
  std::vector<float> values;  // [tokens, width], all finite
};

// From an array [tokens, width], [width], or a grid in either order of axes
// ([width, side, side], [side, side, width]), with leading axes of 1. Only the
// first `boxes` tokens are real where that is above 0; MMF pads with zeros.
// Throws DataError with `source` where the array is none of these or holds
// what is not finite.
ImageFeatures FeaturesOf(const NumpyArray& array, std::int64_t boxes,
                         const std::string& source);

// `num_boxes` of a dictionary; 0 without it. Throws DataError where it is not a
// whole number above 0.
std::int64_t BoxesIn(const PickleValue& dictionary, const std::string& source);

// From a pickled dictionary with `features` and `num_boxes`, as MMF stores
// them. Throws DataError.
ImageFeatures FeaturesInPickle(std::string_view bytes,
                               const std::string& source);

}  // namespace msdbench
