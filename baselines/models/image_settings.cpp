#include "baselines/models/image_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "baselines/models/grid_backbone.h"
#include "reports/error.h"
#include "reports/input_file.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using Channels = std::array<float, 3>;

constexpr std::int64_t kLeastSize = 32, kMostSize = 4096;

[[noreturn]] void Unfit(const std::string& place, const Json& value,
                        const std::string& wanted) {
  throw DataError(
      fmt::format("{} is {}; {} is wanted", place, value.dump(), wanted));
}

// Absent and null say nothing.
const Json* Find(const Json& json, const char* key) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(key);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

bool Flag(const Json& json, const char* key, bool fallback,
          const std::string& place) {
  const Json* value = Find(json, key);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) Unfit(place + key, *value, "true or false");
  return *value;
}

std::optional<Channels> Three(const Json& json, const char* key, bool positive,
                              double factor, const std::string& place) {
  const Json* value = Find(json, key);
  if (value == nullptr) return std::nullopt;
  Channels channels{};
  bool fits = value->is_array() && value->size() == 3;
  for (std::size_t c = 0; fits && c < 3; ++c) {
    fits =
        (*value)[c].is_number() && (!positive || (*value)[c].get<double>() > 0);
    if (fits)
      channels[c] = static_cast<float>((*value)[c].get<double>() * factor);
  }
  if (!fits) {
    Unfit(place + key, *value,
          positive ? "a list of three numbers above 0"
                   : "a list of three numbers");
  }
  return channels;
}

std::int64_t Side(const Json& value, const std::string& place) {
  const bool fits = value.is_number_integer() &&
                    value.get<std::int64_t>() >= kLeastSize &&
                    value.get<std::int64_t>() <= kMostSize;
  if (!fits) {
    Unfit(place, value, fmt::format("{} to {}", kLeastSize, kMostSize));
  }
  return value;
}

// 224, {"height": 224, "width": 224} or {"shortest_edge": 224}; none where it
// says nothing. `shortest` tells the last.
std::optional<std::int64_t> Size(const Json* value, const std::string& place,
                                 bool& shortest) {
  if (value == nullptr) return std::nullopt;
  if (!value->is_object()) return Side(*value, place);
  const Json *high = Find(*value, "height"), *wide = Find(*value, "width"),
             *edge = Find(*value, "shortest_edge");
  if (edge != nullptr) {
    shortest = true;
    return Side(*edge, place + "/shortest_edge");
  }
  if (high == nullptr || wide == nullptr || *high != *wide) {
    Unfit(place, *value, "a square (height and width the same)");
  }
  return Side(*high, place + "/height");
}

// Records tell differences, and those should not hold a machine's folders.
std::string Shown(const std::string& source) {
  return fs::path(source).filename().string() + ": /";
}

void WantBilinear(const std::string& name, const std::string& place,
                  ImageSettings& settings) {
  if (name == "bilinear" || name.empty()) return;
  settings.differences.push_back(fmt::format(
      "{} is {}; pictures are scaled by bilinear interpolation here", place,
      name));
}

void TellCrop(std::int64_t size, const std::string& what,
              ImageSettings& settings) {
  settings.differences.push_back(fmt::format(
      "{}; the whole picture is scaled to {} x {} here", what, size, size));
}

// Pillow's numbers.
std::string ResampleName(const Json& value, const std::string& place) {
  static const std::map<int, std::string> kNames = {
      {0, "nearest"}, {1, "lanczos"}, {2, "bilinear"},
      {3, "bicubic"}, {4, "box"},     {5, "hamming"}};
  const auto known =
      value.is_number_integer() ? kNames.find(value.get<int>()) : kNames.end();
  if (known == kNames.end()) Unfit(place, value, "0 to 5");
  return known->second;
}

ImageSettings FromPreprocessor(const Json& json, const std::string& source) {
  const std::string place = source + ": /", shown = Shown(source);
  ImageSettings settings;
  settings.source = source;
  // Pixels are multiplied by the factor before mean and deviation.
  double factor = 1.0 / 255;
  if (const Json* given = Find(json, "rescale_factor")) {
    if (!given->is_number() || !(given->get<double>() > 0)) {
      Unfit(place + "rescale_factor", *given, "a number above 0");
    }
    factor = *given;
  }
  if (!Flag(json, "do_rescale", true, place)) factor = 1;
  // 1/255 as it is written in such files: 0.00392156862745098.
  const double scale = 1 / (factor * 255);
  const double rounded = std::abs(scale - 1) < 1e-6 ? 1 : scale;
  settings.mean = Three(json, "image_mean", false, rounded, place);
  settings.deviation = Three(json, "image_std", true, rounded, place);
  if (!Flag(json, "do_normalize", true, place)) {
    settings.mean = Channels{0, 0, 0};
    const auto one = static_cast<float>(rounded);
    settings.deviation = Channels{one, one, one};
  }
  bool shortest = false, ignored = false;
  const auto size = Size(Find(json, "size"), place + "size", shortest);
  const auto crop = Size(Find(json, "crop_size"), place + "crop_size", ignored);
  const bool cropped = Flag(json, "do_center_crop", false, place) && crop;
  settings.image_size = cropped ? crop : size;
  if (!Flag(json, "do_resize", true, place)) {
    settings.differences.push_back(shown +
                                   "do_resize is false; pictures are scaled "
                                   "to one size here");
  } else if (cropped && (shortest || crop != size)) {
    TellCrop(*crop,
             fmt::format("{}do_center_crop is true, of pictures scaled to {}",
                         shown, size.value_or(0)),
             settings);
  } else if (const Json* share = Find(json, "crop_pct");
             share != nullptr && *share != 1) {
    TellCrop(settings.image_size.value_or(0),
             fmt::format("{}crop_pct is {}", shown, share->dump()), settings);
  } else if (shortest) {
    TellCrop(*size, shown + "size keeps the ratio of sides", settings);
  }
  if (const Json* resample = Find(json, "resample")) {
    WantBilinear(ResampleName(*resample, place + "resample"),
                 shown + "resample", settings);
  }
  for (const char* key : {"do_pad", "do_flip_channel_order"}) {
    if (Flag(json, key, false, place)) {
      settings.differences.push_back(
          fmt::format("{}{} is true, which is not done here", shown, key));
    }
  }
  return settings;
}

