#include "baselines/models/weights_import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string_view>
#include <utility>

#include "baselines/models/checkpoint_names.h"
#include "baselines/models/grid_backbone.h"
#include "baselines/models/image_settings.h"
#include "baselines/models/state_dict.h"
#include "datasets/text/tokenizer_folder.h"
#include "reports/input_file.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

constexpr double kTensorFlowEpsilon = 1e-3;  // of its EfficientNets' norms

fs::path FindFile(const fs::path& from) {
  if (!IsThere(from)) {
    throw DataError(from.string() + ": no such file or folder");
  }
  return IsFolder(from) ? FindWeights(from) : from;
}

// The folder that a file lies in, to be looked into.
fs::path FolderOf(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// Files that say what weights or which texts a folder is of, so that one of
// other weights beside ours would contradict them.
bool TellsOfWeights(const std::string& name) {
  for (const char* other : {"vocab.txt", "tokenizer.json",
                            "tokenizer_config.json", "special_tokens_map.json",
                            "added_tokens.json", "preprocessor_config.json"}) {
    if (name == other) return true;
  }
  for (const char* ending : {".safetensors", ".bin", ".index.json", ".pt",
                             ".pth", ".h5", ".msgpack"}) {
    if (EndsWith(name, ending)) return true;
  }
  return false;
}

// Nothing that stays may belong to other weights than those that are written.
void RefuseOthersIn(const fs::path& folder,
                    const std::vector<std::string>& replaced) {
  std::error_code absent;
  std::vector<std::string> stay;
  for (const auto& entry : fs::directory_iterator(folder, absent)) {
    const std::string name = entry.path().filename().string();
    if (TellsOfWeights(name) &&
        std::find(replaced.begin(), replaced.end(), name) == replaced.end()) {
      stay.push_back(name);
    }
  }
  if (stay.empty()) return;
  std::sort(stay.begin(), stay.end());
  throw UsageError(fmt::format(
      "--out {}: other weights' files would stay beside the new ones: {}; "
      "remove them or name another folder",
      folder.string(), fmt::join(stay, ", ")));
}

void RefuseUnsound(const StateDict& state, const fs::path& file) {
  const std::vector<std::string> lines = UnsoundTensors(state);
  if (lines.empty()) return;
  throw DataError(fmt::format("{}: {}", file.string(), fmt::join(lines, "; ")));
}

void NoteTypes(const StateDict& state, ImportedWeights& imported) {
  const bool doubles =
      std::any_of(state.begin(), state.end(), [](const auto& item) {
        return item.second.scalar_type() == at::kDouble;
      });
  if (doubles) imported.notes.push_back("float64 is rounded to float32");
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

// A tensor that all nets of a kind have, and the kind.
constexpr std::array<std::pair<const char*, const char*>, 3> kAnchors = {
    {{"_conv_stem.weight", "efficientnet_lite0"},
     {"conv_stem.weight", "efficientnet_lite0"},
     {"layer1.0.conv1.weight", "resnet"}}};

// Takes off what wrappers put before the names; empty when these are no image
// weights that we know.
std::string ImageArchitecture(StateDict& state, const fs::path& file,
                              std::vector<std::string>& outside) {
  for (const auto& [anchor, kind] : kAnchors) {
    std::vector<std::string> others;
    StateDict plain = WithoutPrefix(state, anchor, file.string(), others);
    if (!Has(plain, anchor)) continue;
    if (std::string_view(kind) != "resnet") {
      state = std::move(plain);
      outside = std::move(others);
      return kind;
    }
    if (!Has(plain, "conv1.weight")) return "";
    state = std::move(plain);
    outside = std::move(others);
    return Has(state, "layer1.0.conv3.weight") ? "resnet50" : "resnet18";
  }
  return "";
}

std::array<float, 3> Three(const std::vector<double>& values,
                           const std::string& option) {
  if (values.size() != 3) {
    throw UsageError(option + ": three numbers are wanted");
  }
  return {static_cast<float>(values[0]), static_cast<float>(values[1]),
          static_cast<float>(values[2])};
}

// What the files beside the weights say, else what is usual.
void UseSettings(const ImageSettings& settings, bool is_port,
                 GridBackboneConfig& config, ImportedWeights& imported) {
  if (is_port) {
    config.same_padding = true;
    config.batch_norm_epsilon = kTensorFlowEpsilon;
    // (x - 127) / 128 on bytes, as TensorFlow's Lite models were trained.
    config.mean.fill(127.0F / 255);
    config.deviation.fill(128.0F / 255);
    imported.notes.push_back(
        "names of the TensorFlow port, so its padding (same), epsilon 1e-3 "
        "and (x - 127) / 128 are assumed");
  }
  if (!settings.source.empty()) {
    imported.notes.push_back("settings read from " + settings.source);
  }
  std::string assumed;
  const auto use = [&](const auto& said, auto& value, const char* what) {
    if (said) {
      value = *said;
    } else if (!is_port) {
      assumed += (assumed.empty() ? "" : ", ") + std::string(what);
    }
  };
  use(settings.mean, config.mean, "ImageNet's mean");
  use(settings.deviation, config.deviation, "ImageNet's deviation");
  use(settings.image_size, config.image_size, "224 pixels a side");
  use(settings.same_padding, config.same_padding, "symmetric padding");
  if (settings.batch_norm_epsilon) {
    config.batch_norm_epsilon = *settings.batch_norm_epsilon;
  }
  if (!assumed.empty()) {
    imported.notes.push_back("assumed where no option says otherwise: " +
                             assumed);
  }
  config.differences = settings.differences;
  imported.notes.insert(imported.notes.end(), settings.differences.begin(),
                        settings.differences.end());
}

void ImportImageWeights(const ImportOptions& options, const fs::path& file,
                        StateDict state,
                        const std::vector<std::string>& outside,
                        ImportedWeights& imported) {
  GridBackboneConfig config;
  config.architecture = imported.architecture;
  const ImageSettings settings = ReadImageSettings(FolderOf(file));
  if (!settings.architecture.empty() &&
      settings.architecture != config.architecture) {
    throw DataError(fmt::format(
        "{}: /architecture is \"{}\" and the tensors are those of a {}",
        settings.source, settings.architecture, config.architecture));
  }
  const bool is_port = Has(state, "_conv_stem.weight");
  if (is_port) state = FromTensorFlowPort(state, file);
  UseSettings(settings, is_port, config, imported);
  if (!options.padding.empty()) {
    config.same_padding = options.padding == "same";
  }
  if (config.same_padding && config.architecture == "efficientnet_lite0" &&
      !settings.batch_norm_epsilon &&
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
  RefuseOthersIn(options.out, {"model.safetensors"});
  WriteState(state, options.out / "model.safetensors", imported);
  WriteGridBackboneConfig(config, options.out);
  std::vector<std::string> unused = fits.left_out();
  unused.insert(unused.end(), outside.begin(), outside.end());
  if (!unused.empty()) {
    imported.notes.push_back(fmt::format("not needed for visual tokens: {}",
                                         fmt::join(unused, ", ")));
  }
}

// Where a BERT's tensors and its config.json must say the same.
void CheckBert(const StateDict& bert, const Json& config, const fs::path& file,
               const std::string& config_source) {
  std::vector<std::string> problems = MissingFromBert(bert);
  const auto wants = [&](const char* key, std::int64_t have) {
    const Json said = config.value(key, Json());
    if (have >= 0 && said.is_number() && said != have) {
      problems.push_back(fmt::format("{} has {} {} and the tensors {}",
                                     config_source, key, said.dump(), have));
    }
  };
  const auto rows = [&](const char* name, std::int64_t dimension) {
    const auto place = bert.find(name);
    return place != bert.end() && place->second.dim() > dimension
               ? place->second.size(dimension)
               : -1;
  };
  wants("num_hidden_layers", CountLayers(bert));
  if (problems.empty()) {
    wants("hidden_size", rows(kWordEmbeddings, 1));
    wants("vocab_size", rows(kWordEmbeddings, 0));
    wants("max_position_embeddings",
          rows("visual_bert.embeddings.position_embeddings.weight", 0));
    wants("type_vocab_size",
          rows("visual_bert.embeddings.token_type_embeddings.weight", 0));
    wants("intermediate_size",
          rows("visual_bert.encoder.layer.0.intermediate.dense.bias", 0));
  }
  if (!problems.empty()) {
    throw DataError(fmt::format("{}: not a whole BERT: {}", file.string(),
                                fmt::join(problems, "; ")));
  }
}

StoredTokenizer ReadTokenizerOf(const ImportOptions& options,
                                const fs::path& folder) {
  if (!options.vocabulary.empty()) {
    return ReadTokenizer(options.vocabulary, folder);
  }
  if (!HasTokenizer(folder)) {
    throw DataError(folder.string() +
                    ": neither vocab.txt nor tokenizer.json is beside the "
                    "weights; name one with --vocabulary");
  }
  return ReadTokenizer(folder);
}

void ImportTextWeights(const ImportOptions& options, const fs::path& file,
                       const StateDict& state, ImportedWeights& imported) {
  const fs::path folder = FolderOf(file);
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
  const StoredTokenizer tokenizer = ReadTokenizerOf(options, folder);
  const std::vector<std::string>& pieces =
      tokenizer.pieces.vocabulary().tokens();
  const StateDict bert = BertNames(state, file.string());
  const auto words = bert.find(kWordEmbeddings);
  const std::int64_t rows = words != bert.end() && words->second.dim() > 0
                                ? words->second.size(0)
                                : 0;
  const auto wanted = static_cast<std::int64_t>(pieces.size());
  if (rows < wanted) {
    throw DataError(
        fmt::format("{}: {} has {} rows and the vocabulary {} pieces; name "
                    "the right one with --vocabulary",
                    file.string(), kWordEmbeddings, rows, wanted));
  }
  CheckBert(bert, config, file, config_file.string());
  imported.notes.push_back(DescribeTokenizer(tokenizer.pieces));
  if (rows > wanted) {
    imported.notes.push_back(fmt::format(
        "the last {} of {} rows of the word embeddings are beyond the "
        "vocabulary and not used",
        rows - wanted, rows));
  }
  imported.notes.insert(imported.notes.end(), tokenizer.differences.begin(),
                        tokenizer.differences.end());
  const std::vector<std::string> unused = NotOfBert(bert);
  if (!unused.empty()) {
    imported.notes.push_back(fmt::format(
        "not part of a VisualBERT, so not used: {}", fmt::join(unused, ", ")));
  }
  RefuseOthersIn(options.out,
                 {"model.safetensors", "vocab.txt", "tokenizer_config.json"});
  WriteFileAtomically(options.out / "vocab.txt", VocabularyText(pieces));
  WriteFileAtomically(
      options.out / "tokenizer_config.json",
      TokenizerConfig(tokenizer.pieces, tokenizer.max_tokens).dump(2) + "\n");
  WriteFileAtomically(options.out / "config.json", config.dump(2) + "\n");
  WriteState(state, options.out / "model.safetensors", imported);
}

}  // namespace

ImportedWeights ImportWeights(const ImportOptions& options) {
  const fs::path file = FindFile(options.from);
  StateDict state = ReadStateDict(file);
  ImportedWeights imported;
  std::vector<std::string> outside;
  // First, since checkpoints of several parts may hold an image network too.
  const bool is_text =
      std::any_of(state.begin(), state.end(), [](const auto& item) {
        return EndsWith(item.first, "word_embeddings.weight");
      });
  if (!is_text) imported.architecture = ImageArchitecture(state, file, outside);
  const bool is_image = !imported.architecture.empty();
  if (!is_image && !is_text) {
    throw DataError(fmt::format(
        "{}: neither BERT's nor an image backbone's tensors ({}) are in it",
        file.string(), fmt::join(GridArchitectures(), ", ")));
  }
  RefuseUnsound(state, file);
  NoteTypes(state, imported);
  if (is_image) {
    if (!options.vocabulary.empty()) {
      throw UsageError("--vocabulary: image weights have none");
    }
    ImportImageWeights(options, file, std::move(state), outside, imported);
    return imported;
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
