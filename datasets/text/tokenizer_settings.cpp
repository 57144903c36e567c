#include "datasets/text/tokenizer_settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "datasets/text/basic_tokenizer.h"
#include "reports/error.h"
#include "reports/input_file.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using Plain = nlohmann::json;

constexpr std::array<const char*, 5> kSpecialKeys = {
    "pad_token", "unk_token", "cls_token", "sep_token", "mask_token"};

// Those that split and cut as BERT's does.
constexpr std::array<const char*, 12> kClasses = {
    "BertTokenizer",           "BertTokenizerFast",
    "DistilBertTokenizer",     "DistilBertTokenizerFast",
    "ElectraTokenizer",        "ElectraTokenizerFast",
    "LxmertTokenizer",         "LxmertTokenizerFast",
    "MobileBertTokenizer",     "MobileBertTokenizerFast",
    "PreTrainedTokenizerFast", "TokenizersBackend"};

[[noreturn]] void Unknown(const std::string& place, const Plain& value,
                          const std::string& allowed) {
  throw DataError(fmt::format("{} is {}, which is not read here; allowed: {}",
                              place, value.dump(), allowed));
}

// Absent and null are nothing said.
const Plain* Find(const Plain& json, const char* key) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(key);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

std::string TypeOf(const Plain& json) {
  const Plain* type = Find(json, "type");
  return type != nullptr && type->is_string() ? type->get<std::string>() : "";
}

// A part of tokenizer.json whose type must be `wanted`; absent = that.
void WantType(const Plain& json, const char* part, const char* wanted,
              const std::string& source) {
  if (!json.contains(part) || TypeOf(json[part]) == wanted) return;
  const Plain shown =
      json[part].is_object() ? json[part].value("type", Plain()) : json[part];
  Unknown(fmt::format("{}: /{}/type", source, part), shown,
          fmt::format("\"{}\"", wanted));
}

// Records tell differences, and those should not hold a machine's folders.
std::string FileName(const std::string& source) {
  return fs::path(source).filename().string();
}

void WantValue(const Plain& json, const char* key, const Plain& wanted,
               const std::string& place) {
  const Plain* value = Find(json, key);
  if (value != nullptr && *value != wanted) {
    Unknown(place + key, *value, wanted.dump());
  }
}

}  // namespace

Plain ReadLargeJson(const fs::path& file) {
  Plain json = Plain::parse(ReadTextFile(file), nullptr,
                            /*allow_exceptions=*/false);
  if (json.is_discarded()) throw DataError(file.string() + ": not valid JSON");
  return json;
}

void TokenizerSettings::Say(const std::string& what, Plain value,
                            const std::string& place) {
  const auto [known, is_new] = said_.emplace(what, Statement{value, place});
  if (is_new || known->second.value == value) return;
  throw DataError(fmt::format(
      "{} is {} and {} is {}: the two files must agree, or one must go", place,
      value.dump(), known->second.place, known->second.value.dump()));
}

void TokenizerSettings::SayFlag(const std::string& what, const Plain& json,
                                const char* key, const std::string& place) {
  const Plain* value = Find(json, key);
  if (value == nullptr) return;
  if (!value->is_boolean()) Unknown(place + key, *value, "true, false");
  Say(what, *value, place + key);
}

// A text, or an added token's object with its text.
void TokenizerSettings::SayName(const std::string& what, const Plain& value,
                                const std::string& place) {
  const Plain* name = value.is_object() ? Find(value, "content") : &value;
  if (name == nullptr || !name->is_string() ||
      name->get_ref<const std::string&>().empty()) {
    Unknown(place, value, "a token's text");
  }
  Say(what, *name, place);
}

void TokenizerSettings::ReadSpecialNames(const Plain& json,
                                         const std::string& source) {
  for (const char* key : kSpecialKeys) {
    const Plain* value = Find(json, key);
    if (value != nullptr) SayName(key, *value, source + ": /" + key);
  }
}

