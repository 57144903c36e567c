#include <cstdio>
#include <memory>
#include <string>

#include "benchmarks/cli/cli.h"
#include "benchmarks/cli/record_arguments.h"
#include "benchmarks/cli/table_order.h"
#include "reports/folder_comparison.h"
#include "reports/render_markdown.h"

namespace msdbench {

void AddCompareCommand(CLI::App& app, const Chosen& chosen) {
  struct Arguments {
    std::string first, second;
    bool as_json = false;
  };
  CLI::App* command = app.add_subcommand(
      "compare", "Two folders of runs beside each other: commits or machines");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("first", arguments->first, "Folder of runs")->required();
  command->add_option("second", arguments->second, "Another one")->required();
  command->add_flag("--json", arguments->as_json,
                    "For machines, instead of the table");
  command->footer(
      "Nothing is tested and no difference fails: see report and check for\n"
      "that. Runs of another plan than the newest of their folder are told "
      "and\n"
      "left out; the exit code is then 3.\n\n"
      "Example:\n  msdbench compare runs/before runs/after");
  command->callback([=] {
    chosen([=] {
      const FolderComparison comparison =
          CompareFolders(ReadRuns(arguments->first),
                         ReadRuns(arguments->second), TableOrder());
      if (arguments->as_json) {
        std::printf("%s\n", FolderJson(comparison).dump(2).c_str());
      } else {
        std::fputs(RenderMarkdown(FolderTable(comparison)).c_str(), stdout);
        std::fflush(stdout);
        for (const std::string& note : comparison.notes) {
          std::fprintf(stderr, "%s\n", note.c_str());
        }
      }
      return comparison.plan_is_open ? ExitCode::kData : ExitCode::kOk;
    });
  });
}

}  // namespace msdbench
