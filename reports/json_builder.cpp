#include "reports/json_builder.h"

#include <fmt/format.h>

#include <utility>

namespace msdbench {
namespace {

constexpr std::size_t kMostNesting = 200;
constexpr std::size_t kMostKeys = 10000;

}  // namespace

void JsonBuilder::Clear() {
  value_ = nullptr;
  complete_ = false;
  open_.clear();
  fault_.clear();
  fault_byte_ = 0;
}

bool JsonBuilder::key(std::string& key) {
  Container& object = open_.back();
  if (object.members.size() == kMostKeys) {
    fault_ = fmt::format("more than {} keys in one object", kMostKeys);
    return false;
  }
  for (const auto& [name, value] : object.members) {
    if (name != key) continue;
    fault_ = "key " + Json(key).dump(-1, ' ', /*ensure_ascii=*/true) +
             " is given twice in one object; allowed: once";
    return false;
  }
  object.key = std::move(key);
  return true;
}

bool JsonBuilder::Put(Json value) {
  if (open_.empty()) {
    value_ = std::move(value);
    complete_ = true;
  } else if (Container& parent = open_.back(); parent.is_object) {
    parent.members.emplace_back(std::move(parent.key), std::move(value));
  } else {
    parent.items.push_back(std::move(value));
  }
  return true;
}

bool JsonBuilder::Open(bool is_object) {
  if (open_.size() == kMostNesting) {
    fault_ = fmt::format("nested deeper than {} levels", kMostNesting);
    return false;
  }
  open_.push_back({is_object, "", {}, {}});
  complete_ = false;
  return true;
}

bool JsonBuilder::Close() {
  Container closed = std::move(open_.back());
  open_.pop_back();
  if (!closed.is_object) return Put(std::move(closed.items));
  Json::object_t object;
  object.reserve(closed.members.size());
  for (auto& [name, value] : closed.members) {
    object.emplace_back(std::move(name), std::move(value));
  }
  return Put(std::move(object));
}

bool JsonBuilder::parse_error(std::size_t byte, const std::string&,
                              const Json::exception& error) {
  fault_ = ReasonOf(error);
  fault_byte_ = byte;
  return false;
}

std::string ReasonOf(const Json::exception& error) {
  std::string what = error.what();
  const auto column = what.find("column ");
  const auto end = column == what.npos ? what.npos : what.find(": ", column);
  if (end != what.npos) {
    what = what.substr(end + 2);
  } else if (const auto prefix = what.find("] "); prefix != what.npos) {
    what = what.substr(prefix + 2);  // "[json.exception.out_of_range.406] "
  }
  constexpr std::size_t kMost = 160;
  if (what.size() > kMost) what = what.substr(0, kMost) + "...";
  return what;
}

}  // namespace msdbench
