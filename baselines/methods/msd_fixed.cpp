#include "baselines/methods/msd_fixed.h"

#include <ATen/ATen.h>

#include "baselines/methods/distillation.h"

namespace msdbench {
namespace {

class MsdFixed : public Distillation {
 public:
  MsdFixed(const ObjectiveOptions& objective, const MethodContext& context,
           double text, double image)
      : Distillation(objective, context.head,
                     {View::kMultimodal, View::kText, View::kImage}),
        weights_(
            at::tensor({static_cast<float>(text), static_cast<float>(image)})
                .unsqueeze(0)
                .to(context.device)) {}

 protected:
  at::Tensor Weights(const TrainingStep& step) override {
    return weights_.expand({step.batch.size(), 2});
  }

 private:
  at::Tensor weights_;  // [1, 2]
};

}  // namespace

std::unique_ptr<Method> MakeMsdFixed(ConfigReader& options,
                                     const MethodContext& context) {
  const ObjectiveOptions objective =
      ReadObjectiveOptions(options, context.head);
  const double text = options.Number("text_weight", 0.5, 0, 1e3);
  const double image = options.Number("image_weight", 0.5, 0, 1e3);
  return std::make_unique<MsdFixed>(objective, context, text, image);
}

}  // namespace msdbench
