#include "benchmarks/cli/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "reports/error.h"
#include "reports/exact_integer.h"

namespace msdbench {

std::optional<std::int64_t> ParseWholeNumber(std::string_view text) {
  const bool padded = text.size() > 1 && text.front() == '0';
  if (text.empty() || padded ||
      text.find_first_not_of("0123456789") != text.npos) {
    return std::nullopt;
  }
  std::int64_t number = 0;
  const auto read =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || number > kLargestExactInteger) {
    return std::nullopt;
  }
  return number;
}

CLI::Validator WholeNumber(std::int64_t least, std::int64_t most) {
  const auto refuse = [=](const std::string& text) -> std::string {
    const auto number = ParseWholeNumber(text);
    if (number && *number >= least && *number <= most) return "";
    return fmt::format("a whole number from {} to {} is wanted, got \"{}\"",
                       least, most, OneLine(text));
  };
  return {refuse, fmt::format("from {} to {}", least, most), "whole number"};
}

CLI::Validator DecimalNumber(double least, double most) {
  const auto refuse = [=](const std::string& text) -> std::string {
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    const bool plain =
        !text.empty() &&
        text.find_first_not_of("+-.0123456789eE") == std::string::npos &&
        end == text.c_str() + text.size();
    if (plain && number >= least && number <= most) return "";
    return fmt::format("a number from {} to {} is wanted, got \"{}\"", least,
                       most, OneLine(text));
  };
  return {refuse, fmt::format("from {} to {}", least, most), "number"};
}

std::vector<std::uint64_t> ParseSeeds(const std::string& option,
                                      const std::vector<std::string>& lists) {
  std::vector<std::uint64_t> seeds;
  for (const std::string& list : lists) {
    for (std::size_t start = 0; start <= list.size();) {
      const std::size_t end = std::min(list.find(',', start), list.size());
      const std::string text = list.substr(start, end - start);
      start = end + 1;
      const auto seed = ParseWholeNumber(text);
      if (!seed) {
        throw UsageError(fmt::format(
            "{} {}: \"{}\" is no seed; allowed: whole numbers from 0 to {} "
            "without leading zeros, as in 1,2,3",
            option, list, text, kLargestExactInteger));
      }
      const auto value = static_cast<std::uint64_t>(*seed);
      if (std::find(seeds.begin(), seeds.end(), value) != seeds.end()) {
        throw UsageError(
            fmt::format("{} {}: {} stands twice", option, list, value));
      }
      seeds.push_back(value);
    }
  }
  return seeds;
}

}  // namespace msdbench
