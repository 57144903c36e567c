// MSD with given weights, the same for every example.
#pragma once

#include <memory>

#include "baselines/methods/method.h"

namespace msdbench {

// Options: those of KD, and text_weight, image_weight (0.5 each).
std::unique_ptr<Method> MakeMsdFixed(ConfigReader& options,
                                     const MethodContext& context);

}  // namespace msdbench
