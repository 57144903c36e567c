#include "reports/across_datasets.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reports/aggregate.h"
#include "reports/comparison_cells.h"
#include "reports/statistics.h"
#include "reports/titles.h"

namespace msdbench {
namespace {

// Its primary metric's test values by seed, by data set and method.
using Values = std::vector<BySeed>;

Values PrimaryValues(const RunMatrix& matrix, std::size_t d) {
  Values values(matrix.methods().size());
  const auto& metrics = matrix.datasets()[d].metrics;
  if (metrics.empty()) return values;
  for (std::size_t m = 0; m < values.size(); ++m) {
    values[m] = AggregateMetric(matrix.At(d, m), "test", "multimodal",
                                metrics.front().name)
                    .values;
  }
  return values;
}

bool IsEmpty(const Values& values) {
  return std::all_of(values.begin(), values.end(),
                     [](const BySeed& runs) { return runs.empty(); });
}

bool IsIn(const AcrossDatasets& across, std::size_t method) {
  return method < across.methods.size() && across.methods[method].iqm;
}

}  // namespace

AcrossDatasets CompareAcross(const RunMatrix& matrix, std::size_t reference) {
  AcrossDatasets across;
  std::vector<Values> values;  // of the data sets taken in
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    const RunMatrix::Dataset& dataset = matrix.datasets()[d];
    Values own = PrimaryValues(matrix, d);
    if (IsEmpty(own)) {
      across.left_out.push_back(DatasetTitle(dataset) +
                                ": no run has a value of its primary metric");
    } else if (!dataset.metrics.front().higher_is_better) {
      across.left_out.push_back(DatasetTitle(dataset) + ": lower is better");
    } else {
      across.datasets.push_back(d);
      values.push_back(std::move(own));
    }
  }
  if (values.size() < 2) return across;

  std::vector<NamedScores> scores;
  std::vector<std::size_t> places;  // in across.methods, of each of `scores`
  std::size_t reference_place = static_cast<std::size_t>(-1);
  for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
    AcrossMethod method;
    method.method = m;
    NamedScores own{matrix.methods()[m].name, {}};
    for (std::size_t i = 0; i < values.size(); ++i) {
      method.runs += values[i][m].size();
      auto& scores_here = own.scores.emplace_back();
      auto& seeds_here = own.seeds.emplace_back();
      for (const auto& [seed, value] : values[i][m]) {
        scores_here.push_back(value);
        seeds_here.push_back(seed);
      }
      if (!own.scores.back().empty()) continue;
      const auto& dataset = matrix.datasets()[across.datasets[i]];
      method.reason += (method.reason.empty() ? "no value on " : ", ") +
                       DatasetTitle(dataset);
    }
    if (method.reason.empty()) {
      if (m == reference) reference_place = scores.size();
      places.push_back(across.methods.size());
      scores.push_back(std::move(own));
    }
    across.methods.push_back(std::move(method));
  }
  const bool has_reference = reference_place < scores.size();
  const auto estimates =
      EstimateAcross(scores, has_reference ? reference_place : scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    AcrossMethod& method = across.methods[places[i]];
    method.iqm = estimates[i].iqm;
    method.iqm_interval = estimates[i].iqm_interval;
    if (!has_reference || i == reference_place ||
        matrix.methods()[method.method].teacher) {
      continue;
    }
    method.improvement = estimates[i].improvement;
    method.improvement_interval = estimates[i].improvement_interval;
  }
  return across;
}

Table AcrossTable(const RunMatrix& matrix, std::size_t reference,
                  const AcrossDatasets& across, int decimals) {
  Table table;
  table.title = "Over all data sets";
  if (across.methods.empty()) return table;
  std::vector<std::string> names;
  for (std::size_t d : across.datasets) {
    const RunMatrix::Dataset& dataset = matrix.datasets()[d];
    names.push_back(DatasetTitle(dataset) + " / " +
                    MetricTitle(dataset.metrics.front()));
  }
  const bool has_reference = IsIn(across, reference);
  table.caption = fmt::format(
      "Interquartile mean (IQM) over all runs on {} of the difference to the "
      "mean of {} on the same data set, in points of percent",
      fmt::join(names, ", "),
      has_reference ? matrix.methods()[reference].name : "all runs");
  table.columns = {{"Method", false}, {"Runs"}, {"IQM"}};
  if (has_reference) {
    const std::string& name = matrix.methods()[reference].name;
    table.caption += fmt::format(
        ", and the chance that a run beats one of {} on the same data set, "
        "ties half, mean over the data sets",
        name);
    table.columns.push_back({"P(better than " + name + ")"});
  }
  table.caption +=
      ". In brackets 95 % intervals of a stratified bootstrap over the seeds "
      "of "
      "both sides: they describe, and are no claims.";
  for (const AcrossMethod& method : across.methods) {
    std::vector<Cell> row(table.columns.size());
    row[0].text = MethodTitle(matrix.methods()[method.method]);
    row[1].text = fmt::format("{}", method.runs);
    for (std::size_t d : across.datasets) {
      for (auto& source : SourcesOf(matrix.At(d, method.method))) {
        row[2].records.push_back(std::move(source));
      }
    }
    row[2].text = "-";
    if (method.iqm) {
      row[2].text = SignedText(100 * *method.iqm, decimals) +
                    IntervalText(method.iqm_interval, 100, decimals);
    } else {
      table.Annotate(row[2], method.reason);
    }
    if (has_reference) {
      row[3].text = "-";
      if (method.improvement) {
        row[3].text = NumberText(*method.improvement, 2) +
                      IntervalText(method.improvement_interval, 1, 2);
      }
    }
    table.rows.push_back(std::move(row));
  }
  if (!across.left_out.empty()) {
    table.legend =
        fmt::format("Left out: {}.", fmt::join(across.left_out, "; "));
  }
  return table;
}

}  // namespace msdbench
