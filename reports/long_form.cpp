#include "reports/long_form.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/aggregate.h"
#include "reports/interval.h"

namespace msdbench {
namespace {

constexpr const char* kSplits[] = {"dev", "test", "test_last_epoch"};
constexpr const char* kViews[] = {"multimodal", "text", "image"};

struct Cost {
  const char* name;
  RecordNumber number;
  const char* unit;
};
constexpr Cost kCosts[] = {
    {"parameters", &Record::parameters, "count"},
    {"training_s", &Record::training_s, "s"},
    {"examples_per_second", &Record::examples_per_second, "1/s"},
    {"peak_memory_mb", &Record::peak_memory_mb, "MB"}};

std::string Text(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "";
}

std::optional<double> Low(const std::optional<Interval>& interval) {
  return interval ? std::optional<double>(interval->low) : std::nullopt;
}

std::optional<double> High(const std::optional<Interval>& interval) {
  return interval ? std::optional<double>(interval->high) : std::nullopt;
}

std::string Text(std::size_t count) { return fmt::format("{}", count); }

class Builder {
 public:
  Builder(const RunMatrix& matrix, std::size_t reference,
          const DifferenceFamily& family,
          const std::vector<DetectableDifference>& detectable)
      : matrix_(matrix),
        reference_(reference),
        family_(family),
        detectable_(detectable) {
    for (const char* title : {"dataset",
                              "metric",
                              "split",
                              "view",
                              "method",
                              "n",
                              "failed",
                              "mean",
                              "sd",
                              "delta_kd",
                              "delta_kd_sd",
                              "delta_kd_n",
                              "p",
                              "p_holm",
                              "unit",
                              "records",
                              "ci_low",
                              "ci_high",
                              "delta_kd_ci_low",
                              "delta_kd_ci_high",
                              "detectable",
                              "note"}) {
      table_.columns.push_back({title});
    }
  }

  Table Build() {
    for (const Plan& plan : matrix_.plans().all()) AddLeftOut(plan);
    for (std::size_t d = 0; d < matrix_.datasets().size(); ++d) {
      for (const auto& metric : matrix_.datasets()[d].metrics) {
        for (const char* split : kSplits) {
          for (const char* view : kViews) AddMetric(d, metric, split, view);
        }
      }
      AddFloor(d);
      for (const Cost& cost : kCosts) AddCost(d, cost);
    }
    return std::move(table_);
  }

 private:
  void AddMetric(std::size_t d, const RecordMetric& metric, const char* split,
                 const char* view) {
    Aggregate other;
    if (reference_ < matrix_.methods().size()) {
      other =
          AggregateMetric(matrix_.At(d, reference_), split, view, metric.name);
    }
    for (std::size_t m = 0; m < matrix_.methods().size(); ++m) {
      const RunMatrix::Runs& runs = matrix_.At(d, m);
      if (runs.size() == 0) continue;
      const Aggregate mine = AggregateMetric(runs, split, view, metric.name);
      const bool compared = m != reference_ && !matrix_.methods()[m].teacher;
      PairedTest test;
      if (compared) {
        test = TestPaired(PairedDifference(mine.values, other.values));
      }
      const TestedDifference* tested =
          std::string(split) == "test" && std::string(view) == "multimodal"
              ? family_.Find(d, m, metric.name)
              : nullptr;
      AddRow(d, metric.name, split, view, m, mine.summary, test,
             tested != nullptr ? tested->p_holm : std::nullopt, "fraction",
             tested != nullptr ? Detectable(d, metric.name) : std::nullopt);
    }
  }

  void AddCost(std::size_t d, const Cost& cost) {
    for (std::size_t m = 0; m < matrix_.methods().size(); ++m) {
      const RunMatrix::Runs& runs = matrix_.At(d, m);
      if (runs.size() == 0) continue;
      AddRow(d, cost.name, "", "", m,
             AggregateNumber(runs, cost.number).summary, PairedTest(),
             std::nullopt, cost.unit, std::nullopt);
    }
  }

  // A program that reads on must not take a part for the whole.
  void AddLeftOut(const Plan& plan) {
    std::map<std::string, std::vector<std::string>> sources;
    for (const Record* record : plan.left_out) {
      sources[record->method].push_back(record->source);
    }
    for (const auto& [method, files] : sources) {
      std::vector<std::string> texts(table_.columns.size());
      texts[0] = plan.dataset;
      texts[1] = "left_out";
      texts[4] = method;
      texts[5] = Text(files.size());
      texts[14] = "count";
      texts[15] = fmt::format("{}", fmt::join(files, ";"));
      texts.back() = plan.reason;
      Add(std::move(texts));
    }
  }

  // A constant prediction has no seeds.
  void AddFloor(std::size_t d) {
    const Record* record = matrix_.datasets()[d].described;
    if (record == nullptr) return;
    for (const auto& [split, values] : record->floor) {
      for (const auto& [metric, value] : values) {
        Add({matrix_.datasets()[d].name,
             metric,
             split,
             "",
             "constant prediction",
             "",
             "",
             Text(value),
             "",
             "",
             "",
             "",
             "",
             "",
             "fraction",
             record->source,
             "",
             "",
             "",
             "",
             ""});
      }
    }
  }

  void AddRow(std::size_t d, const std::string& metric,
              const std::string& split, const std::string& view, std::size_t m,
              const Summary& summary, const PairedTest& test,
              const std::optional<double>& p_holm, const char* unit,
              const std::optional<double>& detectable) {
    const Summary& difference = test.difference;
    const auto interval = MeanInterval(summary);
    const auto of_difference = MeanInterval(difference);
    const RunMatrix::Runs& runs = matrix_.At(d, m);
    Add({matrix_.datasets()[d].name,
         metric,
         split,
         view,
         matrix_.methods()[m].name,
         Text(summary.n),
         Text(runs.failed.size()),
         Text(summary.mean),
         Text(summary.sd),
         Text(difference.mean),
         Text(difference.sd),
         difference.n > 0 ? Text(difference.n) : "",
         Text(test.p),
         Text(p_holm),
         unit,
         fmt::format("{}", fmt::join(SourcesOf(runs), ";")),
         Text(Low(interval)),
         Text(High(interval)),
         Text(Low(of_difference)),
         Text(High(of_difference)),
         Text(detectable)});
  }

  std::optional<double> Detectable(std::size_t d,
                                   const std::string& metric) const {
    for (const DetectableDifference& column : detectable_) {
      if (column.dataset == d && column.metric == metric) {
        return column.difference;
      }
    }
    return std::nullopt;
  }

  void Add(std::vector<std::string> texts) {
    texts.resize(table_.columns.size());
    table_.rows.emplace_back();
    for (std::string& text : texts) {
      table_.rows.back().push_back({std::move(text), {}, {}});
    }
  }

  const RunMatrix& matrix_;
  const std::size_t reference_;
  const DifferenceFamily& family_;
  const std::vector<DetectableDifference>& detectable_;
  Table table_;
};

}  // namespace

Table LongForm(const RunMatrix& matrix, std::size_t reference,
               const DifferenceFamily& family,
               const std::vector<DetectableDifference>& detectable) {
  return Builder(matrix, reference, family, detectable).Build();
}

}  // namespace msdbench
