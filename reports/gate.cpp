#include "reports/gate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "reports/aggregate.h"
#include "reports/plan_lines.h"

namespace msdbench {
namespace {

// Seeds that `wanted` has and `there` lacks.
std::vector<std::uint64_t> Lacking(const std::set<std::uint64_t>& wanted,
                                   const std::set<std::uint64_t>& there) {
  std::vector<std::uint64_t> lacking;
  std::set_difference(wanted.begin(), wanted.end(), there.begin(), there.end(),
                      std::back_inserter(lacking));
  return lacking;
}

// Each run is compared with the baseline's plan by itself; that they are not of
// one among themselves is a problem.
PlanOptions AllRuns() {
  PlanOptions plans;
  plans.keep_all = plans.any_teacher = true;
  return plans;
}

class Checker {
 public:
  Checker(const Baseline& baseline, const std::vector<Record>& records,
          const std::vector<std::string>& problems, const GateOptions& options)
      : baseline_(baseline), matrix_(records, options.order, AllRuns()) {
    result_.suite = baseline.suite;
    result_.options = options;
    result_.baseline = baseline;
    result_.baseline.cells.clear();
    result_.problems = problems;
    result_.problems.insert(result_.problems.end(), matrix_.problems().begin(),
                            matrix_.problems().end());
    for (const Record& record : records) {
      result_.version = record.version;
      result_.revision = record.revision;
      if (!record.teacher) seeds_.insert(record.seed);
      same_platform_[&record] = options.exact &&
                                record.numerics == baseline.numerics &&
                                PlatformOf(record) == baseline.platform;
    }
    seeds_.insert(options.seeds.begin(), options.seeds.end());
    result_.seeds.assign(seeds_.begin(), seeds_.end());
    NotePlatforms(records);
    NoteRevisions(records);
  }

  GateResult Check() {
    for (const BaselineCell& cell : baseline_.cells) CheckCell(cell);
    AddStudents();
    Judge();
    AddNew();
    return std::move(result_);
  }

 private:
  using Values = std::pair<BySeed, BySeed>;  // before, after

  void NotePlatforms(const std::vector<Record>& records) {
    if (!result_.options.exact) {
      result_.notes.emplace_back(
          "judged as if made on another machine: by tests alone");
      return;
    }
    std::set<std::string> lines;
    for (const Record& record : records) {
      for (const auto& line :
           PlatformDifferences(baseline_.platform, PlatformOf(record))) {
        lines.insert(line);
      }
      if (record.numerics != baseline_.numerics) {
        lines.insert(fmt::format("numerics version: {} -> {}",
                                 NumericsText(baseline_.numerics),
                                 NumericsText(record.numerics)));
      }
    }
    if (lines.empty()) {
      result_.notes.push_back(
          "machine, build and numerics version are the baseline's: equal "
          "numbers are expected");
      return;
    }
    result_.notes.push_back(fmt::format(
        "not the baseline's machine, build and numerics, so only tests: {}",
        fmt::join(lines, "; ")));
  }

  void NoteRevisions(const std::vector<Record>& records) {
    std::set<std::string> revisions;
    for (const Record& record : records) revisions.insert(record.revision);
    if (revisions.size() < 2) return;
    result_.notes.push_back(fmt::format("the runs are of {} revisions: {}",
                                        revisions.size(),
                                        fmt::join(revisions, ", ")));
  }

  const RunMatrix::Runs* Find(const BaselineCell& cell) const {
    for (std::size_t d = 0; d < matrix_.datasets().size(); ++d) {
      if (matrix_.datasets()[d].name != cell.dataset) continue;
      for (std::size_t m = 0; m < matrix_.methods().size(); ++m) {
        if (matrix_.methods()[m].name == cell.method) {
          return &matrix_.At(d, m);
        }
      }
    }
    return nullptr;
  }

  void CheckCell(const BaselineCell& stored) {
    GateCell cell;
    cell.dataset = stored.dataset;
    cell.method = stored.method;
    cell.metric = stored.metric;
    cell.teacher = stored.teacher;
    cell.higher_is_better = stored.higher_is_better;
    cell.before = SummarizeSeeds(stored.values);

    static const RunMatrix::Runs kNone;
    const RunMatrix::Runs* found = Find(stored);
    const RunMatrix::Runs& runs = found != nullptr ? *found : kNone;
    const Aggregate now =
        AggregateMetric(runs, "test", "multimodal", stored.metric);
    cell.after = now.summary;
    if (cell.after.mean) cell.change = *cell.after.mean - *cell.before.mean;
    known_.insert(&runs);

    // Later ones are more serious, and the last one stays.
    Compare(stored, runs, now.values, cell);
    NoteGaps(runs, now, cell);
    if (cell.verdict == Verdict::kPass || cell.verdict == Verdict::kEqual) {
      values_[result_.cells.size()] = {stored.values, now.values};
      least_sd_[result_.cells.size()] =
          1 / static_cast<double>(stored.test_examples);
    }
    result_.cells.push_back(std::move(cell));
  }

