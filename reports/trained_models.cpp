#include "reports/trained_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "reports/aggregate.h"
#include "reports/error.h"
#include "reports/input_file.h"
#include "reports/parallel_for.h"
#include "reports/scored_examples.h"
#include "reports/significance.h"
#include "reports/titles.h"

namespace msdbench {
namespace {

// Stored credits are float32.
constexpr double kSameValue = 1e-6;

// One model: its predictions, or why there are none to use.
struct Model {
  const Record* record = nullptr;
  StoredPredictions stored;
  std::string problem;
};

Model Load(const Record& record, const std::filesystem::path& store) {
  Model model;
  model.record = &record;
  if (record.predictions.empty()) {
    model.problem = "the record names none";
    return model;
  }
  const std::filesystem::path file =
      (store / record.source).parent_path() / record.predictions;
  try {
    if (!IsThere(file)) {
      model.problem = "no file " + record.predictions;
      return model;
    }
    model.stored = ReadPredictions(file);
  } catch (const Error& error) {
    // The report must not depend on where the records lie.
    model.problem = error.what();
    const std::string name = file.string() + ": ";
    if (model.problem.rfind(name, 0) == 0) model.problem.erase(0, name.size());
  }
  return model;
}

// What one model's predictions say of one metric.
struct Finding {
  std::size_t method = 0, metric = 0;
  std::uint64_t seed = 0;
  std::string problem;  // why they are not used; the rest is then empty
  std::optional<double> error;
  std::optional<ExampleTest> test;  // against the reference's model
  std::string untested;             // why not, where there could be a test
};

// All models of one data set and seed.
class SeedGroup {
 public:
  SeedGroup(const RunMatrix& matrix, std::size_t reference, std::size_t dataset,
            std::uint64_t seed)
      : matrix_(matrix), reference_(reference), d_(dataset), seed_(seed) {}

  void Examine(const std::vector<RecordMetric>& metrics,
               const std::filesystem::path& store) {
    std::map<std::size_t, Model> models;
    for (std::size_t m = 0; m < matrix_.methods().size(); ++m) {
      for (const Record* record : matrix_.At(d_, m).ok) {
        if (record->seed == seed_) models[m] = Load(*record, store);
      }
    }
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      if (HasExampleTest(metrics[i].name)) Examine(models, i, metrics[i].name);
    }
  }

  const std::vector<Finding>& findings() const { return findings_; }

 private:
  void Examine(const std::map<std::size_t, Model>& models, std::size_t place,
               const std::string& metric) {
    const auto first = models.find(reference_);
    std::optional<ScoredExamples> other;
    std::string other_problem;
    if (first != models.end()) {
      other = Score(first->second, metric, other_problem);
    }
    for (const auto& [m, model] : models) {
      Finding finding;
      finding.method = m;
      finding.metric = place;
      finding.seed = seed_;
      const auto scored =
          m == reference_ ? other : Score(model, metric, finding.problem);
      if (m == reference_) finding.problem = other_problem;
      if (scored) finding.error = scored->standard_error;
      if (scored && m != reference_ && !matrix_.methods()[m].teacher &&
          first != models.end()) {
        Test(finding, model, *scored, first->second, other, metric);
      }
      findings_.push_back(std::move(finding));
    }
  }

  void Test(Finding& finding, const Model& model, const ScoredExamples& scored,
            const Model& reference, const std::optional<ScoredExamples>& other,
            const std::string& metric) const {
    if (!other) {
      finding.untested = "no usable predictions of the reference";
      return;
    }
    finding.untested = WhereExamplesDiffer(model.stored, reference.stored);
    if (!finding.untested.empty()) return;
    finding.test = TestModels(
        metric, scored, *other,
        Random(seed_,
               "models example by example: " + matrix_.datasets()[d_].name +
                   "/" + matrix_.methods()[finding.method].name + "/" +
                   metric));
  }

  static std::optional<ScoredExamples> Score(const Model& model,
                                             const std::string& metric,
                                             std::string& problem) {
    problem = model.problem;
    if (!problem.empty()) return std::nullopt;
    auto scored = ScoreExamples(model.stored, metric, model.record->threshold);
    if (!scored) {
      problem = "of another kind than the metric " + metric;
      return std::nullopt;
    }
    // Predictions that a copy or a crash left beside another run's record.
    const auto* recorded = model.record->Find("test", "multimodal", metric);
    const bool same =
        recorded != nullptr &&
        recorded->has_value() == scored->value.has_value() &&
        (!scored->value || std::abs(**recorded - *scored->value) <= kSameValue);
    if (same) return scored;
    problem = "they do not give the record's " + metric;
    return std::nullopt;
  }

  const RunMatrix& matrix_;
  const std::size_t reference_, d_;
  const std::uint64_t seed_;
  std::vector<Finding> findings_;
};

// Turns the findings of one data set, of all its seeds, into pairs and spreads.
class Collector {
 public:
  Collector(const RunMatrix& matrix, std::size_t dataset,
            const std::vector<Finding>& findings, TrainedModels& models)
      : matrix_(matrix), d_(dataset), findings_(findings), models_(models) {}

