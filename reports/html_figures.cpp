#include "reports/html_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "reports/aggregate.h"
#include "reports/comparison_cells.h"
#include "reports/figures/cost_figure.h"
#include "reports/figures/saliency_figure.h"
#include "reports/figures/views_figure.h"
#include "reports/titles.h"

namespace msdbench {
namespace {

std::string Panel(const std::string& drawing) {
  return "<div>" + drawing + "</div>\n";
}

std::string Paragraph(const std::string& text) {
  return "<p>" + EscapeHtml(text) + "</p>\n";
}

std::string TooMany(std::size_t all, const std::string& what) {
  if (all <= kMostPanels) return "";
  return fmt::format(" The first {} of {} {} are drawn.", kMostPanels, all,
                     what);
}

// What the dots are, and that some were left out.
std::string DotsText(const RunMatrix& matrix, std::size_t dataset) {
  std::size_t most = 0;
  for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
    most = std::max(most, matrix.At(dataset, m).ok.size());
  }
  if (most < 2) return "";
  return most <= kMostDots
             ? " Small dots are seeds."
             : fmt::format(" Small dots are seeds, at most {} of {}.",
                           kMostDots, most);
}

std::optional<double> FloorOf(const RunMatrix::Dataset& dataset) {
  if (dataset.described == nullptr) return std::nullopt;
  const auto split = dataset.described->floor.find("test");
  if (split == dataset.described->floor.end()) return std::nullopt;
  const auto value = split->second.find(dataset.metrics.front().name);
  if (value == split->second.end() || !value->second) return std::nullopt;
  return 100 * *value->second;
}

ViewsFigure ViewsOf(const RunMatrix& matrix, std::size_t d) {
  const RunMatrix::Dataset& dataset = matrix.datasets()[d];
  const RecordMetric& metric = dataset.metrics.front();
  ViewsFigure figure;
  figure.id = fmt::format("views-figure-{}", d);
  figure.title =
      fmt::format("{}: {} by view", DatasetTitle(dataset), MetricTitle(metric));
  figure.x_title = MetricTitle(metric) + " on the test split, %";
  figure.floor = FloorOf(dataset);
  for (std::size_t m = 0;
       m < matrix.methods().size() && figure.rows.size() < kMostPanels; ++m) {
    const RunMatrix::Runs& runs = matrix.At(d, m);
    if (runs.size() == 0) continue;
    ViewsFigure::Row row;
    row.label = MethodTitle(matrix.methods()[m]);
    for (std::size_t v = 0; v < row.views.size(); ++v) {
      row.views[v] = EstimateOf(
          AggregateMetric(runs, "test", kFigureViews[v], metric.name), 100);
    }
    figure.rows.push_back(std::move(row));
  }
  return figure;
}

// A number that records have in `saliency`, over the runs of a cell.
Aggregate SaliencyOf(const RunMatrix::Runs& runs, const std::string& name) {
  Aggregate aggregate;
  std::vector<double> values;
  for (const Record* record : runs.ok) {
    const auto value = record->saliency.find(name);
    if (value == record->saliency.end()) {
      aggregate.absent.push_back(record->seed);
    } else {
      aggregate.values[record->seed] = value->second;
      values.push_back(value->second);
    }
  }
  aggregate.summary = Summarize(values);
  return aggregate;
}

std::set<std::string> SaliencyNames(const RunMatrix& matrix) {
  std::set<std::string> names;
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
      for (const Record* record : matrix.At(d, m).ok) {
        for (const auto& item : record->saliency) names.insert(item.first);
      }
    }
  }
  return names;
}

bool HasSaliency(const RunMatrix::Runs& runs) {
  return std::any_of(runs.ok.begin(), runs.ok.end(), [](const Record* record) {
    return !record->saliency.empty();
  });
}

SaliencyFigure SaliencyFigureOf(const RunMatrix& matrix, std::size_t d) {
  SaliencyFigure figure;
  figure.id = fmt::format("saliency-figure-{}", d);
  figure.title = DatasetTitle(matrix.datasets()[d]);
  figure.x_title = "mean saliency score";
  for (std::size_t m = 0;
       m < matrix.methods().size() && figure.rows.size() < kMostPanels; ++m) {
    const RunMatrix::Runs& runs = matrix.At(d, m);
    SaliencyFigure::Row row;
    row.label = MethodTitle(matrix.methods()[m]);
    row.scores = {EstimateOf(SaliencyOf(runs, "score/text"), 1),
                  EstimateOf(SaliencyOf(runs, "score/image"), 1)};
    if (row.scores[0] || row.scores[1]) figure.rows.push_back(std::move(row));
  }
  return figure;
}

