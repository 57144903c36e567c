#include "baselines/models/grid_backbone.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "baselines/models/image_settings.h"
#include "baselines/models/state_dict.h"
#include "reports/config_reader.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

// One convolution with its batch normalisation folded in.
struct Convolution {
  at::Tensor weight, bias;
  std::int64_t stride = 1, groups = 1;
};

enum class Activation { kNone, kRelu, kRelu6 };

// Takes tensors out of a state dictionary and notes what does not fit.
class TensorTaker {
 public:
  TensorTaker(StateDict state, double epsilon)
      : state_(std::move(state)), epsilon_(epsilon) {}

  at::Tensor Take(const std::string& name,
                  const std::vector<std::int64_t>& shape) {
    const auto place = state_.find(name);
    if (place == state_.end()) {
      problems_.push_back("missing " + name);
      return at::zeros(shape);
    }
    at::Tensor tensor = place->second.to(at::kFloat);
    if (tensor.sizes() != at::IntArrayRef(shape)) {
      problems_.push_back(fmt::format("{} is [{}], wanted [{}]", name,
                                      fmt::join(tensor.sizes(), ", "),
                                      fmt::join(shape, ", ")));
      tensor = at::zeros(shape);
    }
    const auto unsound = UnsoundTensors({{name, tensor}});
    problems_.insert(problems_.end(), unsound.begin(), unsound.end());
    state_.erase(place);
    return tensor;
  }

  // w * gamma / sqrt(var + eps), beta - mean * gamma / sqrt(var + eps).
  Convolution Fold(const std::string& convolution, const std::string& norm,
                   std::int64_t in, std::int64_t out, std::int64_t kernel,
                   std::int64_t stride = 1, std::int64_t groups = 1) {
    const at::Tensor weight =
        Take(convolution + ".weight", {out, in / groups, kernel, kernel});
    const at::Tensor scale =
        Take(norm + ".weight", {out}) /
        at::sqrt(Take(norm + ".running_var", {out}) + epsilon_);
    if (!at::isfinite(scale).all().item<bool>()) {
      problems_.push_back(norm + ".running_var has values below 0");
    }
    Convolution folded;
    folded.weight = (weight * scale.view({-1, 1, 1, 1})).contiguous();
    folded.bias = Take(norm + ".bias", {out}) -
                  Take(norm + ".running_mean", {out}) * scale;
    folded.stride = stride;
    folded.groups = groups;
    state_.erase(norm + ".num_batches_tracked");
    return folded;
  }

  const std::vector<std::string>& problems() const { return problems_; }
  std::vector<std::string> LeftOver() const {
    std::vector<std::string> names;
    for (const auto& item : state_) names.push_back(item.first);
    return names;
  }

 private:
  StateDict state_;
  double epsilon_;
  std::vector<std::string> problems_;
};

// What follows the last feature map: ResNet's "fc"; EfficientNet's head, its
// norm ("bn2", at the top level only) and classifier.
bool IsClassifier(const std::string& name) {
  for (const char* start : {"fc.", "conv_head.", "bn2.", "classifier."}) {
    if (name.rfind(start, 0) == 0) return true;
  }
  return false;
}

at::Tensor Activate(const at::Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::kRelu:
      return at::relu(x);
    case Activation::kRelu6:
      return at::clamp(x, 0, 6);
    default:
      return x;
  }
}

at::Tensor Convolve(const at::Tensor& x, const Convolution& convolution,
                    Activation activation, bool same_padding) {
  const std::int64_t kernel = convolution.weight.size(2),
                     stride = convolution.stride;
  at::Tensor padded = x;
  std::int64_t padding = (kernel - 1) / 2;
  if (same_padding) {
    const auto total = [&](std::int64_t size) {
      const std::int64_t steps = (size + stride - 1) / stride;
      return std::max<std::int64_t>((steps - 1) * stride + kernel - size, 0);
    };
    const std::int64_t high = total(x.size(2)), wide = total(x.size(3));
    padded = at::constant_pad_nd(
        x, {wide / 2, wide - wide / 2, high / 2, high - high / 2});
    padding = 0;
  }
  return Activate(
      at::conv2d(padded, convolution.weight, convolution.bias, {stride, stride},
                 {padding, padding}, {1, 1}, convolution.groups),
      activation);
}

}  // namespace

// A stem, then blocks: each a chain of convolutions with an optional shortcut.
class GridBackbone::Net {
 public:
  Net(const GridBackboneConfig& config, TensorTaker& tensors)
      : same_padding_(config.same_padding) {
    if (config.architecture == "efficientnet_lite0") {
      BuildEfficientNetLite0(tensors);
    } else if (config.architecture == "resnet18") {
      BuildResNet(tensors, {2, 2, 2, 2}, /*bottleneck=*/false);
    } else {
      BuildResNet(tensors, {3, 4, 6, 3}, /*bottleneck=*/true);
    }
  }

