#include "baselines/methods/msd_saliency.h"

#include "baselines/methods/saliency_distillation.h"

namespace msdbench {
namespace {

class MsdSaliency : public SaliencyDistillation {
 public:
  MsdSaliency(const ObjectiveOptions& objective,
              const SaliencyOptions& saliency, const MethodContext& context)
      : SaliencyDistillation(objective, saliency, context) {}

 protected:
  at::Tensor Weights(const TrainingStep& step) override {
    if (saliency_.granularity == SaliencyGranularity::kDataset) {
      return SplitWeights(step.batch.size());
    }
    return SaliencyWeights(
        saliency_, SaliencyScores(saliency_.measure, head_, step.teacher,
                                  step.batch.targets));
  }
};

}  // namespace

std::unique_ptr<Method> MakeMsdSaliency(ConfigReader& options,
                                        const MethodContext& context) {
  const ObjectiveOptions objective =
      ReadObjectiveOptions(options, context.head);
  return std::make_unique<MsdSaliency>(objective, ReadSaliencyOptions(options),
                                       context);
}

}  // namespace msdbench
