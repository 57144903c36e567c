#include "datasets/jsonl.h"

#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "datasets/json_stream.h"

namespace msdbench {

void ReadJsonLines(const std::filesystem::path& file,
                   const std::function<void(const JsonRecord&)>& use) {
  std::ifstream in(file, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(file)) {
    throw DataError(file.string() + ": cannot be read (no such file?)");
  }
  const std::string name = file.string();
  std::string buffer;
  std::int64_t number = 0;
  while (std::getline(in, buffer)) {
    ++number;
    std::string_view line = buffer;
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (number == 1 &&
        line.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
      line.remove_prefix(kByteOrderMark.size());
    }
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    Json json;
    try {
      json = Json::parse(line);
    } catch (const Json::parse_error& error) {
      throw DataError(
          fmt::format("{}: line {}: not valid JSON at column {}: "
                      "{}",
                      name, number, error.byte, ReasonOf(error)));
    }
    use(JsonRecord(json, name, "line ", number));
  }
  if (in.bad()) throw DataError(name + ": reading failed midway");
}

}  // namespace msdbench
