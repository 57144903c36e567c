#include "reports/json_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace msdbench {
namespace {

// valijson spells places "<root>[a][b]"; people know JSON pointers "/a/b".
std::string PointerOf(const std::vector<std::string>& context) {
  std::string pointer;
  for (std::size_t i = 1; i < context.size(); ++i) {
    std::string part = context[i];
    if (part.size() >= 2 && part.front() == '[' && part.back() == ']') {
      part = part.substr(1, part.size() - 2);
    }
    pointer += "/" + part;
  }
  return pointer.empty() ? "/" : pointer;
}

std::string ValueAt(const Json& document, const std::string& pointer) {
  const Json::json_pointer path(pointer == "/" ? "" : pointer);
  if (!document.contains(path)) return "";
  std::string text = document.at(path).dump();
  constexpr std::size_t kMost = 80;
  if (text.size() > kMost) text = text.substr(0, kMost) + "...";
  return text;
}

}  // namespace

std::string ReadTextFile(const std::filesystem::path& file, ExitCode code) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    throw Error(code, file.string() + ": cannot be read (no such file?)");
  }
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) throw Error(code, file.string() + ": reading failed midway");
  return text.str();
}

Json ParseJson(std::string_view text, const std::string& source,
               ExitCode code) {
  try {
    return Json::parse(text, nullptr, /*allow_exceptions=*/true,
                       /*ignore_comments=*/true);
  } catch (const nlohmann::json::exception& error) {
    // Drop the library's own prefix "[json.exception.parse_error.101] ".
    std::string what = error.what();
    const auto end = what.find("] ");
    throw Error(code,
                source + ": not valid JSON: " +
                    (end == std::string::npos ? what : what.substr(end + 2)));
  }
}

Json ReadJsonFile(const std::filesystem::path& file, ExitCode code) {
  return ParseJson(ReadTextFile(file, code), file.string(), code);
}

void CheckJson(const Json& document, std::string_view schema_text,
               const std::string& source, ExitCode code) {
  // The adapter knows nlohmann::json, which sorts keys; validation does not
  // depend on their order.
  const auto plain_schema = nlohmann::json::parse(schema_text);
  const auto plain = nlohmann::json::parse(document.dump());
  valijson::Schema schema;
  valijson::SchemaParser parser;
  valijson::adapters::NlohmannJsonAdapter schema_adapter(plain_schema);
  parser.populateSchema(schema_adapter, schema);

  valijson::Validator validator;
  valijson::ValidationResults results;
  valijson::adapters::NlohmannJsonAdapter adapter(plain);
  if (validator.validate(schema, adapter, &results)) return;

  // The most specific place comes last in valijson's order of reporting
  // nested failures first; the first error is the innermost.
  valijson::ValidationResults::Error error;
  results.popError(error);
  const std::string pointer = PointerOf(error.context);
  const std::string value = ValueAt(document, pointer);
  throw Error(code,
              fmt::format("{}: {}: {}{}", source, pointer, error.description,
                          value.empty() ? "" : " (got " + value + ")"));
}

void WriteFileAtomically(const std::filesystem::path& file,
                         std::string_view content) {
  WriteFileAtomically(file, std::vector<std::string_view>{content});
}

void WriteFileAtomically(const std::filesystem::path& file,
                         const std::vector<std::string_view>& parts) {
  if (file.has_parent_path()) {
    std::filesystem::create_directories(file.parent_path());
  }
  static std::atomic<int> counter{0};
  std::filesystem::path temporary = file;
  temporary += fmt::format(".{}-{}.tmp", getpid(), counter++);

  const int handle =
      open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  bool ok = handle >= 0;
  for (std::string_view part : parts) {
    while (ok && !part.empty()) {
      const ssize_t written = write(handle, part.data(), part.size());
      if (written < 0 && errno == EINTR) continue;
      ok = written > 0;
      if (ok) part.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  ok = ok && fsync(handle) == 0;
  const int reason = errno;
  if (handle >= 0) close(handle);
  if (!ok || std::rename(temporary.c_str(), file.c_str()) != 0) {
    const int why = ok ? errno : reason;
    std::remove(temporary.c_str());
    throw RunError(file.string() +
                   ": cannot be written: " + std::strerror(why));
  }
}

}  // namespace msdbench
