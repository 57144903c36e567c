#include "baselines/methods/features/relational.h"

#include <ATen/ATen.h>

#include "baselines/methods/features/unit_vectors.h"

namespace msdbench {
namespace {

// [batch, batch, width], from i to j. Not through F F^T, which loses the small
// distances to rounding.
at::Tensor Lines(const at::Tensor& features) {
  const at::Tensor rows = features.flatten(1);
  return rows.unsqueeze(0) - rows.unsqueeze(1);
}

at::Tensor RelativeDistances(const at::Tensor& features) {
  // The norm's gradient at 0 is 0.
  const at::Tensor distance = Lines(features).norm(2, -1);
  const at::Tensor pairs = (distance > 0).sum().clamp_min(1);
  const at::Tensor mean = distance.sum() / pairs;
  return distance / mean.masked_fill(mean == 0, 1);
}

at::Tensor Cosines(const at::Tensor& features) {
  const at::Tensor directions = UnitVectors(Lines(features));
  return directions.bmm(directions.transpose(1, 2));
}

}  // namespace

at::Tensor RelationalDistanceLoss(const at::Tensor& teacher,
                                  const at::Tensor& student) {
  return at::smooth_l1_loss(RelativeDistances(student),
                            RelativeDistances(teacher.detach()));
}

at::Tensor RelationalAngleLoss(const at::Tensor& teacher,
                               const at::Tensor& student) {
  return at::smooth_l1_loss(Cosines(student), Cosines(teacher.detach()));
}

}  // namespace msdbench
