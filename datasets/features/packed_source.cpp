#include <cstring>

#include "datasets/features/feature_source.h"
#include "datasets/features/half.h"
#include "datasets/features/packed_features.h"
#include "reports/digest.h"
#include "reports/error.h"

namespace msdbench {
namespace {

class PackedSource : public FeatureSource {
 public:
  explicit PackedSource(const std::filesystem::path& file)
      : path_(file.string()), store_(file) {}

  std::string Path() const override { return path_; }

  std::vector<std::string> Names() const override {
    return {store_.names().begin(), store_.names().end()};
  }

  bool Read(const std::string& name, ImageFeatures* features) const override {
    const auto row = store_.Row(name);
    if (!row) return false;
    const PackedShape& shape = store_.shape();
    features->tokens = store_.Count(*row);
    features->width = shape.width;
    features->padded = shape.tokens;
    const auto count =
        static_cast<std::size_t>(features->tokens * features->width);
    features->values.resize(count);
    const char* from = static_cast<const char*>(store_.data()) +
                       static_cast<std::size_t>(*row) * shape.RowBytes();
    if (shape.precision == FeaturePrecision::kFp16) {
      HalvesToFloats(reinterpret_cast<const std::uint16_t*>(from), count,
                     features->values.data());
    } else {
      std::memcpy(features->values.data(), from, count * sizeof(float));
    }
    return true;
  }

  // What it holds, wherever it lies.
  std::string State() const override {
    Sha256 digest;
    for (std::int64_t row = 0; row < store_.shape().images; ++row) {
      digest.Update(store_.names()[row])
          .Update("\n")
          .Update(store_.Checksum(row));
    }
    return digest.Hex();
  }

 private:
  std::string path_;
  PackedFeatures store_;
};

}  // namespace

std::unique_ptr<FeatureSource> OpenPackedFeatures(
    const std::filesystem::path& file) {
  return std::make_unique<PackedSource>(file);
}

}  // namespace msdbench
