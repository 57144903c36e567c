#include "reports/near_name.h"

#include <algorithm>
#include <cstddef>

namespace msdbench {
namespace {

// Optimal string alignment distance, small words only.
std::size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(
      a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1,
                          d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::string DidYouMean(const std::string& name,
                       const std::vector<std::string>& known) {
  constexpr std::size_t kLongest = 64;
  std::string guess;
  if (name.size() > kLongest) return guess;
  std::size_t nearest = 3;
  for (const std::string& other : known) {
    if (other.size() > kLongest) continue;
    const std::size_t distance = EditDistance(name, other);
    if (distance < std::min(nearest, other.size())) {
      nearest = distance;
      guess = " (did you mean \"" + other + "\"?)";
    }
  }
  return guess;
}

}  // namespace msdbench
