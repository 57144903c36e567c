// Numbers of the command line, read strictly: the parser's own conversion takes
// 010 for eight, 0x10 for sixteen and nan for any number.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msdbench {

// Decimal digits without sign, leading zeros or anything else, up to 2^53 - 1.
std::optional<std::int64_t> ParseWholeNumber(std::string_view text);

// For add_option(...)->check(...): one such number in a range.
CLI::Validator WholeNumber(std::int64_t least, std::int64_t most);
// A finite decimal number in a range.
CLI::Validator DecimalNumber(double least, double most);

// Lists of seeds, separated by commas, given once or several times. Throws
// UsageError naming `option` for an empty list, what is no seed and seeds that
// stand twice.
std::vector<std::uint64_t> ParseSeeds(const std::string& option,
                                      const std::vector<std::string>& lists);

}  // namespace msdbench
