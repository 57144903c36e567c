#include "baselines/models/weights_import.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "baselines/models/grid_backbone.h"
#include "baselines/models/state_dict.h"
#include "datasets/text/wordpiece.h"
#include "reports/input_file.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

constexpr double kTensorFlowEpsilon = 1e-3;  // of its EfficientNets' norms

fs::path FindWeights(const fs::path& from) {
  if (!IsThere(from)) {
    throw DataError(from.string() + ": no such file or folder");
  }
  if (!IsFolder(from)) return from;
  for (const char* name : {"model.safetensors", "pytorch_model.bin"}) {
    if (IsThere(from / name)) return from / name;
  }
  throw DataError(from.string() +
                  ": neither model.safetensors nor pytorch_model.bin is in "
                  "this folder; name the file itself");
}

void WriteState(const StateDict& state, const fs::path& file,
                ImportedWeights& imported) {
  std::vector<std::pair<std::string, at::Tensor>> weights;
  for (const auto& [name, tensor] : state) {
    if (!at::isFloatingType(tensor.scalar_type())) continue;  // counters
    weights.emplace_back(name, tensor);
    ++imported.tensors;
    imported.parameters += tensor.numel();
  }
  WriteTensors(file, weights, {{"format", "pt"}});
}

// The names of the TensorFlow port ("_blocks.3._expand_conv") in timm's.
StateDict FromTensorFlowPort(const StateDict& state, const fs::path& file) {
  // Blocks are counted through there, and stage by stage in timm.
  constexpr std::array<int, 7> kRepeats = {1, 2, 2, 3, 3, 4, 1};
  std::vector<std::string> places;
  for (std::size_t stage = 0; stage < kRepeats.size(); ++stage) {
    for (int i = 0; i < kRepeats[stage]; ++i) {
      places.push_back(fmt::format("blocks.{}.{}", stage, i));
    }
  }
  // The first block has no expansion, so its norms are one number earlier.
  const std::map<std::string, std::string> first = {
      {"_depthwise_conv", "conv_dw"},
      {"_bn1", "bn1"},
      {"_project_conv", "conv_pw"},
      {"_bn2", "bn2"}};
  const std::map<std::string, std::string> later = {
      {"_expand_conv", "conv_pw"},    {"_bn0", "bn1"},
      {"_depthwise_conv", "conv_dw"}, {"_bn1", "bn2"},
      {"_project_conv", "conv_pwl"},  {"_bn2", "bn3"}};
  const std::map<std::string, std::string> outer = {{"_conv_stem", "conv_stem"},
                                                    {"_bn0", "bn1"},
                                                    {"_conv_head", "conv_head"},
                                                    {"_bn1", "bn2"},
                                                    {"_fc", "classifier"}};
  StateDict renamed;
  for (const auto& [name, tensor] : state) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    for (std::size_t dot = name.find('.'); dot != std::string::npos;
         dot = name.find('.', start)) {
      parts.push_back(name.substr(start, dot - start));
      start = dot + 1;
    }
    const std::string leaf = name.substr(start);
    std::string now;
    if (parts.size() == 3 && parts[0] == "_blocks") {
      std::size_t index = places.size();
      std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(),
                      index);
      const auto& names = index == 0 ? first : later;
      const auto place = names.find(parts[2]);
      if (index < places.size() && place != names.end()) {
        now = places[index] + "." + place->second + "." + leaf;
      }
    } else if (parts.size() == 1 && outer.count(parts[0]) > 0) {
      now = outer.at(parts[0]) + "." + leaf;
    }
    if (now.empty()) {
      throw DataError(file.string() + ": unexpected tensor " + name +
                      " in an EfficientNet-Lite0");
    }
    renamed[now] = tensor;
  }
  return renamed;
}

bool Has(const StateDict& state, const std::string& name) {
  return state.count(name) > 0;
}

// Empty when these are no image weights that we know.
std::string ImageArchitecture(const StateDict& state) {
  if (Has(state, "_conv_stem.weight") || Has(state, "conv_stem.weight")) {
    return "efficientnet_lite0";
  }
  if (!Has(state, "conv1.weight") || !Has(state, "layer1.0.conv1.weight")) {
    return "";
  }
  return Has(state, "layer1.0.conv3.weight") ? "resnet50" : "resnet18";
}

std::array<float, 3> Three(const std::vector<double>& values,
                           const std::string& option) {
  if (values.size() != 3) {
    throw UsageError(option + ": three numbers are wanted");
  }
  return {static_cast<float>(values[0]), static_cast<float>(values[1]),
          static_cast<float>(values[2])};
}

