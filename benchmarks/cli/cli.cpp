#include "benchmarks/cli/cli.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "benchmarks/version.h"

namespace msdbench {
namespace {

// Where a command is wanted, what stands there instead and what could; empty
// when nothing does.
std::string UnknownCommand(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  std::vector<std::string> names;
  for (const CLI::App* command :
       at->get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  if (names.empty()) return "";  // what is required is an option
  for (const std::string& word : at->remaining()) {
    if (word.empty() || word.front() == '-') continue;
    return fmt::format("{}: unknown command \"{}\"; allowed: {}",
                       at->get_name(), OneLine(word), fmt::join(names, ", "));
  }
  return "";
}

}  // namespace

int RunCommandLine(int argc, const char* const* argv) {
  CLI::App app{
      "msdbench compares standard knowledge distillation with modality-specific"
      " distillation on image-and-text data sets.",
      "msdbench"};
  app.set_version_flag("--version", "msdbench " + std::string(Version()) +
                                        " (" + std::string(Revision()) + ")");
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  msdbench data make --out data/miniature\n"
      "  msdbench run quick --data-root data/miniature --out runs/quick\n"
      "  msdbench report runs/quick\n"
      "Each command has its own --help with examples.\n\n"
      "Exit codes: 0 ok, 1 a check failed, 2 usage or configuration, 3 data,\n"
      "4 a run failed.");
  Action action;
  const Chosen chosen = [&](Action picked) { action = std::move(picked); };
  AddRunCommand(app, chosen);
  AddReportCommand(app, chosen);
  AddCheckCommand(app, chosen);
  AddBaselineCommand(app, chosen);
  AddCompareCommand(app, chosen);
  AddShowCommand(app, chosen);
  AddSaliencyCommand(app, chosen);
  AddDataCommand(app, chosen);
  AddWeightsCommand(app, chosen);
  AddListCommand(app, chosen);
  AddDoctorCommand(app, chosen);

  try {
    app.parse(argc, argv);
    return static_cast<int>(action());
  } catch (const CLI::RequiredError& error) {
    const std::string unknown = UnknownCommand(app);
    if (unknown.empty()) {
      app.exit(error);
    } else {
      std::fprintf(stderr, "%s\n", unknown.c_str());
    }
    return static_cast<int>(ExitCode::kUsage);
  } catch (const CLI::ParseError& error) {
    // --help and --version arrive here too, as successes.
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  } catch (const Error& error) {
    std::fprintf(stderr, "msdbench: %s\n", error.what());
    return static_cast<int>(error.code());
  } catch (const std::filesystem::filesystem_error& error) {
    std::string paths = error.path1().string();
    if (!error.path2().empty()) paths += ", " + error.path2().string();
    std::fprintf(stderr, "msdbench: %s\n",
                 OneLine(paths.empty() ? error.what()
                                       : paths + ": " + error.code().message())
                     .c_str());
    return static_cast<int>(ExitCode::kRunFailed);
  } catch (const std::exception& error) {
    const std::string what = error.what();
    std::fprintf(stderr, "msdbench: %s\n",
                 what.substr(0, what.find('\n')).c_str());
    return static_cast<int>(ExitCode::kRunFailed);
  }
}

}  // namespace msdbench
