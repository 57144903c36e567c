#include "reports/model_outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "reports/error.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

constexpr const char* kViews[] = {"multimodal", "text", "image"};

// A file from elsewhere need not be aligned.
std::vector<double> Floats(const NamedArray& array, const std::string& file,
                           std::size_t dimensions) {
  const auto fail = [&](const std::string& what) {
    throw DataError(fmt::format("{}: {}: {}", file, array.name, what));
  };
  if (array.dtype != "F32" || array.shape.size() != dimensions) {
    fail(fmt::format("{} with {} dimensions; allowed: F32 with {}", array.dtype,
                     array.shape.size(), dimensions));
  }
  std::vector<double> values(array.bytes / sizeof(float));
  for (std::size_t i = 0; i < values.size(); ++i) {
    float value = 0;
    std::memcpy(&value, static_cast<const char*>(array.data) + i * sizeof value,
                sizeof value);
    if (!std::isfinite(value)) {
      fail(fmt::format("element {} is {}; allowed: finite numbers", i, value));
    }
    values[i] = value;
  }
  return values;
}

// Of the class with the largest logit, or of class 1.
double SingleLabel(const double* logits, std::size_t labels) {
  const double largest = *std::max_element(logits, logits + labels);
  double sum = 0;
  for (std::size_t k = 0; k < labels; ++k) sum += std::exp(logits[k] - largest);
  return (labels == 2 ? std::exp(logits[1] - largest) : 1.0) / sum;
}

double MultiLabel(const double* logits, std::size_t labels) {
  return 1 / (1 + std::exp(-*std::max_element(logits, logits + labels)));
}

}  // namespace

ModelOutputs ReadModelOutputs(const std::filesystem::path& file,
                              const std::string& head) {
  const SafetensorsFile stored(file);
  ModelOutputs outputs;
  for (const NamedArray& array : stored.arrays()) {
    for (std::size_t v = 0; v < outputs.values.size(); ++v) {
      const std::string name = std::string("test/") + kViews[v];
      if (head == "answer" && array.name == name + "/credit") {
        outputs.values[v] = Floats(array, file.string(), 1);
        for (double& value : outputs.values[v]) {
          value = std::clamp(value, 0.0, 1.0);
        }
      }
      if (head == "answer" || array.name != name) continue;
      const std::vector<double> logits = Floats(array, file.string(), 2);
      const auto labels = static_cast<std::size_t>(array.shape[1]);
      if (labels == 0) continue;
      for (std::size_t i = 0; i < logits.size(); i += labels) {
        outputs.values[v].push_back(head == "multi_label"
                                        ? MultiLabel(&logits[i], labels)
                                        : SingleLabel(&logits[i], labels));
      }
    }
  }
  return outputs;
}

std::string OutputTitle(const std::string& head, std::int64_t labels) {
  if (head == "answer") return "credit of the answer";
  if (head == "multi_label") return "largest probability of a label";
  return labels == 2 ? "probability of class 1"
                     : "probability of the predicted class";
}

std::vector<double> Density(const std::vector<double>& values,
                            std::size_t points) {
  if (values.empty()) return {};
  // Binned finely first: the bins are a tenth of the kernel's width.
  constexpr std::size_t kBins = 334;
  const std::vector<double> shares = Shares(values, kBins);
  std::vector<double> density(points, 0.0);
  const double scale = 1 / (kDensityWidth * std::sqrt(2 * std::acos(-1.0)));
  for (std::size_t i = 0; i < points; ++i) {
    const double x = static_cast<double>(i) / static_cast<double>(points - 1);
    for (std::size_t b = 0; b < kBins; ++b) {
      if (shares[b] == 0) continue;
      const double at = static_cast<double>(b) / (kBins - 1);
      for (double centre : {at, -at, 2 - at}) {
        const double distance = (x - centre) / kDensityWidth;
        density[i] += scale * shares[b] * std::exp(-distance * distance / 2);
      }
    }
  }
  return density;
}

std::vector<double> Shares(const std::vector<double>& values,
                           std::size_t points) {
  if (values.empty()) return {};
  std::vector<double> shares(points, 0.0);
  const double steps = static_cast<double>(points - 1);
  for (double value : values) {
    shares[static_cast<std::size_t>(
        std::lround(std::clamp(value, 0.0, 1.0) * steps))] += 1;
  }
  for (double& share : shares) share /= static_cast<double>(values.size());
  return shares;
}

}  // namespace msdbench