  // Exact numbers, then whether a test is possible at all.
  void Compare(const BaselineCell& stored, const RunMatrix::Runs& runs,
               const BySeed& now, GateCell& cell) {
    const std::vector<std::string> other_plan =
        PlanLines(stored.config, "in the baseline", runs.ok);
    bool other_data = false;
    for (const Record* record : runs.ok) {
      other_data |= record->fingerprint != stored.fingerprint;
    }
    const bool comparable = other_plan.empty() && !other_data;
    for (const Record* record : runs.ok) {
      const auto value = now.find(record->seed);
      const auto old = stored.values.find(record->seed);
      if (value == now.end() || old == stored.values.end() ||
          !same_platform_.at(record)) {
        continue;
      }
      if (value->second == old->second) {
        ++cell.exact;
      } else if (comparable) {
        cell.changes.push_back({record->seed, old->second, value->second});
      }
    }
    if (!now.empty() && cell.exact == now.size() && comparable) {
      cell.verdict = Verdict::kEqual;
      return;
    }
    if (now.size() > 0 && stored.values.size() < 2 * now.size()) {
      cell.verdict = Verdict::kUntested;
      cell.notes.push_back(fmt::format(
          "the baseline has {} value(s) where a check of {} takes {}: run more "
          "seeds and update it",
          stored.values.size(), now.size(), 2 * now.size()));
    }
    for (const std::string& line : other_plan) Incomparable(cell, line);
    if (!other_plan.empty()) {
      cell.notes.emplace_back(
          "run the baseline's suite as it is, or update the baseline");
    }
    if (other_data) {
      Incomparable(cell,
                   "other data than the baseline's: make the same, or update "
                   "the baseline");
    }
  }

  static void Incomparable(GateCell& cell, const std::string& note) {
    cell.verdict = Verdict::kIncomparable;
    cell.notes.push_back(note);
  }

  void NoteGaps(const RunMatrix::Runs& runs, const Aggregate& now,
                GateCell& cell) const {
    for (const auto& lines : {FailureLines(runs), now.undefined}) {
      for (const std::string& line : lines) {
        cell.verdict = Verdict::kFailed;
        cell.notes.push_back(line);
      }
    }
    std::set<std::uint64_t> there;
    for (const Record* record : runs.ok) there.insert(record->seed);
    for (const Record* record : runs.failed) there.insert(record->seed);
    std::vector<std::uint64_t> lacking;
    if (!cell.teacher) lacking = Lacking(seeds_, there);
    if (!lacking.empty() || there.empty()) {
      cell.verdict = Verdict::kMissing;
      cell.notes.push_back(there.empty() ? "no run at all"
                                         : SeedsText(lacking) + " did not run");
    } else if (!now.absent.empty()) {
      cell.verdict = Verdict::kMissing;
      cell.notes.push_back(fmt::format("no {} in the record of {}", cell.metric,
                                       SeedsText(now.absent)));
    }
  }

  // The mean over a data set's students, where all of them can be compared.
  void AddStudents() {
    std::map<std::string, std::vector<std::size_t>> students;
    std::vector<std::string> order;
    for (std::size_t i = 0; i < result_.cells.size(); ++i) {
      const GateCell& cell = result_.cells[i];
      if (cell.teacher) continue;
      auto& places = students[cell.dataset];
      if (places.empty()) order.push_back(cell.dataset);
      places.push_back(i);
    }
    for (const std::string& dataset : order) {
      const std::vector<std::size_t>& places = students[dataset];
      if (places.size() < 2) continue;
      GateCell cell;
      cell.dataset = dataset;
      cell.method = kAllStudents;
      cell.metric = result_.cells[places.front()].metric;
      cell.higher_is_better = result_.cells[places.front()].higher_is_better;
      cell.verdict = Verdict::kEqual;
      double least_sd = 0;
      std::vector<const BySeed*> before, after;
      for (std::size_t place : places) {
        const GateCell& one = result_.cells[place];
        const auto found = values_.find(place);
        if (found == values_.end() || one.metric != cell.metric) break;
        before.push_back(&found->second.first);
        after.push_back(&found->second.second);
        if (one.verdict != Verdict::kEqual) cell.verdict = Verdict::kPass;
        least_sd = least_sd_.at(place);
      }
      if (before.size() < places.size()) continue;
      const Values values = {MeanBySeed(before), MeanBySeed(after)};
      cell.before = SummarizeSeeds(values.first);
      cell.after = SummarizeSeeds(values.second);
      if (cell.verdict != Verdict::kEqual && cell.before.n < 2 * cell.after.n) {
        result_.notes.push_back(
            fmt::format("{} / {}: not judged, the methods share {} baseline "
                        "seeds where a check of {} takes {}",
                        dataset, kAllStudents, cell.before.n, cell.after.n,
                        2 * cell.after.n));
        continue;
      }
      cell.change = *cell.after.mean - *cell.before.mean;
      if (cell.verdict == Verdict::kEqual) cell.exact = cell.after.n;
      values_[result_.cells.size()] = values;
      least_sd_[result_.cells.size()] = least_sd;
      result_.cells.push_back(std::move(cell));
    }
  }

