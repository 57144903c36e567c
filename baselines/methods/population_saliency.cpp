#include "baselines/methods/population_saliency.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace msdbench {

PopulationSaliency MeasurePopulation(const SaliencyOptions& options, Head head,
                                     const TeacherOutputs& outputs) {
  constexpr std::int64_t kChunk = 4096;
  const std::int64_t count = outputs.targets.size(0);
  at::Tensor score_sum = at::zeros({2}, at::kDouble);
  at::Tensor weight_sum = at::zeros({2}, at::kDouble);
  for (std::int64_t first = 0; first < count; first += kChunk) {
    const std::int64_t rows = std::min(kChunk, count - first);
    ViewLogits chunk;
    for (View view : kViews) {
      chunk[view] = outputs.logits[view].narrow(0, first, rows);
    }
    const at::Tensor scores = SaliencyScores(
        options.measure, head, chunk, outputs.targets.narrow(0, first, rows));
    score_sum += scores.sum(0).to(at::kDouble);
    weight_sum += SaliencyWeights(options, scores).sum(0).to(at::kDouble);
  }
  PopulationSaliency population;
  population.scores = (score_sum / count).to(at::kFloat);
  population.weights =
      options.granularity == SaliencyGranularity::kDataset
          ? SaliencyWeights(options, population.scores.unsqueeze(0)).squeeze(0)
          : (weight_sum / count).to(at::kFloat);
  return population;
}

Json ToJson(const PopulationSaliency& population) {
  const auto pair = [](const at::Tensor& both) {
    return Json{{"text", both[0].item<double>()},
                {"image", both[1].item<double>()}};
  };
  return {{"score", pair(population.scores)},
          {"weight", pair(population.weights)}};
}

}  // namespace msdbench
