#include "baselines/models/pretrained.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>

#include "baselines/models/checkpoint.h"
#include "baselines/models/classifier.h"
#include "baselines/models/state_dict.h"
#include "reports/input_file.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

constexpr std::string_view kBert = "visual_bert.";
constexpr const char* kWords = "visual_bert.embeddings.word_embeddings.weight";
constexpr std::string_view kLayer = "visual_bert.encoder.layer.";

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         text.substr(text.size() - end.size()) == end;
}

// The names that checkpoints of one model go by: with BERT's or VisualBERT's
// prefix or none, and the layer norms of TensorFlow's time.
std::string OurName(std::string name) {
  for (std::string_view prefix : {"bert.", "visual_bert.", "model.bert."}) {
    if (StartsWith(name, prefix)) {
      name = name.substr(prefix.size());
      break;
    }
  }
  for (std::string_view part : {"embeddings.", "encoder.", "pooler."}) {
    if (StartsWith(name, part)) name = std::string(kBert) + name;
  }
  for (auto [old, now] : {std::pair{"LayerNorm.gamma", "LayerNorm.weight"},
                          std::pair{"LayerNorm.beta", "LayerNorm.bias"}}) {
    if (EndsWith(name, old)) {
      name.replace(name.size() - std::string_view(old).size(),
                   std::string::npos, now);
    }
  }
  return name;
}

// "visual_bert.encoder.layer.7.output..." -> 7.
std::optional<std::int64_t> LayerOf(std::string_view name) {
  if (!StartsWith(name, kLayer)) return std::nullopt;
  const std::string_view rest = name.substr(kLayer.size());
  std::int64_t layer = 0;
  const auto [end, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), layer);
  constexpr std::int64_t kMostLayers = 1000;
  const bool is_layer = error == std::errc() && layer >= 0 &&
                        layer < kMostLayers &&
                        end != rest.data() + rest.size() && *end == '.';
  return is_layer ? std::optional(layer) : std::nullopt;
}

std::string WithLayer(std::string_view name, std::int64_t layer) {
  const std::string_view rest = name.substr(kLayer.size());
  return fmt::format("{}{}{}", kLayer, layer, rest.substr(rest.find('.')));
}

std::int64_t CountLayers(const StateDict& state) {
  std::int64_t count = 0;
  for (const auto& item : state) {
    count = std::max(count, LayerOf(item.first).value_or(-1) + 1);
  }
  return count;
}

// Keeps the layers asked for, numbered anew.
StateDict PickLayers(const StateDict& state,
                     const std::vector<std::int64_t>& layers,
                     std::vector<std::string>& left_out) {
  StateDict picked;
  for (const auto& [name, tensor] : state) {
    const std::optional<std::int64_t> layer = LayerOf(name);
    if (!layer) {
      picked[name] = tensor;
      continue;
    }
    bool used = false;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (layers[i] != *layer) continue;
      picked[WithLayer(name, static_cast<std::int64_t>(i))] = tensor;
      used = true;
    }
    // Sixteen tensors each: the layer's name says it all.
    const std::string whole = fmt::format("{}{}.*", kLayer, *layer);
    if (!used && (left_out.empty() || left_out.back() != whole)) {
      left_out.push_back(whole);
    }
  }
  return picked;
}

// Parts that a text encoder does not have; all else must be in the source.
bool MayBeNew(const std::string& name) {
  return name.find(".visual_") != std::string::npos ||
         StartsWith(name, "image.") || StartsWith(name, "cls.") ||
         name.find("pooler.") != std::string::npos;
}

// VisualBERT's own beginning for a BERT: visual types and positions start as
// the text's (Li et al. 2019; MMF's special_visual_initialize).
const char* TextTwin(const std::string& name) {
  if (EndsWith(name, "visual_token_type_embeddings.weight")) {
    return "visual_bert.embeddings.token_type_embeddings.weight";
  }
  if (EndsWith(name, "visual_position_embeddings.weight")) {
    return "visual_bert.embeddings.position_embeddings.weight";
  }
  return nullptr;
}

