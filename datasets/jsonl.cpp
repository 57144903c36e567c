#include "datasets/jsonl.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "reports/input_file.h"
#include "reports/json_builder.h"

namespace msdbench {
namespace {

void ReadLine(std::string_view line, const std::string& file,
              std::int64_t number, JsonBuilder& builder,
              const std::function<void(const JsonRecord&)>& use) {
  builder.Clear();
  if (!Json::sax_parse(line, &builder)) {
    const std::string place = fmt::format("{}: line {}: ", file, number);
    throw DataError(builder.fault_byte() == 0
                        ? place + builder.fault()
                        : fmt::format("{}not valid JSON at column {}: {}",
                                      place, builder.fault_byte(),
                                      builder.fault()));
  }
  use(JsonRecord(builder.value(), file, "line ", number));
}

}  // namespace

void ReadJsonLines(const std::filesystem::path& file,
                   const std::function<void(const JsonRecord&)>& use,
                   const OnFault& on_fault) {
  InputStream in(file);
  const std::string name = file.string();
  std::string buffer;
  JsonBuilder builder;
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
    try {
      ReadLine(line, name, number, builder, use);
    } catch (const Error& error) {
      if (!on_fault || error.code() != ExitCode::kData) throw;
      on_fault(error.what());
    }
  }
  if (in.bad()) throw DataError(name + ": reading failed midway");
}

}  // namespace msdbench
