// MSD with fixed weights estimated once: the saliency of each modality over
// the whole training split.
#pragma once

#include <memory>

#include "baselines/methods/method.h"

namespace msdbench {

// Options: those of KD, and measure, map, map_temperature (see saliency.h).
// The split's weights are the mean of its examples' weights; with granularity
// "dataset", the weights of its mean scores.
std::unique_ptr<Method> MakeMsdPopulation(ConfigReader& options,
                                          const MethodContext& context);

}  // namespace msdbench
