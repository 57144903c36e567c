// MSD with learned weights: a network maps each example's distillation losses
// to its weights and is trained so that one step of the student lowers the
// task loss on a meta split (after Meta-Weight-Net, Shu et al. 2019).
#pragma once

#include <memory>

#include "baselines/methods/method.h"

namespace msdbench {

// Options: those of KD, and
//   look_ahead_rate (0.01)   step size of the look-ahead, plain SGD
//   network_rate (1e-3), network_decay (1e-4), hidden (100)   the network's
//     Adam and width
//   saliency_features (false)   adds the two saliency scores to its input
//   meta_every (1)   trains the network on every n-th batch only
std::unique_ptr<Method> MakeMsdLearned(ConfigReader& options,
                                       const MethodContext& context);

}  // namespace msdbench
