#include "benchmarks/cli/data_speed_command.h"

#include <cstdio>
#include <memory>

#include "benchmarks/cli/suite_arguments.h"
#include "benchmarks/input_speed.h"
#include "benchmarks/machine/host.h"
#include "reports/render_markdown.h"

namespace msdbench {

void AddSpeed(CLI::App& data, const Chosen& chosen) {
  CLI::App* command = data.add_subcommand(
      "speed", "How fast a suite's batches come, without training");
  auto arguments = std::make_shared<SuiteArguments>();
  arguments->AddTo(*command);
  command->footer(
      "Fills the cache as a run does. Give it twice: the second time nothing\n"
      "is decoded or packed.\n\n"
      "Example:\n"
      "  msdbench data speed quick --data-root data/miniature");
  command->callback([=] {
    chosen([=] {
      const Suite suite = arguments->Load();
      const Places places = arguments->PlacesOr("runs/" + suite.name);
      const c10::Device device = ParseDevice(arguments->device);
      std::vector<InputSpeed> speeds;
      for (const DatasetPlan& plan : suite.datasets) {
        speeds.push_back(MeasureInput(plan, places, UsableCores(), device));
      }
      std::fputs(RenderMarkdown(InputSpeedTable(speeds)).c_str(), stdout);
      return ExitCode::kOk;
    });
  });
}

}  // namespace msdbench
