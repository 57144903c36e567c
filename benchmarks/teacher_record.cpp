#include "benchmarks/teacher_record.h"

#include "benchmarks/record_reuse.h"
#include "benchmarks/teacher.h"
#include "benchmarks/test_outputs.h"

namespace msdbench {

RunIdentity TeacherIdentity(const DatasetPlan& plan, const PreparedData* data,
                            c10::Device device) {
  RunIdentity identity;
  identity.role = "teacher";
  identity.name = identity.kind = "teacher";
  identity.seed = plan.teacher_seed;
  identity.config = TeacherConfig(plan);
  identity.config["device"] = device.is_cpu() ? "cpu" : "cuda";
  identity.config_hash =
      data != nullptr ? TeacherConfigHash(plan, *data) : kUnknownHash;
  return identity;
}

Json TeacherRecord(const Suite& suite, const DatasetPlan& plan,
                   const PreparedData& data, const TrainedTeacher& teacher,
                   const RunIdentity& identity,
                   const std::filesystem::path& folder) {
  Json record = BeginRecord(suite, plan, &data, identity);
  if (teacher.from_cache) {
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
  PutTestOutputs(record, folder, plan, data, teacher.test);
  RunTimings timings;
  timings.started = NowText();
  timings.loading_s = data.loading_s;
  timings.total_s = teacher.teacher_s;
  timings.training_s = teacher.training.training_s;
  timings.evaluation_s = teacher.training.evaluation_s;
  if (!teacher.from_cache) {
    timings.examples_per_second =
        static_cast<double>(teacher.training.examples_seen) /
        teacher.training.training_s;
  }
  PutTimings(record, timings);
  return record;
}

}  // namespace msdbench
