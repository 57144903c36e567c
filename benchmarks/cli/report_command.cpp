#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/cli/cli.h"
#include "benchmarks/cli/table_order.h"
#include "reports/report.h"

namespace msdbench {

void AddReportCommand(CLI::App& app, const Chosen& chosen) {
  struct Arguments {
    std::string records, out;
    std::vector<std::string> formats = ReportFormats(), plans;
    bool list_plans = false;
  };
  CLI::App* command = app.add_subcommand(
      "report", "Turn records into comparison tables; prints the main one");
  auto arguments = std::make_shared<Arguments>();
  command
      ->add_option("records", arguments->records,
                   "Folder that msdbench run wrote")
      ->required();
  command->add_option("--out", arguments->out,
                      "Where report.md and the others go (default: "
                      "RECORDS/report)");
  command
      ->add_option("--format", arguments->formats,
                   "md, csv, tex (tables for a paper), html (one page with "
                   "figures)")
      ->delimiter(',')
      ->capture_default_str();
  command
      ->add_option("--plan", arguments->plans,
                   "Plans to show, by the beginning of their hash; of a data "
                   "set without one the newest")
      ->delimiter(',');
  command->add_flag("--plans", arguments->list_plans,
                    "Lists the plans of the records, newest first, and stops");
  command->footer(
      "Cells of one table come from one plan. Records of others are told "
      "first\n"
      "and left out; the exit code is then 3, unless --plan chose.\n\n"
      "Examples:\n"
      "  msdbench report runs/quick\n"
      "  msdbench report runs/real --out tables --format csv,tex\n"
      "  msdbench report runs/real --plans");
  command->callback([=] {
    chosen([=] {
      const std::filesystem::path out =
          arguments->out.empty()
              ? std::filesystem::path(arguments->records) / "report"
              : std::filesystem::path(arguments->out);
      if (arguments->list_plans) {
        std::fputs(ListPlans(arguments->records).c_str(), stdout);
        return ExitCode::kOk;
      }
      ComparisonOptions options;
      options.order = TableOrder();
      ReportNotes notes;
      const std::string table =
          WriteReport(arguments->records, out, arguments->formats, options,
                      arguments->plans, &notes);
      for (const std::string& line : notes.plans) {
        std::fprintf(stderr, "%s: %s\n",
                     notes.plan_is_open ? "problem" : "note", line.c_str());
      }
      std::fputs(table.c_str(), stdout);
      std::fflush(stdout);
      for (const std::string& problem : notes.problems) {
        std::fprintf(stderr, "problem: %s\n", problem.c_str());
      }
      std::fprintf(stderr, "whole report in %s\n", out.c_str());
      return notes.plan_is_open ? ExitCode::kData : ExitCode::kOk;
    });
  });
}

}  // namespace msdbench
