#include "benchmarks/teacher_record.h"

#include "benchmarks/run_files.h"
#include "benchmarks/run_outputs.h"
#include "benchmarks/teacher.h"

namespace msdbench {

Json TeacherRecord(const Suite& suite, const DatasetPlan& plan,
                   const PreparedData& data, const TrainedTeacher& teacher,
                   const RunIdentity& identity,
                   const std::filesystem::path& folder) {
  Json record = BeginRecord(suite, plan, &data, identity);
  if (teacher.from_cache) {
    PutSelection(record, teacher.training, data.dataset.metrics.front());
    record["epochs"] = Json::array();
  } else {
    PutTraining(record, teacher.training, data.dataset.metrics.front());
  }
  PutTeacher(record, teacher);
  PutResults(record, "dev", teacher.dev_scores);
  PutResults(record, "test", teacher.test_scores);
  record["results"]["test_last_epoch"] = nullptr;
  PutThresholds(record, data.dataset.head, plan.threshold_rule,
                teacher.thresholds);
  record["parameters"] = Classifier(teacher.model)->ParameterCount();
  PutOrigin(record, teacher.origin);
  PutOutputs(record, folder, plan, data, teacher.dev, teacher.test);
  PutFiles(record, folder);
  RunTimings timings;
  timings.started = teacher.started;
  timings.loading_s = data.loading_s;
  timings.total_s = teacher.teacher_s;
  timings.evaluation_s = teacher.evaluation_s;
  timings.memory = teacher.memory;
  if (!teacher.from_cache) {
    timings.training_s = teacher.training.training_s;
    timings.examples_per_second =
        static_cast<double>(teacher.training.examples_seen) /
        teacher.training.training_s;
  }
  PutTimings(record, timings);
  return record;
}

}  // namespace msdbench
