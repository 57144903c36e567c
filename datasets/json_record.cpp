#include "datasets/json_record.h"

#include <fmt/format.h>

#include <filesystem>
#include <limits>

namespace msdbench {
namespace {

// A value short enough for one line of an error.
std::string Shown(const Json& value) {
  constexpr std::size_t kMost = 60;
  std::string text = value.dump(-1, ' ', /*ensure_ascii=*/true);
  if (text.size() > kMost) text = text.substr(0, kMost) + "...";
  return text;
}

}  // namespace

JsonRecord::JsonRecord(const Json& json, const std::string& file,
                       const char* place, std::int64_t number)
    : json_(json), file_(file), place_(place), number_(number) {
  if (!json.is_object()) Fail("must be a JSON object, got " + Shown(json));
}

const Json* JsonRecord::Find(const char* key) const {
  const auto found = json_.find(key);
  return found == json_.end() || found->is_null() ? nullptr : &*found;
}

const std::string& JsonRecord::Text(const char* key) const {
  const Json* value = Find(key);
  if (value == nullptr || !value->is_string()) FailField(key, "a string");
  return value->get_ref<const std::string&>();
}

std::int64_t JsonRecord::Integer(const char* key) const {
  const Json* value = Find(key);
  if (value == nullptr || !value->is_number_integer() ||
      (value->is_number_unsigned() &&
       value->get<std::uint64_t>() >
           std::uint64_t{std::numeric_limits<std::int64_t>::max()})) {
    FailField(key, "an integer");
  }
  return value->get<std::int64_t>();
}

std::string JsonRecord::Id(const char* key) const {
  const Json* value = Find(key);
  if (value != nullptr && value->is_number_integer()) return value->dump();
  if (value == nullptr || !value->is_string() ||
      value->get_ref<const std::string&>().empty()) {
    FailField(key, "an integer or a string that is not empty");
  }
  return value->get<std::string>();
}

std::vector<std::string> JsonRecord::Texts(const char* key) const {
  const Json* value = Find(key);
  if (value == nullptr || !value->is_array()) {
    FailField(key, "an array of strings");
  }
  std::vector<std::string> texts;
  texts.reserve(value->size());
  for (const Json& item : *value) {
    if (!item.is_string()) FailField(key, "an array of strings");
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

const std::string& JsonRecord::RelativePath(const char* key) const {
  const std::string& text = Text(key);
  const std::filesystem::path path(text);
  bool inside =
      !text.empty() && !path.is_absolute() && text.find('\0') == text.npos;
  for (const auto& part : path) inside = inside && part != "..";
  if (!inside) FailField(key, "a file name below the data set's folder");
  return text;
}

std::string JsonRecord::Where() const {
  if (place_ == nullptr) return file_;
  return fmt::format("{}: {}{}", file_, place_, number_);
}

void JsonRecord::Fail(const std::string& what) const {
  throw DataError(Where() + ": " + what);
}

void JsonRecord::FailField(const char* key, const std::string& expected) const {
  const auto found = json_.find(key);
  if (found == json_.end()) {
    Fail(fmt::format("\"{}\" is missing, expected {}", key, expected));
  }
  Fail(fmt::format("\"{}\" is {}, expected {}", key, Shown(*found), expected));
}

}  // namespace msdbench
