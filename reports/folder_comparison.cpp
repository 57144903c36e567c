#include "reports/folder_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "reports/aggregate.h"
#include "reports/comparison_cells.h"
#include "reports/platform.h"
#include "reports/run_settings.h"
#include "reports/summary_output.h"
#include "reports/titles.h"

namespace msdbench {
namespace {

// Where the runs of a folder are from, in as many texts as there are origins.
std::set<std::string> CodesOf(const std::vector<Record>& records) {
  std::set<std::string> codes;
  for (const Record& record : records) {
    codes.insert(record.version + " (" + record.revision + ")");
  }
  return codes;
}

// How the machines and builds of the two folders differ, compared each with
// each: a folder has few of them, however many runs.
std::vector<std::string> PlatformChanges(const std::vector<Record>& first,
                                         const std::vector<Record>& second) {
  const auto platforms_of = [](const std::vector<Record>& records) {
    std::vector<Platform> platforms;
    for (const Record& record : records) {
      Platform platform = PlatformOf(record);
      if (std::find(platforms.begin(), platforms.end(), platform) ==
          platforms.end()) {
        platforms.push_back(std::move(platform));
      }
    }
    return platforms;
  };
  std::set<std::string> lines;
  for (const Platform& before : platforms_of(first)) {
    for (const Platform& after : platforms_of(second)) {
      for (const auto& line : PlatformDifferences(before, after)) {
        lines.insert(line);
      }
    }
  }
  if (lines.empty()) return {"machine and build are the same"};
  return {lines.begin(), lines.end()};
}

std::vector<std::string> OriginNotes(const std::vector<Record>& first,
                                     const std::vector<Record>& second) {
  std::vector<std::string> notes;
  const auto before = CodesOf(first), after = CodesOf(second);
  if (before != after) {
    notes.push_back(fmt::format("code: {} -> {}", fmt::join(before, ", "),
                                fmt::join(after, ", ")));
  }
  const auto lines = PlatformChanges(first, second);
  notes.insert(notes.end(), lines.begin(), lines.end());
  return notes;
}

const RunMatrix::Runs& Find(const RunMatrix& matrix, const std::string& dataset,
                            const std::string& method) {
  static const RunMatrix::Runs kNone;
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    if (matrix.datasets()[d].name != dataset) continue;
    for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
      if (matrix.methods()[m].name == method) return matrix.At(d, m);
    }
  }
  return kNone;
}

// How the settings of one folder's runs differ from those of the other's.
std::vector<std::string> SettingsNotes(const RunMatrix::Runs& a,
                                       const RunMatrix::Runs& b) {
  SettingsComparer comparer(/*any_teacher=*/false);
  const auto before = SettingsOf(a.ok), after = SettingsOf(b.ok);
  bool other_data = false;
  std::set<std::string> differences;
  for (const RunSettings& mine : before) {
    for (const RunSettings& others : after) {
      for (const auto& difference : comparer.Conflicts(mine, others)) {
        if (difference.pointer == kDataSetting) {
          other_data = true;
        } else {
          differences.insert(
              DifferenceText(difference, "in the first", "in the second"));
        }
      }
    }
  }
  std::vector<std::string> notes;
  if (other_data) notes.emplace_back("other data: not comparable");
  for (const std::string& difference : differences) {
    notes.push_back("other configurations: " + difference);
  }
  return notes;
}

FolderCell CellOf(const RunMatrix::Runs& a, const RunMatrix::Runs& b) {
  FolderCell cell;
  const RunMatrix::Runs& described = a.ok.empty() ? b : a;
  if (!described.ok.empty()) {
    cell.metric = described.ok.front()->metrics.front().name;
  }
  const Aggregate first = AggregateMetric(a, "test", "multimodal", cell.metric);
  const Aggregate second =
      AggregateMetric(b, "test", "multimodal", cell.metric);
  cell.first = first.summary;
  cell.second = second.summary;
  cell.change = PairedDifference(second.values, first.values).mean;
  for (const auto& [seed, value] : first.values) {
    const auto other = second.values.find(seed);
    if (other == second.values.end()) continue;
    ++cell.common;
    cell.exact += other->second == value;
  }
  const Summary slow = AggregateNumber(a, &Record::examples_per_second).summary;
  const Summary fast = AggregateNumber(b, &Record::examples_per_second).summary;
  if (slow.mean && fast.mean && *slow.mean > 0) {
    cell.speed_ratio = *fast.mean / *slow.mean;
  }
  const auto note = [&](const char* where, const RunMatrix::Runs& runs,
                        const Aggregate& values) {
    if (runs.left_out > 0) {
      cell.notes.push_back(fmt::format("{}: {} run(s) of another plan left out",
                                       where, runs.left_out));
    } else if (runs.size() == 0) {
      cell.notes.push_back(fmt::format("{}: no run", where));
    }
    for (const auto& lines : {FailureLines(runs), values.undefined}) {
      for (const auto& line : lines) {
        cell.notes.push_back(fmt::format("{}: {}", where, line));
      }
    }
  };
  note("first", a, first);
  note("second", b, second);
  for (auto& line : SettingsNotes(a, b)) cell.notes.push_back(std::move(line));
  return cell;
}

}  // namespace

