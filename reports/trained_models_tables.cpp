#include "reports/trained_models_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "reports/aggregate.h"
#include "reports/comparison_cells.h"
#include "reports/resampling.h"
#include "reports/significance.h"
#include "reports/titles.h"

namespace msdbench {
namespace {

std::string MetricOf(const RunMatrix& matrix, std::size_t dataset,
                     const std::string& metric) {
  const RunMatrix::Dataset& its = matrix.datasets()[dataset];
  for (const RecordMetric& known : its.metrics) {
    if (known.name == metric) {
      return DatasetTitle(its) + " / " + MetricTitle(known);
    }
  }
  return DatasetTitle(its) + " / " + metric;
}

std::string NameOf(const RunMatrix& matrix, std::size_t reference) {
  return reference < matrix.methods().size() ? matrix.methods()[reference].name
                                             : "the reference";
}

// The file of one run.
void AddSource(const RunMatrix::Runs& runs, std::uint64_t seed, Cell& cell) {
  for (const Record* record : runs.ok) {
    if (record->seed == seed) cell.records.push_back(record->source);
  }
}

std::string Legend(const TrainedModels& models) {
  std::string legend;
  // The least p that random repetitions can give, times Holm's first factor.
  const double step = static_cast<double>(models.pairs.size()) /
                      static_cast<double>(kRepetitions + 1);
  std::vector<std::string> coarse;
  for (const auto& [metric, title, sides] :
       {std::tuple{"multilabel_micro_f1", "micro F1", 2},
        std::tuple{"vqa_accuracy", "VQA acc", 1}}) {
    const bool drawn = std::any_of(models.pairs.begin(), models.pairs.end(),
                                   [&, name = metric](const ModelPair& pair) {
                                     return pair.metric == name;
                                   });
    if (drawn && sides * step > kSignificanceLevel) coarse.push_back(title);
  }
  if (!coarse.empty()) {
    legend = fmt::format(
        "With {} tests, those by {} random repetitions ({}) are too coarse to "
        "pass Holm's first step. ",
        models.pairs.size(), kRepetitions, fmt::join(coarse, ", "));
  }
  if (models.pairs.size() > kMostPairRows) {
    legend += "So many are not listed one by one. ";
  }
  if (!models.left_out.empty()) {
    legend += fmt::format("Left out: {}.", fmt::join(models.left_out, "; "));
  }
  if (!legend.empty() && legend.back() == ' ') legend.pop_back();
  return legend;
}

}  // namespace

Table TrainedModelsTable(const RunMatrix& matrix, std::size_t reference,
                         const TrainedModels& models, int decimals) {
  const std::string name = NameOf(matrix, reference);
  Table table;
  table.title = "Trained models, example by example";
  table.caption = fmt::format(
      "What leaves a score uncertain, in points of percent: another training "
      "seed (sample standard deviation over the seeds) and another test set of "
      "this size (standard error over the examples, of one model). Better and "
      "worse: models that differ from the one of {} with the same seed, p at "
      "most {} after Holm's correction for this table's {} tests. They tell "
      "about these models on more examples, not about methods: no claims.",
      name, kSignificanceLevel, models.pairs.size());
  table.columns = {
      {"Data set", false}, {"Method", false}, {"Models"}, {"Over seeds"},
      {"Over examples"},   {"Better"},        {"Worse"}};
  const auto points = [&](const std::optional<double>& value) {
    return value ? NumberText(100 * *value, decimals + 1) : std::string("-");
  };
  for (const ModelSpread& spread : models.spreads) {
    std::vector<Cell> row(table.columns.size());
    row[0].text = MetricOf(matrix, spread.dataset, spread.metric);
    row[1].text = MethodTitle(matrix.methods()[spread.method]);
    row[2].text = fmt::format("{}", spread.models);
    for (const std::string& note : spread.notes) table.Annotate(row[2], note);
    row[3].text = points(spread.over_seeds.sd);
    row[3].records = SourcesOf(matrix.At(spread.dataset, spread.method));
    row[4].text = points(spread.example_error);
    row[4].records = row[3].records;
    const bool tested = spread.pairs > 0;
    row[5].text =
        tested ? fmt::format("{} of {}", spread.better, spread.pairs) : "-";
    row[6].text =
        tested ? fmt::format("{} of {}", spread.worse, spread.pairs) : "-";
    table.rows.push_back(std::move(row));
  }
  table.legend = Legend(models);
  return table;
}

Table ModelPairsTable(const RunMatrix& matrix, std::size_t reference,
                      const TrainedModels& models, int decimals) {
  Table table;
  table.title = "Trained models, seed by seed";
  table.caption = fmt::format(
      "Each model against that of {} with the same seed, on the same test "
      "examples: difference in points of percent with 95 % interval, p, and p "
      "after Holm's correction for this table. By metric: AUROC DeLong's test, "
      "acc McNemar's exact test, micro F1 a paired bootstrap, VQA acc a "
      "sign-flip permutation.",
      NameOf(matrix, reference));
  table.columns = {{"Data set", false}, {"Method", false}, {"Seed"},
                   {"Difference"},      {"95 % interval"}, {"p"},
                   {"p, corrected"}};
  if (models.pairs.size() > kMostPairRows) return table;
  const auto p_text = [](const std::optional<double>& p) {
    return p ? fmt::format("{:.2g}", *p) : std::string("-");
  };
  for (const ModelPair& pair : models.pairs) {
    std::vector<Cell> row(table.columns.size());
    row[0].text = MetricOf(matrix, pair.dataset, pair.metric);
    row[1].text = MethodTitle(matrix.methods()[pair.method]);
    row[2].text = fmt::format("{}", pair.seed);
    const ExampleTest& test = pair.test;
    row[3].text = test.difference ? SignedText(100 * *test.difference, decimals)
                                  : std::string("-");
    for (std::size_t side : {pair.method, reference}) {
      AddSource(matrix.At(pair.dataset, side), pair.seed, row[3]);
    }
    row[4].text =
        test.interval
            ? fmt::format("{} to {}",
                          NumberText(100 * test.interval->low, decimals),
                          NumberText(100 * test.interval->high, decimals))
            : "-";
    row[5].text = p_text(test.p);
    if (!test.reason.empty()) table.Annotate(row[5], test.reason);
    row[6].text = p_text(pair.p_holm);
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace msdbench
