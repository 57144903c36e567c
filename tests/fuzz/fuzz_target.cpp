#include "tests/fuzz/fuzz_target.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace msdbench::fuzz {

std::vector<Target>& Targets() {
  static std::vector<Target> targets;
  return targets;
}

Registration::Registration(std::string_view source, Function run) {
  constexpr std::string_view kEnding = "_fuzz";
  std::string name = std::filesystem::path(source).stem().string();
  Targets().push_back({name.substr(0, name.size() - kEnding.size()), run});
}

void Finding(const std::string& what) {
  std::fprintf(stderr, "finding: %s\n", what.c_str());
  std::abort();
}

void CheckMessage(const Error& error) {
  const std::string_view text = error.what();
  const bool plain =
      std::none_of(text.begin(), text.end(),
                   [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  bool utf8 = true;
  try {
    nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    utf8 = false;
  }
  if (text.empty() || !plain || !utf8) {
    Finding("an error is not one plain line: " + std::string(text));
  }
}

}  // namespace msdbench::fuzz
