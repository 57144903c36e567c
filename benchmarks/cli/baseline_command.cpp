#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/cli/cli.h"
#include "benchmarks/cli/table_order.h"
#include "reports/baseline.h"
#include "reports/input_file.h"
#include "reports/own_input.h"
#include "reports/record_store.h"
#include "reports/render_markdown.h"

namespace msdbench {
namespace {

struct Arguments {
  std::string records, out;
  std::vector<std::string> teachers;
  bool drop = false;
};

// A part of a suite must not take the place of the whole unasked.
void CheckNothingIsLost(const Baseline& before, const Baseline& now) {
  std::vector<std::string> lost;
  for (const BaselineCell& cell : before.cells) {
    const bool kept = std::any_of(
        now.cells.begin(), now.cells.end(), [&](const BaselineCell& other) {
          return other.dataset == cell.dataset && other.method == cell.method;
        });
    if (!kept) lost.push_back(cell.dataset + " " + cell.method);
  }
  if (lost.empty()) return;
  throw UsageError(fmt::format(
      "the runs have nothing for {} of the baseline; run those too, "
      "or let them go with --drop",
      fmt::join(lost, ", ")));
}

std::vector<Record> RecordsIn(const std::string& folder) {
  std::vector<Record> records = LoadRecords(folder).records;
  if (records.empty()) {
    throw DataError(folder + ": no record.json in this folder or below it");
  }
  // The path from here, since several folders have the same names inside.
  for (Record& record : records) record.source = folder + "/" + record.source;
  return records;
}

// How many seeds a check may have, by the cell with fewest.
std::size_t CheckSeeds(const Baseline& baseline, bool teachers) {
  std::size_t least = SIZE_MAX;
  for (const BaselineCell& cell : baseline.cells) {
    if (cell.teacher == teachers) least = std::min(least, cell.values.size());
  }
  return least == SIZE_MAX ? 0 : least / 2;
}

// Records are read again and again: no file is put among them.
void CheckPlace(const Arguments& arguments) {
  std::vector<std::string> folders = arguments.teachers;
  folders.push_back(arguments.records);
  for (const std::string& folder : folders) {
    if (!LiesIn(arguments.out, folder)) continue;
    throw UsageError(fmt::format(
        "--out {}: lies in {}, whose records are read; name another place",
        arguments.out, folder));
  }
}

// One of another version of the format cannot be compared with; it gives way
// where what is not kept may go.
Baseline Before(const Arguments& arguments) {
  if (!IsThere(arguments.out)) return {};
  const Json json = ReadJsonFile(arguments.out);
  if (!IsBaseline(json)) {
    throw UsageError(fmt::format(
        "--out {}: there is a file that is no baseline; name another place",
        arguments.out));
  }
  if (arguments.drop && IsOtherBaselineVersion(json)) {
    std::fprintf(stderr, "%s: another version of the format; replaced\n",
                 arguments.out.c_str());
    return {};
  }
  return ParseBaseline(json, arguments.out);
}

ExitCode Update(const Arguments& arguments) {
  CheckPlace(arguments);
  std::vector<Record> teachers;
  for (const std::string& folder : arguments.teachers) {
    for (Record& record : RecordsIn(folder)) {
      if (record.teacher) teachers.push_back(std::move(record));
    }
  }
  const Baseline baseline =
      MakeBaseline(RecordsIn(arguments.records), teachers, TableOrder());
  const Baseline before = Before(arguments);
  if (!arguments.drop) CheckNothingIsLost(before, baseline);
  const Table moved = MovedCells(before, baseline);
  WriteFileAtomically(arguments.out, BaselineJson(baseline).dump(1) + "\n");

  if (moved.rows.empty()) {
    std::fprintf(stderr, "no value moved\n");
  } else {
    std::fputs(RenderMarkdown(moved).c_str(), stdout);
  }
  if (!before.cells.empty()) {
    for (const std::string& line :
         PlatformDifferences(before.platform, baseline.platform)) {
      std::fprintf(stderr, "%s\n", line.c_str());
    }
  }
  std::fprintf(
      stderr, "%s\n",
      fmt::format("{}: {} cells, {} moved; enough for checks of up to {} seeds",
                  arguments.out, baseline.cells.size(), moved.rows.size(),
                  CheckSeeds(baseline, /*teachers=*/false))
          .c_str());
  if (CheckSeeds(baseline, /*teachers=*/true) == 0) {
    std::fprintf(stderr,
                 "a teacher has one seed, which only the same machine and "
                 "build can be compared with; --teachers adds others\n");
  }
  return ExitCode::kOk;
}

}  // namespace

void AddBaselineCommand(CLI::App& app, const Chosen& chosen) {
  CLI::App* baseline = app.add_subcommand(
      "baseline", "The stored values that check compares with");
  baseline->require_subcommand(1);
  baseline->footer(
      "Example:\n"
      "  msdbench baseline update runs/base --out baselines/accuracy/ci.json");
  CLI::App* command = baseline->add_subcommand(
      "update", "Accept the runs of a folder as the new baseline");
  auto arguments = std::make_shared<Arguments>();
  command
      ->add_option("records", arguments->records,
                   "Folder that msdbench run wrote, with twice the seeds that "
                   "checks will have, or more")
      ->required();
  command->add_option("--teachers", arguments->teachers,
                      "Folders from which only teachers are taken, trained "
                      "with other seeds");
  command->add_option("--out", arguments->out, "The baseline's file")
      ->required();
  command->add_flag("--drop", arguments->drop,
                    "Let go what the baseline has and the runs have not, also "
                    "a baseline of another version of the format");
  command->footer(
      "Prints each cell that moved. A baseline is changed by this command "
      "only,\n"
      "and a line in CHANGELOG.md says why. FILE lies outside of the folders\n"
      "that are read, and is new or a baseline.\n\n"
      "Examples:\n"
      "  msdbench run ci --seeds 1,2,3,4,5,6 --out runs/base\n"
      "  msdbench run ci --set teacher.seed=1001 --seeds 1 --methods kd \\\n"
      "    --out runs/base-1001\n"
      "  msdbench baseline update runs/base --teachers runs/base-1001 \\\n"
      "    --out baselines/accuracy/ci.json");
  command->callback([=] { chosen([=] { return Update(*arguments); }); });
}

}  // namespace msdbench
