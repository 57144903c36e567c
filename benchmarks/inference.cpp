#include "benchmarks/inference.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "baselines/models/classifier.h"
#include "benchmarks/batch_stream.h"
#include "reports/error.h"

namespace msdbench {

ViewLogits RunModel(Classifier& model, const EncodedSplit& split,
                    const std::vector<View>& views, Removal removal,
                    std::int64_t batch_size, c10::Device device,
                    const std::function<void(std::size_t)>& progress) {
  at::NoGradGuard no_grad;
  const std::int64_t count = split.size();
  ViewLogits all;
  for (View view : views) all[view] = at::empty({count, split.label_count});

  // Texts of like length share a batch, so that little of it is padding.
  std::vector<std::int64_t> order(count);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) {
                     return split.offsets[a + 1] - split.offsets[a] <
                            split.offsets[b + 1] - split.offsets[b];
                   });
  BatchStream stream(split, std::move(order), batch_size, device);
  std::size_t done = 0;
  while (const std::optional<Batch> batch = stream.Next()) {
    const ViewLogits logits = model->Forward(*batch, views, removal);
    for (View view : views) {
      all[view].index_copy_(0, batch->rows,
                            logits[view].to(at::kCPU, at::kFloat));
    }
    done += static_cast<std::size_t>(batch->rows.size(0));
    if (progress) progress(done);
  }
  for (View view : views) {
    if (!all[view].isfinite().all().item<bool>()) {
      throw RunError(std::string("the model's outputs on the ") + Name(view) +
                     " view of split " + split.name +
                     " are not finite; try a lower learning_rate");
    }
  }
  return all;
}

}  // namespace msdbench