std::string ShapeText(at::IntArrayRef shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

WeightsOrigin Fill(Classifier& model, const StateDict& state,
                   bool head_must_fit, std::vector<std::string>& problems) {
  at::NoGradGuard no_grad;
  WeightsOrigin origin;
  std::set<std::string> known;
  for (const auto& named : model->named_parameters()) {
    const std::string& name = named.key();
    at::Tensor parameter = named.value();
    known.insert(name);
    const auto place = state.find(name);
    if (place == state.end()) {
      const char* twin = TextTwin(name);
      const auto text = twin ? state.find(twin) : state.end();
      if (text != state.end() && text->second.sizes() == parameter.sizes()) {
        parameter.copy_(text->second);
        origin.new_ones.push_back(name + " (copied from the text's)");
      } else if (MayBeNew(name)) {
        origin.new_ones.push_back(name + " (drawn)");
      } else {
        problems.push_back("missing " + name);
      }
      continue;
    }
    if (place->second.sizes() == parameter.sizes()) {
      parameter.copy_(place->second);
      ++origin.loaded;
    } else if (StartsWith(name, "cls.") && !head_must_fit) {
      // The head of another task.
      origin.new_ones.push_back(name + " (drawn)");
      origin.left_out.push_back(
          fmt::format("{} {}", name, ShapeText(place->second.sizes())));
    } else {
      problems.push_back(fmt::format("{} is {}, wanted {}", name,
                                     ShapeText(place->second.sizes()),
                                     ShapeText(parameter.sizes())));
    }
  }
  for (const auto& item : state) {
    if (known.count(item.first) == 0) origin.left_out.push_back(item.first);
  }
  return origin;
}

// What tensors' shapes do not show.
void CheckConfig(const Json& config, const Classifier& model,
                 std::vector<std::string>& problems) {
  const VisualBertOptions& bert = model->options().bert;
  const auto wants = [&](const char* key, const Json& wanted) {
    if (config.contains(key) && config[key] != wanted) {
      problems.push_back(fmt::format("config.json has {} {}, the model {}", key,
                                     config[key].dump(), wanted.dump()));
    }
  };
  wants("num_attention_heads", bert.heads);
  wants("hidden_size", bert.hidden);
  wants("intermediate_size", bert.intermediate);
  wants("hidden_act", "gelu");
  wants("position_embedding_type", "absolute");
  wants("layer_norm_eps", bert.layer_norm_epsilon);
}

StateDict OurNames(const StateDict& state) {
  StateDict renamed;
  for (const auto& [name, tensor] : state) {
    // A buffer of positions 0, 1, 2, ..., not a weight.
    if (EndsWith(name, "position_ids")) continue;
    renamed[OurName(name)] = tensor;
  }
  return renamed;
}

std::string Misfit(const std::string& source,
                   const std::vector<std::string>& problems) {
  return fmt::format("{}: does not fit the model: {}", source,
                     fmt::join(problems, "; "));
}

void CheckLayers(const std::vector<std::int64_t>& layers,
                 std::int64_t available, std::int64_t wanted,
                 std::vector<std::string>& problems) {
  if (static_cast<std::int64_t>(layers.size()) != wanted) {
    problems.push_back(
        fmt::format("the model has {} layers and init takes {} (name them in "
                    "init.layers)",
                    wanted, layers.size()));
  }
  for (std::int64_t layer : layers) {
    if (layer >= available) {
      problems.push_back(
          fmt::format("init.layers names layer {} of {} (counted from 0)",
                      layer, available));
    }
  }
}

std::vector<std::int64_t> LayersOrAll(const std::vector<std::int64_t>& layers,
                                      std::int64_t available) {
  if (!layers.empty()) return layers;
  std::vector<std::int64_t> all(available);
  for (std::int64_t i = 0; i < available; ++i) all[i] = i;
  return all;
}

WeightsOrigin FillFromLayers(Classifier& model, const StateDict& state,
                             const std::vector<std::int64_t>& layers,
                             bool head_must_fit,
                             std::vector<std::string>& problems) {
  const std::int64_t available = CountLayers(state);
  const auto chosen = LayersOrAll(layers, available);
  CheckLayers(chosen, available, model->options().bert.layers, problems);
  std::vector<std::string> skipped;
  const StateDict picked = PickLayers(state, chosen, skipped);
  WeightsOrigin origin = Fill(model, picked, head_must_fit, problems);
  origin.left_out.insert(origin.left_out.end(), skipped.begin(), skipped.end());
  return origin;
}

}  // namespace

