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
    std::vector<std::string> formats = ReportFormats();
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
  command->footer(
      "Examples:\n"
      "  msdbench report runs/quick\n"
      "  msdbench report runs/real --out tables --format csv,tex");
  command->callback([=] {
    chosen([=] {
      const std::filesystem::path out =
          arguments->out.empty()
              ? std::filesystem::path(arguments->records) / "report"
              : std::filesystem::path(arguments->out);
      ComparisonOptions options;
      options.order = TableOrder();
      std::vector<std::string> problems;
      std::fputs(WriteReport(arguments->records, out, arguments->formats,
                             options, &problems)
                     .c_str(),
                 stdout);
      std::fflush(stdout);
      for (const std::string& problem : problems) {
        std::fprintf(stderr, "problem: %s\n", problem.c_str());
      }
      std::fprintf(stderr, "whole report in %s\n", out.c_str());
      return ExitCode::kOk;
    });
  });
}

}  // namespace msdbench
