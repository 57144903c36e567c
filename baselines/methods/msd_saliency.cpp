#include "baselines/methods/msd_saliency.h"

#include <ATen/ATen.h>

#include "baselines/methods/distillation.h"
#include "baselines/methods/population_saliency.h"

namespace msdbench {
namespace {

class MsdSaliency : public Distillation {
 public:
  MsdSaliency(const ObjectiveOptions& objective,
              const SaliencyOptions& saliency, const MethodContext& context)
      : Distillation(objective, context.head,
                     {View::kMultimodal, View::kText, View::kImage}),
        saliency_(saliency),
        device_(context.device) {}

  void Prepare(const TeacherOutputs& train) override {
    population_ = MeasurePopulation(saliency_, head_, train);
    split_weights_ = population_.weights.unsqueeze(0).to(device_);
  }

  Json Summary() const override { return ToJson(population_); }

 protected:
  at::Tensor Weights(const TrainingStep& step) override {
    if (saliency_.granularity == SaliencyGranularity::kDataset) {
      return split_weights_.expand({step.batch.size(), 2});
    }
    return SaliencyWeights(
        saliency_, SaliencyScores(saliency_.measure, head_, step.teacher,
                                  step.batch.targets));
  }

 private:
  SaliencyOptions saliency_;
  c10::Device device_;
  PopulationSaliency population_;
  at::Tensor split_weights_;  // [1, 2]
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
