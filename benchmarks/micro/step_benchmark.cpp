// One training step of each method on a small fixed batch, without optimizer.

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include "baselines/methods/method.h"
#include "baselines/models/classifier.h"

namespace msdbench {
namespace {

constexpr std::int64_t kBatch = 32, kText = 16, kImage = 32, kLabels = 3,
                       kVocabulary = 400;

Batch MakeBatch() {
  Batch batch;
  batch.token_ids = at::randint(4, kVocabulary, {kBatch, kText}, at::kLong);
  batch.text_mask = at::ones({kBatch, kText});
  batch.ends = at::ones({kBatch, 2}, at::kLong);
  batch.images = at::randn({kBatch, 3, kImage, kImage});
  batch.targets = at::arange(kBatch, at::kLong).remainder(kLabels);
  batch.rows = at::arange(kBatch, at::kLong);
  return batch;
}

void Step(benchmark::State& state, const std::string& kind,
          const Json& method_options) {
  at::set_num_threads(1);
  ClassifierOptions options;
  options.bert.vocabulary = kVocabulary;
  options.bert.hidden = 64;
  options.bert.layers = 2;
  options.bert.heads = 4;
  options.bert.intermediate = 128;
  options.bert.dropout = 0;
  options.labels = kLabels;
  Classifier student(options, 1);
  const Batch batch = MakeBatch(), meta = MakeBatch();
  TeacherOutputs teacher;
  for (View view : kViews) teacher.logits[view] = at::randn({kBatch, kLabels});
  teacher.targets = batch.targets;
  const MadeMethod made = MakeMethod(kind, method_options, {}, "benchmark", "");
  made.method->Prepare(teacher);
  for (auto _ : state) {
    student->zero_grad();
    TrainingStep step{student,        Removal::kDrop, batch,
                      teacher.logits, std::nullopt,   [&] { return meta; }};
    benchmark::DoNotOptimize(made.method->Step(step));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          kBatch);
}

// One row a registered method, so that a new one is timed unasked.
const bool kRegistered = [] {
  for (const MethodKind& kind : MethodKinds()) {
    benchmark::RegisterBenchmark(("Step/" + kind.name).c_str(),
                                 [name = kind.name](benchmark::State& state) {
                                   Step(state, name, Json::object());
                                 });
  }
  // What is left of a learned step when the network rests.
  benchmark::RegisterBenchmark(
      "Step/msd-learned, no weight step", [](benchmark::State& state) {
        Step(state, "msd-learned", {{"meta_every", 1000000}});
      });
  return true;
}();

}  // namespace
}  // namespace msdbench
