#include "reports/config_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace msdbench {

void ResolvedOptions::Put(const std::string& key, ResolvedOptions section) {
  values[key] = std::move(section.values);
  changes.erase(key);
  if (!section.changes.empty()) changes[key] = std::move(section.changes);
}

ConfigReader::ConfigReader(const Json& object, std::string source,
                           std::string pointer)
    : object_(object),
      source_(std::move(source)),
      pointer_(std::move(pointer)) {
  if (object_.is_null()) object_ = Json::object();
  if (!object_.is_object()) {
    throw UsageError(fmt::format("{}: {}: an object is wanted, got {}", source_,
                                 pointer_.empty() ? "/" : pointer_,
                                 object_.dump()));
  }
}

const Json* ConfigReader::Find(const std::string& key) {
  resolved_.values[key] =
      nullptr;  // claims the place in order, filled by the caller
  const auto place = object_.find(key);
  return place == object_.end() ? nullptr : &*place;
}

void ConfigReader::Fail(const std::string& key, const std::string& what) const {
  const auto place = object_.find(key);
  throw UsageError(
      fmt::format("{}: {}/{}: {}{}", source_, pointer_, key, what,
                  place == object_.end() ? "" : ", got " + place->dump()));
}

void ConfigReader::FailChoice(const std::string& key, const std::string& chosen,
                              const std::vector<std::string>& allowed) const {
  throw UsageError(fmt::format("{}: {}/{}: \"{}\" is not one of {}", source_,
                               pointer_, key, chosen,
                               fmt::join(allowed, ", ")));
}

double ConfigReader::Number(const std::string& key, double fallback,
                            double least, double most) {
  double value = fallback;
  if (const Json* given = Find(key)) {
    if (given->is_number()) value = given->get<double>();
    if (!given->is_number() || !(value >= least && value <= most)) {
      Fail(key, fmt::format("a number from {} to {} is wanted", least, most));
    }
  }
  Resolve(key, value, fallback);
  return value;
}

std::int64_t ConfigReader::Integer(const std::string& key,
                                   std::int64_t fallback, std::int64_t least,
                                   std::int64_t most) {
  std::int64_t value = fallback;
  if (const Json* given = Find(key)) {
    const bool fits = given->is_number_integer();
    if (fits) value = given->get<std::int64_t>();
    if (!fits || value < least || value > most) {
      Fail(key,
           fmt::format("a whole number from {} to {} is wanted", least, most));
    }
  }
  Resolve(key, value, fallback);
  return value;
}

bool ConfigReader::Flag(const std::string& key, bool fallback) {
  bool value = fallback;
  if (const Json* given = Find(key)) {
    if (!given->is_boolean()) Fail(key, "true or false is wanted");
    value = given->get<bool>();
  }
  Resolve(key, value, fallback);
  return value;
}

std::string ConfigReader::Text(const std::string& key,
                               const std::string& fallback) {
  std::string value = fallback;
  if (const Json* given = Find(key)) {
    if (!given->is_string()) Fail(key, "a text is wanted");
    value = given->get<std::string>();
  }
  Resolve(key, value, fallback);
  return value;
}

std::vector<std::int64_t> ConfigReader::Integers(
    const std::string& key, const std::vector<std::int64_t>& fallback,
    std::int64_t least, std::int64_t most) {
  std::vector<std::int64_t> values = fallback;
  if (const Json* given = Find(key)) {
    values.clear();
    bool fits = given->is_array();
    if (fits) {
      for (const Json& item : *given) {
        fits = fits && item.is_number_integer() &&
               item.get<std::int64_t>() >= least &&
               item.get<std::int64_t>() <= most;
        if (fits) values.push_back(item.get<std::int64_t>());
      }
    }
    if (!fits) {
      Fail(key, fmt::format("a list of whole numbers from {} to {} is wanted",
                            least, most));
    }
  }
  Resolve(key, values, fallback);
  return values;
}

std::vector<double> ConfigReader::Numbers(const std::string& key,
                                          const std::vector<double>& fallback) {
  std::vector<double> values = fallback;
  if (const Json* given = Find(key)) {
    values.clear();
    bool fits = given->is_array();
    if (fits) {
      for (const Json& item : *given) {
        fits = fits && item.is_number();
        if (fits) values.push_back(item.get<double>());
      }
    }
    if (!fits) Fail(key, "a list of numbers is wanted");
  }
  Resolve(key, values, fallback);
  return values;
}

std::vector<std::string> ConfigReader::Texts(
    const std::string& key, const std::vector<std::string>& fallback) {
  std::vector<std::string> values = fallback;
  if (const Json* given = Find(key)) {
    values.clear();
    bool fits = given->is_array();
    if (fits) {
      for (const Json& item : *given) {
        fits = fits && item.is_string();
        if (fits) values.push_back(item.get<std::string>());
      }
    }
    if (!fits) Fail(key, "a list of texts is wanted");
  }
  Resolve(key, values, fallback);
  return values;
}

ConfigReader ConfigReader::Section(const std::string& key) {
  const Json* given = Find(key);
  return ConfigReader(given ? *given : Json::object(), source_,
                      pointer_ + "/" + key);
}

void ConfigReader::Put(const std::string& key, ResolvedOptions section) {
  resolved_.Put(key, std::move(section));
}

void ConfigReader::Resolve(const std::string& key, Json value,
                           const Json& fallback) {
  if (value != fallback) resolved_.changes[key] = value;
  resolved_.values[key] = std::move(value);
}

ResolvedOptions ConfigReader::Finish() const {
  for (const auto& [key, value] : object_.items()) {
    if (resolved_.values.contains(key)) continue;
    std::vector<std::string> known;
    for (const auto& [name, unused] : resolved_.values.items())
      known.push_back(name);
    throw UsageError(fmt::format(
        "{}: {}/{}: unknown option; {}", source_, pointer_, key,
        known.empty() ? "none are allowed here"
                      : fmt::format("known here: {}", fmt::join(known, ", "))));
  }
  return resolved_;
}

}  // namespace msdbench
