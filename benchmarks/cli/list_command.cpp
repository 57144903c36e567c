#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "baselines/methods/method.h"
#include "benchmarks/cli/cli.h"
#include "benchmarks/cli/record_arguments.h"
#include "benchmarks/suite.h"
#include "datasets/dataset.h"
#include "reports/json_file.h"
#include "reports/render_markdown.h"
#include "reports/run_view.h"

namespace msdbench {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

Rows RowsOf(const std::string& what) {
  Rows rows;
  if (what == "methods") {
    for (const MethodKind& kind : MethodKinds()) {
      rows.emplace_back(kind.name, kind.summary);
    }
  } else if (what == "datasets") {
    for (const DatasetFormat& format : DatasetFormats()) {
      rows.emplace_back(format.name, format.summary);
    }
  } else {
    for (const BuiltInSuite& suite : BuiltInSuites()) {
      rows.emplace_back(suite.name, suite.description);
    }
  }
  return rows;
}

ExitCode List(const std::string& what, bool as_json) {
  const Rows rows = RowsOf(what);
  if (as_json) {
    Json json = Json::array();
    for (const auto& [name, summary] : rows) {
      json.push_back({{"name", name}, {"summary", summary}});
    }
    std::printf("%s\n", json.dump(2).c_str());
    return ExitCode::kOk;
  }
  std::size_t width = 0;
  for (const auto& [name, summary] : rows) width = std::max(width, name.size());
  for (const auto& [name, summary] : rows) {
    std::printf("%s\n",
                fmt::format("{:<{}}  {}", name, width, summary).c_str());
  }
  return ExitCode::kOk;
}

ExitCode ListRuns(const std::string& folder, bool as_json) {
  if (folder.empty()) {
    throw UsageError("list runs: which? A folder is wanted, as in runs/quick");
  }
  const std::vector<Record> records = ReadRuns(folder);
  if (as_json) {
    std::printf("%s\n", RunsJson(records).dump(2).c_str());
  } else {
    std::fputs(RenderMarkdown(RunTable(records)).c_str(), stdout);
  }
  return ExitCode::kOk;
}

}  // namespace

void AddListCommand(CLI::App& app, const Chosen& chosen) {
  struct Arguments {
    std::string what, folder;
    bool as_json = false;
  };
  CLI::App* command = app.add_subcommand(
      "list", "Methods, data sets or suites that are known; runs of a folder");
  auto arguments = std::make_shared<Arguments>();
  command
      ->add_option("what", arguments->what, "methods, datasets, suites or runs")
      ->required()
      ->check(CLI::IsMember({"methods", "datasets", "suites", "runs"}));
  command->add_option("folder", arguments->folder, "Of the runs");
  command->add_flag("--json", arguments->as_json, "For machines");
  command->footer(
      "Examples:\n  msdbench list methods\n  msdbench list runs runs/quick");
  command->callback([=] {
    chosen([=] {
      if (arguments->what == "runs") {
        return ListRuns(arguments->folder, arguments->as_json);
      }
      if (!arguments->folder.empty()) {
        throw UsageError("list " + arguments->what + " " + arguments->folder +
                         ": only runs are in folders");
      }
      return List(arguments->what, arguments->as_json);
    });
  });
}

}  // namespace msdbench
