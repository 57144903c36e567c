// What is computed on predictions: objectives, saliency, metrics.

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <random>

#include "baselines/methods/objective.h"
#include "baselines/methods/saliency.h"
#include "benchmarks/metrics.h"

namespace msdbench {
namespace {

constexpr std::int64_t kBatch = 32;

ViewLogits Logits(std::int64_t labels) {
  ViewLogits logits;
  for (View view : kViews) logits[view] = at::randn({kBatch, labels});
  return logits;
}

// Forward alone; the argument is the number of labels (VQA v2: 3,129).
void Objective(benchmark::State& state) {
  at::set_num_threads(1);
  const std::int64_t labels = state.range(0);
  const Head head = labels > 3 ? Head::kAnswer : Head::kSingleLabel;
  const ViewLogits student = Logits(labels), teacher = Logits(labels);
  const at::Tensor targets = head == Head::kSingleLabel
                                 ? at::zeros({kBatch}, at::kLong)
                                 : at::rand({kBatch, labels});
  const at::Tensor weights = at::rand({kBatch, 2});
  ObjectiveOptions options;
  options.divergence = DefaultDivergence(head);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        Combine(options, ComputeTerms(options, head, student, teacher, targets),
                weights));
  }
}
BENCHMARK(Objective)->Arg(3)->Arg(3129)->Unit(benchmark::kMicrosecond);

void Saliency(benchmark::State& state, SaliencyMeasure measure) {
  at::set_num_threads(1);
  const ViewLogits teacher = Logits(3);
  const at::Tensor targets = at::zeros({kBatch}, at::kLong);
  SaliencyOptions options;
  for (auto _ : state) {
    benchmark::DoNotOptimize(SaliencyWeights(
        options,
        SaliencyScores(measure, Head::kSingleLabel, teacher, targets)));
  }
}
BENCHMARK_CAPTURE(Saliency, kl, SaliencyMeasure::kKl);
BENCHMARK_CAPTURE(Saliency, loss, SaliencyMeasure::kLoss);

void AreaUnderRoc(benchmark::State& state) {
  std::mt19937 random(1);
  std::vector<double> scores;
  std::vector<bool> positive;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    scores.push_back(static_cast<double>(random()));
    positive.push_back(random() % 3 == 0);
  }
  for (auto _ : state) benchmark::DoNotOptimize(RocAuc(scores, positive));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          state.range(0));
}
BENCHMARK(AreaUnderRoc)->Arg(1000)->Arg(100000)->Unit(benchmark::kMicrosecond);

void GenreF1(benchmark::State& state) {
  constexpr std::int64_t kMovies = 7799, kGenres = 23;
  std::mt19937 random(1);
  std::vector<bool> predicted, actual;
  for (std::int64_t i = 0; i < kMovies * kGenres; ++i) {
    predicted.push_back(random() % 8 == 0);
    actual.push_back(random() % 8 == 0);
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(MultiLabelF1(predicted, actual, kGenres));
  }
}
BENCHMARK(GenreF1)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace msdbench
