#include "benchmarks/runner.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "benchmarks/machine/host.h"
#include "benchmarks/phase_times.h"
#include "benchmarks/prepared_data.h"
#include "benchmarks/record_reuse.h"
#include "benchmarks/run_cost.h"
#include "benchmarks/run_log.h"
#include "benchmarks/run_record.h"
#include "benchmarks/start_check.h"
#include "benchmarks/stopwatch.h"
#include "benchmarks/student_run.h"
#include "benchmarks/teacher.h"
#include "benchmarks/teacher_outputs.h"
#include "benchmarks/teacher_record.h"
#include "benchmarks/visual_features.h"
#include "benchmarks/work_queue.h"
#include "reports/error.h"
#include "reports/failed_start.h"
#include "reports/record_store.h"

namespace msdbench {
namespace {

// One student of the plan: which method, which seed.
struct Cell {
  const MethodPlan* method;
  std::uint64_t seed;
  double cost, memory;  // see run_cost.h
};

// What the runs of one data set share, from its first task to its last.
struct DatasetRuns {
  const DatasetPlan* plan = nullptr;
  std::vector<Cell> cells;
  double teacher_cost = 0, teacher_memory = 0;
  std::unique_ptr<PreparedData> data;
  std::unique_ptr<TrainedTeacher> teacher;
  StoredOutputs outputs;
  std::string refusal;  // why no student may learn from this teacher
  std::atomic<int> left{0};
};

class SuiteRunner {
 public:
  SuiteRunner(const Suite& suite, const RunnerOptions& options)
      : suite_(suite), options_(options) {
    if (options_.places.cache.empty()) {
      options_.places.cache = options_.out / "cache";
    }
    const int cores = UsableCores();
    if (options_.jobs <= 0) {
      options_.jobs = options_.device.is_cpu() ? cores : 1;
    }
    if (options_.threads <= 0) {
      options_.threads = std::max(1, cores / options_.jobs);
    }
    if (!options_.device.is_cpu()) {
      options_.memory = std::numeric_limits<double>::infinity();
    } else if (!(options_.memory > 0)) {
      constexpr double kShare = 0.8;
      options_.memory = kShare * DescribeMemory().available_gib;
    }
  }

  SuiteOutcome Run() {
    const Stopwatch watch;
    try {
      CheckData();
    } catch (const std::exception& error) {
      NoteFailedStart(options_.out, error.what());
      throw;
    }
    for (const auto& folder : {options_.out, options_.places.cache}) {
      MakeFolder(folder);
    }
    ForgetFailedStart(options_.out);
    phases_.Add(Phase::kLoading, watch.Seconds());
    MakePlan();
    if (options_.fresh) SetAllAside();
    log_.emplace(options_.progress, options_.listeners, options_.out, planned_,
                 planned_cost_);
    log_->SuiteStart(suite_.name);
    for (const auto& runs : datasets_) {
      queue_.Add(TeacherRank(*runs), runs->teacher_memory,
                 [this, &runs = *runs] { RunTeacher(runs); });
    }
    queue_.Run({options_.jobs, options_.memory,
                [this] { PrepareArithmetic(options_.threads); }});
    SuiteOutcome outcome;
    outcome.done = done_;
    outcome.reused = reused_;
    outcome.failed = failed_;
    outcome.bad_data = bad_data_;
    outcome.seconds = watch.Seconds();
    outcome.phases = phases_.Text(options_.jobs, outcome.seconds);
    log_->SuiteEnd(
        {outcome.done, outcome.reused, outcome.failed, outcome.seconds});
    return outcome;
  }

 private:
  static void MakeFolder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (!error && access(folder.c_str(), W_OK | X_OK) != 0) {
      error.assign(errno, std::generic_category());
    }
    if (error) {
      throw UsageError(fmt::format(
          "{}: cannot be made a folder and written to: {}; name another with "
          "--out or --cache",
          folder.string(), error.message()));
    }
  }

