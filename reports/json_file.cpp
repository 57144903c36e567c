#include "reports/json_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <vector>

namespace msdbench {
namespace {

// Hand-written files stay far below these; recursion over a document (copy,
// dump, validation) must not run out of stack.
constexpr int kMostNesting = 200;
constexpr std::size_t kStrictBytes = std::size_t{1} << 20;

// Rejects what the parser would let pass: the second of two equal keys would
// silently win.
class StrictKeys {
 public:
  explicit StrictKeys(const std::string& source, ExitCode code)
      : source_(source), code_(code) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    const auto level = static_cast<std::size_t>(depth);
    if (depth > kMostNesting) {
      throw Error(code_, fmt::format("{}: nested deeper than {} levels",
                                     source_, kMostNesting));
    }
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

// The same limit for texts too large for StrictKeys: what walks the document
// later is recursive.
void CheckNesting(std::string_view text, const std::string& source,
                  ExitCode code) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text) {
      if (c == '\\') ++i;
      in_text = c != '"';
    } else if (c == '"') {
      in_text = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMostNesting) {
        throw Error(code, fmt::format("{}: nested deeper than {} levels",
                                      source, kMostNesting));
      }
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
}

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
    // The check costs a third of the parsing time: not for huge annotations.
    Json::parser_callback_t check;
    if (text.size() <= kStrictBytes) {
      check = StrictKeys(source, code);
    } else {
      CheckNesting(text, source, code);
    }
    return Json::parse(text, check, /*allow_exceptions=*/true,
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

void WriteFileAtomically(const std::filesystem::path& file,
                         std::string_view content) {
  WriteFileAtomically(file, std::vector<std::string_view>{content});
}

void WriteFileAtomically(const std::filesystem::path& file,
                         const std::vector<std::string_view>& parts) {
  const auto fail = [&](const std::string& why) {
    return RunError(file.string() + ": cannot be written: " + why);
  };
  if (file.has_parent_path()) {
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    if (error) throw fail(error.message());
  }
  // Never an existing name: on a shared folder another machine's process may
  // have the same id.
  static std::atomic<unsigned> counter{0};
  std::filesystem::path temporary;
  int handle = -1;
  do {
    temporary = file;
    temporary += fmt::format(".{}-{}.tmp", getpid(), counter++);
    handle = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644);
  } while (handle < 0 && errno == EEXIST);
  if (handle < 0) throw fail(std::strerror(errno));

  bool ok = true;
  for (std::string_view part : parts) {
    while (ok && !part.empty()) {
      const ssize_t written = write(handle, part.data(), part.size());
      if (written < 0 && errno == EINTR) continue;
      ok = written > 0;
      if (ok) part.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  ok = ok && fsync(handle) == 0;
  int reason = errno;
  if (close(handle) != 0 && ok) {
    ok = false;
    reason = errno;
  }
  if (ok && std::rename(temporary.c_str(), file.c_str()) != 0) {
    ok = false;
    reason = errno;
  }
  if (!ok) {
    std::remove(temporary.c_str());
    throw fail(std::strerror(reason));
  }
}

}  // namespace msdbench
