#include "reports/shared_json.h"

namespace msdbench {
namespace {

Json SharedByTwo(const Json& a, const Json& b) {
  Json shared = Json::object();
  for (const auto& [key, value] : a.items()) {
    const auto found = b.find(key);
    if (found == b.end()) continue;
    if (value.is_object() && found->is_object()) {
      shared[key] = SharedByTwo(value, *found);
    } else if (value == *found) {
      shared[key] = value;
    }
  }
  return shared;
}

}  // namespace

Json SharedPart(const std::vector<Json>& objects) {
  if (objects.empty()) return Json::object();
  Json shared = objects.front();
  for (const Json& object : objects) shared = SharedByTwo(shared, object);
  return shared;
}

Json OwnPart(const Json& object, const Json& shared) {
  Json own = Json::object();
  for (const auto& [key, value] : object.items()) {
    const auto found = shared.find(key);
    if (found == shared.end()) {
      own[key] = value;
    } else if (value.is_object()) {
      Json part = OwnPart(value, *found);
      if (!part.empty()) own[key] = std::move(part);
    }
  }
  return own;
}

Json Joined(Json shared, const Json& own) {
  for (const auto& [key, value] : own.items()) {
    const auto found = shared.find(key);
    if (found != shared.end() && found->is_object() && value.is_object()) {
      *found = Joined(*found, value);
    } else {
      shared[key] = value;
    }
  }
  return shared;
}

}  // namespace msdbench
