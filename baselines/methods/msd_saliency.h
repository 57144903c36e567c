// MSD with weights from saliency: the modality whose absence changes the
// teacher's prediction more counts more, example by example.
#pragma once

#include <memory>

#include "baselines/methods/method.h"

namespace msdbench {

// Options: those of KD, and measure, map, map_temperature, granularity (see
// saliency.h).
std::unique_ptr<Method> MakeMsdSaliency(ConfigReader& options,
                                        const MethodContext& context);

}  // namespace msdbench
