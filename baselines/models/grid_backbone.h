// Visual tokens from a pretrained convolution net: the last feature map, one
// token a cell. Frozen; normalisation is folded into the convolutions.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "baselines/models/state_dict.h"

namespace msdbench {

// config.json of a folder of image weights.
struct GridBackboneConfig {
  std::string architecture;  // a name of GridArchitectures()
  std::int64_t image_size = 224;
  // Per channel, in [0, 1] units, that the weights were trained with.
  std::array<float, 3> mean = {0.485F, 0.456F, 0.406F};
  std::array<float, 3> deviation = {0.229F, 0.224F, 0.225F};
  // TensorFlow's padding: uneven, so that the output is ceil(input / stride).
  bool same_padding = false;
  double batch_norm_epsilon = 1e-5;
  // How the weights' own pictures were prepared otherwise than here, a line
  // each: told in every record.
  std::vector<std::string> differences;
};
GridBackboneConfig ReadGridBackboneConfig(const std::filesystem::path& folder);
void WriteGridBackboneConfig(const GridBackboneConfig& config,
                             const std::filesystem::path& folder);

class GridBackbone {
 public:
  // Reads config.json and the weights, whose tensors carry torchvision's
  // (ResNet) or timm's (EfficientNet) names. Throws DataError listing every
  // tensor that is missing, of another shape, or holds NaN or Inf, and where a
  // preprocessor_config.json beside them says other things than config.json.
  explicit GridBackbone(const std::filesystem::path& folder);
  // The same from tensors at hand; `source` names them in errors.
  GridBackbone(const GridBackboneConfig& config, const StateDict& state,
               const std::string& source);
  ~GridBackbone();
  GridBackbone(GridBackbone&&) noexcept;

  // uint8 [images, 3, image_size, image_size] -> float
  // [images, grid * grid, width]; `grid` averages the feature map's cells down
  // (adaptive pooling), 0 = as it is.
  at::Tensor Tokens(const at::Tensor& pixels, std::int64_t grid) const;

  const GridBackboneConfig& config() const { return config_; }
  // Tensors of the file that the grid does not need (the classifier).
  const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  class Net;
  GridBackboneConfig config_;
  std::unique_ptr<Net> net_;
  std::vector<std::string> left_out_;
};

// "resnet18" (He et al. 2016), "resnet50", "efficientnet_lite0" (Tan and Le
// 2019, without squeeze-and-excitation, ReLU6).
std::vector<std::string> GridArchitectures();

}  // namespace msdbench
