#include "reports/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/html_report.h"
#include "reports/record_store.h"
#include "reports/render_csv.h"
#include "reports/render_latex.h"
#include "reports/render_markdown.h"
#include "reports/titles.h"

namespace msdbench {
namespace {

using Lines = std::vector<std::string>;

std::string Section(const std::string& title, const Lines& lines) {
  if (lines.empty()) return "";
  std::string out = "\n## " + title + "\n\n";
  for (const auto& line : lines) out += "- " + EscapeMarkdown(line) + "\n";
  return out;
}

constexpr const char* kPlansTitle = "Left out: records of another plan";

// Where the numbers come from, in a few lines.
Lines Origin(const std::vector<Record>& records, const Plans& plans) {
  std::set<std::string> suites, codes;
  std::set<std::uint64_t> seeds;
  std::size_t failed = 0;
  for (const Record& record : records) {
    if (plans.LeavesOut(record)) continue;
    suites.insert(record.suite + " (" + record.suite_hash.substr(0, 8) + ")");
    codes.insert(record.version + " (" + record.revision + ")");
    if (!record.teacher) seeds.insert(record.seed);
    failed += !record.ok;
  }
  Lines lines = {fmt::format("runs: {}, of which failed: {}",
                             records.size() - plans.left_out(), failed),
                 fmt::format("suite: {}", fmt::join(suites, ", ")),
                 fmt::format("code: {}", fmt::join(codes, ", "))};
  // A list of hundreds tells nobody anything.
  if (seeds.size() <= 20) {
    lines.push_back(fmt::format("seeds: {}", fmt::join(seeds, ", ")));
  } else {
    lines.push_back(fmt::format("seeds: {}, from {} to {}", seeds.size(),
                                *seeds.begin(), *seeds.rbegin()));
  }
  return lines;
}

Lines DataLines(const RunMatrix& matrix) {
  Lines lines;
  for (const auto& dataset : matrix.datasets()) {
    if (dataset.described == nullptr) continue;
    const Record& record = *dataset.described;
    const std::string title = DatasetTitle(dataset);
    lines.push_back(fmt::format(
        "{}: {} labels; dev {} ({} examples), test {} ({} examples); "
        "fingerprint {}",
        title, record.labels, record.dev_split, record.dev_examples,
        record.test_split, record.test_examples, record.fingerprint));
    for (const auto& note : record.notes) lines.push_back(title + ": " + note);
  }
  return lines;
}

std::string Models(const Comparison& comparison) {
  if (comparison.models.rows.empty()) {
    return Section(comparison.models.title, comparison.trained_models.left_out);
  }
  std::string out = "\n" + RenderMarkdown(comparison.models);
  if (!comparison.models_by_seed.rows.empty()) {
    out += "\n" + RenderMarkdown(comparison.models_by_seed, 3);
  }
  return out;
}

std::string Markdown(const std::vector<Record>& records,
                     const RunMatrix& matrix, const Comparison& comparison,
                     const Lines& problems) {
  std::string out = "# Comparison\n\n";
  for (const auto& line : Origin(records, matrix.plans())) {
    out += "- " + EscapeMarkdown(line) + "\n";
  }
  out += Section(kPlansTitle, matrix.plans().lines());
  out += Section("Problems", problems);
  out += "\n" + RenderMarkdown(comparison.main);
  if (!comparison.differences.rows.empty()) {
    out += "\n" + RenderMarkdown(comparison.differences);
  }
  if (!comparison.overall.rows.empty()) {
    out += "\n" + RenderMarkdown(comparison.overall);
  }
  for (const Table& table : comparison.views) {
    out += "\n" + RenderMarkdown(table);
  }
  out += Models(comparison);
  out += "\n" + RenderMarkdown(comparison.cost);
  out += Section("Data", DataLines(matrix));
  out += "\n## Runs behind each cell\n\n" + RenderRecords(comparison.main);
  return out;
}

// One file for \input, a table after another.
std::string Latex(const std::vector<Record>& records, const Plans& plans,
                  const Comparison& comparison) {
  std::string out =
      "% Tables of msdbench. In the preamble: " + LatexPackages() + "\n";
  for (const auto& line : Origin(records, plans)) {
    out += "% " + EscapeLatex(line) + "\n";
  }
  if (!plans.lines().empty()) {
    out += "\n\\noindent\\textbf{" + EscapeLatex(kPlansTitle) + "}\\par\n";
    for (const auto& line : plans.lines()) {
      out += "\\noindent " + EscapeLatex(line) + "\\par\n";
    }
  }
  std::vector<const Table*> tables = {&comparison.main};
  if (!comparison.differences.rows.empty()) {
    tables.push_back(&comparison.differences);
  }
  const auto add = [&](const Table& table) {
    if (!table.rows.empty()) tables.push_back(&table);
  };
  add(comparison.overall);
  for (const Table& table : comparison.views) tables.push_back(&table);
  add(comparison.models);
  add(comparison.models_by_seed);
  tables.push_back(&comparison.cost);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    // LaTeX holds back only so many tables that found no place yet.
    if (i > 0 && i % 12 == 0) out += "\n\\clearpage\n";
    out +=
        "\n" + RenderLatex(*tables[i], fmt::format("tab:msdbench-{}", i + 1));
  }
  return out;
}

// From a page in `out` to the records; empty where those lie elsewhere, since
// the page would break when either is moved.
std::string LinkToStore(const std::filesystem::path& store,
                        const std::filesystem::path& out) {
  std::error_code error;
  const auto below =
      std::filesystem::weakly_canonical(out, error)
          .lexically_relative(std::filesystem::weakly_canonical(store, error));
  if (error || below.empty() || *below.begin() == "..") return "";
  std::string link;
  for (const auto& part : below) {
    if (part != ".") link += "../";
  }
  return link.empty() ? "./" : link;
}

// Without the plans left out, which stand before all.
Lines AllProblems(Lines problems, const RunMatrix& matrix) {
  const Lines& own = matrix.problems();
  const auto plans = static_cast<std::ptrdiff_t>(matrix.plans().lines().size());
  problems.insert(problems.end(), own.begin() + plans, own.end());
  problems.insert(problems.end(), matrix.notes().begin(), matrix.notes().end());
  return problems;
}

PlanOptions Choose(const Lines& chosen) {
  PlanOptions plans;
  plans.chosen = chosen;
  plans.offer_choice = true;
  return plans;
}

LoadedRecords Load(const std::filesystem::path& store) {
  LoadOptions load;
  load.collect_problems = true;
  load.keep_json = false;
  LoadedRecords loaded = LoadRecords(store, load);
  if (loaded.records.empty()) {
    throw DataError(loaded.problems.empty()
                        ? store.string() +
                              ": no record.json in this folder "
                              "or below it"
                        : loaded.problems.front());
  }
  return loaded;
}

}  // namespace

