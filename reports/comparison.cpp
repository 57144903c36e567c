#include "reports/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "reports/aggregate.h"
#include "reports/comparison_cells.h"
#include "reports/detectable_row.h"
#include "reports/difference_family.h"
#include "reports/error.h"
#include "reports/interval.h"
#include "reports/long_form.h"
#include "reports/ranking.h"
#include "reports/titles.h"
#include "reports/trained_models_tables.h"

namespace msdbench {
namespace {

constexpr std::size_t kFirstValue = 2;  // after the method and its seeds
constexpr const char* kViews[] = {"multimodal", "text", "image"};

// (data set, metric) of each value column of the main table.
using MetricColumns = std::vector<std::pair<std::size_t, RecordMetric>>;

class Builder {
 public:
  Builder(const RunMatrix& matrix, const ComparisonOptions& options)
      : matrix_(matrix),
        options_(options),
        reference_(FindReference()),
        family_(matrix, reference_, options.main_metrics),
        detectable_(DetectableDifferences(matrix, family_)) {}

  Comparison Build() const {
    Comparison comparison;
    comparison.main = Main(options_.main_metrics);
    // Of the same family: what a terminal shows must not contradict the file.
    comparison.brief = Main(1);
    if (reference_ < matrix_.methods().size()) {
      comparison.differences = Differences();
    }
    for (std::size_t d = 0; d < matrix_.datasets().size(); ++d) {
      if (!matrix_.datasets()[d].metrics.empty()) {
        comparison.views.push_back(Views(d));
      }
    }
    comparison.cost = Cost();
    comparison.long_form = LongForm(matrix_, reference_, family_, detectable_);
    comparison.detectable = detectable_;
    comparison.across = CompareAcross(matrix_, reference_);
    comparison.overall =
        AcrossTable(matrix_, reference_, comparison.across, options_.decimals);
    if (!options_.store.empty()) AddModels(comparison);
    RemarkPlans(comparison);
    return comparison;
  }

 private:
  std::size_t FindReference() const {
    const auto& methods = matrix_.methods();
    const auto find = [&](const auto& matches) {
      return static_cast<std::size_t>(
          std::find_if(methods.begin(), methods.end(), matches) -
          methods.begin());
    };
    const std::string& wanted = options_.reference;
    const std::size_t named = find([&](const RunMatrix::Method& method) {
      return !method.teacher && method.name == (wanted.empty() ? "kd" : wanted);
    });
    if (named < methods.size()) return named;
    if (wanted.empty()) {
      return find([](const RunMatrix::Method& m) { return m.kind == "kd"; });
    }
    std::vector<std::string> names;
    for (const auto& method : methods) {
      if (!method.teacher) names.push_back(method.name);
    }
    throw UsageError(fmt::format(
        "no record of the method \"{}\" to take differences to; allowed: {}",
        wanted, fmt::join(names, ", ")));
  }

  void AddModels(Comparison& comparison) const {
    comparison.trained_models = CompareModels(
        matrix_, reference_, options_.main_metrics, options_.store);
    comparison.models = TrainedModelsTable(
        matrix_, reference_, comparison.trained_models, options_.decimals);
    comparison.models_by_seed = ModelPairsTable(
        matrix_, reference_, comparison.trained_models, options_.decimals);
  }

  // Every table that shows a part of the records says so.
  void RemarkPlans(Comparison& comparison) const {
    const Plans& plans = matrix_.plans();
    const auto remark = [&](Table& table, const std::string& text) {
      if (text.empty() || table.rows.empty()) return;
      table.legend = text + (table.legend.empty() ? "" : " ") + table.legend;
    };
    for (Table* table :
         {&comparison.main, &comparison.brief, &comparison.differences,
          &comparison.cost, &comparison.overall, &comparison.models,
          &comparison.models_by_seed}) {
      remark(*table, plans.Remark());
    }
    std::size_t view = 0;
    for (const RunMatrix::Dataset& dataset : matrix_.datasets()) {
      if (dataset.metrics.empty()) continue;  // has no table
      remark(comparison.views[view++], plans.Remark(dataset.name));
    }
  }

  const RunMatrix::Method& reference() const {
    return matrix_.methods()[reference_];
  }

  bool HasDifference(std::size_t method) const {
    return reference_ < matrix_.methods().size() && method != reference_ &&
           !matrix_.methods()[method].teacher;
  }