void TokenizerSettings::ReadTokenizerConfig(const Plain& json,
                                            const std::string& source) {
  const std::string place = source + ": /";
  if (const Plain* name = Find(json, "tokenizer_class")) {
    if (std::none_of(kClasses.begin(), kClasses.end(),
                     [&](const char* known) { return *name == known; })) {
      Unknown(place + "tokenizer_class", *name,
              fmt::format("{}", fmt::join(kClasses, ", ")));
    }
  }
  SayFlag("lower_case", json, "do_lower_case", place);
  SayFlag("strip_accents", json, "strip_accents", place);
  SayFlag("space_ideographs", json, "tokenize_chinese_chars", place);
  WantValue(json, "do_basic_tokenize", true, place);
  WantValue(json, "do_split_on_punc", true, place);
  WantValue(json, "wordpieces_prefix", "##", place);
  if (const Plain* never = Find(json, "never_split")) {
    if (*never != Plain::array()) {
      Unknown(place + "never_split", *never, "none");
    }
  }
  if (const Plain* most = Find(json, "max_input_chars_per_word")) {
    Say("max_word_characters", *most, place + "max_input_chars_per_word");
  }
  ReadSpecialNames(json, source);
  // Without a limit the libraries write 1e30.
  constexpr double kNoLimit = 1e9;
  const Plain* most = Find(json, "model_max_length");
  if (most != nullptr && most->is_number() && most->get<double>() >= 1 &&
      most->get<double>() < kNoLimit) {
    max_tokens_ = static_cast<std::int64_t>(most->get<double>());
  }
  for (const char* side : {"truncation_side", "padding_side"}) {
    const Plain* value = Find(json, side);
    if (value != nullptr && *value != "right") {
      differences_.push_back(fmt::format(
          "{}: {} is {}; texts are cut and padded on the right here",
          FileName(source), side, value->dump()));
    }
  }
  const Plain* added = Find(json, "added_tokens_decoder");
  if (added != nullptr && added->is_object()) {
    Plain list = Plain::array();
    for (const auto& item : added->items()) list.push_back(item.value());
    ReadAddedTokens(list, source);
  }
}

// Special ones aside, added tokens are found in the middle of a text before it
// is split, which is not done here.
void TokenizerSettings::ReadAddedTokens(const Plain& json,
                                        const std::string& source) {
  if (!json.is_array()) return;
  const SpecialNames special = Special();
  std::vector<std::string> others;
  for (const Plain& token : json) {
    const Plain* content = Find(token, "content");
    if (content == nullptr || !content->is_string()) continue;
    const auto text = content->get<std::string>();
    const bool known = IsSpecialToken(text) || text == special.pad ||
                       text == special.unk || text == special.cls ||
                       text == special.sep || text == special.mask;
    if (!known) others.push_back(text);
  }
  if (others.empty()) return;
  differences_.push_back(
      fmt::format("{}: {} added tokens (the first: {}) are not looked for "
                  "inside texts here",
                  FileName(source), others.size(), others[0]));
}

void TokenizerSettings::ReadNormalizer(const Plain& json,
                                       const std::string& source) {
  WantType(json, "normalizer", "BertNormalizer", source);
  if (!json.contains("normalizer")) return;
  const Plain& normalizer = json["normalizer"];
  const std::string place = source + ": /normalizer/";
  SayFlag("lower_case", normalizer, "lowercase", place);
  SayFlag("strip_accents", normalizer, "strip_accents", place);
  SayFlag("space_ideographs", normalizer, "handle_chinese_chars", place);
  WantValue(normalizer, "clean_text", true, place);
}

void TokenizerSettings::ReadPostProcessor(const Plain& json,
                                          const std::string& source) {
  const Plain* processor = Find(json, "post_processor");
  if (processor == nullptr) return;
  const std::string type = TypeOf(*processor);
  const std::string place = source + ": /post_processor/";
  if (type == "BertProcessing") {
    for (const char* key : {"cls", "sep"}) {
      const Plain* pair = Find(*processor, key);
      if (pair != nullptr && pair->is_array() && !pair->empty()) {
        SayName(std::string(key) + "_token", (*pair)[0], place + key);
      }
    }
    return;
  }
  if (type != "TemplateProcessing") {
    Unknown(place + "type", type, "\"BertProcessing\", \"TemplateProcessing\"");
  }
  const Plain single = processor->value("single", Plain());
  const auto id = [&](std::size_t i, const char* kind) {
    const Plain* part = single[i].is_object() ? Find(single[i], kind) : nullptr;
    const Plain* name = part != nullptr ? Find(*part, "id") : nullptr;
    return name != nullptr ? *name : Plain();
  };
  const std::string wanted = "[CLS], the text, [SEP]";
  if (!single.is_array() || single.size() != 3 || id(1, "Sequence") != "A" ||
      !id(0, "SpecialToken").is_string() ||
      !id(2, "SpecialToken").is_string()) {
    Unknown(place + "single", single, wanted);
  }
  SayName("cls_token", id(0, "SpecialToken"), place + "single/0");
  SayName("sep_token", id(2, "SpecialToken"), place + "single/2");
}

