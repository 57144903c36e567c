#include "reports/gate_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/aggregate.h"
#include "reports/comparison_cells.h"
#include "reports/summary_output.h"
#include "reports/titles.h"

namespace msdbench {
namespace {

std::string Percent(double fraction) { return NumberText(100 * fraction, 2); }
std::string Points(double fraction) { return SignedText(100 * fraction, 2); }

std::string ProbabilityText(double p) {
  return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p);
}

std::string Place(const GateCell& cell) {
  return fmt::format("{} / {} / {}", cell.dataset, cell.method,
                     cell.metric.empty() ? "-" : cell.metric);
}

// "78.20 -> 74.10 (-4.10 points; p 0.003 after Holm's correction for 32 cells;
// 3 seeds against 6)", as far as there are numbers.
std::string Values(const GateCell& cell, std::size_t family) {
  if (!cell.change) return "";
  std::string text =
      fmt::format("{} -> {} ({} points", Percent(*cell.before.mean),
                  Percent(*cell.after.mean), Points(*cell.change));
  if (cell.p_holm) {
    text += fmt::format("; p {} after Holm's correction for {} cells",
                        ProbabilityText(*cell.p_holm), family);
  }
  return text +
         fmt::format("; {} seeds against {})", cell.after.n, cell.before.n);
}

std::string Line(const GateCell& cell, std::size_t family) {
  std::string line = Name(cell.verdict) + ": " + Place(cell);
  const std::string values = Values(cell, family);
  if (!values.empty()) line += ": " + values;
  for (std::size_t i = 0; i < cell.notes.size(); ++i) {
    line += (i == 0 ? ": " : "; ") + cell.notes[i];
  }
  return line;
}

std::string ChangeLine(const GateCell& cell) {
  std::vector<std::string> changes;
  for (const ExactChange& change : cell.changes) {
    changes.push_back(fmt::format("seed {} {} -> {} ({})", change.seed,
                                  Percent(change.before), Percent(change.after),
                                  Points(change.after - change.before)));
  }
  return fmt::format("moved: {}: equal numbers were expected, but {}",
                     Place(cell), fmt::join(changes, ", "));
}

std::string EscapeXml(const std::string& text) {
  std::string escaped;
  for (char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        // XML 1.0 has no place for control characters.
        escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return escaped;
}

std::string CaseXml(const std::string& group, const std::string& name,
                    const std::string& kind, const std::string& type,
                    const std::string& message) {
  std::string xml = fmt::format("    <testcase classname=\"{}\" name=\"{}\"",
                                EscapeXml(group), EscapeXml(name));
  if (kind.empty()) return xml + "/>\n";
  const std::string attribute =
      kind == "skipped" ? "" : " type=\"" + EscapeXml(type) + "\"";
  return xml + fmt::format(
                   ">\n      <{0} message=\"{1}\"{2}>{1}</{0}>\n"
                   "    </testcase>\n",
                   kind, EscapeXml(message), attribute);
}

// docs.github.com, "Workflow commands": what would end a message or a property.
std::string EscapeCommand(const std::string& text, bool property) {
  std::string escaped;
  for (char c : text) {
    if (c == '%' || c == '\r' || c == '\n' ||
        (property && (c == ':' || c == ','))) {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string Command(const char* kind, const std::string& title,
                    const std::string& message) {
  return fmt::format("::{} title={}::{}", kind, EscapeCommand(title, true),
                     EscapeCommand(message, false));
}

}  // namespace

Table GateTable(const GateResult& result) {
  Table table;
  table.columns = {{"Data set", false},
                   {"Method", false},
                   {"Metric", false},
                   {"Baseline"},
                   {"Now"},
                   {"Change"},
                   {"p"},
                   {"Verdict", false}};
  for (const GateCell& cell : result.cells) {
    const RunMatrix::Dataset dataset = {cell.dataset, "", {}, nullptr};
    const RunMatrix::Method method = {cell.method, "", cell.teacher};
    const std::string texts[] = {
        DatasetTitle(dataset), MethodTitle(method),
        cell.metric.empty() ? "-"
                            : MetricTitle({cell.metric, cell.higher_is_better}),
        SummaryText(cell.before), SummaryText(cell.after),
        // Of equal runs: the baseline's other seeds are no change.
        cell.change && cell.verdict != Verdict::kEqual ? Points(*cell.change)
                                                       : "-",
        cell.p_holm ? ProbabilityText(*cell.p_holm) : "-", Name(cell.verdict)};
    table.rows.emplace_back();
    for (const std::string& text : texts) {
      table.rows.back().push_back({text, {}, {}});
    }
  }
  table.legend = fmt::format(
      "Test split, multimodal view, in percent: mean, standard deviation, and "
      "in brackets how many seeds. A cell has regressed when its mean is more "
      "than {} points worse and p is at most {}: one-sided t-test, after "
      "Holm's correction for the {} cells.",
      NumberText(100 * result.options.rule.tolerance, 2),
      result.options.rule.level, result.family);
  return table;
}

std::vector<std::string> GateFailures(const GateResult& result) {
  std::vector<std::string> lines = result.problems;
  for (const GateCell& cell : result.cells) {
    if (Fails(cell.verdict)) lines.push_back(Line(cell, result.family));
  }
  return lines;
}

std::vector<std::string> GateNotes(const GateResult& result) {
  std::vector<std::string> lines = result.notes;
  for (const GateCell& cell : result.cells) {
    if (!Fails(cell.verdict) &&
        (cell.verdict == Verdict::kImproved || !cell.notes.empty())) {
      lines.push_back(Line(cell, result.family));
    }
    if (!cell.changes.empty()) lines.push_back(ChangeLine(cell));
  }
  return lines;
}

Json GateJson(const GateResult& result) {
  Json json;
  json["schema_version"] = 1;
  json["passed"] = result.passed();
  json["suite"] = result.suite;
  json["level"] = result.options.rule.level;
  json["tolerance"] = result.options.rule.tolerance;
  json["strict"] = result.options.strict;
  json["exact"] = result.options.exact;
  json["seeds"] = result.seeds;
  json["code"] = {{"version", result.version}, {"revision", result.revision}};
  json["baseline"] = {{"measured", result.baseline.measured},
                      {"version", result.baseline.version},
                      {"revision", result.baseline.revision},
                      {"numerics", nullptr},
                      {"platform", PlatformJson(result.baseline.platform)}};
  if (result.baseline.numerics) {
    json["baseline"]["numerics"] = *result.baseline.numerics;
  }
  json["problems"] = result.problems;
  json["notes"] = result.notes;
  json["family"] = result.family;
  json["cells"] = Json::array();
  for (const GateCell& cell : result.cells) {
    Json entry = {{"dataset", cell.dataset},
                  {"method", cell.method},
                  {"metric", cell.metric},
                  {"verdict", Name(cell.verdict)},
                  {"fails", Fails(cell.verdict)},
                  {"baseline", SummaryJson(cell.before)},
                  {"now", SummaryJson(cell.after)},
                  {"change", NumberOrNull(cell.change)},
                  {"p", NumberOrNull(cell.p)},
                  {"p_holm", NumberOrNull(cell.p_holm)},
                  {"exact", cell.exact}};
    entry["moved"] = Json::array();
    for (const ExactChange& change : cell.changes) {
      entry["moved"].push_back({{"seed", change.seed},
                                {"baseline", change.before},
                                {"now", change.after}});
    }
    entry["notes"] = cell.notes;
    json["cells"].push_back(std::move(entry));
  }
  return json;
}

std::string GateJUnit(const GateResult& result) {
  std::size_t failures = 0, errors = 0, skipped = 0;
  std::string cases;
  for (const std::string& problem : result.problems) {
    ++errors;
    cases += CaseXml("records", problem.substr(0, problem.find(':')), "error",
                     "problem", problem);
  }
  for (const GateCell& cell : result.cells) {
    const std::string name =
        cell.method + (cell.metric.empty() ? "" : " " + cell.metric);
    std::string kind;
    if (cell.verdict == Verdict::kNew) {
      kind = "skipped";
      ++skipped;
    } else if (cell.verdict == Verdict::kRegressed ||
               cell.verdict == Verdict::kChanged) {
      kind = "failure";
      ++failures;
    } else if (Fails(cell.verdict)) {
      kind = "error";
      ++errors;
    }
    cases += CaseXml(
        cell.dataset, name, kind, Name(cell.verdict),
        Line(cell, result.family) +
            (cell.verdict == Verdict::kChanged ? "; " + ChangeLine(cell) : ""));
  }
  const std::string counts = fmt::format(
      "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
      result.cells.size() + result.problems.size(), failures, errors, skipped);
  const std::string name = EscapeXml("msdbench check " + result.suite);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites>\n  <testsuite name=\"{}\" {}>\n{}  </testsuite>\n"
      "</testsuites>\n",
      name, counts, cases);
}

std::vector<std::string> GateAnnotations(const GateResult& result) {
  std::vector<std::string> lines;
  for (const std::string& line : GateFailures(result)) {
    lines.push_back(Command("error", "msdbench check " + result.suite, line));
  }
  for (const GateCell& cell : result.cells) {
    if (cell.changes.empty()) continue;
    lines.push_back(
        Command("warning", "msdbench check " + result.suite, ChangeLine(cell)));
  }
  return lines;
}

}  // namespace msdbench
