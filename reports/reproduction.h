// How to get the numbers again: the commands, and where they were run.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "reports/run_matrix.h"

namespace msdbench {

struct RunCommand {
  std::string dataset, method;  // titles
  std::string suite, suite_hash, code;
  std::string command;  // one line for a shell
};

// One a data set, method, suite, code and device, with the seeds recorded.
// Teachers have none: the students' commands train them.
std::vector<RunCommand> RunCommands(const RunMatrix& matrix);

struct Environment {
  std::size_t runs = 0;
  std::vector<std::pair<std::string, std::string>> entries;  // "cpu / model"
};

// The different ones, the commonest first.
std::vector<Environment> Environments(const std::vector<Record>& records);

}  // namespace msdbench
