#include "baselines/methods/msd_population.h"

#include "baselines/methods/saliency_distillation.h"

namespace msdbench {
namespace {

class MsdPopulation : public SaliencyDistillation {
 public:
  MsdPopulation(const ObjectiveOptions& objective,
                const SaliencyOptions& saliency, const MethodContext& context)
      : SaliencyDistillation(objective, saliency, context) {}

 protected:
  at::Tensor Weights(const TrainingStep& step) override {
    return SplitWeights(step.batch.size());
  }
};

}  // namespace

std::unique_ptr<Method> MakeMsdPopulation(ConfigReader& options,
                                          const MethodContext& context) {
  const ObjectiveOptions objective =
      ReadObjectiveOptions(options, context.head);
  return std::make_unique<MsdPopulation>(objective,
                                         ReadSaliencyOptions(options), context);
}

}  // namespace msdbench