  MetricColumns MainColumns(std::size_t most) const {
    MetricColumns columns;
    for (std::size_t d = 0; d < matrix_.datasets().size(); ++d) {
      const auto& metrics = matrix_.datasets()[d].metrics;
      for (std::size_t m = 0; m < std::min(metrics.size(), most); ++m) {
        columns.emplace_back(d, metrics[m]);
      }
      // Keeps the failures of a data set of which no run came through.
      if (metrics.empty()) columns.emplace_back(d, RecordMetric{"", true});
    }
    return columns;
  }

  std::string ColumnTitle(std::size_t dataset,
                          const RecordMetric& metric) const {
    const std::string title = DatasetTitle(matrix_.datasets()[dataset]);
    return metric.name.empty() ? title : title + " / " + MetricTitle(metric);
  }

  Cell MetricCell(Table& table, const RunMatrix::Runs& runs,
                  const Aggregate& aggregate,
                  const std::string& difference = "", Cell cell = {}) const {
    return ValueCell(table, runs, aggregate,
                     {100, options_.decimals, "not in the records"}, difference,
                     std::move(cell));
  }

  // Over the common seeds; says in `table` when those are not all seeds.
  Summary Difference(Table& table, Cell& cell, const Aggregate& mine,
                     const Aggregate& other) const {
    const Summary difference = PairedDifference(mine.values, other.values);
    if (mine.summary.n == 0 || other.summary.n == 0) return difference;
    const std::string& name = reference().name;
    if (difference.n == 0) {
      table.Annotate(cell, "no seed in common with " + name);
    } else if (difference.n < std::max(mine.summary.n, other.summary.n)) {
      table.Annotate(
          cell, fmt::format("difference over {} common seed{}: {} here, {} of "
                            "{}",
                            difference.n, difference.n == 1 ? "" : "s",
                            mine.summary.n, other.summary.n, name));
    }
    return difference;
  }

  // Differences between distilled students mean little where the student alone
  // does as well as the one they learn from.
  void AnnotateWeakTeacher(Table& table, Cell& cell, std::size_t dataset,
                           const RecordMetric& metric,
                           const Aggregate& teacher) const {
    for (std::size_t m = 0; m < matrix_.methods().size(); ++m) {
      if (matrix_.methods()[m].kind != "none") continue;
      const Summary alone = TestValue(dataset, m, metric.name).summary;
      if (!alone.mean || !teacher.summary.mean) continue;
      const double lead = *teacher.summary.mean - *alone.mean;
      if ((metric.higher_is_better ? lead : -lead) > 0) continue;
      table.Annotate(cell, fmt::format("not better than the mean of {}: there "
                                       "may be little to distil from it",
                                       MethodTitle(matrix_.methods()[m])));
    }
  }

  const char* Mark(std::size_t dataset, std::size_t method,
                   const RecordMetric& metric) const {
    const TestedDifference* tested = family_.Find(dataset, method, metric.name);
    return tested != nullptr && tested->claimed ? "*" : "";
  }

  Table Main(std::size_t metrics) const {
    Table table;
    table.title = "Test results";
    table.caption =
        "Test split, multimodal view, in percent: mean ± sample standard "
        "deviation over the seeds.";
    if (reference_ < matrix_.methods().size()) {
      table.caption += fmt::format(
          " In brackets the mean difference to {} in points, paired by seed.",
          reference().name);
    }
    table.legend = family_.Legend();
    const auto columns = MainColumns(metrics);
    const std::vector<Aggregate> others = OfReference(columns);
    table.columns = {{"Method", false}, {"Seeds"}};
    for (const auto& [dataset, metric] : columns) {
      table.columns.push_back({ColumnTitle(dataset, metric)});
    }
    for (std::size_t m = 0; m < matrix_.methods().size(); ++m) {
      std::vector<Cell> row(2);
      row[0].text = MethodTitle(matrix_.methods()[m]);
      RunCounts counts;
      for (const auto& [dataset, metric] : columns) {
        const Aggregate mine = TestValue(dataset, m, metric.name);
        if (mine.summary.n > 0) counts.Add(row.size(), mine.summary.n);
        Cell cell;
        std::string difference;
        if (matrix_.methods()[m].teacher) {
          AnnotateWeakTeacher(table, cell, dataset, metric, mine);
        }
        if (HasDifference(m)) {
          const Summary paired =
              Difference(table, cell, mine, others[row.size() - kFirstValue]);
          if (paired.mean) {
            difference = fmt::format(
                " ({}{})", SignedText(100 * *paired.mean, options_.decimals),
                Mark(dataset, m, metric));
          }
        }
        row.push_back(MetricCell(table, matrix_.At(dataset, m), mine,
                                 difference, std::move(cell)));
      }
      counts.Write(table, row, 1);
      table.rows.push_back(std::move(row));
    }
    MarkLeaders(table, columns);
    return table;
  }

