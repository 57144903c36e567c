#include "benchmarks/student_run.h"

#include <ATen/ATen.h>

#include "benchmarks/inference.h"
#include "benchmarks/machine/run_memory.h"
#include "benchmarks/run_files.h"
#include "benchmarks/run_outputs.h"
#include "benchmarks/stopwatch.h"
#include "benchmarks/view_scores.h"
#include "reports/record_store.h"

namespace msdbench {

RunIdentity IdentityOf(const StudentRun& run) {
  return StudentIdentity(
      run.plan, run.method, run.seed, run.device, &run.data,
      NeedsTeacher(run.plan, run.method) ? run.teacher.weights_hash : "");
}

Json RunStudent(const StudentRun& run, const std::filesystem::path& folder,
                const TrainingObserver& observer) {
  const Stopwatch total;
  const RunMemory memory(run.device);
  RunTimings timings;
  timings.started = NowText();
  timings.loading_s = run.data.loading_s;
  timings.teacher_s = run.teacher.teacher_s;

  const PreparedData& data = run.data;
  const LearnerModel learner =
      MakeLearnerModel(run.plan.student, data, run.seed, run.places,
                       {run.teacher.model, run.teacher.origin});
  Classifier student = learner.model;
  student->to(run.device);
  const MadeMethod chosen = MakeMethod(
      run.method.kind, run.method.options.values,
      {data.dataset.head, run.seed, run.device}, run.suite.name, "/methods");

  const TrainingData training_data{
      data.train,
      data.student_rows,
      data.meta_rows,
      data.dev,
      chosen.method->UsesTeacher() ? &run.teacher_outputs : nullptr,
      data.dataset.metrics,
      run.plan.threshold_rule};
  const TrainingResult training =
      Train(student, *chosen.method, training_data, run.plan.student.training,
            run.plan.removal, run.seed, run.device, observer);

  const Stopwatch scoring;
  const std::vector<View> views(kViews.begin(), kViews.end());
  const auto logits_of = [&](const EncodedSplit& split) {
    return RunModel(student, split, views, run.plan.removal,
                    run.plan.student.training.batch_size, run.device);
  };
  const std::vector<std::string>& metrics = data.dataset.metrics;
  const ThresholdRule rule = run.plan.threshold_rule;
  const auto thresholds_by = [&](const ViewLogits& dev) {
    return ChooseThresholds(rule, metrics, data.dev, dev);
  };
  // Dev decides for the last epoch too, which costs a pass over it.
  const ViewThresholds last_thresholds =
      rule == ThresholdRule::kFixed ? kHalf
                                    : thresholds_by(logits_of(data.dev));
  const ViewScores last =
      ScoreAllViews(metrics, data.test, logits_of(data.test), last_thresholds);
  RestoreBest(student, training);
  const ViewLogits dev = logits_of(data.dev), test = logits_of(data.test);
  const ViewThresholds thresholds = thresholds_by(dev);
  timings.evaluation_s = training.evaluation_s + scoring.Seconds();

  Json record = BeginRecord(run.suite, run.plan, &run.data, IdentityOf(run));
  if (NeedsTeacher(run.plan, run.method)) PutTeacher(record, run.teacher);
  PutTraining(record, training, metrics.front());
  PutResults(record, "dev", ScoreAllViews(metrics, data.dev, dev, thresholds));
  PutResults(record, "test",
             ScoreAllViews(metrics, data.test, test, thresholds));
  PutResults(record, "test_last_epoch", last);
  PutThresholds(record, data.dataset.head, rule, thresholds);
  const Json summary = chosen.method->Summary();
  if (!summary.empty()) record["saliency"] = summary;
  record["parameters"] = student->ParameterCount();
  PutOrigin(record, learner.origin);
  PutOutputs(record, folder, run.plan, data, dev, test);
  if (run.save_model) {
    SaveLearnerModel(learner, data, folder / kModelFolder);
  }
  PutFiles(record, folder);

  timings.training_s = training.training_s;
  timings.total_s = total.Seconds();
  timings.memory = memory.Peak();
  timings.examples_per_second =
      static_cast<double>(training.examples_seen) / training.training_s;
  PutTimings(record, timings);
  return record;
}

}  // namespace msdbench
