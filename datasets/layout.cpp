#include "datasets/layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;

std::string DescribeFolder(const fs::path& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    std::error_code ignored;
    names.push_back(entry.path().filename().string() +
                    (entry.is_directory(ignored) ? "/" : ""));
  }
  if (error) {
    const bool absent = error == std::errc::no_such_file_or_directory;
    return absent ? "no such folder"
                  : "it cannot be listed: " + error.message();
  }
  if (names.empty()) return "found nothing";
  std::sort(names.begin(), names.end());
  constexpr std::size_t kMost = 8;
  const std::size_t more = names.size() > kMost ? names.size() - kMost : 0;
  names.resize(names.size() - more);
  return fmt::format("found: {}{}", fmt::join(names, ", "),
                     more == 0 ? "" : fmt::format(" and {} more", more));
}

void FailRoot(const fs::path& root, const std::string& format,
              const std::string& expected) {
  throw DataError(fmt::format("{}: not the folder of {}: expected {}; {}",
                              root.string(), format, expected,
                              DescribeFolder(root)));
}

std::vector<std::string> FilesEndingWith(const fs::path& folder,
                                         const std::string& ending) {
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.size() > ending.size() &&
        name.compare(name.size() - ending.size(), ending.size(), ending) == 0) {
      names.push_back(name);
    }
  }
  if (error && error != std::errc::no_such_file_or_directory &&
      error != std::errc::not_a_directory) {
    throw DataError(folder.string() + ": cannot be listed: " + error.message());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string ChooseSplit(const fs::path& folder, const std::string& prefix,
                        const std::string& named,
                        const std::vector<std::string>& defaults) {
  const std::vector<std::string> wanted =
      named.empty() ? defaults : std::vector<std::string>{named};
  for (const std::string& name : wanted) {
    if (IsFile(folder / (prefix + name + ".jsonl"))) return name;
  }
  const auto there = FilesEndingWith(folder, ".jsonl");
  throw DataError(fmt::format(
      "{}: no split file {}{}.jsonl; the .jsonl files there: {}",
      folder.string(), prefix, fmt::join(wanted, ".jsonl or " + prefix),
      there.empty() ? "none" : fmt::format("{}", fmt::join(there, ", "))));
}

}  // namespace msdbench
