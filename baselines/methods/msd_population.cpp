#include "baselines/methods/msd_population.h"

#include <ATen/ATen.h>

#include "baselines/methods/distillation.h"
#include "baselines/methods/population_saliency.h"

namespace msdbench {
namespace {

class MsdPopulation : public Distillation {
 public:
  MsdPopulation(const ObjectiveOptions& objective,
                const SaliencyOptions& saliency, const MethodContext& context)
      : Distillation(objective, context.head,
                     {View::kMultimodal, View::kText, View::kImage}),
        saliency_(saliency),
        device_(context.device) {}

  void Prepare(const TeacherOutputs& train) override {
    population_ = MeasurePopulation(saliency_, head_, train);
    weights_ = population_.weights.unsqueeze(0).to(device_);
  }

  Json Summary() const override { return ToJson(population_); }

 protected:
  at::Tensor Weights(const TrainingStep& step) override {
    return weights_.expand({step.batch.size(), 2});
  }

 private:
  SaliencyOptions saliency_;
  c10::Device device_;
  PopulationSaliency population_;
  at::Tensor weights_;  // [1, 2]
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