  // Over the seeds that all of them have.
  static BySeed MeanBySeed(const std::vector<const BySeed*>& methods) {
    BySeed means;
    for (const auto& [seed, first] : *methods.front()) {
      double sum = 0;
      std::size_t n = 0;
      for (const BySeed* values : methods) {
        const auto found = values->find(seed);
        if (found == values->end()) break;
        sum += found->second;
        ++n;
      }
      if (n == methods.size()) means[seed] = sum / static_cast<double>(n);
    }
    return means;
  }

  void Judge() {
    std::vector<MeanPair> pairs;
    for (std::size_t i = 0; i < result_.cells.size(); ++i) {
      const GateCell& cell = result_.cells[i];
      const bool tested = cell.verdict == Verdict::kPass;
      pairs.push_back({cell.before, cell.after, cell.higher_is_better,
                       tested ? least_sd_.at(i) : 0, tested});
    }
    result_.family = pairs.size();
    const std::vector<DropVerdict> verdicts =
        JudgeDrops(pairs, result_.options.rule);
    for (std::size_t i = 0; i < result_.cells.size(); ++i) {
      GateCell& cell = result_.cells[i];
      cell.p = verdicts[i].p;
      cell.p_holm = verdicts[i].p_holm;
      if (verdicts[i].dropped) cell.verdict = Verdict::kRegressed;
      if (verdicts[i].risen) cell.verdict = Verdict::kImproved;
      if (result_.options.strict && !cell.changes.empty() &&
          !Fails(cell.verdict)) {
        cell.verdict = Verdict::kChanged;
      }
    }
  }

  void AddNew() {
    for (std::size_t d = 0; d < matrix_.datasets().size(); ++d) {
      for (std::size_t m = 0; m < matrix_.methods().size(); ++m) {
        const RunMatrix::Runs& runs = matrix_.At(d, m);
        if (runs.size() == 0 || known_.count(&runs) > 0) continue;
        GateCell cell;
        cell.dataset = matrix_.datasets()[d].name;
        cell.method = matrix_.methods()[m].name;
        cell.teacher = matrix_.methods()[m].teacher;
        cell.verdict = Verdict::kNew;
        cell.notes = FailureLines(runs);
        if (!cell.notes.empty()) cell.verdict = Verdict::kFailed;
        const auto& metrics = matrix_.datasets()[d].metrics;
        if (!metrics.empty()) {
          cell.metric = metrics.front().name;
          cell.higher_is_better = metrics.front().higher_is_better;
          cell.after =
              AggregateMetric(runs, "test", "multimodal", cell.metric).summary;
        }
        cell.notes.push_back("not in the baseline, so not checked");
        result_.cells.push_back(std::move(cell));
      }
    }
  }

  const Baseline& baseline_;
  const RunMatrix matrix_;
  GateResult result_;
  std::set<std::uint64_t> seeds_;  // of the check's students
  std::map<const Record*, bool> same_platform_;
  std::set<const RunMatrix::Runs*> known_;
  // Of the cells that can be compared, by place in result_.cells.
  std::map<std::size_t, Values> values_;
  std::map<std::size_t, double> least_sd_;
};

}  // namespace

std::string Name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kEqual:
      return "equal";
    case Verdict::kPass:
      return "pass";
    case Verdict::kImproved:
      return "improved";
    case Verdict::kNew:
      return "new";
    case Verdict::kChanged:
      return "changed";
    case Verdict::kRegressed:
      return "regressed";
    case Verdict::kMissing:
      return "missing";
    case Verdict::kFailed:
      return "failed";
    case Verdict::kIncomparable:
      return "incomparable";
    default:
      return "untested";
  }
}

bool Fails(Verdict verdict) { return verdict >= Verdict::kChanged; }

bool GateResult::passed() const {
  return problems.empty() &&
         std::none_of(cells.begin(), cells.end(),
                      [](const GateCell& cell) { return Fails(cell.verdict); });
}

GateResult CheckAgainst(const Baseline& baseline,
                        const std::vector<Record>& records,
                        const std::vector<std::string>& problems,
                        const GateOptions& options) {
  return Checker(baseline, records, problems, options).Check();
}

}  // namespace msdbench
