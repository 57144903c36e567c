#include "reports/content_hashes.h"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <mutex>
#include <sstream>
#include <string_view>

#include "reports/atomic_file.h"
#include "reports/digest.h"
#include "reports/error.h"
#include "reports/file_state.h"
#include "reports/json_file.h"
#include "reports/parallel_for.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFirstLine = "msdbench content hashes 1\n";
constexpr std::size_t kHashDigits = 64;

struct Known {
  std::string state;  // with the absolute path; empty = no such file
  double bytes = 0;
  bool settled = false;  // long enough ago that another change would show
};

std::string NameOf(const fs::path& file) {
  return fs::absolute(file).lexically_normal().string();
}

// A change within one tick of the file system's clock leaves its times as they
// are, so what was only just written is not remembered (git does the same).
bool IsSettled(const struct stat& status) {
  constexpr std::time_t kSeconds = 2;
  const std::time_t latest =
      std::max(status.st_mtim.tv_sec, status.st_ctim.tv_sec);
  return latest + kSeconds < std::time(nullptr);
}

Known Look(const fs::path& file) {
  Known known;
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return known;
  known.state = FileState(file) + " " + NameOf(file);
  known.bytes = static_cast<double>(status.st_size);
  known.settled = IsSettled(status);
  return known;
}

// Lines of "HASH STATE", state -> hash.
using Memo = std::map<std::string, std::string>;

// What cannot be read is none.
Memo ReadMemo(const fs::path& file) {
  Memo memo;
  std::istringstream in;
  try {
    in.str(ReadTextFile(file));
  } catch (const Error&) {
    return memo;
  }
  std::string line;
  if (!std::getline(in, line) || line + "\n" != kFirstLine) return memo;
  while (std::getline(in, line)) {
    if (line.size() < kHashDigits + 2 || line[kHashDigits] != ' ') continue;
    memo[line.substr(kHashDigits + 1)] = line.substr(0, kHashDigits);
  }
  return memo;
}

void WriteMemo(const fs::path& file, const Memo& memo) {
  std::string text(kFirstLine);
  for (const auto& [state, hash] : memo) text += hash + " " + state + "\n";
  ClearPlaceOf(file);
  WriteFileAtomically(file, text);
}

}  // namespace

std::vector<std::string> ContentHashes::Of(const std::vector<fs::path>& files) {
  if (!is_read_) known_ = ReadMemo(options_.memo);
  is_read_ = true;
  std::vector<std::string> hashes(files.size());
  std::vector<std::size_t> unknown;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto place = known_.find(Look(files[i]).state);
    if (place == known_.end()) {
      unknown.push_back(i);
    } else {
      hashes[i] = place->second;
    }
  }

  std::mutex mutex;
  std::size_t done = 0;
  double bytes = 0;
  ParallelFor(unknown.size(), options_.threads, [&](std::size_t u) {
    const std::size_t i = unknown[u];
    // Looked at first: a change while it is read gets another state.
    const Known known = Look(files[i]);
    hashes[i] = Sha256OfFile(files[i]);
    const std::lock_guard<std::mutex> lock(mutex);
    if (known.settled && known.state.find('\n') == std::string::npos) {
      found_[known.state] = hashes[i];
    }
    bytes += known.bytes;
    if (options_.progress) options_.progress(++done, bytes);
  });
  known_.insert(found_.begin(), found_.end());
  return hashes;
}

std::string ContentHashes::Of(const fs::path& file) {
  return Of(std::vector<fs::path>{file}).front();
}

void ContentHashes::Save() {
  if (options_.memo.empty() || found_.empty()) return;
  Memo all = ReadMemo(options_.memo);  // others may have added to it meanwhile
  all.insert(found_.begin(), found_.end());
  try {
    WriteMemo(options_.memo, all);
    found_.clear();
  } catch (const Error&) {
    // A memo is a saving, not a result.
  }
}

}  // namespace msdbench
