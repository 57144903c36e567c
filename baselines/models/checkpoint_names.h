// The names that tensors of one model go by in checkpoints of many origins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baselines/models/state_dict.h"

namespace msdbench {

inline constexpr std::string_view kBertPrefix = "visual_bert.";
inline constexpr std::string_view kLayerPrefix = "visual_bert.encoder.layer.";
inline constexpr const char* kWordEmbeddings =
    "visual_bert.embeddings.word_embeddings.weight";

// A BERT's or VisualBERT's tensors under this project's (HuggingFace's) names:
// whatever stands before "embeddings.word_embeddings.weight" (bert., module.,
// model.bert., any depth) is taken off; layer norms of TensorFlow's time
// (gamma, beta) and the visual parts of MMF and VisualBERT's authors
// (token_type_embeddings_visual, position_embeddings_visual, projection) are
// renamed; buffers of positions are dropped. Throws DataError where the file
// holds two such models, or one tensor under two names; `source` names it.
StateDict BertNames(const StateDict& state, const std::string& source);

// "missing ..." for each tensor that a text BERT of so many layers has and
// these (under BertNames) lack or hold as whole numbers; its pooler aside.
std::vector<std::string> MissingFromBert(const StateDict& bert);
// Names that are no part of a VisualBERT or of a model of ours.
std::vector<std::string> NotOfBert(const StateDict& bert);

// The same for image networks: what stands before `anchor`, a tensor that all
// of them have, is taken off. `outside` gets the names that do not start so;
// they are dropped. Nothing changes where no tensor ends so.
StateDict WithoutPrefix(const StateDict& state, const std::string& anchor,
                        const std::string& source,
                        std::vector<std::string>& outside);

// "visual_bert.encoder.layer.7.output..." -> 7.
std::optional<std::int64_t> LayerOf(std::string_view name);
std::string WithLayer(std::string_view name, std::int64_t layer);
// One more than the highest layer.
std::int64_t CountLayers(const StateDict& state);

bool StartsWith(std::string_view text, std::string_view start);
bool EndsWith(std::string_view text, std::string_view end);

}  // namespace msdbench
