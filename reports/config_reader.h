// Strict reading of one JSON object of options: types, ranges and names are
// checked, and what was read becomes the resolved options.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "reports/json_file.h"

namespace msdbench {

// Options as they were read. Hashes are made of the changes, so that an option
// added later, with a default that changes nothing, leaves them as they are.
struct ResolvedOptions {
  Json values = Json::object();   // every option, defaults included
  Json changes = Json::object();  // those that are not the default

  // `section` as the member `key`, in both.
  void Put(const std::string& key, ResolvedOptions section);
};

class ConfigReader {
 public:
  // `source` and `pointer` only name the place in errors.
  ConfigReader(const Json& object, std::string source, std::string pointer);

  // Each throws UsageError (source, pointer, value, what is allowed).
  double Number(const std::string& key, double fallback, double least,
                double most);
  std::int64_t Integer(const std::string& key, std::int64_t fallback,
                       std::int64_t least, std::int64_t most);
  bool Flag(const std::string& key, bool fallback);
  std::string Text(const std::string& key, const std::string& fallback);
  std::vector<std::int64_t> Integers(const std::string& key,
                                     const std::vector<std::int64_t>& fallback,
                                     std::int64_t least, std::int64_t most);
  std::vector<double> Numbers(const std::string& key,
                              const std::vector<double>& fallback);
  std::vector<std::string> Texts(const std::string& key,
                                 const std::vector<std::string>& fallback);

  template <typename T>
  using Names = std::vector<std::pair<std::string, T>>;
  // One of `names`; the fallback is one of their values.
  template <typename T>
  T Choice(const std::string& key, T fallback, const Names<T>& names) {
    std::string fallback_name;
    std::vector<std::string> allowed;
    for (const auto& [name, value] : names) {
      if (value == fallback) fallback_name = name;
      allowed.push_back(name);
    }
    const std::string chosen = Text(key, fallback_name);
    for (const auto& [name, value] : names) {
      if (name == chosen) return value;
    }
    FailChoice(key, chosen, allowed);
  }

  // A nested object, {} when absent. Hand its resolved form back with Put().
  ConfigReader Section(const std::string& key);
  void Put(const std::string& key, ResolvedOptions section);

  // Throws UsageError for keys that nobody read, listing those that exist.
  ResolvedOptions Finish() const;
  [[noreturn]] void Fail(const std::string& key, const std::string& what) const;
  const std::string& pointer() const { return pointer_; }

 private:
  const Json* Find(const std::string& key);
  void Resolve(const std::string& key, Json value, const Json& fallback);
  [[noreturn]] void FailChoice(const std::string& key,
                               const std::string& chosen,
                               const std::vector<std::string>& allowed) const;

  Json object_;
  std::string source_, pointer_;
  ResolvedOptions resolved_;
};

}  // namespace msdbench