// timm's: what the weights were trained with, under pretrained_cfg or, before,
// at the top.
ImageSettings FromTimm(const Json& json, const std::string& source) {
  const Json* nested = Find(json, "pretrained_cfg");
  const Json& given = nested != nullptr ? *nested : json;
  const std::string place =
      source + (nested != nullptr ? ": /pretrained_cfg/" : ": /");
  ImageSettings settings;
  settings.source = source;
  settings.mean = Three(given, "mean", false, 1, place);
  settings.deviation = Three(given, "std", true, 1, place);
  if (const Json* size = Find(given, "input_size")) {
    if (!size->is_array() || size->size() != 3 || (*size)[0] != 3 ||
        (*size)[1] != (*size)[2]) {
      Unfit(place + "input_size", *size, "[3, pixels, pixels]");
    }
    settings.image_size = Side((*size)[1], place + "input_size/1");
  }
  const auto text = [&](const char* key) {
    const Json* value = Find(given, key);
    return value != nullptr && value->is_string() ? value->get<std::string>()
                                                  : std::string();
  };
  WantBilinear(text("interpolation"), Shown(source) + "interpolation",
               settings);
  if (const Json* share = Find(given, "crop_pct");
      share != nullptr && *share != 1) {
    TellCrop(settings.image_size.value_or(0),
             fmt::format("{}crop_pct is {}", Shown(source), share->dump()),
             settings);
  }
  if (const Json* changes = Find(json, "model_args");
      changes != nullptr && !changes->empty()) {
    Unfit(source + ": /model_args", *changes, "nothing, the plain network,");
  }
  std::string architecture = json.value("architecture", "");
  architecture = architecture.substr(0, architecture.find('.'));  // its tag
  // TensorFlow's own weights under timm's names.
  if (architecture == "tf_efficientnet_lite0") {
    architecture = "efficientnet_lite0";
    settings.same_padding = true;
    constexpr double kTensorFlowEpsilon = 1e-3;
    settings.batch_norm_epsilon = kTensorFlowEpsilon;
  }
  settings.architecture = architecture;
  return settings;
}

ImageSettings FromOwn(const fs::path& folder) {
  const GridBackboneConfig config = ReadGridBackboneConfig(folder);
  ImageSettings settings;
  settings.source = (folder / "config.json").string();
  settings.architecture = config.architecture;
  settings.mean = config.mean;
  settings.deviation = config.deviation;
  settings.image_size = config.image_size;
  settings.same_padding = config.same_padding;
  settings.batch_norm_epsilon = config.batch_norm_epsilon;
  settings.differences = config.differences;
  return settings;
}

template <typename T>
void MustAgree(const std::optional<T>& a, const std::optional<T>& b,
               const char* what, const ImageSettings& one,
               const ImageSettings& other) {
  if (a && b && *a != *b) {
    throw DataError(fmt::format(
        "{} and {} say different things of {}: the two must agree, or one must "
        "go",
        one.source, other.source, what));
  }
}

}  // namespace

ImageSettings ReadImageSettings(const fs::path& folder) {
  std::optional<ImageSettings> of_config, of_preprocessor;
  const fs::path config = folder / "config.json",
                 preprocessor = folder / "preprocessor_config.json";
  if (IsThere(config)) {
    const Json json = ReadJsonFile(config);
    const bool is_own = json.contains("deviation") ||
                        json.contains("padding") || json.contains("image_size");
    if (is_own) {
      of_config = FromOwn(folder);
    } else if (json.is_object() && json.contains("architecture") &&
               json["architecture"].is_string()) {
      of_config = FromTimm(json, config.string());
    }
  }
  if (IsThere(preprocessor)) {
    of_preprocessor =
        FromPreprocessor(ReadJsonFile(preprocessor), preprocessor.string());
  }
  if (!of_preprocessor) return of_config.value_or(ImageSettings());
  if (!of_config) return *of_preprocessor;
  MustAgree(of_config->mean, of_preprocessor->mean, "the mean", *of_config,
            *of_preprocessor);
  MustAgree(of_config->deviation, of_preprocessor->deviation, "the deviation",
            *of_config, *of_preprocessor);
  MustAgree(of_config->image_size, of_preprocessor->image_size, "the size",
            *of_config, *of_preprocessor);
  ImageSettings both = *of_config;
  if (!both.mean) both.mean = of_preprocessor->mean;
  if (!both.deviation) both.deviation = of_preprocessor->deviation;
  if (!both.image_size) both.image_size = of_preprocessor->image_size;
  for (const std::string& line : of_preprocessor->differences) {
    if (std::find(both.differences.begin(), both.differences.end(), line) ==
        both.differences.end()) {
      both.differences.push_back(line);
    }
  }
  return both;
}

}  // namespace msdbench
