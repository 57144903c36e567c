#include "reports/mcnemar.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

namespace msdbench {

double McNemarP(std::uint64_t first, std::uint64_t second) {
  if (first == second) return 1;
  const boost::math::binomial fair(static_cast<double>(first + second), 0.5);
  const auto fewer = static_cast<double>(std::min(first, second));
  return std::min(1.0, 2 * boost::math::cdf(fair, fewer));
}

ExampleTest TestAccuracies(const std::vector<double>& first,
                           const std::vector<double>& second) {
  std::uint64_t only_first = 0, only_second = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    only_first += first[i] > second[i];
    only_second += second[i] > first[i];
  }
  ExampleTest test;
  test.examples = first.size();
  if (first.empty()) {
    test.reason = "no examples";
    return test;
  }
  const auto n = static_cast<double>(first.size());
  const double net =
      static_cast<double>(only_first) - static_cast<double>(only_second);
  test.difference = net / n;
  test.p = McNemarP(only_first, only_second);
  const double more = n + 2;
  const auto unlike = static_cast<double>(only_first + only_second);
  const Interval interval = NormalInterval(
      net / more, std::sqrt(unlike + 1 - net * net / more) / more);
  test.interval =
      Interval{std::max(-1.0, interval.low), std::min(1.0, interval.high)};
  return test;
}

}  // namespace msdbench
