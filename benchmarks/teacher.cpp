#include "benchmarks/teacher.h"

#include <fmt/format.h>

#include <cmath>

#include "baselines/methods/none.h"
#include "baselines/models/checkpoint.h"
#include "benchmarks/cache_file.h"
#include "benchmarks/inference.h"
#include "benchmarks/stopwatch.h"
#include "benchmarks/version.h"
#include "reports/digest.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

Json ViewNames(const std::vector<View>& views) {
  Json names = Json::array();
  for (View view : views) names.push_back(Name(view));
  return names;
}

// Two standard errors of what a constant prediction scores by luck: AUROC's
// under the null (Mann and Whitney 1947), else a proportion's.
double ChanceMargin(const MetricValue& floor,
                    const std::vector<Example>& examples) {
  const auto n = static_cast<double>(examples.size());
  if (floor.name == "roc_auc") {
    double positives = 0;
    for (const Example& example : examples) {
      positives += !example.targets.empty() && example.targets[0].label == 1;
    }
    const double negatives = n - positives;
    return 2 * std::sqrt((n + 1) / (12 * positives * negatives));
  }
  return 2 * std::sqrt(*floor.value * (1 - *floor.value) / n);
}

}  // namespace

Json TeacherConfig(const DatasetPlan& plan) {
  Json config = plan.config;
  config.erase("student");
  config.erase("meta_fraction");
  return config;
}

std::string TeacherConfigHash(const DatasetPlan& plan,
                              const PreparedData& data) {
  return Sha256OfText(HashedConfig(TeacherConfig(plan)).dump() +
                      data.input_hash + std::string(Version()));
}

namespace {

// Names the teacher's weights in the cache.
std::string WeightsKey(const DatasetPlan& plan, const PreparedData& data) {
  return Sha256OfText(TrainingConfig(TeacherConfig(plan)).dump() +
                      data.input_hash + std::string(Version()));
}

}  // namespace

TrainedTeacher ObtainTeacher(const DatasetPlan& plan, const PreparedData& data,
                             const Places& places, c10::Device device,
                             const TrainingObserver& observer,
                             const WorkReport& report) {
  const Stopwatch watch;
  TrainedTeacher teacher;
  teacher.config_hash = TeacherConfigHash(plan, data);
  const auto begin = [&] {
    LearnerModel made =
        MakeLearnerModel(plan.teacher, data, plan.teacher_seed, places);
    teacher.model = made.model;
    teacher.origin = made.origin;
    teacher.model->to(device);
  };
  begin();
  const std::filesystem::path file = places.cache / "teachers" /
                                     WeightsKey(plan, data) /
                                     "weights.safetensors";
  bool is_fresh = true;  // else a refused file may have filled a part
  CacheFile cached;
  cached.file = file;
  cached.check = [&] { CheckSeal(file, report); };
  cached.use = [&] {
    is_fresh = false;
    LoadWeights(*teacher.model, file);
  };
  cached.make = [&] {
    if (!is_fresh) begin();
    const MadeMethod method = MakeMethod(
        "none", {{"views", ViewNames(plan.teacher_views)}},
        {data.dataset.head, plan.teacher_seed, device}, "teacher", "/teacher");
    const TrainingData training{data.train, data.all_rows,       {}, data.dev,
                                nullptr,    data.dataset.metrics};
    teacher.training =
        Train(teacher.model, *method.method, training, plan.teacher.training,
              plan.removal, plan.teacher_seed, device, observer);
    RestoreBest(teacher.model, teacher.training);
    SaveWeights(*teacher.model, file,
                {{"msdbench", std::string(Version())}, {kSeal, ""}});
  };
  teacher.from_cache = UseCacheFile(cached, places.cache, report);
  teacher.weights_hash = HashWeights(*teacher.model);

  const std::vector<View> views(kViews.begin(), kViews.end());
  const std::int64_t batch_size = plan.teacher.training.batch_size;
  LongWork work(report,
                fmt::format("scoring the teacher on {} and {}", data.dev.name,
                            data.test.name),
                static_cast<std::size_t>(data.dev.size() + data.test.size()));
  teacher.dev =
      RunModel(teacher.model, data.dev, views, plan.removal, batch_size, device,
               [&](std::size_t done) { work(done); });
  const auto dev_done = static_cast<std::size_t>(data.dev.size());
  teacher.test =
      RunModel(teacher.model, data.test, views, plan.removal, batch_size,
               device, [&](std::size_t done) { work(dev_done + done); });
  const std::vector<std::string>& metrics = data.dataset.metrics;
  teacher.thresholds =
      ChooseThresholds(plan.threshold_rule, metrics, data.dev, teacher.dev);
  teacher.dev_scores =
      ScoreAllViews(metrics, data.dev, teacher.dev, teacher.thresholds);
  teacher.test_scores =
      ScoreAllViews(metrics, data.test, teacher.test, teacher.thresholds);
  teacher.teacher_s = watch.Seconds();
  return teacher;
}

std::string ChanceVerdict(const MetricValue& score, const MetricValue& floor,
                          const std::vector<Example>& examples) {
  if (!score.value) {
    return fmt::format("the teacher's {} on dev is undefined: {}", score.name,
                       score.reason);
  }
  const double wanted = *floor.value + ChanceMargin(floor, examples);
  if (*score.value >= wanted) return "";
  return fmt::format(
      "the teacher is at chance: {} {:.3f} on dev, where the best constant "
      "prediction has {:.3f} and {:.3f} would be clearly above it",
      score.name, *score.value, *floor.value, wanted);
}

}  // namespace msdbench
