// A parser that is given any bytes: by libFuzzer, or by the replay of its
// corpus in an ordinary test.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/error.h"

namespace msdbench::fuzz {

using Function = void (*)(std::string_view bytes);

struct Target {
  std::string name;  // of its source file, without "_fuzz.cpp"
  Function run;
};

// Those linked into this program; one in a libFuzzer program.
std::vector<Target>& Targets();

class Registration {
 public:
  Registration(std::string_view source, Function run);
};

// Ends the program, which is how libFuzzer learns of a finding.
[[noreturn]] void Finding(const std::string& what);
inline void Expect(bool holds, const char* what) {
  if (!holds) Finding(what);
}

// One line of UTF-8 for a person; no other control character either, since a
// terminal would obey it.
void CheckMessage(const Error& error);

// What a parser may do with bytes it does not like: a DataError or UsageError.
// Everything else escapes. Returns whether nothing was thrown.
template <typename Read>
bool Accepts(const Read& read) {
  try {
    read();
    return true;
  } catch (const Error& error) {
    CheckMessage(error);
    if (error.code() == ExitCode::kData || error.code() == ExitCode::kUsage) {
      return false;
    }
    throw;
  }
}

}  // namespace msdbench::fuzz

// FUZZ_TARGET(bytes) { ... } defines the one target of a file; `bytes` is a
// std::string_view.
#define FUZZ_TARGET(bytes)                                                \
  static void FuzzThese(std::string_view bytes);                          \
  static const msdbench::fuzz::Registration kFuzzRegistration(__FILE__,   \
                                                              FuzzThese); \
  static void FuzzThese(std::string_view bytes)