  at::Tensor Map(const at::Tensor& images) const {
    at::Tensor x = Convolve(images, stem_, activation_, same_padding_);
    if (pool_) x = at::max_pool2d(x, {3, 3}, {2, 2}, {1, 1});
    for (const Block& block : blocks_) {
      at::Tensor y = x;
      for (std::size_t i = 0; i < block.chain.size(); ++i) {
        const bool last = i + 1 == block.chain.size();
        y = Convolve(y, block.chain[i], last ? Activation::kNone : activation_,
                     same_padding_);
      }
      if (block.shortcut) {
        x = Convolve(x, *block.shortcut, Activation::kNone, same_padding_);
      }
      if (block.residual) y = y + x;
      x = block.activate_sum ? Activate(y, activation_) : y;
    }
    return x;
  }

 private:
  struct Block {
    std::vector<Convolution> chain;
    std::optional<Convolution> shortcut;
    bool residual = true, activate_sum = false;
  };

  void BuildResNet(TensorTaker& tensors, const std::array<int, 4>& depths,
                   bool bottleneck) {
    activation_ = Activation::kRelu;
    pool_ = true;
    stem_ = tensors.Fold("conv1", "bn1", 3, 64, 7, 2);
    const std::int64_t expansion = bottleneck ? 4 : 1;
    std::int64_t in = 64;
    for (std::size_t stage = 0; stage < depths.size(); ++stage) {
      const std::int64_t width = std::int64_t{64} << stage;
      for (int i = 0; i < depths[stage]; ++i) {
        const std::string name = fmt::format("layer{}.{}", stage + 1, i);
        const std::int64_t stride = stage > 0 && i == 0 ? 2 : 1;
        const auto fold = [&](int index, std::int64_t from, std::int64_t to,
                              std::int64_t kernel, std::int64_t step) {
          return tensors.Fold(fmt::format("{}.conv{}", name, index),
                              fmt::format("{}.bn{}", name, index), from, to,
                              kernel, step);
        };
        Block block;
        block.activate_sum = true;
        if (bottleneck) {
          block.chain = {fold(1, in, width, 1, 1),
                         fold(2, width, width, 3, stride),
                         fold(3, width, width * expansion, 1, 1)};
        } else {
          block.chain = {fold(1, in, width, 3, stride),
                         fold(2, width, width, 3, 1)};
        }
        const std::int64_t out = width * expansion;
        if (stride != 1 || in != out) {
          block.shortcut =
              tensors.Fold(name + ".downsample.0", name + ".downsample.1", in,
                           out, 1, stride);
        }
        in = out;
        blocks_.push_back(std::move(block));
      }
    }
  }

  void BuildEfficientNetLite0(TensorTaker& tensors) {
    activation_ = Activation::kRelu6;
    stem_ = tensors.Fold("conv_stem", "bn1", 3, 32, 3, 2);
    struct Stage {
      std::int64_t repeats, kernel, stride, expansion, out;
    };
    constexpr std::array<Stage, 7> kStages = {{{1, 3, 1, 1, 16},
                                               {2, 3, 2, 6, 24},
                                               {2, 5, 2, 6, 40},
                                               {3, 3, 2, 6, 80},
                                               {3, 5, 1, 6, 112},
                                               {4, 5, 2, 6, 192},
                                               {1, 3, 1, 6, 320}}};
    std::int64_t in = 32;
    for (std::size_t s = 0; s < kStages.size(); ++s) {
      const Stage& stage = kStages[s];
      for (std::int64_t i = 0; i < stage.repeats; ++i) {
        const std::string name = fmt::format("blocks.{}.{}.", s, i);
        const std::int64_t stride = i == 0 ? stage.stride : 1;
        const std::int64_t wide = in * stage.expansion;
        Block block;
        block.residual = stride == 1 && in == stage.out;
        if (stage.expansion == 1) {
          block.chain = {
              tensors.Fold(name + "conv_dw", name + "bn1", wide, wide,
                           stage.kernel, stride, wide),
              tensors.Fold(name + "conv_pw", name + "bn2", wide, stage.out, 1)};
        } else {
          block.chain = {
              tensors.Fold(name + "conv_pw", name + "bn1", in, wide, 1),
              tensors.Fold(name + "conv_dw", name + "bn2", wide, wide,
                           stage.kernel, stride, wide),
              tensors.Fold(name + "conv_pwl", name + "bn3", wide, stage.out,
                           1)};
        }
        in = stage.out;
        blocks_.push_back(std::move(block));
      }
    }
  }

  bool same_padding_, pool_ = false;
  Activation activation_ = Activation::kRelu;
  Convolution stem_;
  std::vector<Block> blocks_;
};

