// The one exception type of the project, and what each kind exits with.
#pragma once

#include <stdexcept>
#include <string>

namespace msdbench {

// Process exit codes, documented in README.md.
enum class ExitCode {
  kOk = 0,
  kCheckFailed = 1,
  kUsage = 2,  // command line, suite or other configuration
  kData = 3,   // a data set, image, feature or vocabulary file
  kRunFailed = 4,
};

// `text` as one line of valid UTF-8 without control characters, which become
// '?': messages quote foreign files, and terminals obey some of these.
std::string OneLine(const std::string& text);

// `what()` is one line for a person (see OneLine): file, record or JSON
// pointer, what is wrong, what is allowed. Only main() prints it and turns it
// into an exit code.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& what)
      : std::runtime_error(OneLine(what)), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

inline Error UsageError(const std::string& what) {
  return Error(ExitCode::kUsage, what);
}
inline Error DataError(const std::string& what) {
  return Error(ExitCode::kData, what);
}
inline Error RunError(const std::string& what) {
  return Error(ExitCode::kRunFailed, what);
}

}  // namespace msdbench