Table SaliencyTable(const RunMatrix& matrix,
                    const std::set<std::string>& names) {
  Table table;
  table.title = "Saliency";
  table.caption =
      "As the records hold it: mean ± sample standard deviation over the "
      "seeds.";
  table.columns = {{"Data set", false}, {"Method", false}};
  for (const std::string& name : names) table.columns.push_back({name});
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
      const RunMatrix::Runs& runs = matrix.At(d, m);
      if (!HasSaliency(runs)) continue;
      std::vector<Cell> row(2);
      row[0].text = DatasetTitle(matrix.datasets()[d]);
      row[1].text = MethodTitle(matrix.methods()[m]);
      for (const std::string& name : names) {
        row.push_back(ValueCell(table, runs, SaliencyOf(runs, name),
                                {1, 3, "not in the records"}));
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

CostFigure CostOf(const RunMatrix& matrix, std::size_t d) {
  const RunMatrix::Dataset& dataset = matrix.datasets()[d];
  const RecordMetric& metric = dataset.metrics.front();
  CostFigure figure;
  figure.id = fmt::format("cost-figure-{}", d);
  figure.title = DatasetTitle(dataset);
  figure.y_title = MetricTitle(metric) + ", %";
  for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
    if (matrix.methods()[m].teacher) continue;
    const RunMatrix::Runs& runs = matrix.At(d, m);
    const auto seconds =
        EstimateOf(AggregateNumber(runs, &Record::training_s), 1);
    const auto value = EstimateOf(
        AggregateMetric(runs, "test", "multimodal", metric.name), 100);
    if (!seconds || !value) continue;
    figure.methods.push_back(
        {MethodTitle(matrix.methods()[m]), m, *seconds, *value});
  }
  return figure;
}

std::string MethodsKey(const RunMatrix& matrix) {
  std::string out = "<ul class=\"key\">\n";
  for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
    if (matrix.methods()[m].teacher) continue;
    out += "<li>" + MarkerIcon(m, "f " + MethodStyle(m)) +
           EscapeHtml(MethodTitle(matrix.methods()[m])) + "</li>\n";
  }
  return out + "</ul>\n";
}

}  // namespace

std::string Figure(const std::string& drawings, const std::string& caption) {
  return "<figure>\n" + drawings + "<figcaption>" + EscapeHtml(caption) +
         "</figcaption>\n</figure>\n";
}

std::string ViewsKey(std::size_t first, KeyKind kind) {
  std::string out = "<ul class=\"key\">\n";
  for (std::size_t v = first; v < std::size(kFigureViews); ++v) {
    out += "<li>" +
           (kind == KeyKind::kLines ? LineIcon(fmt::format("s v{0} dash{0}", v))
                                    : MarkerIcon(v, fmt::format("f v{}", v))) +
           kFigureViews[v] + "</li>\n";
  }
  return out + "</ul>\n";
}

std::string ViewsSection(const RunMatrix& matrix,
                         const std::vector<Table>& tables,
                         const CellLink& link) {
  std::string out = Paragraph(
      "The same model sees both modalities, only the text, or only the "
      "image. The dashed line is the best constant prediction.");
  out += ViewsKey();
  std::size_t next = 0;  // there is no table of a data set without a whole run
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    const RunMatrix::Dataset& dataset = matrix.datasets()[d];
    out += "<h3>" + EscapeHtml(DatasetTitle(dataset)) + "</h3>\n";
    if (dataset.metrics.empty() || next >= tables.size()) {
      out += Paragraph("Every run failed: nothing to show.");
      continue;
    }
    const ViewsFigure figure = ViewsOf(matrix, d);
    out += "<div class=\"pair\">\n";
    out += Figure(
        "<div class=\"single\">" + DrawViews(figure) + "</div>\n",
        "Means; lines are ± one sample standard deviation over the seeds." +
            DotsText(matrix, d) + TooMany(matrix.methods().size(), "methods"));
    out += "<div>" +
           RenderHtml(tables[next++], fmt::format("views-{}", d), link) +
           "</div>\n</div>\n";
  }
  return out;
}

std::string SaliencySection(const RunMatrix& matrix, const CellLink& link) {
  const std::set<std::string> names = SaliencyNames(matrix);
  if (names.empty()) {
    return Paragraph(
        "No record holds saliency: only methods that weigh by it measure it.");
  }
  std::string panels;
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    const SaliencyFigure figure = SaliencyFigureOf(matrix, d);
    if (!figure.rows.empty()) panels += Panel(DrawSaliency(figure));
  }
  std::string out = Paragraph(
      "How much the teacher's prediction changes when a modality is absent, "
      "on the training split, and the weights that follow from it. Records "
      "hold means over the examples, not the single scores.");
  if (!panels.empty()) {
    out += ViewsKey(1);
    out += Figure("<div class=\"grid wide\">\n" + panels + "</div>\n",
                  "Means over the seeds; lines are ± one sample standard "
                  "deviation." +
                      TooMany(matrix.methods().size(), "methods"));
  }
  return out + RenderHtml(SaliencyTable(matrix, names), "saliency-table", link);
}

std::string CostSection(const RunMatrix& matrix, const Table& table,
                        const CellLink& link) {
  std::string panels, missing;
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    const bool any = !matrix.datasets()[d].metrics.empty();
    const CostFigure figure = any ? CostOf(matrix, d) : CostFigure();
    if (figure.methods.empty()) {
      missing += Paragraph(DatasetTitle(matrix.datasets()[d]) +
                           ": no student with both a time and a value.");
    } else {
      panels += Panel(DrawCost(figure));
    }
  }
  std::string out;
  if (!panels.empty()) {
    out += MethodsKey(matrix);
    out += Figure("<div class=\"grid wide\">\n" + panels + "</div>\n",
                  "Primary metric on the test split, multimodal view, against "
                  "the time that training a student took. Signs are means, "
                  "lines ± one sample standard deviation over the seeds. Times "
                  "of runs side by side on one machine disturb each other.");
  }
  return out + missing + RenderHtml(table, "cost-table", link);
}

}  // namespace msdbench