std::vector<std::string> ReportFormats() {
  return {"md", "csv", "tex", "html"};
}

std::string MarkdownReport(const std::vector<Record>& records,
                           const std::vector<std::string>& problems,
                           const ComparisonOptions& options,
                           const std::vector<std::string>& chosen) {
  const RunMatrix matrix(records, options.order, Choose(chosen));
  return Markdown(records, matrix, Compare(matrix, options),
                  AllProblems(problems, matrix));
}

std::string WriteReport(const std::filesystem::path& store,
                        const std::filesystem::path& out,
                        const std::vector<std::string>& formats,
                        const ComparisonOptions& options,
                        const std::vector<std::string>& chosen,
                        ReportNotes* notes) {
  const auto known = ReportFormats();
  for (const std::string& format : formats) {
    if (std::find(known.begin(), known.end(), format) != known.end()) continue;
    throw UsageError(fmt::format("unknown report format \"{}\"; allowed: {}",
                                 format, fmt::join(known, ", ")));
  }
  const LoadedRecords loaded = Load(store);
  const RunMatrix matrix(loaded.records, options.order, Choose(chosen));
  ComparisonOptions beside = options;
  // Tests by example take a while, and the long form does not show them.
  const bool shows_models =
      std::any_of(formats.begin(), formats.end(),
                  [](const std::string& format) { return format != "csv"; });
  if (shows_models) beside.store = store;
  const Comparison comparison = Compare(matrix, beside);
  const Lines problems = AllProblems(loaded.problems, matrix);
  const auto render = [&](const std::string& format) {
    if (format == "csv") return RenderCsv(comparison.long_form);
    if (format == "tex") {
      return Latex(loaded.records, matrix.plans(), comparison);
    }
    if (format == "html") {
      return HtmlReport({loaded.records, matrix, comparison, problems,
                         DataLines(matrix), store, LinkToStore(store, out)});
    }
    return Markdown(loaded.records, matrix, comparison, problems);
  };
  for (const std::string& format : formats) {
    WriteFileAtomically(out / ("report." + format), render(format));
  }
  if (notes != nullptr) {
    *notes = {matrix.plans().lines(), matrix.plans().is_open(), problems};
  }
  return RenderMarkdown(comparison.brief);
}

std::string ListPlans(const std::filesystem::path& store) {
  const LoadedRecords loaded = Load(store);
  return RenderMarkdown(PlanTable(Plans(loaded.records, {})));
}

}  // namespace msdbench
