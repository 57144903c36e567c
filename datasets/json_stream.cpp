#include "datasets/json_stream.h"

#include <fmt/format.h>

#include <cstdint>

namespace msdbench {

std::string ReasonOf(const Json::parse_error& error) {
  std::string what = error.what();
  const auto column = what.find("column ");
  const auto end = what.find(": ", column == what.npos ? 0 : column);
  if (end != what.npos) what = what.substr(end + 2);
  constexpr std::size_t kMost = 160;
  if (what.size() > kMost) what = what.substr(0, kMost) + "...";
  return what;
}

void ReadJsonArray(const std::filesystem::path& file, const std::string& key,
                   const std::function<void(const JsonRecord&)>& use) {
  using Event = Json::parse_event_t;
  const std::string name = file.string();
  const std::string text = ReadTextFile(file);
  const std::string place = "/" + key + "/";
  bool under_key = false, in_array = false, found = false;
  std::int64_t number = 0;
  // Depth 0 is the document, 1 the array, 2 its items. An item that is not
  // kept is freed at once, and so never adds to the parser's own tree.
  const auto on_event = [&](int depth, Event event, Json& parsed) {
    if (depth == 1 && event == Event::key) under_key = parsed == key;
    if (depth == 1 && event == Event::array_start) {
      in_array = under_key;
      found = found || in_array;
    }
    if (depth == 1 && event == Event::array_end) in_array = false;
    if (depth != 2 || !in_array || event == Event::object_start) return true;
    if (event == Event::array_start) {
      throw DataError(
          fmt::format("{}: {}{}: must be a JSON object, got an "
                      "array",
                      name, place, number));
    }
    use(JsonRecord(parsed, name, place.c_str(), number++));
    return false;
  };
  try {
    const Json rest = Json::parse(text, on_event);
    found = found && rest.is_object();
  } catch (const Json::parse_error& error) {
    throw DataError(fmt::format("{}: not valid JSON at byte {}: {}", name,
                                error.byte, ReasonOf(error)));
  }
  if (!found) {
    throw DataError(
        fmt::format("{}: expected an object with an array \"{}\"", name, key));
  }
}

}  // namespace msdbench