FolderComparison CompareFolders(const std::vector<Record>& first,
                                const std::vector<Record>& second,
                                const MatrixOrder& order) {
  const RunMatrix one(first, order), two(second, order);
  FolderComparison comparison;
  comparison.plan_is_open = one.plans().is_open() || two.plans().is_open();
  for (const RunMatrix* matrix : {&one, &two}) {
    for (const auto* lines : {&matrix->problems(), &matrix->notes()}) {
      for (const std::string& line : *lines) {
        comparison.notes.push_back(
            fmt::format("{}: {}", matrix == &one ? "first" : "second", line));
      }
    }
  }
  for (auto& line : OriginNotes(first, second)) {
    comparison.notes.push_back(std::move(line));
  }
  std::set<std::pair<std::string, std::string>> seen;
  for (const RunMatrix* matrix : {&one, &two}) {
    for (std::size_t d = 0; d < matrix->datasets().size(); ++d) {
      for (std::size_t m = 0; m < matrix->methods().size(); ++m) {
        if (matrix->At(d, m).size() == 0) continue;
        const std::string& dataset = matrix->datasets()[d].name;
        const RunMatrix::Method& method = matrix->methods()[m];
        if (!seen.emplace(dataset, method.name).second) continue;
        FolderCell cell = CellOf(Find(one, dataset, method.name),
                                 Find(two, dataset, method.name));
        cell.dataset = dataset;
        cell.method = method.name;
        cell.teacher = method.teacher;
        comparison.cells.push_back(std::move(cell));
      }
    }
  }
  return comparison;
}

Table FolderTable(const FolderComparison& comparison) {
  Table table;
  table.columns = {{"Data set", false}, {"Method", false}, {"Metric", false},
                   {"First"},           {"Second"},        {"Change"},
                   {"Equal runs"},      {"Speed"}};
  for (const FolderCell& cell : comparison.cells) {
    const std::string texts[] = {
        DatasetTitle({cell.dataset, "", {}, nullptr}),
        MethodTitle({cell.method, "", cell.teacher}),
        cell.metric.empty() ? "-" : MetricTitle({cell.metric, true}),
        SummaryText(cell.first),
        SummaryText(cell.second),
        cell.change ? SignedText(100 * *cell.change, 2) : "-",
        fmt::format("{} of {}", cell.exact, cell.common),
        cell.speed_ratio ? fmt::format("{:.2f}", *cell.speed_ratio) : "-"};
    std::vector<Cell> row;
    for (const std::string& text : texts) row.push_back({text, {}, {}});
    for (const std::string& note : cell.notes) {
      table.Annotate(row[1], note);
    }
    table.rows.push_back(std::move(row));
  }
  table.legend =
      "Test split, multimodal view, in percent: mean, standard deviation, and "
      "in brackets how many seeds. Change: over the seeds of both. Equal runs: "
      "those of them whose values are the same, bit for bit. Speed: training "
      "examples a second, second over "
      "first. No difference here is tested.";
  return table;
}

Json FolderJson(const FolderComparison& comparison) {
  Json json;
  json["notes"] = comparison.notes;
  json["cells"] = Json::array();
  for (const FolderCell& cell : comparison.cells) {
    json["cells"].push_back({{"dataset", cell.dataset},
                             {"method", cell.method},
                             {"metric", cell.metric},
                             {"first", SummaryJson(cell.first)},
                             {"second", SummaryJson(cell.second)},
                             {"change", NumberOrNull(cell.change)},
                             {"common_seeds", cell.common},
                             {"equal_runs", cell.exact},
                             {"speed_ratio", NumberOrNull(cell.speed_ratio)},
                             {"notes", cell.notes}});
  }
  return json;
}

}  // namespace msdbench
