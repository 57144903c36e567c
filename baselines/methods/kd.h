// Standard knowledge distillation (Hinton, Vinyals, Dean 2015): the student
// follows the teacher's multimodal output.
#pragma once

#include <memory>

#include "baselines/methods/method.h"

namespace msdbench {

// Options: lambda, temperature, divergence (see objective.h).
std::unique_ptr<Method> MakeKd(ConfigReader& options,
                               const MethodContext& context);

}  // namespace msdbench