void TokenizerSettings::ReadTokenizerJson(const Plain& json,
                                          const std::string& source) {
  if (!json.is_object()) return;
  ReadNormalizer(json, source);
  WantType(json, "pre_tokenizer", "BertPreTokenizer", source);
  if (const Plain* model = Find(json, "model"); model && model->is_object()) {
    if (model->contains("type")) WantType(json, "model", "WordPiece", source);
    const std::string place = source + ": /model/";
    WantValue(*model, "continuing_subword_prefix", "##", place);
    if (const Plain* unk = Find(*model, "unk_token")) {
      SayName("unk_token", *unk, place + "unk_token");
    }
    if (const Plain* most = Find(*model, "max_input_chars_per_word")) {
      Say("max_word_characters", *most, place + "max_input_chars_per_word");
    }
  }
  ReadPostProcessor(json, source);
  if (const Plain* added = Find(json, "added_tokens")) {
    ReadAddedTokens(*added, source);
  }
  const Plain* truncation = Find(json, "truncation");
  if (truncation != nullptr && truncation->is_object() &&
      truncation->value("direction", Plain("Right")) != "Right") {
    differences_.push_back(FileName(source) +
                           ": /truncation/direction is not Right; texts are "
                           "cut on the right here");
  }
}

void TokenizerSettings::ReadFolder(const fs::path& folder) {
  const auto read = [&](const char* name, auto use) {
    const fs::path file = folder / name;
    if (!IsThere(file)) return;
    const Plain json = ReadLargeJson(file);
    if (!json.is_object()) {
      throw DataError(file.string() + ": a JSON object is wanted");
    }
    use(json, file.string());
  };
  read("special_tokens_map.json",
       [&](const Plain& json, auto source) { ReadSpecialNames(json, source); });
  read("tokenizer_config.json", [&](const Plain& json, auto source) {
    ReadTokenizerConfig(json, source);
  });
  read("config.json", [&](const Plain& json, auto source) {
    SayFlag("lower_case", json, "do_lower_case", source + ": /");
  });
  read("added_tokens.json", [&](const Plain& json, auto source) {
    Plain list = Plain::array();
    for (const auto& item : json.items()) {
      list.push_back({{"content", item.key()}});
    }
    ReadAddedTokens(list, source);
  });
}

std::optional<Plain> TokenizerSettings::Said(const std::string& what) const {
  const auto known = said_.find(what);
  if (known == said_.end()) return std::nullopt;
  return known->second.value;
}

WordPiece::Options TokenizerSettings::Options() const {
  WordPiece::Options options;
  if (const auto said = Said("lower_case")) options.lower_case = *said;
  if (const auto said = Said("strip_accents")) {
    options.strip_accents = said->get<bool>();
  }
  if (const auto said = Said("space_ideographs")) {
    options.space_ideographs = *said;
  }
  if (const auto said = Said("max_word_characters")) {
    constexpr std::int64_t kMost = 1000000;
    const bool fits = said->is_number_integer() &&
                      said->get<std::int64_t>() >= 1 &&
                      said->get<std::int64_t>() <= kMost;
    if (!fits) {
      Unknown(said_.at("max_word_characters").place, *said, "1 to 1000000");
    }
    options.max_word_characters = *said;
  }
  return options;
}

SpecialNames TokenizerSettings::Special() const {
  SpecialNames names;
  const std::array<std::string*, 5> places = {
      &names.pad, &names.unk, &names.cls, &names.sep, &names.mask};
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (const auto said = Said(kSpecialKeys[i])) *places[i] = *said;
  }
  return names;
}

}  // namespace msdbench
