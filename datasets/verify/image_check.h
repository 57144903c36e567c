// Are the pictures there, and can they be decoded?
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace msdbench {

struct ImageCheck {
  enum class State { kFine, kMissing, kUnreadable };
  State state = State::kMissing;
  // By the first bytes, never by the name; empty where nothing was read.
  std::string format;
  std::string reason;  // why it is unreadable
  std::string sha256;  // of its bytes; empty where nothing was read
};

// A result for each of `names` below `root`, in their order. With `decode`
// every file is read and decoded on `threads` threads; else it is only looked
// for. Throws nothing for what it finds.
std::vector<ImageCheck> CheckImages(const std::filesystem::path& root,
                                    const std::vector<std::string>& names,
                                    bool decode, int threads);

}  // namespace msdbench
