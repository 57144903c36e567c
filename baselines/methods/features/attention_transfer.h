// Activation-based attention transfer (Zagoruyko & Komodakis 2017).
#pragma once

#include <ATen/core/Tensor.h>

namespace msdbench {

// Features of one layer, [batch, channels, height, width] -> scalar; channels
// may differ, and the larger height and width are average-pooled to the
// smaller. An example's attention map is the channel mean of |f|^power, scaled
// to length 1; the loss is the mean squared difference of the maps, so that a
// factor on the features changes nothing. Gradients flow into the student only.
at::Tensor AttentionTransferLoss(const at::Tensor& teacher,
                                 const at::Tensor& student, double power = 2);

}  // namespace msdbench
