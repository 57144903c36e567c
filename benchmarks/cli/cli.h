// The sub-commands of msdbench: each adds its options to the parser and
// returns what to do when it is the one chosen.
#pragma once

#include <c10/core/Device.h>

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "reports/error.h"

namespace msdbench {

using Action = std::function<ExitCode()>;
// Called by the parser's callback of the chosen command.
using Chosen = std::function<void(Action)>;

void AddRunCommand(CLI::App& app, const Chosen& chosen);
void AddReportCommand(CLI::App& app, const Chosen& chosen);
void AddDataCommand(CLI::App& app, const Chosen& chosen);
// `make`, a sub-command of `data`.
void AddMakeCommand(CLI::App& data, const Chosen& chosen);
void AddListCommand(CLI::App& app, const Chosen& chosen);
void AddDoctorCommand(CLI::App& app, const Chosen& chosen);
void AddSaliencyCommand(CLI::App& app, const Chosen& chosen);
void AddWeightsCommand(CLI::App& app, const Chosen& chosen);
void AddCheckCommand(CLI::App& app, const Chosen& chosen);
void AddBaselineCommand(CLI::App& app, const Chosen& chosen);
void AddCompareCommand(CLI::App& app, const Chosen& chosen);
void AddShowCommand(CLI::App& app, const Chosen& chosen);

// "auto" (CUDA where there is one), "cpu", "cuda", "cuda:1". Throws UsageError.
c10::Device ParseDevice(const std::string& name);

// The whole program; returns the process's exit code and never throws.
int RunCommandLine(int argc, const char* const* argv);

}  // namespace msdbench
