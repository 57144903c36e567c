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

Json* JsonBuilder::Add(Json value) {
  if (open_.empty()) {
    value_ = std::move(value);
    complete_ = true;
    return &value_;
  }
  Json& parent = *open_.back();
  if (parent.is_array()) {
    parent.push_back(std::move(value));
    return &parent.back();
  }
  if (parent.size() == kMostKeys) {
    fault_ = fmt::format("more than {} keys in one object", kMostKeys);
    return nullptr;
  }
  const auto [place, is_new] = parent.emplace(key_, std::move(value));
  if (!is_new) {
    fault_ = "key " + Json(key_).dump(-1, ' ', /*ensure_ascii=*/true) +
             " is given twice in one object; allowed: once";
    return nullptr;
  }
  return &*place;
}

bool JsonBuilder::Open(Json container) {
  if (open_.size() == kMostNesting) {
    fault_ = fmt::format("nested deeper than {} levels", kMostNesting);
    return false;
  }
  Json* place = Add(std::move(container));
  if (place == nullptr) return false;
  open_.push_back(place);
  complete_ = false;
  return true;
}

bool JsonBuilder::Close() {
  open_.pop_back();
  complete_ = open_.empty();
  return true;
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
