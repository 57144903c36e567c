#include "baselines/models/pretrained.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "baselines/models/checkpoint_names.h"
#include "baselines/models/classifier.h"
#include "baselines/models/model_parts.h"
#include "reports/input_file.h"

namespace msdbench {
namespace {

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
    const std::string whole = fmt::format("{}{}.*", kLayerPrefix, *layer);
    if (!used && (left_out.empty() || left_out.back() != whole)) {
      left_out.push_back(whole);
    }
  }
  return picked;
}

bool IsHead(const std::string& name) { return StartsWith(name, "cls."); }

bool MayBeNew(const std::string& name,
              const std::vector<std::string>& new_parts) {
  if (name == kWordEmbeddings) return false;
  return IsHead(name) || std::any_of(new_parts.begin(), new_parts.end(),
                                     [&](const std::string& part) {
                                       return NamesPart(part, name);
                                     });
}

// A text encoder has no visual parts to take over, so they begin anew where the
// suite says nothing; of a VisualBERT nothing does that the suite does not
// name.
std::vector<std::string> NewParts(const PretrainedSource& source,
                                  const PretrainedChoice& choice) {
  if (!choice.new_parts.empty()) return choice.new_parts;
  const auto is_visual = [](const auto& entry) {
    const std::string& name = entry.first;
    return StartsWith(name, "image.") ||
           name.find(".visual_") != std::string::npos;
  };
  // Embeddings of no BERT may be visual parts under names unknown here.
  const std::vector<std::string> others = NotOfBert(source.state);
  const bool has_other_embeddings =
      std::any_of(others.begin(), others.end(), [](const std::string& name) {
        return name.find("embeddings.") != std::string::npos &&
               !EndsWith(name, "position_ids");
      });
  const Json& config = source.config;
  const bool is_text_encoder =
      config.is_object() && config.value("model_type", Json()) == "bert" &&
      !has_other_embeddings &&
      std::none_of(source.state.begin(), source.state.end(), is_visual);
  if (!is_text_encoder) return {};
  return {"visual_*", "image"};
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

struct FillRules {
  std::vector<std::string> new_parts;
  bool head_must_fit = false;
  // Only looked at, before the data has said how many pieces, labels and
  // features there are.
  bool only_check = false;
};

// Whether the tensor fits, as far as that is known.
bool Fits(const std::string& name, const at::Tensor& tensor,
          const at::Tensor& parameter, bool from_pixels,
          const FillRules& rules) {
  if (tensor.sizes() == parameter.sizes()) return true;
  if (!rules.only_check || tensor.dim() != parameter.dim()) return false;
  if (name == kWordEmbeddings) return tensor.size(1) == parameter.size(1);
  if (from_pixels) return false;
  return StartsWith(name, "image.") ||
         (EndsWith(name, "visual_projection.weight") &&
          tensor.size(0) == parameter.size(0));
}

// NaN or Inf in one place makes every number after it worthless.
void Copy(const std::string& name, const at::Tensor& from, at::Tensor& to,
          const FillRules& rules, std::vector<std::string>& problems) {
  for (const std::string& line : UnsoundTensors({{name, from}})) {
    // Of words the whole table was looked at before.
    if (std::find(problems.begin(), problems.end(), line) == problems.end()) {
      problems.push_back(line);
    }
  }
  if (!at::isFloatingType(from.scalar_type())) {
    problems.push_back(name + " holds no floating-point numbers");
  }
  if (!rules.only_check) to.copy_(from);
}

WeightsOrigin Fill(Classifier& model, const StateDict& state,
                   const FillRules& rules, std::vector<std::string>& problems) {
  at::NoGradGuard no_grad;
  const bool from_pixels = !model->options().image.channels.empty();
  WeightsOrigin origin;
  std::set<std::string> known;
  std::vector<std::string> missing;
  for (const auto& named : model->named_parameters()) {
    const std::string& name = named.key();
    at::Tensor parameter = named.value();
    known.insert(name);
    const auto place = state.find(name);
    const bool is_there = place != state.end();
    const bool may_be_new =
        MayBeNew(name, rules.new_parts) && !(rules.head_must_fit);
    if (is_there && (Fits(name, place->second, parameter, from_pixels, rules) ||
                     (rules.only_check && IsHead(name)))) {
      Copy(name, place->second, parameter, rules, problems);
      ++origin.loaded;
      continue;
    }
    if (is_there) {
      const std::string line =
          fmt::format("{} {}", name, ShapeText(place->second.sizes()));
      if (may_be_new) {
        origin.left_out.push_back(line);
      } else {
        problems.push_back(fmt::format("{} is {}, wanted {}", name,
                                       ShapeText(place->second.sizes()),
                                       ShapeText(parameter.sizes())));
        continue;
      }
    }
    if (!may_be_new) {
      problems.push_back("missing " + name);
      missing.push_back(name);
      continue;
    }
    const char* twin = TextTwin(name);
    const auto text = twin ? state.find(twin) : state.end();
    if (text != state.end() && text->second.sizes() == parameter.sizes()) {
      if (!rules.only_check) parameter.copy_(text->second);
      origin.new_ones.push_back(name + " (copied from the text's)");
    } else {
      origin.new_ones.push_back(name + " (drawn)");
    }
  }
  for (const auto& item : state) {
    if (known.count(item.first) == 0) origin.left_out.push_back(item.first);
  }
  // First, since the list may be long.
  const std::string hint = NewPartsHint(missing);
  if (!hint.empty()) problems.insert(problems.begin(), hint);
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
  wants("is_decoder", false);
  wants("add_cross_attention", false);
}

// Fewer layers than config.json tells of: half a checkpoint.
void CheckLayerCount(const Json& config, std::int64_t available,
                     std::vector<std::string>& problems) {
  const Json layers =
      config.is_object() ? config.value("num_hidden_layers", Json()) : Json();
  if (layers.is_number() && layers != available) {
    problems.push_back(
        fmt::format("config.json has num_hidden_layers {} and the weights have "
                    "{} layers",
                    layers.dump(), available));
  }
}

void CheckNewParts(const Classifier& model,
                   const std::vector<std::string>& new_parts) {
  for (const std::string& part : new_parts) {
    bool names_any = false;
    std::set<std::string> modules;
    for (const auto& named : model->named_parameters()) {
      names_any |= NamesPart(part, named.key());
      modules.insert(ShortPart(named.key()));
    }
    if (names_any) continue;
    modules.erase("");
    throw UsageError(fmt::format(
        "init.new: \"{}\" names no part of the model; its parts are, among "
        "others, {}, cls",
        part, fmt::join(modules, ", ")));
  }
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
                             const FillRules& rules,
                             std::vector<std::string>& problems) {
  const std::int64_t available = CountLayers(state);
  const auto chosen = LayersOrAll(layers, available);
  CheckLayers(chosen, available, model->options().bert.layers, problems);
  std::vector<std::string> skipped;
  const StateDict picked = PickLayers(state, chosen, skipped);
  WeightsOrigin origin = Fill(model, picked, rules, problems);
  origin.left_out.insert(origin.left_out.end(), skipped.begin(), skipped.end());
  return origin;
}

}  // namespace

