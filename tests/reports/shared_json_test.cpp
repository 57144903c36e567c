#include "reports/shared_json.h"

#include <gtest/gtest.h>

namespace msdbench {
namespace {

TEST(SharedJson, OfAnExample) {
  const std::vector<Json> objects = {
      Json::parse(R"({"a": 1, "b": {"x": [1, 2], "y": 3}, "c": "only here"})"),
      Json::parse(R"({"a": 1, "b": {"x": [1, 3], "y": 3}, "d": {}})")};
  const Json shared = SharedPart(objects);
  EXPECT_EQ(shared, Json::parse(R"({"a": 1, "b": {"y": 3}})"));
  EXPECT_EQ(OwnPart(objects[0], shared),
            Json::parse(R"({"b": {"x": [1, 2]}, "c": "only here"})"));
  EXPECT_EQ(OwnPart(objects[1], shared),
            Json::parse(R"({"b": {"x": [1, 3]}, "d": {}})"));
}

// Without order, which a configuration's keys have none of.
nlohmann::json Unordered(const Json& json) {
  return nlohmann::json::parse(json.dump());
}

TEST(SharedJson, JoinsToWhatItWas) {
  const std::vector<Json> objects = {
      Json::parse(R"({"a": {}, "b": {"c": null}, "d": [], "e": {"f": 0}})"),
      Json::parse(R"({"b": {"c": null, "g": {"h": 1}}, "a": {}, "d": [0]})"),
      Json::parse(R"({"b": {"c": 2}, "a": {"i": false}, "e": 3})"),
      Json::object()};
  for (std::size_t count = 1; count <= objects.size(); ++count) {
    const std::vector<Json> some(objects.begin(), objects.begin() + count);
    const Json shared = SharedPart(some);
    for (const Json& object : some) {
      EXPECT_EQ(Unordered(Joined(shared, OwnPart(object, shared))),
                Unordered(object));
    }
  }
  EXPECT_EQ(SharedPart({}), Json::object());
}

}  // namespace
}  // namespace msdbench
