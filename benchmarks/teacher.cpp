#include "benchmarks/teacher.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "baselines/methods/none.h"
#include "baselines/models/checkpoint.h"
#include "benchmarks/cache_file.h"
#include "benchmarks/inference.h"
#include "benchmarks/run_identity.h"
#include "benchmarks/run_record.h"
#include "benchmarks/stopwatch.h"
#include "benchmarks/version.h"
#include "reports/error.h"
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

constexpr char kSelection[] = "selection";  // in the metadata of the weights

std::string SelectionText(const TrainingResult& training) {
  return Json{{"epoch", training.best_epoch}, {"tied", training.tied_epochs}}
      .dump();
}

// Files of older versions do not tell.
void ReadSelection(const std::filesystem::path& file,
                   TrainingResult& training) {
  const SafetensorsFile stored(file);
  const auto text = stored.metadata().find(kSelection);
  if (text == stored.metadata().end()) return;
  try {
    const Json json = Json::parse(text->second);
    std::int64_t epoch = 0;
    std::vector<std::int64_t> tied;
    json.at("epoch").get_to(epoch);
    json.at("tied").get_to(tied);
    training.best_epoch = epoch;
    training.tied_epochs = std::move(tied);
  } catch (const Json::exception& error) {
    throw DataError(fmt::format("{}: metadata {}: {}; remove the file",
                                file.string(), kSelection, error.what()));
  }
}

}  // namespace

TrainedTeacher ObtainTeacher(const DatasetPlan& plan, const PreparedData& data,
                             const Places& places, c10::Device device,
                             const TrainingObserver& observer,
                             const WorkReport& report) {
  const Stopwatch watch;
  const RunMemory memory(device);
  TrainedTeacher teacher;
  teacher.started = NowText();
  teacher.config_hash = TeacherIdentity(plan, device, &data).config_hash;
  const auto begin = [&] {
    LearnerModel made =
        MakeLearnerModel(plan.teacher, data, plan.teacher_seed, places);
    teacher.model = made.model;
    teacher.origin = made.origin;
    teacher.model->to(device);
  };
  begin();
  const std::filesystem::path file =
      places.cache / "teachers" / teacher.config_hash / "weights.safetensors";
  bool is_fresh = true;  // else a refused file may have filled a part
  CacheFile cached;
  cached.file = file;
  cached.check = [&] { CheckSeal(file, report); };
  cached.use = [&] {
    is_fresh = false;
    LoadWeights(*teacher.model, file);
    ReadSelection(file, teacher.training);
  };
  cached.make = [&] {
    if (!is_fresh) begin();
    const MadeMethod method = MakeMethod(
        "none", {{"views", ViewNames(plan.teacher_views)}},
        {data.dataset.head, plan.teacher_seed, device}, "teacher", "/teacher");
    const TrainingData training{
        data.train,           data.all_rows,      {}, data.dev, nullptr,
        data.dataset.metrics, plan.threshold_rule};
    teacher.training =
        Train(teacher.model, *method.method, training, plan.teacher.training,
              plan.removal, plan.teacher_seed, device, observer);
    RestoreBest(teacher.model, teacher.training);
    SaveWeights(*teacher.model, file,
                {{"msdbench", std::string(Version())},
                 {kSelection, SelectionText(teacher.training)},
                 {kSeal, ""}});
  };
  teacher.from_cache = UseCacheFile(cached, places.cache, report);
  teacher.weights_hash = HashWeights(*teacher.model);

  const Stopwatch scoring;
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
  teacher.evaluation_s = teacher.training.evaluation_s + scoring.Seconds();
  teacher.teacher_s = watch.Seconds();
  teacher.memory = memory.Peak();
  return teacher;
}

std::string ChanceVerdict(const MetricValue& score, const MetricValue& floor,
                          const std::vector<Example>& examples) {
  if (!score.value) {
    return fmt::format("the teacher's {} on dev is undefined: {}", score.name,
                       score.reason);
  }
  const double margin = ChanceMargin(floor, examples);
  if (*score.value >= *floor.value + margin) return "";
  const char* place = *score.value < *floor.value   ? "below"
                      : *score.value > *floor.value ? "not clearly above"
                                                    : "no better than";
  std::string line = fmt::format(
      "the teacher is {} the best constant prediction: {} {:.3f} on dev, "
      "constant {:.3f}, two standard errors are {:.3f}",
      place, score.name, *score.value, *floor.value, margin);
  if (*floor.value + margin > 1) {
    line += fmt::format("; no score could be, on {} examples", examples.size());
  }
  return line;
}

}  // namespace msdbench