std::vector<std::string> GridArchitectures() {
  return {"resnet18", "resnet50", "efficientnet_lite0"};
}

GridBackboneConfig ReadGridBackboneConfig(
    const std::filesystem::path& folder) try {
  const std::filesystem::path file = folder / "config.json";
  ConfigReader reader(ReadJsonFile(file), file.string(), "");
  GridBackboneConfig config;
  ConfigReader::Names<std::string> known;
  for (const std::string& name : GridArchitectures()) {
    known.emplace_back(name, name);
  }
  config.architecture = reader.Choice<std::string>("architecture", "", known);
  config.image_size = reader.Integer("image_size", 224, 32, 4096);
  const auto three = [&](const char* key, std::array<float, 3>& values) {
    const auto given = reader.Numbers(key, {values.begin(), values.end()});
    if (given.size() != 3) reader.Fail(key, "three numbers are wanted");
    for (int c = 0; c < 3; ++c) values[c] = static_cast<float>(given[c]);
  };
  three("mean", config.mean);
  three("deviation", config.deviation);
  for (float value : config.deviation) {
    if (!(value > 0)) reader.Fail("deviation", "must be above 0");
  }
  config.same_padding =
      reader.Choice("padding", false, {{"symmetric", false}, {"same", true}});
  config.batch_norm_epsilon = reader.Number("batch_norm_epsilon", 1e-5, 0, 1);
  config.differences = reader.Texts("differences", {});
  reader.Finish();
  return config;
} catch (const Error& error) {
  // A folder of weights is data, not the user's configuration.
  throw DataError(error.what());
}

void WriteGridBackboneConfig(const GridBackboneConfig& config,
                             const std::filesystem::path& folder) {
  const auto three = [](const std::array<float, 3>& values) {
    Json list = Json::array();
    // The short decimal form of a float, not its binary value.
    for (float value : values) {
      list.push_back(std::stod(fmt::format("{}", value)));
    }
    return list;
  };
  Json json = {{"architecture", config.architecture},
               {"image_size", config.image_size},
               {"mean", three(config.mean)},
               {"deviation", three(config.deviation)},
               {"padding", config.same_padding ? "same" : "symmetric"},
               {"batch_norm_epsilon", config.batch_norm_epsilon}};
  if (!config.differences.empty()) json["differences"] = config.differences;
  WriteFileAtomically(folder / "config.json", json.dump(2) + "\n");
}

namespace {

// Another tool's settings beside ours must not be overlooked.
GridBackboneConfig ReadChecked(const std::filesystem::path& folder) {
  GridBackboneConfig config = ReadGridBackboneConfig(folder);
  config.differences = ReadImageSettings(folder).differences;
  return config;
}

}  // namespace

GridBackbone::GridBackbone(const std::filesystem::path& folder)
    : GridBackbone(ReadChecked(folder), ReadStateDict(FindWeights(folder)),
                   FindWeights(folder).string()) {}

GridBackbone::GridBackbone(const GridBackboneConfig& config,
                           const StateDict& state, const std::string& source)
    : config_(config) {
  TensorTaker tensors(state, config_.batch_norm_epsilon);
  net_ = std::make_unique<Net>(config_, tensors);
  left_out_ = tensors.LeftOver();
  std::vector<std::string> problems = tensors.problems();
  for (const std::string& name : left_out_) {
    // A deeper or otherwise different net holds this one's tensors too.
    if (!IsClassifier(name)) problems.push_back("unexpected " + name);
  }
  if (!problems.empty()) {
    throw DataError(fmt::format("{}: does not fit {}: {}", source,
                                config_.architecture,
                                fmt::join(problems, "; ")));
  }
}

GridBackbone::~GridBackbone() = default;
GridBackbone::GridBackbone(GridBackbone&&) noexcept = default;

at::Tensor GridBackbone::Tokens(const at::Tensor& pixels,
                                std::int64_t grid) const {
  at::NoGradGuard no_grad;
  const auto channel = [](const std::array<float, 3>& values) {
    return at::tensor(at::ArrayRef<float>(values.data(), 3)).view({1, 3, 1, 1});
  };
  const at::Tensor images =
      (pixels.to(at::kFloat) / 255 - channel(config_.mean)) /
      channel(config_.deviation);
  at::Tensor map = net_->Map(images);
  if (grid > map.size(2)) {
    throw UsageError(fmt::format(
        "input.features.grid: {} is more than the {} cells a side that {} has "
        "at {} pixels",
        grid, map.size(2), config_.architecture, config_.image_size));
  }
  if (grid > 0 && (map.size(2) != grid || map.size(3) != grid)) {
    map = at::adaptive_avg_pool2d(map, {grid, grid});
  }
  return map.flatten(2).transpose(1, 2).contiguous();
}

}  // namespace msdbench
