// The command line in this process, with what it prints.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/cli/cli.h"

namespace msdbench {

inline int RunWords(std::vector<std::string> words) {
  words.insert(words.begin(), "msdbench");
  std::vector<const char*> arguments;
  for (const std::string& word : words) arguments.push_back(word.c_str());
  return RunCommandLine(static_cast<int>(arguments.size()), arguments.data());
}

struct Outcome {
  int code;
  std::string out, err;
};

inline Outcome Call(std::vector<std::string> words) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = RunWords(std::move(words));
  std::fflush(stdout);
  std::fflush(stderr);
  std::string out = testing::internal::GetCapturedStdout();
  return {code, std::move(out), testing::internal::GetCapturedStderr()};
}

}  // namespace msdbench