  void Collect(const std::vector<RecordMetric>& metrics) {
    const std::string title = DatasetTitle(matrix_.datasets()[d_]);
    if (!findings_.empty() &&
        std::none_of(findings_.begin(), findings_.end(), IsUsed)) {
      models_.left_out.push_back(
          fmt::format("{}: no usable predictions beside its records ({})",
                      title, findings_.front().problem));
      return;
    }
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      if (!HasExampleTest(metrics[i].name)) {
        models_.left_out.push_back(
            fmt::format("{} / {}: no test by example of this metric", title,
                        MetricTitle(metrics[i])));
        continue;
      }
      for (std::size_t m = 0; m < matrix_.methods().size(); ++m) {
        AddMethod(i, metrics[i].name, m);
      }
    }
  }

 private:
  static bool IsUsed(const Finding& finding) { return finding.problem.empty(); }

  void AddMethod(std::size_t place, const std::string& metric, std::size_t m) {
    ModelSpread spread;
    spread.dataset = d_;
    spread.method = m;
    spread.metric = metric;
    std::map<std::string, std::vector<std::uint64_t>> notes;
    double squares = 0;
    std::size_t found = 0, errors = 0;
    for (const Finding& finding : findings_) {
      if (finding.method != m || finding.metric != place) continue;
      ++found;
      if (!IsUsed(finding)) {
        notes["predictions not used: " + finding.problem].push_back(
            finding.seed);
        continue;
      }
      ++spread.models;
      if (finding.error) {
        squares += *finding.error * *finding.error;
        ++errors;
      }
      if (!finding.untested.empty()) {
        notes["not compared: " + finding.untested].push_back(finding.seed);
      }
      if (!finding.test) continue;
      ModelPair pair;
      pair.dataset = d_;
      pair.method = m;
      pair.metric = metric;
      pair.seed = finding.seed;
      pair.test = *finding.test;
      models_.pairs.push_back(std::move(pair));
    }
    if (found == 0) return;
    spread.over_seeds =
        AggregateMetric(matrix_.At(d_, m), "test", "multimodal", metric)
            .summary;
    if (errors > 0) {
      spread.example_error = std::sqrt(squares / static_cast<double>(errors));
    }
    for (const auto& [note, seeds] : notes) {
      spread.notes.push_back(SeedsText(seeds) + ": " + note);
    }
    models_.spreads.push_back(std::move(spread));
  }

  const RunMatrix& matrix_;
  const std::size_t d_;
  const std::vector<Finding>& findings_;
  TrainedModels& models_;
};

void Correct(TrainedModels& models) {
  std::vector<double> p;
  for (const ModelPair& pair : models.pairs)
    p.push_back(pair.test.p.value_or(1));
  const std::vector<double> adjusted = HolmAdjusted(p);
  std::map<std::tuple<std::size_t, std::size_t, std::string>, ModelSpread*>
      spreads;
  for (ModelSpread& spread : models.spreads) {
    spreads[{spread.dataset, spread.method, spread.metric}] = &spread;
  }
  for (std::size_t i = 0; i < models.pairs.size(); ++i) {
    ModelPair& pair = models.pairs[i];
    ModelSpread& spread = *spreads[{pair.dataset, pair.method, pair.metric}];
    ++spread.pairs;
    if (!pair.test.p) continue;
    pair.p_holm = adjusted[i];
    pair.differs = adjusted[i] <= kSignificanceLevel;
    if (pair.differs)
      ++(*pair.test.difference > 0 ? spread.better : spread.worse);
  }
}

}  // namespace

TrainedModels CompareModels(const RunMatrix& matrix, std::size_t reference,
                            std::size_t metrics,
                            const std::filesystem::path& store) {
  const std::size_t datasets = matrix.datasets().size();
  std::vector<std::vector<RecordMetric>> shown(datasets);
  std::vector<SeedGroup> groups;
  std::vector<std::size_t> ends;  // of each data set's groups
  for (std::size_t d = 0; d < datasets; ++d) {
    const auto& all = matrix.datasets()[d].metrics;
    shown[d].assign(all.begin(),
                    all.begin() + static_cast<std::ptrdiff_t>(
                                      std::min(metrics, all.size())));
    std::set<std::uint64_t> seeds;
    for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
      for (const Record* record : matrix.At(d, m).ok) {
        seeds.insert(record->seed);
      }
    }
    for (std::uint64_t seed : seeds) {
      groups.emplace_back(matrix, reference, d, seed);
    }
    ends.push_back(groups.size());
  }
  std::vector<std::size_t> dataset_of;
  for (std::size_t d = 0; d < datasets; ++d) dataset_of.resize(ends[d], d);
  ParallelFor(groups.size(), ThreadsFor(groups.size()), [&](std::size_t i) {
    groups[i].Examine(shown[dataset_of[i]], store);
  });

  TrainedModels models;
  std::size_t next = 0;
  for (std::size_t d = 0; d < datasets; ++d) {
    std::vector<Finding> findings;
    for (; next < ends[d]; ++next) {
      const auto& own = groups[next].findings();
      findings.insert(findings.end(), own.begin(), own.end());
    }
    Collector(matrix, d, findings, models).Collect(shown[d]);
  }
  Correct(models);
  return models;
}

}  // namespace msdbench