PretrainedSource OpenPretrained(const std::filesystem::path& folder) {
  PretrainedSource source;
  source.config = ReadJsonFile(folder / "config.json");
  const std::filesystem::path file = FindWeights(folder);
  source.file = file.string();
  source.state = BertNames(ReadStateDict(file), source.file);
  return source;
}

bool TakesFeaturesAsTheyAre(const PretrainedSource& source,
                            const PretrainedChoice& choice,
                            std::int64_t width) {
  constexpr const char* kNorm = "image.norm.weight";
  const bool norm_is_new = std::any_of(
      choice.new_parts.begin(), choice.new_parts.end(),
      [](const std::string& part) { return NamesPart(part, kNorm); });
  const auto projection =
      source.state.find("visual_bert.embeddings.visual_projection.weight");
  return !norm_is_new && source.state.count(kNorm) == 0 &&
         projection != source.state.end() && projection->second.dim() == 2 &&
         (width == 0 || projection->second.size(1) == width);
}

WeightsOrigin LoadPretrained(Classifier& model, const PretrainedSource& source,
                             const PretrainedChoice& choice,
                             const KeptPieces& pieces) {
  CheckNewParts(model, choice.new_parts);
  std::vector<std::string> problems;
  CheckConfig(source.config, model, problems);
  CheckLayerCount(source.config, CountLayers(source.state), problems);
  StateDict state = source.state;
  const auto words = state.find(kWordEmbeddings);
  at::Tensor all_words;
  std::int64_t padding = 0;
  if (words != state.end()) {
    all_words = words->second;
    if (all_words.dim() != 2 || all_words.size(0) < pieces.total) {
      problems.push_back(fmt::format(
          "its word embeddings are {} and the vocabulary has {} pieces (name "
          "the weights' own vocab.txt in input.vocabulary)",
          ShapeText(all_words.sizes()), pieces.total));
      throw DataError(Misfit(source.file, problems));
    }
    const auto unsound = UnsoundTensors({{kWordEmbeddings, all_words}});
    problems.insert(problems.end(), unsound.begin(), unsound.end());
    padding = all_words.size(0) - pieces.total;
    all_words = all_words.narrow(0, 0, pieces.total);
    words->second = all_words.index_select(0, at::tensor(pieces.ids));
  }
  FillRules rules;
  rules.new_parts = NewParts(source, choice);
  WeightsOrigin origin =
      FillFromLayers(model, state, choice.layers, rules, problems);
  if (!problems.empty()) throw DataError(Misfit(source.file, problems));
  origin.words = all_words;
  if (padding > 0) {
    origin.left_out.push_back(
        fmt::format("{}: its last {} rows, beyond the vocabulary",
                    kWordEmbeddings, padding));
  }
  return origin;
}

void CheckPretrained(ClassifierOptions options, const PretrainedSource& source,
                     const PretrainedChoice& choice) {
  options.bert.vocabulary = options.labels = 1;
  if (options.image.channels.empty()) {
    options.image.feature_tokens = options.image.feature_width = 1;
    options.image.as_they_are = TakesFeaturesAsTheyAre(source, choice, 0);
  }
  Classifier model(options, 0);
  CheckNewParts(model, choice.new_parts);
  std::vector<std::string> problems;
  CheckConfig(source.config, model, problems);
  CheckLayerCount(source.config, CountLayers(source.state), problems);
  FillRules rules;
  rules.new_parts = NewParts(source, choice);
  rules.only_check = true;
  FillFromLayers(model, source.state, choice.layers, rules, problems);
  if (!problems.empty()) throw DataError(Misfit(source.file, problems));
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
  FillRules rules;
  rules.head_must_fit = true;
  WeightsOrigin origin =
      FillFromLayers(student, state, layers, rules, problems);
  if (!problems.empty()) {
    throw UsageError(Misfit("student init from the teacher", problems));
  }
  origin.source = "teacher";
  return origin;
}

}  // namespace msdbench
