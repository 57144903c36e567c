#include "baselines/models/checkpoint_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "reports/error.h"

namespace msdbench {
namespace {

constexpr std::string_view kAnchor = "embeddings.word_embeddings.weight";

// What stands before `anchor`, "" or ending in a dot; none = no tensor is
// called so.
std::optional<std::string> PrefixBefore(const StateDict& state,
                                        std::string_view anchor,
                                        const std::string& source) {
  std::optional<std::string> prefix;
  for (const auto& item : state) {
    const std::string& name = item.first;
    if (!EndsWith(name, anchor)) continue;
    const std::string before = name.substr(0, name.size() - anchor.size());
    if (!before.empty() && before.back() != '.') continue;
    if (prefix) {
      throw DataError(fmt::format(
          "{}: two models are in it, one below \"{}\" and one below \"{}\"; "
          "save one alone",
          source, *prefix, before));
    }
    prefix = before;
  }
  return prefix;
}

void ReplaceEnd(std::string& name, std::string_view old, std::string_view now) {
  if (EndsWith(name, old)) {
    name.replace(name.size() - old.size(), std::string::npos, now);
  }
}

// Below BERT's prefix, as HuggingFace calls it.
std::string HuggingFacesName(std::string name) {
  ReplaceEnd(name, "LayerNorm.gamma", "LayerNorm.weight");
  ReplaceEnd(name, "LayerNorm.beta", "LayerNorm.bias");
  constexpr std::string_view kEmbeddings = "embeddings.";
  if (!StartsWith(name, kEmbeddings)) return name;
  const std::string rest = name.substr(kEmbeddings.size());
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3>
      kVisual = {
          {{"token_type_embeddings_visual.", "visual_token_type_embeddings."},
           {"position_embeddings_visual.", "visual_position_embeddings."},
           {"projection.", "visual_projection."}}};
  for (const auto& [theirs, ours] : kVisual) {
    if (StartsWith(rest, theirs)) {
      return fmt::format("{}{}{}", kEmbeddings, ours,
                         rest.substr(theirs.size()));
    }
  }
  return name;
}

// "module.bert." -> "module.", where our own parts beside the encoder are.
std::string OuterPrefix(std::string prefix) {
  for (std::string_view inner : {"visual_bert.", "bert."}) {
    if (EndsWith(prefix, inner)) {
      prefix.resize(prefix.size() - inner.size());
      return prefix;
    }
  }
  return prefix;
}

constexpr std::array<const char*, 6> kVisualParts = {
    "embeddings.visual_token_type_embeddings.weight",
    "embeddings.visual_position_embeddings.weight",
    "embeddings.visual_projection.weight",
    "embeddings.visual_projection.bias",
    "pooler.dense.weight",
    "pooler.dense.bias"};

// Every tensor of a text encoder.
std::vector<std::string> TextParts(std::int64_t layers) {
  std::vector<std::string> names;
  for (const char* table : {"word", "position", "token_type"}) {
    names.push_back(
        fmt::format("{}embeddings.{}_embeddings.weight", kBertPrefix, table));
  }
  const auto pair = [&](const std::string& name) {
    for (const char* leaf : {".weight", ".bias"}) names.push_back(name + leaf);
  };
  pair(fmt::format("{}embeddings.LayerNorm", kBertPrefix));
  for (std::int64_t i = 0; i < layers; ++i) {
    for (const char* part :
         {"attention.self.query", "attention.self.key", "attention.self.value",
          "attention.output.dense", "attention.output.LayerNorm",
          "intermediate.dense", "output.dense", "output.LayerNorm"}) {
      pair(fmt::format("{}{}.{}", kLayerPrefix, i, part));
    }
  }
  return names;
}

}  // namespace

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         text.substr(text.size() - end.size()) == end;
}

StateDict BertNames(const StateDict& state, const std::string& source) {
  const std::string prefix = PrefixBefore(state, kAnchor, source).value_or("");
  const std::string outer = OuterPrefix(prefix);
  const auto ours = [&](const std::string& name) {
    if (StartsWith(name, prefix)) {
      const std::string inner = HuggingFacesName(name.substr(prefix.size()));
      for (std::string_view part : {"embeddings.", "encoder.", "pooler."}) {
        if (StartsWith(inner, part)) return std::string(kBertPrefix) + inner;
      }
    }
    return StartsWith(name, outer) ? name.substr(outer.size()) : name;
  };
  StateDict renamed;
  std::map<std::string, std::string> from;
  for (const auto& [name, tensor] : state) {
    // Buffers of 0, 1, 2, ... and of zeros, no weights.
    if (EndsWith(name, "embeddings.position_ids") ||
        EndsWith(name, "embeddings.token_type_ids")) {
      continue;
    }
    const std::string now = ours(name);
    const auto [place, is_new] = from.emplace(now, name);
    if (!is_new) {
      throw DataError(fmt::format("{}: {} and {} are the same tensor by name",
                                  source, place->second, name));
    }
    renamed[now] = tensor;
  }
  return renamed;
}

std::vector<std::string> MissingFromBert(const StateDict& bert) {
  std::vector<std::string> missing;
  for (const std::string& name : TextParts(CountLayers(bert))) {
    const auto place = bert.find(name);
    if (place == bert.end()) {
      missing.push_back("missing " + name);
    } else if (!at::isFloatingType(place->second.scalar_type())) {
      missing.push_back(name + " holds no floating-point numbers");
    }
  }
  return missing;
}

std::vector<std::string> NotOfBert(const StateDict& bert) {
  const std::vector<std::string> text = TextParts(CountLayers(bert));
  const std::set<std::string> known(text.begin(), text.end());
  std::vector<std::string> others;
  for (const auto& item : bert) {
    const std::string& name = item.first;
    const bool visual = std::any_of(
        kVisualParts.begin(), kVisualParts.end(), [&](const char* part) {
          return name == fmt::format("{}{}", kBertPrefix, part);
        });
    const bool ours = name == "cls.weight" || name == "cls.bias" ||
                      StartsWith(name, "image.");
    if (known.count(name) == 0 && !visual && !ours) others.push_back(name);
  }
  return others;
}

StateDict WithoutPrefix(const StateDict& state, const std::string& anchor,
                        const std::string& source,
                        std::vector<std::string>& outside) {
  const std::string prefix = PrefixBefore(state, anchor, source).value_or("");
  StateDict renamed;
  for (const auto& [name, tensor] : state) {
    if (StartsWith(name, prefix)) {
      renamed[name.substr(prefix.size())] = tensor;
    } else {
      outside.push_back(name);
    }
  }
  return renamed;
}

std::optional<std::int64_t> LayerOf(std::string_view name) {
  if (!StartsWith(name, kLayerPrefix)) return std::nullopt;
  const std::string_view rest = name.substr(kLayerPrefix.size());
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
  const std::string_view rest = name.substr(kLayerPrefix.size());
  return fmt::format("{}{}{}", kLayerPrefix, layer,
                     rest.substr(rest.find('.')));
}

std::int64_t CountLayers(const StateDict& state) {
  std::int64_t count = 0;
  for (const auto& item : state) {
    count = std::max(count, LayerOf(item.first).value_or(-1) + 1);
  }
  return count;
}

}  // namespace msdbench
