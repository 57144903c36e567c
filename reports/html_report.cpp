#include "reports/html_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/aggregate.h"
#include "reports/embedded.h"
#include "reports/html_figures.h"
#include "reports/html_training.h"
#include "reports/reproduction.h"
#include "reports/run_index.h"
#include "reports/titles.h"

namespace msdbench {

extern const std::vector<EmbeddedFile> k_msdbench_reports_files;

namespace {

using Lines = std::vector<std::string>;

// More lines than this are for a machine to read.
constexpr std::size_t kMostLines = 200;
constexpr std::size_t kMostSeeds = 20;
constexpr std::size_t kMostEnvironments = 8;

std::string_view StyleSheet() {
  for (const EmbeddedFile& file : k_msdbench_reports_files) {
    if (file.name == "report.css") return file.text;
  }
  throw RunError("report.css was not compiled in");
}

std::string List(const Lines& lines) {
  std::string out = "<ul class=\"plain\">\n";
  for (std::size_t i = 0; i < std::min(lines.size(), kMostLines); ++i) {
    out += "<li>" + EscapeHtml(lines[i]) + "</li>\n";
  }
  if (lines.size() > kMostLines) {
    out += fmt::format("<li>and {} more</li>\n", lines.size() - kMostLines);
  }
  return out + "</ul>\n";
}

std::string Fact(const std::string& name, const std::string& value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name,
                     EscapeHtml(value));
}

// A command that breaks into lines only before an option.
std::string OptionsText(const std::string& command) {
  constexpr std::string_view kBegin = " --";
  std::string out;
  std::size_t from = 0;
  while (from < command.size()) {
    const std::size_t end =
        std::min(command.find(kBegin, from + 1), command.size());
    out += (from > 0 ? " <span class=\"option\">" : "<span class=\"option\">") +
           EscapeHtml(command.substr(from > 0 ? from + 1 : 0,
                                     end - from - (from > 0 ? 1 : 0))) +
           "</span>";
    from = end;
  }
  return out;
}

class Page {
 public:
  explicit Page(const HtmlInput& input)
      : input_(input),
        index_(input.matrix, input.store_link),
        link_([this](const Cell& cell) { return index_.LinkOf(cell); }) {}

  std::string Render() {
    Add("results", "Test results", Results());
    Add("differences",
        input_.comparison.differences.title.empty()
            ? "Differences"
            : input_.comparison.differences.title,
        Differences());
    if (!input_.comparison.overall.rows.empty()) {
      Add("overall", input_.comparison.overall.title,
          RenderHtml(input_.comparison.overall, "overall-table", link_));
    }
    Add("views", "What each modality gives",
        ViewsSection(input_.matrix, input_.comparison.views, link_));
    Add("models", "Trained models, example by example", Models());
    Add("outputs", "Model outputs",
        OutputsSection(input_.matrix, input_.store));
    Add("saliency", "Saliency", SaliencySection(input_.matrix, link_));
    Add("weights", "Weights over training", WeightsSection(input_.matrix));
    Add("cost", "Cost",
        CostSection(input_.matrix, input_.comparison.cost, link_));
    Add("problems", "Problems and failed runs", Problems());
    Add("data", "Data",
        input_.data_notes.empty()
            ? "<p>No run came through, so nothing is known of the data.</p>\n"
            : List(input_.data_notes));
    Add("reproduce", "How to get these numbers again", Reproduce());
    Add("runs", "Runs behind each cell",
        "<p>Numbers in the tables lead here.</p>\n" + index_.Render());
    return Document();
  }

 private:
  void Add(const std::string& id, const std::string& title,
           const std::string& body) {
    contents_ +=
        fmt::format("<li><a href=\"#{}\">{}</a></li>\n", id, EscapeHtml(title));
    sections_ += fmt::format(
        "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n"
        "<h2 id=\"{0}-title\">{1}</h2>\n{2}</section>\n",
        id, EscapeHtml(title), body);
  }

