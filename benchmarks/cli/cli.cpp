#include "benchmarks/cli/cli.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "benchmarks/version.h"

namespace msdbench {

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
  } catch (const CLI::ParseError& error) {
    // --help and --version arrive here too, as successes.
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  } catch (const Error& error) {
    std::fprintf(stderr, "msdbench: %s\n", error.what());
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    const std::string what = error.what();
    std::fprintf(stderr, "msdbench: %s\n",
                 what.substr(0, what.find('\n')).c_str());
    return static_cast<int>(ExitCode::kRunFailed);
  }
}

}  // namespace msdbench
