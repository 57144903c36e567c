#include "baselines/methods/kd.h"

#include "baselines/methods/distillation.h"

namespace msdbench {
namespace {

class Kd : public Distillation {
 public:
  Kd(const ObjectiveOptions& objective, Head head)
      : Distillation(objective, head, {View::kMultimodal}) {}

 protected:
  at::Tensor Weights(const TrainingStep& step) override { return {}; }
};

}  // namespace

std::unique_ptr<Method> MakeKd(ConfigReader& options,
                               const MethodContext& context) {
  return std::make_unique<Kd>(ReadObjectiveOptions(options, context.head),
                              context.head);
}

}  // namespace msdbench
