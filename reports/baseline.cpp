#include "reports/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "reports/aggregate.h"
#include "reports/comparison_cells.h"
#include "reports/summary_output.h"

namespace msdbench {

namespace {

using CellName = std::pair<std::string, std::string>;

CellName NameOf(const BaselineCell& cell) {
  return {cell.dataset, cell.method};
}

std::string DayOf(const Record& record) {
  const Json::json_pointer started("/timings/started");
  if (!record.json.contains(started)) return "unknown";
  return record.json[started].get<std::string>().substr(0, 10);
}

class Maker {
 public:
  Baseline Make(const std::vector<Record>& records,
                const std::vector<Record>& more_teachers,
                const MatrixOrder& order) {
    std::vector<Record> all = records;
    for (const Record& record : more_teachers) {
      if (record.teacher && !IsKnownTeacher(records, record)) {
        all.push_back(record);
      }
    }
    for (const Record& record : all) Take(record);
    PlanOptions plans;
    plans.keep_all = plans.any_teacher = true;
    const RunMatrix matrix(all, order, plans);
    if (!matrix.problems().empty()) throw DataError(matrix.problems().front());
    for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
      for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
        if (matrix.At(d, m).size() > 0) AddCell(matrix, d, m);
      }
    }
    if (baseline_.measured.empty()) baseline_.measured = "unknown";
    return std::move(baseline_);
  }

 private:
  // The teacher that both folders have: trained once, or twice with one result.
  static bool IsKnownTeacher(const std::vector<Record>& records,
                             const Record& teacher) {
    return std::any_of(records.begin(), records.end(), [&](const Record& r) {
      return r.teacher && r.dataset == teacher.dataset &&
             r.seed == teacher.seed && r.config_hash == teacher.config_hash &&
             r.results == teacher.results;
    });
  }

  void Take(const Record& record) {
    if (!record.ok) {
      throw DataError(fmt::format(
          "{}: this run failed ({}); a baseline is made of whole runs",
          record.source, record.error));
    }
    const Platform platform = PlatformOf(record);
    if (first_ == nullptr) {
      first_ = &record;
      baseline_.suite = record.suite;
      baseline_.platform = platform;
      baseline_.numerics = record.numerics;
    }
    const auto same = [&](const char* what, const std::string& mine,
                          const std::string& others) {
      if (mine == others) return;
      throw DataError(
          fmt::format("{}: {} is {}, but {} in {}; a baseline is made of one",
                      record.source, what, mine, others, first_->source));
    };
    same("the suite", record.suite, baseline_.suite);
    same("the revision", record.revision, first_->revision);
    same("the numerics version", NumericsText(record.numerics),
         NumericsText(first_->numerics));
    for (std::size_t i = 0; i < platform.parts.size(); ++i) {
      same(platform.parts[i].first.c_str(), platform.parts[i].second,
           baseline_.platform.parts[i].second);
    }
    baseline_.version = record.version;
    baseline_.revision = record.revision;
    const std::string day = DayOf(record);
    if (day != "unknown") {
      baseline_.measured = std::max(baseline_.measured, day);
    }
  }

  void AddCell(const RunMatrix& matrix, std::size_t d, std::size_t m) {
    const RunMatrix::Runs& runs = matrix.At(d, m);
    const Record& first = *runs.ok.front();
    BaselineCell cell;
    cell.dataset = matrix.datasets()[d].name;
    cell.method = matrix.methods()[m].name;
    cell.metric = first.metrics.front().name;
    cell.higher_is_better = first.metrics.front().higher_is_better;
    cell.teacher = first.teacher;
    cell.config = PlanConfig(first);
    cell.fingerprint = first.fingerprint;
    cell.test_examples = first.test_examples;
    for (const Record* record : runs.ok) {
      const auto differences =
          ConfigDifferences(cell.config, PlanConfig(*record));
      if (differences.empty()) continue;
      throw DataError(fmt::format(
          "{}: another configuration than {}, which is the same method: {}",
          record->source, first.source,
          DifferenceText(differences.front(), "there", "here")));
    }
    const Aggregate values =
        AggregateMetric(runs, "test", "multimodal", cell.metric);
    if (!values.undefined.empty() || !values.absent.empty()) {
      throw DataError(
          fmt::format("{}, {}: {} has no value ({}); a baseline needs all",
                      cell.dataset, cell.method, cell.metric,
                      values.undefined.empty() ? SeedsText(values.absent)
                                               : values.undefined.front()));
    }
    cell.values = values.values;
    if (!cell.teacher && cell.values.size() < 2) {
      throw DataError(fmt::format(
          "{}, {}: one seed; a baseline takes twice those of a check, two or "
          "more",
          cell.dataset, cell.method));
    }
    baseline_.cells.push_back(std::move(cell));
  }

  const Record* first_ = nullptr;
  Baseline baseline_;
};

std::string ValuesText(const BaselineCell* cell) {
  return cell == nullptr ? "" : SummaryText(SummarizeSeeds(cell->values));
}

}  // namespace

std::string NumericsText(const std::optional<int>& numerics) {
  return numerics ? std::to_string(*numerics) : "unknown";
}

Baseline MakeBaseline(const std::vector<Record>& records,
                      const std::vector<Record>& more_teachers,
                      const MatrixOrder& order) {
  return Maker().Make(records, more_teachers, order);
}

Table MovedCells(const Baseline& before, const Baseline& after) {
  Table table;
  table.caption =
      "Mean in percent, standard deviation, and in brackets the number of "
      "seeds.";
  table.columns = {{"Data set", false}, {"Method", false}, {"Metric", false},
                   {"Before"},          {"Now"},           {"Change"}};
  std::map<CellName, const BaselineCell*> old;
  for (const BaselineCell& cell : before.cells) old[NameOf(cell)] = &cell;
  const auto add = [&](const BaselineCell* was, const BaselineCell* is) {
    const BaselineCell& one = is != nullptr ? *is : *was;
    std::string change = was == nullptr ? "new" : "gone";
    if (was != nullptr && is != nullptr) {
      change = was->metric == is->metric
                   ? SignedText(100 * (*SummarizeSeeds(is->values).mean -
                                       *SummarizeSeeds(was->values).mean),
                                2)
                   : "another metric than " + was->metric;
    }
    table.rows.push_back({{one.dataset, {}, {}},
                          {one.method, {}, {}},
                          {one.metric, {}, {}},
                          {ValuesText(was), {}, {}},
                          {ValuesText(is), {}, {}},
                          {change, {}, {}}});
  };
  for (const BaselineCell& cell : after.cells) {
    const auto found = old.find(NameOf(cell));
    const BaselineCell* was = found == old.end() ? nullptr : found->second;
    if (was == nullptr || was->values != cell.values ||
        was->metric != cell.metric || was->fingerprint != cell.fingerprint ||
        !ConfigDifferences(was->config, cell.config).empty()) {
      add(was, &cell);
    }
    if (found != old.end()) old.erase(found);
  }
  for (const BaselineCell& cell : before.cells) {
    if (old.count(NameOf(cell)) > 0) add(&cell, nullptr);
  }
  return table;
}

}  // namespace msdbench
