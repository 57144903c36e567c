#include <cstdio>
#include <memory>
#include <string>

#include "benchmarks/cli/cli.h"
#include "benchmarks/cli/table_order.h"
#include "reports/gate.h"
#include "reports/gate_output.h"
#include "reports/record_store.h"
#include "reports/render_markdown.h"

namespace msdbench {
namespace {

struct Arguments {
  std::string records, baseline, junit;
  GateOptions options;
  double tolerance_points = 0.5;
  bool as_json = false, github = false;
};

ExitCode Check(const Arguments& arguments) {
  GateOptions options = arguments.options;
  options.rule.tolerance = arguments.tolerance_points / 100;
  options.order = TableOrder();
  const Baseline baseline = LoadBaseline(arguments.baseline);
  LoadOptions load;
  load.collect_problems = true;
  const LoadedRecords loaded = LoadRecords(arguments.records, load);
  if (loaded.records.empty() && loaded.problems.empty()) {
    throw DataError(arguments.records +
                    ": no record.json in this folder or below it");
  }
  const GateResult result =
      CheckAgainst(baseline, loaded.records, loaded.problems, options);
  if (!arguments.junit.empty()) {
    WriteFileAtomically(arguments.junit, GateJUnit(result));
  }
  if (arguments.as_json) {
    std::printf("%s\n", GateJson(result).dump(2).c_str());
  } else {
    std::fputs(RenderMarkdown(GateTable(result)).c_str(), stdout);
  }
  std::fflush(stdout);
  if (arguments.github) {
    for (const std::string& line : GateAnnotations(result)) {
      std::fprintf(stderr, "%s\n", line.c_str());
    }
  }
  for (const std::string& line : GateNotes(result)) {
    std::fprintf(stderr, "%s\n", line.c_str());
  }
  const auto failures = GateFailures(result);
  for (const std::string& line : failures) {
    std::fprintf(stderr, "%s\n", line.c_str());
  }
  std::fprintf(stderr, "check of %s against %s: %s\n",
               arguments.records.c_str(), arguments.baseline.c_str(),
               result.passed() ? "passed" : "failed");
  return result.passed() ? ExitCode::kOk : ExitCode::kCheckFailed;
}

}  // namespace

void AddCheckCommand(CLI::App& app, const Chosen& chosen) {
  CLI::App* command = app.add_subcommand(
      "check", "Compare a suite's runs with a stored baseline");
  auto arguments = std::make_shared<Arguments>();
  command
      ->add_option("records", arguments->records,
                   "Folder that msdbench run wrote")
      ->required();
  command
      ->add_option("--against", arguments->baseline,
                   "Baseline, a file that msdbench baseline update wrote")
      ->required();
  command
      ->add_option("--tolerance", arguments->tolerance_points,
                   "Points of percent that a mean may always drop")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command
      ->add_option("--level", arguments->options.rule.level,
                   "Chance that a check without any change fails")
      ->check(CLI::Range(1e-9, 0.5))
      ->capture_default_str();
  command
      ->add_option("--seeds", arguments->options.seeds,
                   "Seeds that have to be there (default: all that are)")
      ->delimiter(',');
  CLI::Option* strict =
      command->add_flag("--strict", arguments->options.strict,
                        "On the baseline's machine and build, fail for any "
                        "number that moved");
  command
      ->add_flag("!--no-exact", arguments->options.exact,
                 "Judge as if another machine had made the runs: by tests "
                 "alone, no cell passes because its numbers are equal")
      ->excludes(strict);
  command->add_option("--junit", arguments->junit,
                      "Writes JUnit XML here, one test case a cell");
  command->add_flag("--json", arguments->as_json,
                    "For machines, instead of the table");
  command->add_flag("--github", arguments->github,
                    "Annotations of GitHub Actions on stderr");
  command->footer(
      "Exit code 1 when a metric regressed, or a run of the baseline is\n"
      "missing, failed or not comparable; each is named with both values.\n"
      "How it decides is told in docs/gate.md.\n\n"
      "Examples:\n"
      "  msdbench check runs/ci --against baselines/accuracy/ci.json\n"
      "  msdbench check runs/ci --against baselines/accuracy/ci.json \\\n"
      "    --seeds 1,2,3 --junit check.xml --github\n"
      "  msdbench check runs/ci --against baselines/accuracy/ci.json "
      "--no-exact");
  command->callback([=] { chosen([=] { return Check(*arguments); }); });
}

}  // namespace msdbench
