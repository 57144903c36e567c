#include "reports/json_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/atomic_file.h"
#include "reports/input_file.h"
#include "reports/json_builder.h"

namespace msdbench {
namespace {

// "line 3, column 8" of a byte, counted from 1.
std::string PlaceOf(std::string_view text, std::size_t byte) {
  const std::string_view before =
      text.substr(0, std::min(byte, text.size() + 1) - 1);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto start = before.rfind('\n');
  return fmt::format(
      "line {}, column {}", line,
      before.size() - (start == before.npos ? 0 : start + 1) + 1);
}

}  // namespace

std::string ReadTextFile(const std::filesystem::path& file, ExitCode code) {
  InputFile in(file, code);
  std::string text;
  text.reserve(in.size());
  char buffer[1 << 14];
  while (const std::size_t count = in.Read(buffer, sizeof buffer)) {
    text.append(buffer, count);
  }
  return text;
}

Json ParseJson(std::string_view text, const std::string& source,
               ExitCode code) {
  JsonBuilder builder;
  if (Json::sax_parse(text, &builder, Json::input_format_t::json,
                      /*strict=*/true, /*ignore_comments=*/true)) {
    return builder.Take();
  }
  if (builder.fault_byte() == 0) {
    throw Error(code, source + ": " + builder.fault());
  }
  throw Error(
      code, fmt::format("{}: not valid JSON: parse error at {}: {}", source,
                        PlaceOf(text, builder.fault_byte()), builder.fault()));
}

Json ReadJsonFile(const std::filesystem::path& file, ExitCode code) {
  return ParseJson(ReadTextFile(file, code), file.string(), code);
}

void WriteFileAtomically(const std::filesystem::path& file,
                         std::string_view content) {
  WriteFileAtomically(file, std::vector<std::string_view>{content});
}

void WriteFileAtomically(const std::filesystem::path& file,
                         const std::vector<std::string_view>& parts) {
  AtomicFile out(file);
  for (std::string_view part : parts) out.Write(part);
  out.Commit();
}

}  // namespace msdbench
