#include "reports/json_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "reports/atomic_file.h"

namespace msdbench {
namespace {

// Hand-written files stay far below: recursion over a document (copy, dump,
// validation) must not run out of stack.
constexpr int kMostNesting = 200;

// Passes over a JSON text without understanding it: how many keys it has.
// Throws where it is nested too deep. Texts that are no JSON give any number.
std::size_t CountKeys(std::string_view text, const std::string& source,
                      ExitCode code) {
  std::size_t keys = 0;
  int depth = 0;
  const auto skip_past = [&](std::string_view end, std::size_t from) {
    const auto found = text.find(end, from);
    return found == text.npos ? text.size() : found + end.size() - 1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '"':
        for (++i; i < text.size() && text[i] != '"'; ++i) {
          if (text[i] == '\\') ++i;
        }
        break;
      case '/':
        if (text.substr(i, 2) == "//") i = skip_past("\n", i);
        if (text.substr(i, 2) == "/*") i = skip_past("*/", i + 2);
        break;
      case ':':
        ++keys;
        break;
      case '[':
      case '{':
        if (++depth > kMostNesting) {
          throw Error(code, fmt::format("{}: nested deeper than {} levels",
                                        source, kMostNesting));
        }
        break;
      case ']':
      case '}':
        --depth;
        break;
      default:
        break;
    }
  }
  return keys;
}

std::size_t CountKeys(const Json& json) {
  std::size_t keys = json.is_object() ? json.size() : 0;
  if (json.is_structured()) {
    for (const Json& part : json) keys += CountKeys(part);
  }
  return keys;
}

// Names the first key that one object gives twice.
class KeyTwins {
 public:
  explicit KeyTwins(const std::string& source, ExitCode code)
      : source_(source), code_(code) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    const auto level = static_cast<std::size_t>(depth);
    // An object's own keys are reported one level further in.
    if (event == Json::parse_event_t::object_start) {
      if (keys_.size() < level + 2) keys_.resize(level + 2);
      keys_[level + 1].clear();
    } else if (event == Json::parse_event_t::key) {
      keys_[level].push_back(parsed.get_ref<const std::string&>());
    } else if (event == Json::parse_event_t::object_end) {
      CheckUnique(keys_[level + 1]);
    }
    return true;
  }

 private:
  void CheckUnique(std::vector<std::string>& keys) const {
    std::sort(keys.begin(), keys.end());
    const auto twin = std::adjacent_find(keys.begin(), keys.end());
    if (twin == keys.end()) return;
    throw Error(code_, fmt::format("{}: key \"{}\" is given twice in one "
                                   "object; allowed: once",
                                   source_, *twin));
  }

  const std::string& source_;
  ExitCode code_;
  std::vector<std::vector<std::string>> keys_;  // by level
};

}  // namespace

std::string ReadTextFile(const std::filesystem::path& file, ExitCode code) {
  std::error_code ignored;
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file, ignored)) {
    throw Error(code, file.string() + ": cannot be read (no such file?)");
  }
  std::string text;
  const auto size = std::filesystem::file_size(file, ignored);
  if (!ignored) text.reserve(size);
  char buffer[1 << 14];
  do {
    in.read(buffer, sizeof buffer);
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
  } while (in);
  if (in.bad()) throw Error(code, file.string() + ": reading failed midway");
  return text;
}

Json ParseJson(std::string_view text, const std::string& source,
               ExitCode code) {
  try {
    const std::size_t keys = CountKeys(text, source, code);
    const auto parse = [&](const Json::parser_callback_t& watch) {
      return Json::parse(text, watch, /*allow_exceptions=*/true,
                         /*ignore_comments=*/true);
    };
    Json json = parse(nullptr);
    // Of two equal keys the second silently wins. Watching the parser costs a
    // third of its time, so only where a key is gone.
    if (CountKeys(json) != keys) parse(KeyTwins(source, code));
    return json;
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
