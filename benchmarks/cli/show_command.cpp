#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "benchmarks/cli/cli.h"
#include "reports/input_file.h"
#include "reports/record_store.h"
#include "reports/run_view.h"

namespace msdbench {

void AddShowCommand(CLI::App& app, const Chosen& chosen) {
  CLI::App* command =
      app.add_subcommand("show", "One run: scores, epochs, weights, timings");
  auto record = std::make_shared<std::string>();
  command
      ->add_option("record", *record, "A record.json, or the folder it is in")
      ->required();
  command->footer(
      "The record itself is JSON, for machines.\n\n"
      "Example:\n  msdbench show runs/quick/snli_ve/kd/seed-1");
  command->callback([=] {
    chosen([=] {
      std::filesystem::path file = *record;
      if (IsFolder(file)) file /= kRecordName;
      std::fputs(
          RunText(ParseRecord(ReadJsonFile(file), file.string())).c_str(),
          stdout);
      return ExitCode::kOk;
    });
  });
}

}  // namespace msdbench
