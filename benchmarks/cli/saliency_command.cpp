#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/cli/cli.h"
#include "benchmarks/cli/suite_arguments.h"
#include "benchmarks/machine/host.h"
#include "benchmarks/runner.h"
#include "benchmarks/saliency_study.h"
#include "benchmarks/teacher.h"
#include "reports/input_file.h"
#include "reports/own_input.h"
#include "reports/render_markdown.h"

namespace msdbench {
namespace {

struct Arguments {
  SuiteArguments suite;
  std::string json;
};

Json ReadPlanted(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "planted.json";
  if (!IsThere(file)) return {};
  const Json planted = ReadJsonFile(file);
  for (const char* pointer : {"/bayes/text", "/bayes/image", "/informative"}) {
    if (!planted.contains(Json::json_pointer(pointer))) {
      throw DataError(
          fmt::format("{}: {} is missing (msdbench data make writes it)",
                      file.string(), pointer));
    }
  }
  return planted;
}

// Only rows of before may give way to rows.
void CheckJsonPlace(const Arguments& arguments) {
  const std::filesystem::path file = arguments.json;
  RefuseOwnInput("--json", file, {arguments.suite.suite});
  if (!IsFile(file)) return;
  try {
    const Json older = ReadJsonFile(file);
    const bool has_rows = older.is_array() && !older.empty() &&
                          older[0].is_object() && older[0].contains("measure");
    if (has_rows || older == Json::array()) return;
  } catch (const Error&) {
    // Not JSON, or not for us to read.
  }
  throw UsageError(arguments.json +
                   ": is there and holds no rows of this command; name "
                   "another file for --json, or remove it");
}

ExitCode Run(const Arguments& arguments) {
  if (!arguments.json.empty()) CheckJsonPlace(arguments);
  const Suite suite = arguments.suite.Load();
  const Places places = arguments.suite.PlacesOr("runs/" + suite.name);
  const c10::Device device = ParseDevice(arguments.suite.device);
  // As the runs of a suite do by default.
  PrepareArithmetic(device.is_cpu() ? 1 : UsableCores());
  std::vector<SaliencyRow> rows;
  for (const DatasetPlan& plan : suite.datasets) {
    const Json planted = ReadPlanted(places.data_root / plan.path);
    const WorkReport report = ReportToStderr();
    const PreparedData data = PrepareData(plan, places, UsableCores(), report);
    TrainingObserver observer;
    observer.epoch = [&](const EpochReport& epoch) {
      std::fprintf(
          stderr, "%s\n",
          fmt::format("{} teacher: epoch {}/{}", plan.name(), epoch.epoch,
                      PlannedEpochs(plan.teacher.training, data.train.size()))
              .c_str());
    };
    const TrainedTeacher teacher =
        ObtainTeacher(plan, data, places, device, observer, report);
    const std::string verdict =
        ChanceVerdict(teacher.dev_scores[0].front(), data.dev_floor.front(),
                      data.dev.examples);
    if (!verdict.empty()) {
      std::fprintf(stderr, "%s: %s; its saliency says nothing\n",
                   plan.name().c_str(), verdict.c_str());
    }
    const auto more =
        StudySaliency(plan.name(), data.test, teacher.test, planted);
    rows.insert(rows.end(), more.begin(), more.end());
  }
  if (!arguments.json.empty()) {
    WriteFileAtomically(arguments.json, ToJson(rows).dump(2) + "\n");
  }
  std::fputs(RenderMarkdown(SaliencyTable(rows)).c_str(), stdout);
  return ExitCode::kOk;
}

}  // namespace

void AddSaliencyCommand(CLI::App& app, const Chosen& chosen) {
  CLI::App* command = app.add_subcommand(
      "saliency", "What each saliency measure says about a suite's data sets");
  auto arguments = std::make_shared<Arguments>();
  arguments->suite.AddTo(*command);
  command->add_option("--json", arguments->json, "Also write the rows here");
  command->footer(
      "Uses the suite's teachers: from the cache, or trained now. On "
      "miniature\n"
      "data the measures are also ranked against the planted rule.\n\n"
      "Examples:\n"
      "  msdbench saliency quick --data-root data/miniature\n"
      "  msdbench saliency real --data-root ~/data --cache runs/real/cache");
  command->callback([=] { chosen([=] { return Run(*arguments); }); });
}

}  // namespace msdbench