WeightsOrigin LoadPretrained(Classifier& model,
                             const std::filesystem::path& folder,
                             const std::vector<std::int64_t>& layers,
                             const KeptPieces& pieces) {
  std::vector<std::string> problems;
  CheckConfig(ReadJsonFile(folder / "config.json"), model, problems);
  std::filesystem::path file = folder / "model.safetensors";
  if (!IsThere(file)) file = folder / "pytorch_model.bin";
  StateDict state = OurNames(ReadStateDict(file));
  const auto words = state.find(kWords);
  at::Tensor all_words;
  if (words != state.end()) {
    all_words = words->second;
    if (all_words.dim() == 2 && all_words.size(0) == pieces.total) {
      words->second = all_words.index_select(0, at::tensor(pieces.ids));
    } else {
      problems.push_back(fmt::format(
          "its word embeddings are {} and the vocabulary has {} pieces (name "
          "the weights' own vocab.txt in input.vocabulary)",
          ShapeText(all_words.sizes()), pieces.total));
      throw DataError(Misfit(file.string(), problems));
    }
  }
  WeightsOrigin origin = FillFromLayers(model, state, layers,
                                        /*head_must_fit=*/false, problems);
  if (!problems.empty()) throw DataError(Misfit(file.string(), problems));
  origin.words = all_words;
  return origin;
}

WeightsOrigin CopyLayers(Classifier& student, const Classifier& teacher,
                         const std::vector<std::int64_t>& layers) {
  StateDict state;
  for (const auto& named : teacher->named_parameters()) {
    state[named.key()] = named.value().detach();
  }
  std::vector<std::string> problems;
  const VisualBertOptions &from = teacher->options().bert,
                          &to = student->options().bert;
  if (from.heads != to.heads) {
    problems.push_back(fmt::format("the teacher has {} heads, the student {}",
                                   from.heads, to.heads));
  }
  WeightsOrigin origin = FillFromLayers(student, state, layers,
                                        /*head_must_fit=*/true, problems);
  if (!problems.empty()) {
    throw UsageError(Misfit("student init from the teacher", problems));
  }
  origin.source = "teacher";
  return origin;
}

void SaveModelFolder(const Classifier& model,
                     const std::vector<std::string>& vocabulary,
                     const KeptPieces& pieces, const at::Tensor& words,
                     const std::filesystem::path& folder) {
  const ClassifierOptions& options = model->options();
  const VisualBertOptions& bert = options.bert;
  const Json config = {{"architectures", {"VisualBertModel"}},
                       {"model_type", "visual_bert"},
                       {"vocab_size", pieces.total},
                       {"hidden_size", bert.hidden},
                       {"num_hidden_layers", bert.layers},
                       {"num_attention_heads", bert.heads},
                       {"intermediate_size", bert.intermediate},
                       {"hidden_act", "gelu"},
                       {"hidden_dropout_prob", bert.dropout},
                       {"attention_probs_dropout_prob", bert.dropout},
                       {"max_position_embeddings", bert.positions},
                       {"type_vocab_size", 2},
                       {"layer_norm_eps", bert.layer_norm_epsilon},
                       {"visual_embedding_dim", bert.visual_width},
                       {"bypass_transformer", false},
                       {"special_visual_initialize", true},
                       {"num_labels", options.labels},
                       {"pad_token_id", 0}};
  const at::Tensor kept =
      model->named_parameters()[kWords].detach().to(at::kCPU, at::kFloat);
  at::Tensor whole = words.defined() ? words.to(at::kFloat).clone()
                                     : at::zeros({pieces.total, kept.size(1)});
  whole.index_copy_(0, at::tensor(pieces.ids), kept);
  SaveWeights(*model, folder / "model.safetensors", {{"format", "pt"}},
              {{kWords, whole}});
  WriteFileAtomically(folder / "config.json", config.dump(2) + "\n");
  WriteFileAtomically(folder / "vocab.txt",
                      fmt::format("{}\n", fmt::join(vocabulary, "\n")));
}

}  // namespace msdbench