  std::string Results() const {
    return RenderHtml(input_.comparison.main, "results-table", link_);
  }

  std::string Differences() const {
    const Table& table = input_.comparison.differences;
    if (table.columns.empty()) {
      return "<p>There is no plain KD to take differences to.</p>\n";
    }
    if (table.rows.empty()) return "<p>There is no other method.</p>\n";
    return RenderHtml(table, "differences-table", link_);
  }

  std::string Models() const {
    const Comparison& comparison = input_.comparison;
    if (comparison.models.rows.empty()) {
      const Lines& why = comparison.trained_models.left_out;
      return why.empty() ? "<p>There is nothing to compare.</p>\n" : List(why);
    }
    std::string out = RenderHtml(comparison.models, "models-table", link_);
    if (!comparison.models_by_seed.rows.empty()) {
      out += RenderHtml(comparison.models_by_seed, "models-by-seed", link_);
    }
    return out;
  }

  std::string Problems() const {
    Lines failed;
    const RunMatrix& matrix = input_.matrix;
    for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
      for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
        for (const auto& line : FailureLines(matrix.At(d, m))) {
          failed.push_back(DatasetTitle(matrix.datasets()[d]) + ", " +
                           MethodTitle(matrix.methods()[m]) + ", " + line);
        }
      }
    }
    std::string out;
    if (!input_.problems.empty()) {
      out += "<p>Met while reading the records:</p>\n" + List(input_.problems);
    }
    if (!failed.empty()) out += "<p>Failed runs:</p>\n" + List(failed);
    return out.empty()
               ? "<p>None: every record was read and no run failed.</p>\n"
               : "<div class=\"panel\">\n" + out + "</div>\n";
  }

  std::string Reproduce() const {
    std::string out =
        "<p>With msdbench built from the revision named, and <code>DATA</code> "
        "the folder of the data sets:</p>\n";
    std::string rows;
    for (const RunCommand& command : RunCommands(input_.matrix)) {
      rows += fmt::format(
          "<tr><th scope=\"row\">{}</th><th scope=\"row\">{}</th>"
          "<td>{} ({})</td><td>{}</td><td><code>{}</code></td></tr>\n",
          EscapeHtml(command.dataset), EscapeHtml(command.method),
          EscapeHtml(command.suite), command.suite_hash.substr(0, 8),
          EscapeHtml(command.code), OptionsText(command.command));
    }
    out +=
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
        "aria-labelledby=\"commands-caption\">\n<table class=\"commands\">\n"
        "<caption id=\"commands-caption\"><span>Commands by data set and "
        "method. A "
        "command trains the teacher too, or takes it from its cache. The suite "
        "is a built-in one or a file of that name. Options changed on the "
        "command line (--set, --limit) are not shown here; they are in the "
        "config of each record. A run is the same where its record has the "
        "same config_hash.</span></caption>\n<thead><tr>";
    for (const char* title :
         {"Data set", "Method", "Suite", "Code", "Command"}) {
      out += std::string("<th scope=\"col\">") + title + "</th>";
    }
    out += "</tr></thead>\n<tbody>\n" + rows + "</tbody>\n</table>\n</div>\n";
    return out + EnvironmentsText();
  }

  std::string EnvironmentsText() const {
    std::string out = "<h3>Environment</h3>\n";
    const auto environments = Environments(input_.records);
    for (std::size_t i = 0;
         i < std::min(environments.size(), kMostEnvironments); ++i) {
      out += fmt::format("<p>{} of {} runs:</p>\n<dl class=\"runs\">\n",
                         environments[i].runs, input_.records.size());
      for (const auto& [name, value] : environments[i].entries) {
        out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", EscapeHtml(name),
                           EscapeHtml(value));
      }
      if (environments[i].entries.empty()) {
        out += "<dt>environment</dt><dd>not recorded</dd>\n";
      }
      out += "</dl>\n";
    }
    if (environments.size() > kMostEnvironments) {
      out += fmt::format("<p>And {} more environments, in the records.</p>\n",
                         environments.size() - kMostEnvironments);
    }
    return out;
  }

  std::string Facts() {
    std::set<std::string> suites, codes;
    std::set<std::uint64_t> seeds;
    std::size_t failed = 0;
    for (const Record& record : input_.records) {
      if (input_.matrix.plans().LeavesOut(record)) continue;
      suites.insert(record.suite + " (" + record.suite_hash.substr(0, 8) + ")");
      names_.insert(record.suite);
      codes.insert(record.version + " (" + record.revision + ")");
      if (!record.teacher) seeds.insert(record.seed);
      failed += !record.ok;
    }
    Lines datasets, methods;
    for (const auto& d : input_.matrix.datasets()) {
      datasets.push_back(DatasetTitle(d));
    }
    for (const auto& m : input_.matrix.methods()) {
      methods.push_back(MethodTitle(m));
    }
    std::string seeds_text = fmt::format("{}", fmt::join(seeds, ", "));
    if (seeds.empty()) seeds_text = "none";
    if (seeds.size() > kMostSeeds) {
      seeds_text = fmt::format("{}, from {} to {}", seeds.size(),
                               *seeds.begin(), *seeds.rbegin());
    }
    return "<dl class=\"facts\">\n" +
           Fact("Suite", fmt::format("{}", fmt::join(suites, ", "))) +
           Fact("Data sets", fmt::format("{}", fmt::join(datasets, ", "))) +
           Fact("Methods", fmt::format("{}", fmt::join(methods, ", "))) +
           Fact("Seeds", seeds_text) +
           Fact("Runs", fmt::format("{}, of which failed: {}",
                                    input_.records.size() -
                                        input_.matrix.plans().left_out(),
                                    failed)) +
           Fact("Code", fmt::format("{}", fmt::join(codes, ", "))) + "</dl>\n";
  }

  // What nobody may overlook stands above all numbers.
  std::string PlansNotice() const {
    const Lines& lines = input_.matrix.plans().lines();
    if (lines.empty()) return "";
    return "<div id=\"plans\" class=\"panel\" role=\"note\">\n"
           "<p class=\"bad\">Left out: records of another plan</p>\n" +
           List(lines) + "</div>\n";
  }

  std::string Document() {
    const std::string facts = Facts();
    const std::string name =
        EscapeHtml(fmt::format("{}", fmt::join(names_, ", ")));
    // The policy makes a browser refuse whatever the page does not hold.
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
           "<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, "
           "initial-scale=1\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\""
           "default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
           "<link rel=\"icon\" href=\"data:,\">\n<title>" +
           name + " - msdbench report" +
           (input_.matrix.plans().lines().empty() ? ""
                                                  : " (records left out)") +
           "</title>\n<style>\n" + std::string(StyleSheet()) +
           "</style>\n</head>\n<body>\n"
           "<a class=\"skip\" href=\"#content\">Skip to the results</a>\n"
           "<header>\n<div class=\"wrap\">\n<h1>Comparison: " +
           name +
           "</h1>\n<p class=\"lead\">Knowledge distillation of classifiers "
           "that read an image and a text: methods under the same conditions, "
           "over the same seeds.</p>\n" +
           PlansNotice() + facts + "<nav aria-label=\"Contents\">\n<ul>\n" +
           contents_ +
           "</ul>\n</nav>\n</div>\n</header>\n"
           "<main id=\"content\" class=\"wrap\" tabindex=\"-1\">\n" +
           sections_ +
           "</main>\n<footer>\n<div class=\"wrap\">Written by msdbench from "
           "the records; nothing is loaded from elsewhere.</div>\n</footer>\n"
           "</body>\n</html>\n";
  }

  const HtmlInput& input_;
  const RunIndex index_;
  const CellLink link_;
  std::set<std::string> names_;  // of suites
  std::string contents_, sections_;
};

}  // namespace

std::string HtmlReport(const HtmlInput& input) { return Page(input).Render(); }

}  // namespace msdbench
