#include "benchmarks/run_log.h"

#include <fmt/format.h>

#include <utility>

#include "reports/record_store.h"

namespace msdbench {
namespace {

std::string Title(const RunName& name) {
  return name.method == "teacher" ? name.dataset + " teacher"
                                  : fmt::format("{} {} seed {}", name.dataset,
                                                name.method, name.seed);
}

std::string ScoreText(const MetricValue& score) {
  if (!score.value) return "undefined " + score.name;
  return fmt::format("{} {:.1f}", score.name, 100 * *score.value);
}

}  // namespace

RunLog::RunLog(ProgressStyle style, RunListeners listeners,
               std::filesystem::path out, int runs, double cost)
    : style_(style),
      listeners_(std::move(listeners)),
      out_(std::move(out)),
      runs_(runs),
      progress_(style, runs, cost) {}

void RunLog::SuiteStart(const std::string& suite) {
  Tell([&](RunListener& listener) { listener.OnSuiteStart(suite, runs_); });
}

void RunLog::SuiteEnd(const msdbench::SuiteEnd& end) {
  Tell([&](RunListener& listener) { listener.OnSuiteEnd(end); });
}

ActiveRun RunLog::Begin(const RunName& name, double cost) {
  ActiveRun run{progress_.Begin(Title(name), cost), name, Stopwatch()};
  Tell([&](RunListener& listener) { listener.OnRunStart(run.name); });
  return run;
}

void RunLog::End(const ActiveRun& run, const std::string& outcome, RunEnd end) {
  progress_.End(run.handle, outcome);
  end.seconds = run.watch.Seconds();
  end.record =
      RecordFile(out_, run.name.dataset, run.name.method, run.name.seed);
  Tell([&](RunListener& listener) { listener.OnRunEnd(run.name, end); });
}

void RunLog::Done(const ActiveRun& run, const MetricValue& score,
                  const std::string& tie) {
  const std::string outcome = ScoreText(score);
  End(run, tie.empty() ? outcome : outcome + " (" + tie + ")",
      {"ok", "", score, 0, {}});
}

void RunLog::Reused(const ActiveRun& run,
                    const std::optional<MetricValue>& score) {
  End(run, score ? ScoreText(*score) + " (reused)" : "reused",
      {"reused", "", score, 0, {}});
}

void RunLog::Failed(const ActiveRun& run, const std::string& line) {
  End(run, "failed: " + line, {"failed", line, std::nullopt, 0, {}});
  if (style_ == ProgressStyle::kQuiet) {
    Note(Title(run.name) + ": failed: " + line);
  }
}

WorkReport RunLog::Report(const ActiveRun& run) {
  return {[this](const std::string& line) { Note(line); },
          [this, &run](const std::string& line) {
            progress_.Phase(run.handle, line);
          }};
}

TrainingObserver RunLog::Observe(const ActiveRun& run, std::int64_t epochs) {
  return {[this, &run, epochs](const EpochReport& report) {
            progress_.Epoch(run.handle, report, epochs);
            Tell([&](RunListener& listener) {
              listener.OnEpoch(run.name, report, epochs);
            });
          },
          [this, &run](double share) { progress_.Step(run.handle, share); }};
}

}  // namespace msdbench