  // Bad input is told before hours of work, not after.
  void CheckData() const {
    ContentHashes hashes =
        options_.places.Hashes(options_.jobs * options_.threads);
    for (const DatasetPlan& plan : suite_.datasets) {
      DatasetOptions options = plan.options;
      options.root = options_.places.data_root / plan.path;
      options.hashes = &hashes;
      if (options_.save_models) {
        CheckSavedModels(suite_, plan, options_.places, options_.out);
      }
      const Dataset dataset = LoadDataset(plan.format, options);
      CheckStart(plan, dataset, options_.places);
    }
    hashes.Save();
  }

  void MakePlan() {
    int index = 0;
    for (const DatasetPlan& plan : suite_.datasets) {
      auto runs = std::make_unique<DatasetRuns>();
      runs->plan = &plan;
      for (const MethodPlan& method : plan.methods) {
        for (std::uint64_t seed : suite_.seeds) {
          if (index++ % options_.shards != options_.shard) continue;
          runs->cells.push_back(
              {&method, seed, TrainingCost(plan.student, StepCost(method.kind)),
               TrainingMemoryGib(plan, plan.student, kViews.size())});
        }
      }
      if (runs->cells.empty()) continue;
      runs->left = static_cast<int>(runs->cells.size());
      const std::size_t views = plan.teacher_views.size();
      runs->teacher_cost = TrainingCost(plan.teacher, views > 1 ? 2 : 1);
      runs->teacher_memory = TrainingMemoryGib(plan, plan.teacher, views);
      planned_ += 1 + static_cast<int>(runs->cells.size());
      planned_cost_ += runs->teacher_cost;
      for (const Cell& cell : runs->cells) planned_cost_ += cell.cost;
      datasets_.push_back(std::move(runs));
    }
  }

  // Nobody may take what is left of the older runs for today's, however far
  // this process comes.
  void SetAllAside() const {
    for (const auto& runs : datasets_) {
      for (const Cell& cell : runs->cells) {
        SetOlderAside(RecordFile(options_.out, runs->plan->name(),
                                 cell.method->name, cell.seed));
      }
    }
  }

  // Teachers come before students: everything else waits for them.
  double TeacherRank(const DatasetRuns& runs) const {
    return planned_cost_ + runs.teacher_cost;
  }

  void RunTeacher(DatasetRuns& runs) {
    const DatasetPlan& plan = *runs.plan;
    const ActiveRun active = log_->Begin(
        {plan.name(), "teacher", plan.teacher_seed}, runs.teacher_cost);
    try {
      const WorkReport report = log_->Report(active);
      runs.data = std::make_unique<PreparedData>(
          PrepareData(plan, options_.places, options_.threads, report));
      phases_.Add(Phase::kLoading, runs.data->loading_s);
      const Stopwatch teaching;
      runs.teacher = std::make_unique<TrainedTeacher>(ObtainTeacher(
          plan, *runs.data, options_.places, options_.device,
          Observe(active, plan.teacher.training, runs.data->all_rows), report));
      runs.outputs = ObtainTeacherOutputs(
          runs.teacher->model, runs.teacher->weights_hash, *runs.data,
          plan.removal, plan.teacher.training.batch_size, options_.places.cache,
          options_.device, report);
      phases_.Add(Phase::kTeachers, teaching.Seconds());
      const MetricValue& score = runs.teacher->dev_scores[0].front();
      const std::string verdict = ChanceVerdict(
          score, runs.data->dev_floor.front(), runs.data->dev.examples);
      if (!verdict.empty()) {
        const bool refused = plan.gate == TeacherGate::kRefuse;
        log_->Note(
            fmt::format("{}: {}; {}", plan.name(), verdict,
                        refused ? "train it longer, or set \"teacher_gate\": "
                                  "\"warn\" in the data set's entry to distil "
                                  "from it all the same"
                                : "the suite goes on all the same"));
        runs.data->dataset.notes.push_back(verdict);
        if (refused) runs.refusal = verdict;
      }
      RecordTeacher(runs);
      Json origin;
      PutOrigin(origin, runs.teacher->origin);
      NoteFirstWeights(plan.name() + " teacher", origin);
      if (options_.save_models) {
        SaveLearnerModel(
            {runs.teacher->model, runs.teacher->origin}, *runs.data,
            RunFolder(options_.out, plan.name(), "teacher", plan.teacher_seed) /
                kModelFolder);
      }
      const MetricValue& test = runs.teacher->test_scores[0].front();
      if (runs.teacher->from_cache) {
        ++reused_;
        log_->Reused(active, test);
      } else {
        ++done_;
        log_->Done(active, test, TieOf(runs.teacher->training));
      }
    } catch (const std::exception& error) {
      NoteKind(error);
      Fail(plan, nullptr,
           TeacherIdentity(plan, options_.device, runs.data.get()),
           error.what(), active);
      for (const Cell& cell : runs.cells) FailCell(runs, cell, error.what());
      Release(runs);
      return;
    }
    for (const Cell& cell : runs.cells) {
      queue_.Add(cell.cost, cell.memory,
                 [this, &runs, &cell] { RunCell(runs, cell); });
    }
  }

