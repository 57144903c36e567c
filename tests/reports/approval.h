// Approval tests: whole outputs against files that a person has looked at.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <string>

#include "reports/json_file.h"

namespace msdbench {

// Without what may differ between two builds: version and revision.
inline std::string Normalised(const std::string& text) {
  static const std::regex code(
      R"(\d+\.\d+\.\d+ \([0-9a-f]{7,40}(\+changes)?\))");
  return std::regex_replace(text, code, "VERSION (REVISION)");
}

// Compares with tests/reports/approved/NAME. With MSDBENCH_APPROVE=1 in the
// environment writes that file instead: the way to accept a change, after
// looking at the difference (git diff).
inline void ExpectApproved(const std::string& name, const std::string& text) {
  const std::filesystem::path approved =
      std::filesystem::path("tests/reports/approved") / name;
  const std::string received = Normalised(text);
  const char* approve = std::getenv("MSDBENCH_APPROVE");
  if (approve != nullptr && std::string(approve) == "1") {
    WriteFileAtomically(approved, received);
    return;
  }
  ASSERT_TRUE(std::filesystem::exists(approved))
      << approved << " is missing; run from the source folder, or write it "
      << "with MSDBENCH_APPROVE=1";
  const std::string wanted = ReadTextFile(approved);
  if (wanted == received) return;
  std::size_t at = 0, line = 1, begin = 0;
  while (at < wanted.size() && at < received.size() &&
         wanted[at] == received[at]) {
    if (wanted[at++] == '\n') {
      ++line;
      begin = at;
    }
  }
  const auto line_of = [&](const std::string& all) {
    return all.substr(begin, all.find('\n', begin) - begin);
  };
  const std::filesystem::path beside =
      std::filesystem::path(testing::TempDir()) / ("received-" + name);
  WriteFileAtomically(beside, received);
  ADD_FAILURE() << approved.string() << ":" << line
                << " differs\n  approved: " << line_of(wanted)
                << "\n  received: " << line_of(received) << "\nwhole text in "
                << beside.string()
                << "; if the change is wanted, run again with "
                << "MSDBENCH_APPROVE=1";
}

}  // namespace msdbench
