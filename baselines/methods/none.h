// Training from labels alone: the undistilled student, and the teacher itself.
#pragma once

#include <memory>

#include "baselines/methods/method.h"

namespace msdbench {

// Options: views, the views trained on (their task losses are averaged),
// ["multimodal"] by default.
std::unique_ptr<Method> MakeNone(ConfigReader& options,
                                 const MethodContext& context);

}  // namespace msdbench