  void RecordTeacher(const DatasetRuns& runs) {
    const DatasetPlan& plan = *runs.plan;
    RunIdentity identity =
        TeacherIdentity(plan, options_.device, runs.data.get());
    identity.teacher_hash = runs.teacher->weights_hash;
    const auto file =
        RecordFile(options_.out, plan.name(), "teacher", identity.seed);
    if (runs.teacher->from_cache && IsThere(file, identity)) return;
    WriteSuccess(file, TeacherRecord(suite_, plan, *runs.data, *runs.teacher,
                                     identity, file.parent_path()));
  }

  bool IsThere(const std::filesystem::path& file, const RunIdentity& identity) {
    return IsDone(file, identity, options_.save_models, Noting());
  }

  NoteLine Noting() {
    return [this](const std::string& line) { log_->Note(line); };
  }

  void RunCell(DatasetRuns& runs, const Cell& cell) {
    const DatasetPlan& plan = *runs.plan;
    const StudentRun run{suite_,
                         plan,
                         *cell.method,
                         cell.seed,
                         *runs.data,
                         *runs.teacher,
                         runs.outputs.outputs,
                         options_.places,
                         options_.device,
                         options_.save_models};
    const RunIdentity identity = IdentityOf(run);
    const auto folder =
        RunFolder(options_.out, plan.name(), identity.name, cell.seed);
    const auto file = folder / kRecordName;
    const ActiveRun active =
        log_->Begin({plan.name(), identity.name, cell.seed}, cell.cost);
    if (!options_.fresh && IsThere(file, identity)) {
      ++reused_;
      log_->Reused(active, std::nullopt);
    } else {
      try {
        if (!runs.refusal.empty() && NeedsTeacher(plan, *cell.method)) {
          throw RunError(runs.refusal);
        }
        const Stopwatch watch;
        SetOlderAside(file);
        const Json record = RunStudent(
            run, folder,
            Observe(active, plan.student.training, runs.data->student_rows));
        WriteSuccess(file, record);
        NoteFirstWeights(plan.name() + " students", record);
        NotePhases(record, watch.Seconds());
        ++done_;
        log_->Done(active, ScoreIn(record), TieIn(record));
      } catch (const std::exception& error) {
        NoteKind(error);
        Fail(plan, runs.data.get(), identity, error.what(), active);
      }
    }
    // The last one out frees the pixels and the teacher.
    if (--runs.left == 0) Release(runs);
  }

