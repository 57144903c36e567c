#include "reports/own_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "reports/error.h"

namespace msdbench {

namespace fs = std::filesystem;

bool IsSamePlace(const fs::path& a, const fs::path& b) {
  std::error_code absent;
  return fs::equivalent(a, b, absent) && !absent;
}

bool LiesIn(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  // Absolute first: a name of which no part is there would stay relative.
  const fs::path whole = fs::weakly_canonical(fs::absolute(path), error);
  if (error) return false;
  const fs::path base = fs::weakly_canonical(fs::absolute(folder), error);
  if (error) return false;
  const fs::path below = whole.lexically_relative(base);
  return !below.empty() && *below.begin() != "..";
}

void RefuseOwnInput(const std::string& option, const fs::path& output,
                    const std::vector<fs::path>& inputs) {
  for (const fs::path& input : inputs) {
    if (!IsSamePlace(output, input)) continue;
    throw UsageError(fmt::format(
        "{} {}: that is {}, which this command reads; name another place",
        option, output.string(), input.string()));
  }
}

}  // namespace msdbench