  // Best and second of a column, only where the test tells the best from the
  // reference, or the reference, where it is the best, from the second.
  void MarkLeaders(Table& table, const MetricColumns& columns) const {
    if (reference_ == matrix_.methods().size()) return;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const auto& [dataset, metric] = columns[c];
      std::vector<std::optional<double>> means(matrix_.methods().size());
      for (std::size_t m = 0; m < means.size(); ++m) {
        if (matrix_.methods()[m].teacher) continue;
        means[m] = TestValue(dataset, m, metric.name).summary.mean;
      }
      const std::vector<Rank> ranks =
          RankValues(means, metric.higher_is_better);
      const bool leads = ranks[reference_] == Rank::kBest;
      bool supported = false;
      for (std::size_t m = 0; m < ranks.size(); ++m) {
        if (ranks[m] != (leads ? Rank::kSecond : Rank::kBest)) continue;
        const TestedDifference* tested = family_.Find(dataset, m, metric.name);
        // Over the common seeds the sign may be another than that of means.
        supported |= tested != nullptr && tested->claimed &&
                     (*tested->test.difference.mean > 0) ==
                         (metric.higher_is_better != leads);
      }
      if (!supported) continue;
      for (std::size_t m = 0; m < ranks.size(); ++m) {
        table.rows[m][kFirstValue + c].rank = ranks[m];
      }
      table.ranks = RanksText(reference().name);
    }
  }

  Table Differences() const {
    Table table;
    table.title = "Difference to " + reference().name;
    table.caption =
        "Test split, multimodal view, in points of percent: mean of the "
        "differences paired by seed, 95 % t-interval of that mean, and p after "
        "Holm's correction (* as above).";
    const auto columns = MainColumns(options_.main_metrics);
    const std::vector<Aggregate> others = OfReference(columns);
    table.columns = {{"Method", false}, {"Pairs"}};
    for (const auto& [dataset, metric] : columns) {
      table.columns.push_back({ColumnTitle(dataset, metric)});
    }
    for (std::size_t m = 0; m < matrix_.methods().size(); ++m) {
      if (!HasDifference(m)) continue;
      std::vector<Cell> row(2);
      row[0].text = MethodTitle(matrix_.methods()[m]);
      RunCounts counts;
      for (const auto& [dataset, metric] : columns) {
        const Aggregate mine = TestValue(dataset, m, metric.name);
        const Aggregate& other = others[row.size() - kFirstValue];
        Cell cell;
        for (std::size_t side : {m, reference_}) {
          for (auto& source : SourcesOf(matrix_.At(dataset, side))) {
            cell.records.push_back(std::move(source));
          }
        }
        const Summary difference = Difference(table, cell, mine, other);
        if (difference.mean) {
          counts.Add(row.size(), difference.n);
          cell.text = SignedText(100 * *difference.mean, options_.decimals) +
                      Mark(dataset, m, metric);
          cell.text +=
              IntervalText(MeanInterval(difference), 100, options_.decimals);
          const TestedDifference* tested =
              family_.Find(dataset, m, metric.name);
          if (tested->p_holm) {
            cell.text += fmt::format(", p {:.2g}", *tested->p_holm);
          } else if (difference.n > 1) {
            table.Annotate(cell, tested->test.reason);
          }
        } else {
          cell.text = "-";
          if (mine.summary.n == 0) {
            table.Annotate(cell, "no value of its own");
          } else if (other.summary.n == 0) {
            table.Annotate(cell, "no value of " + reference().name);
          }
        }
        row.push_back(std::move(cell));
      }
      counts.Write(table, row, 1);
      table.rows.push_back(std::move(row));
    }
    std::vector<const DetectableDifference*> detectable;
    for (const auto& [dataset, metric] : columns) {
      detectable.push_back(Detectable(dataset, metric.name));
    }
    AddDetectableRow(table, detectable, family_.size(), options_.decimals);
    return table;
  }

  const DetectableDifference* Detectable(std::size_t dataset,
                                         const std::string& metric) const {
    const auto found = std::find_if(detectable_.begin(), detectable_.end(),
                                    [&](const DetectableDifference& column) {
                                      return column.dataset == dataset &&
                                             column.metric == metric;
                                    });
    return found == detectable_.end() ? nullptr : &*found;
  }