  // Once for all seeds and methods: what did not come from the checkpoint, and
  // what of it was not used.
  void NoteFirstWeights(const std::string& who, const Json& record) {
    if (!record.contains("first_weights")) return;
    const Json& first = record["first_weights"];
    if (first["source"] == "teacher" ||
        (first["new"].empty() && first["left_out"].empty())) {
      return;
    }
    {
      const std::lock_guard<std::mutex> lock(noted_mutex_);
      if (!noted_.insert(who).second) return;
    }
    log_->Note(fmt::format(
        "{}: {} tensors from {}, {} parts of the model begin anew, {} of the "
        "file are left out (first_weights in the record names them)",
        who, first["loaded"].get<std::int64_t>(),
        first["source"].get<std::string>(), first["new"].size(),
        first["left_out"].size()));
  }

  void NotePhases(const Json& record, double seconds) {
    const double training = record["timings"]["training_s"],
                 evaluation = record["timings"]["evaluation_s"];
    phases_.Add(Phase::kTraining, training);
    phases_.Add(Phase::kEvaluation, evaluation);
    phases_.Add(Phase::kFiles, seconds - training - evaluation);
  }

  static void Release(DatasetRuns& runs) {
    runs.outputs = {};
    runs.teacher.reset();
    runs.data.reset();
  }

  void FailCell(const DatasetRuns& runs, const Cell& cell,
                const std::string& error) {
    Fail(*runs.plan, nullptr,
         StudentIdentity(*runs.plan, *cell.method, cell.seed, options_.device,
                         nullptr, ""),
         error,
         log_->Begin({runs.plan->name(), cell.method->name, cell.seed},
                     cell.cost));
  }

  void NoteKind(const std::exception& error) {
    const auto* ours = dynamic_cast<const Error*>(&error);
    if (ours != nullptr && ours->code() == ExitCode::kData) bad_data_ = true;
  }

  void Fail(const DatasetPlan& plan, const PreparedData* data,
            const RunIdentity& identity, const std::string& error,
            const ActiveRun& active) {
    ++failed_;
    // LibTorch appends its stack: the first line says it.
    const std::string line = error.substr(0, error.find('\n'));
    try {
      const auto file =
          RecordFile(options_.out, plan.name(), identity.name, identity.seed);
      Json record = BeginRecord(suite_, plan, data, identity);
      MarkFailed(record, line);
      WriteFailure(file, record, Noting());
    } catch (const std::exception& second) {
      log_->Note(std::string("could not record the failure: ") + second.what());
    }
    log_->Failed(active, line);
  }

  TrainingObserver Observe(const ActiveRun& active,
                           const TrainingOptions& training,
                           const std::vector<std::int64_t>& rows) {
    return log_->Observe(
        active,
        PlannedEpochs(training, static_cast<std::int64_t>(rows.size())));
  }

  static std::string TieOf(const TrainingResult& training) {
    return TieText(training.best_epoch, training.tied_epochs.size());
  }

  static std::string TieIn(const Json& record) {
    const Json& selection = record["selection"];
    return TieText(selection["epoch"], selection["tied"].size());
  }

  static MetricValue ScoreIn(const Json& record) {
    MetricValue score;
    score.name = record["metrics"][0]["name"];
    const Json& value = record["results"]["test"]["multimodal"][score.name];
    if (!value.is_null()) score.value = value.get<double>();
    return score;
  }

  const Suite& suite_;
  RunnerOptions options_;
  WorkQueue queue_;
  std::vector<std::unique_ptr<DatasetRuns>> datasets_;
  int planned_ = 0;
  double planned_cost_ = 0;
  PhaseTimes phases_;
  std::optional<RunLog> log_;
  std::atomic<int> done_{0}, reused_{0}, failed_{0};
  std::atomic<bool> bad_data_{false};
  std::mutex noted_mutex_;
  std::set<std::string> noted_;
};

}  // namespace

void PrepareArithmetic(int threads) {
  at::set_num_threads(threads);
  // Vanishing activations would otherwise run a hundred times slower.
  at::globalContext().setFlushDenormal(true);
  at::globalContext().setDeterministicCuDNN(true);
}

SuiteOutcome RunSuite(const Suite& suite, const RunnerOptions& options) {
  return SuiteRunner(suite, options).Run();
}

}  // namespace msdbench
