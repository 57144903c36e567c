#include "datasets/features/image_features.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "reports/error.h"

namespace msdbench {
namespace {

// [width, cells] -> [cells, width].
std::vector<float> Transposed(const std::vector<float>& values,
                              std::size_t width) {
  const std::size_t cells = values.size() / width;
  std::vector<float> turned(values.size());
  for (std::size_t w = 0; w < width; ++w) {
    for (std::size_t c = 0; c < cells; ++c) {
      turned[c * width + w] = values[w * cells + c];
    }
  }
  return turned;
}

}  // namespace

ImageFeatures FeaturesOf(const NumpyArray& array, std::int64_t boxes,
                         const std::string& source) {
  const std::vector<std::int64_t>& shape = array.shape;
  const auto first = std::find_if(shape.begin(), shape.end(),
                                  [](std::int64_t axis) { return axis != 1; });
  std::vector<std::int64_t> axes(first, shape.end());
  if (axes.size() == 1) axes.insert(axes.begin(), 1);
  const auto unknown = [&] {
    return DataError(fmt::format(
        "{}: features of shape [{}], allowed: [tokens, width], [width, side, "
        "side], [side, side, width]",
        source, fmt::join(shape, ", ")));
  };
  if (std::count(axes.begin(), axes.end(), 0) > 0) throw unknown();

  ImageFeatures features;
  features.values = FloatsOf(array, source);
  if (axes.size() == 2) {
    features.tokens = axes[0];
    features.width = axes[1];
  } else if (axes.size() == 3 && (axes[0] == axes[1]) != (axes[1] == axes[2])) {
    const bool width_is_first = axes[1] == axes[2];
    features.tokens = axes[1] * (width_is_first ? axes[2] : axes[0]);
    features.width = width_is_first ? axes[0] : axes[2];
    if (width_is_first) {
      features.values =
          Transposed(features.values, static_cast<std::size_t>(features.width));
    }
  } else {
    throw unknown();
  }
  features.padded = features.tokens;
  if (boxes > features.tokens) {
    throw DataError(fmt::format("{}: num_boxes is {}, but there are {} tokens",
                                source, boxes, features.tokens));
  }
  if (boxes > 0 && boxes < features.tokens) {
    features.tokens = boxes;
    features.values.resize(
        static_cast<std::size_t>(features.tokens * features.width));
  }
  if (!std::all_of(features.values.begin(), features.values.end(),
                   [](float value) { return std::isfinite(value); })) {
    throw DataError(source + ": features that are not finite");
  }
  return features;
}

std::int64_t BoxesIn(const PickleValue& dictionary, const std::string& source) {
  const PickleValue* boxes = Find(dictionary, "num_boxes");
  if (boxes == nullptr) return 0;
  const auto count = IntegerOf(*boxes, source);
  if (!count || *count < 1) {
    throw DataError(source + ": num_boxes is not a whole number above 0");
  }
  return *count;
}

ImageFeatures FeaturesInPickle(std::string_view bytes,
                               const std::string& source) {
  const PickleDocument document(bytes, source);
  const PickleValue* stored = Find(document.root(), "features");
  if (stored == nullptr) {
    throw DataError(source + ": expected a dictionary with `features`");
  }
  const auto array = ArrayOf(*stored, source);
  if (!array) {
    throw DataError(source + ": its `features` are no numpy array");
  }
  return FeaturesOf(*array, BoxesIn(document.root(), source), source);
}

}  // namespace msdbench
