// Saliency over a whole split: mean scores and weights of each modality.
#pragma once

#include <ATen/core/Tensor.h>

#include "baselines/methods/method.h"
#include "baselines/methods/saliency.h"

namespace msdbench {

struct PopulationSaliency {
  at::Tensor scores;   // [2] (text, image): means over the split
  at::Tensor weights;  // [2]: mean of the examples' weights, or the weights of
                       // the mean scores with granularity kDataset
};

// Reads the teacher's outputs in chunks, so that they may be larger than RAM.
PopulationSaliency MeasurePopulation(const SaliencyOptions& options, Head head,
                                     const TeacherOutputs& outputs);

// {"score": {"text": .., "image": ..}, "weight": {...}}
Json ToJson(const PopulationSaliency& population);

}  // namespace msdbench