  Table Views(std::size_t d) const {
    const RunMatrix::Dataset& dataset = matrix_.datasets()[d];
    const RecordMetric& metric = dataset.metrics.front();
    Table table;
    table.title = fmt::format("{}: {} by view", DatasetTitle(dataset),
                              MetricTitle(metric));
    table.caption =
        "Test split, in percent. The same model sees both modalities, only "
        "the text, or only the image.";
    table.columns = {{"Method", false}, {"Seeds"}};
    for (const char* view : kViews) table.columns.push_back({ViewTitle(view)});
    for (std::size_t m = 0; m < matrix_.methods().size(); ++m) {
      const RunMatrix::Runs& runs = matrix_.At(d, m);
      std::vector<Cell> row(2);
      row[0].text = MethodTitle(matrix_.methods()[m]);
      RunCounts counts;
      for (const char* view : kViews) {
        const Aggregate mine = AggregateMetric(runs, "test", view, metric.name);
        if (mine.summary.n > 0) counts.Add(row.size(), mine.summary.n);
        row.push_back(MetricCell(table, runs, mine));
      }
      counts.Write(table, row, 1);
      table.rows.push_back(std::move(row));
    }
    if (dataset.described != nullptr) {
      table.rows.push_back(Floor(table, *dataset.described, metric));
    }
    return table;
  }

  std::vector<Cell> Floor(Table& table, const Record& record,
                          const RecordMetric& metric) const {
    std::vector<Cell> row(2);
    row[0].text = "constant prediction";
    row[1].text = "-";
    Cell cell;
    cell.records = {record.source};
    cell.text = "-";
    const auto split = record.floor.find("test");
    if (split != record.floor.end() && split->second.count(metric.name) > 0) {
      const auto& value = split->second.at(metric.name);
      const auto reason =
          record.undefined.find("/dataset/floor/test/" + metric.name);
      if (value) {
        cell.text = NumberText(100 * *value, options_.decimals);
      } else if (reason != record.undefined.end()) {
        table.Annotate(cell, "undefined: " + reason->second);
      }
    } else {
      table.Annotate(cell, "not in the records");
    }
    row.insert(row.end(), std::size(kViews), cell);
    return row;
  }

  Table Cost() const {
    Table table;
    table.title = "Cost";
    table.caption = "Mean ± sample standard deviation over the seeds.";
    table.columns = {{"Data set", false}, {"Method", false}, {"Seeds"},
                     {"Parameters (M)"},  {"Training (s)"},  {"Examples/s"},
                     {"Peak memory (MB)"}};
    for (std::size_t d = 0; d < matrix_.datasets().size(); ++d) {
      for (std::size_t m = 0; m < matrix_.methods().size(); ++m) {
        const RunMatrix::Runs& runs = matrix_.At(d, m);
        if (runs.size() == 0) continue;
        std::vector<Cell> row(3);
        row[0].text = DatasetTitle(matrix_.datasets()[d]);
        row[1].text = MethodTitle(matrix_.methods()[m]);
        RunCounts counts;
        constexpr RecordNumber kNumbers[] = {
            &Record::parameters, &Record::training_s,
            &Record::examples_per_second, &Record::peak_memory_mb};
        for (RecordNumber number : kNumbers) {
          Aggregate mine = AggregateNumber(runs, number);
          const bool is_count = number == &Record::parameters;
          if (is_count && mine.summary.sd == 0.0) mine.summary.sd.reset();
          if (mine.summary.n > 0) counts.Add(row.size(), mine.summary.n);
          row.push_back(ValueCell(
              table, runs, mine,
              {is_count ? 1e-6 : 1, is_count ? 2 : 1, "not measured"}));
        }
        counts.Write(table, row, 2);
        table.rows.push_back(std::move(row));
      }
    }
    return table;
  }

  Aggregate TestValue(std::size_t dataset, std::size_t method,
                      const std::string& metric) const {
    return AggregateMetric(matrix_.At(dataset, method), "test", "multimodal",
                           metric);
  }

  std::vector<Aggregate> OfReference(const MetricColumns& columns) const {
    std::vector<Aggregate> others;
    if (reference_ == matrix_.methods().size()) return others;
    for (const auto& [dataset, metric] : columns) {
      others.push_back(TestValue(dataset, reference_, metric.name));
    }
    return others;
  }

  const RunMatrix& matrix_;
  const ComparisonOptions& options_;
  const std::size_t reference_;  // methods().size() = none
  const DifferenceFamily family_;
  const std::vector<DetectableDifference> detectable_;
};

}  // namespace

Comparison Compare(const RunMatrix& matrix, const ComparisonOptions& options) {
  return Builder(matrix, options).Build();
}

}  // namespace msdbench
