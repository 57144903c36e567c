// What the files beside a vocabulary say about reading texts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "datasets/text/wordpiece.h"

namespace msdbench {

// Not Json, which searches an object's keys one by one: a vocabulary has 30,000
// of them. Throws DataError.
nlohmann::json ReadLargeJson(const std::filesystem::path& file);

// Gathered file by file; whatever is said twice must be said alike.
class TokenizerSettings {
 public:
  // tokenizer_config.json, special_tokens_map.json and config.json of a folder,
  // each where it is there.
  void ReadFolder(const std::filesystem::path& folder);
  // A tokenizer.json, all of it but the vocabulary.
  void ReadTokenizerJson(const nlohmann::json& json, const std::string& source);

  bool SaysCase() const { return said_.count("lower_case") > 0; }
  WordPiece::Options Options() const;
  SpecialNames Special() const;
  std::int64_t max_tokens() const { return max_tokens_; }
  const std::vector<std::string>& differences() const { return differences_; }

 private:
  struct Statement {
    nlohmann::json value;
    std::string place;
  };

  void ReadTokenizerConfig(const nlohmann::json& json,
                           const std::string& source);
  void ReadNormalizer(const nlohmann::json& json, const std::string& source);
  void ReadPostProcessor(const nlohmann::json& json, const std::string& source);
  void ReadAddedTokens(const nlohmann::json& json, const std::string& source);
  void ReadSpecialNames(const nlohmann::json& json, const std::string& source);
  void Say(const std::string& what, nlohmann::json value,
           const std::string& place);
  void SayFlag(const std::string& what, const nlohmann::json& json,
               const char* key, const std::string& place);
  void SayName(const std::string& what, const nlohmann::json& value,
               const std::string& place);
  std::optional<nlohmann::json> Said(const std::string& what) const;

  std::map<std::string, Statement> said_;
  std::int64_t max_tokens_ = 0;
  std::vector<std::string> differences_;
};

}  // namespace msdbench