void ImportImageWeights(const ImportOptions& options, const fs::path& file,
                        StateDict state, ImportedWeights& imported) {
  GridBackboneConfig config;
  config.architecture = imported.architecture;
  if (Has(state, "_conv_stem.weight")) {
    state = FromTensorFlowPort(state, file);
    config.same_padding = true;
    config.batch_norm_epsilon = kTensorFlowEpsilon;
    // (x - 127) / 128 on bytes, as TensorFlow's Lite models were trained.
    config.mean.fill(127.0F / 255);
    config.deviation.fill(128.0F / 255);
    imported.notes.push_back(
        "names of the TensorFlow port, so its padding (same), epsilon 1e-3 "
        "and (x - 127) / 128 are assumed");
  } else {
    imported.notes.push_back(
        "ImageNet's mean and deviation and symmetric padding are assumed "
        "where no option says otherwise");
  }
  if (!options.padding.empty()) {
    config.same_padding = options.padding == "same";
  }
  if (config.same_padding && config.architecture == "efficientnet_lite0" &&
      config.batch_norm_epsilon != kTensorFlowEpsilon) {
    config.batch_norm_epsilon = kTensorFlowEpsilon;
    imported.notes.push_back(
        "padding same, so TensorFlow's epsilon 1e-3 is assumed");
  }
  if (options.image_size) config.image_size = *options.image_size;
  if (!options.mean.empty()) config.mean = Three(options.mean, "--mean");
  if (!options.deviation.empty()) {
    config.deviation = Three(options.deviation, "--deviation");
    for (float value : config.deviation) {
      if (!(value > 0)) throw UsageError("--deviation: must be above 0");
    }
  }
  // Throws where it does not fit; a folder that is there stays as it is.
  const GridBackbone fits(config, state, options.from.string());
  WriteState(state, options.out / "model.safetensors", imported);
  WriteGridBackboneConfig(config, options.out);
  if (!fits.left_out().empty()) {
    imported.notes.push_back(fmt::format("not needed for visual tokens: {}",
                                         fmt::join(fits.left_out(), ", ")));
  }
}

// From vocab.txt, or from tokenizer.json's model.vocab.
Vocabulary ReadVocabulary(const fs::path& given, const fs::path& folder) {
  fs::path file = given;
  for (const char* name : {"vocab.txt", "tokenizer.json"}) {
    if (file.empty() && IsThere(folder / name)) file = folder / name;
  }
  if (file.empty()) {
    throw DataError(folder.string() +
                    ": neither vocab.txt nor tokenizer.json is beside the "
                    "weights; name one with --vocabulary");
  }
  if (file.extension() != ".json") return Vocabulary::FromFile(file);
  // Not Json, which searches an object's keys one by one.
  const auto json = nlohmann::json::parse(ReadTextFile(file), nullptr,
                                          /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    throw DataError(file.string() + ": not valid JSON");
  }
  const nlohmann::json::json_pointer place("/model/vocab");
  if (!json.contains(place) || !json.at(place).is_object() ||
      json.at(place).empty()) {
    throw DataError(file.string() + ": /model/vocab: no word pieces there");
  }
  const nlohmann::json& pieces = json.at(place);
  std::vector<std::string> words(pieces.size());
  for (const auto& [piece, id] : pieces.items()) {
    if (!id.is_number_unsigned() || id.get<std::size_t>() >= words.size() ||
        !words[id.get<std::size_t>()].empty()) {
      throw DataError(file.string() +
                      ": /model/vocab: ids must be 0, 1, 2, ..., each once");
    }
    words[id.get<std::size_t>()] = piece;
  }
  return Vocabulary(std::move(words), file.string());
}

void ImportTextWeights(const ImportOptions& options, const fs::path& file,
                       const StateDict& state, ImportedWeights& imported) {
  const fs::path folder = file.parent_path();
  const fs::path config_file = folder / "config.json";
  const Json config = ReadJsonFile(config_file);
  const Json type =
      config.is_object() ? config.value("model_type", Json("bert")) : Json();
  if (type != "bert" && type != "visual_bert") {
    throw DataError(
        fmt::format("{}: model_type {} is not one of bert, visual_bert",
                    config_file.string(), type.dump()));
  }
  imported.architecture = type;
  const std::vector<std::string> pieces =
      ReadVocabulary(options.vocabulary, folder).tokens();
  for (const auto& [name, tensor] : state) {
    if (name.find("word_embeddings.weight") == std::string::npos) continue;
    const std::int64_t rows = tensor.dim() > 0 ? tensor.size(0) : 0;
    if (rows != static_cast<std::int64_t>(pieces.size())) {
      throw DataError(
          fmt::format("{}: {} has {} rows and the vocabulary {} pieces; name "
                      "the right one with --vocabulary",
                      file.string(), name, rows, pieces.size()));
    }
  }
  WriteFileAtomically(options.out / "vocab.txt",
                      fmt::format("{}\n", fmt::join(pieces, "\n")));
  WriteFileAtomically(options.out / "config.json", config.dump(2) + "\n");
  WriteState(state, options.out / "model.safetensors", imported);
}

}  // namespace

ImportedWeights ImportWeights(const ImportOptions& options) {
  const fs::path file = FindWeights(options.from);
  const StateDict state = ReadStateDict(file);
  ImportedWeights imported;
  imported.architecture = ImageArchitecture(state);
  if (!imported.architecture.empty()) {
    if (!options.vocabulary.empty()) {
      throw UsageError("--vocabulary: image weights have none");
    }
    ImportImageWeights(options, file, state, imported);
    return imported;
  }
  const bool is_text =
      std::any_of(state.begin(), state.end(), [](const auto& item) {
        return item.first.find("word_embeddings.weight") != std::string::npos;
      });
  if (!is_text) {
    throw DataError(fmt::format(
        "{}: neither BERT's nor an image backbone's tensors ({}) are in it",
        file.string(), fmt::join(GridArchitectures(), ", ")));
  }
  if (!options.padding.empty() || options.image_size || !options.mean.empty() ||
      !options.deviation.empty()) {
    throw UsageError(
        "--padding, --image-size, --mean, --deviation: of image weights, and "
        "these are a text model's");
  }
  ImportTextWeights(options, file, state, imported);
  return imported;
}

}  // namespace msdbench
