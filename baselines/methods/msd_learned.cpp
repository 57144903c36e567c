#include "baselines/methods/msd_learned.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/optim/adam.h>

#include "baselines/methods/distillation.h"
#include "baselines/methods/meta_gradient.h"
#include "baselines/methods/saliency.h"
#include "baselines/methods/view_gradients.h"
#include "baselines/methods/weight_network.h"
#include "baselines/models/classifier.h"

namespace msdbench {
namespace {

struct LearnedOptions {
  double look_ahead_rate = 0.01;
  double network_rate = 1e-3, network_decay = 1e-4;
  std::int64_t hidden = 100;
  bool saliency_features = false;
  std::int64_t meta_every = 1;
};

class MsdLearned : public Distillation {
 public:
  MsdLearned(const ObjectiveOptions& objective, const LearnedOptions& options,
             const MethodContext& context)
      : Distillation(objective, context.head,
                     {View::kMultimodal, View::kText, View::kImage}),
        options_(options),
        network_(options.saliency_features ? 5 : 3, options.hidden,
                 /*outputs=*/2, context.seed),
        optimizer_(network_->parameters(),
                   torch::optim::AdamOptions(options.network_rate)
                       .weight_decay(options.network_decay)) {
    // Double precision: the gradients that reach it carry the factor
    // rate * lambda / n, and at its size the cost does not show.
    network_->to(context.device, at::kDouble);
  }

  bool UsesMetaSplit() const override { return true; }
  std::vector<at::Tensor> OwnParameters() const override {
    return network_->parameters();
  }

  StepReport Step(TrainingStep& step) override {
    ViewGradients student(step.student, step.batch, views_, step.removal,
                          DrawDropoutSeed(step.dropout, views_.size()));
    const ObjectiveTerms terms = TermsOf(step, student.logits());
    const double share = 1 / static_cast<double>(step.batch.size());
    // What each sequence adds to the objective at weight 1.
    student.Back([&](const ViewLogits& logits) {
      const ObjectiveTerms t = TermsOf(step, logits);
      return at::cat({(1 - objective_.lambda) * t.task +
                          objective_.lambda * t[View::kMultimodal],
                      objective_.lambda * t[View::kText],
                      objective_.lambda * t[View::kImage]}) *
             share;
    });
    const at::Tensor features = Features(step, terms);

    at::Tensor meta_loss;
    if (steps_++ % options_.meta_every == 0) {
      meta_loss = TrainNetwork(step, student, features);
    }
    at::Tensor weights;
    {
      at::NoGradGuard no_grad;
      weights = network_(features).to(terms.task.scalar_type());
    }
    AddGradients(step, student, weights);
    StepReport report =
        Report(terms, weights, Combine(objective_, terms, weights));
    if (meta_loss.defined()) report.losses.emplace_back("meta", meta_loss);
    return report;
  }

 protected:
  at::Tensor Weights(const TrainingStep& step) override { return {}; }

 private:
  ObjectiveTerms TermsOf(const TrainingStep& step,
                         const ViewLogits& logits) const {
    return ComputeTerms(objective_, head_, logits, step.teacher,
                        step.batch.targets);
  }

  at::Tensor Features(const TrainingStep& step,
                      const ObjectiveTerms& terms) const {
    at::Tensor features =
        at::stack({terms[View::kMultimodal].detach(),
                   terms[View::kText].detach(), terms[View::kImage].detach()},
                  1);
    features = features.to(at::kDouble);
    if (!options_.saliency_features) return features;
    return at::cat({features, SaliencyScores(SaliencyMeasure::kKl, head_,
                                             step.teacher, step.batch.targets)},
                   1);
  }

  // The objective's gradients with the given weights, [batch, 2].
  static std::vector<at::Tensor> Gradients(const TrainingStep& step,
                                           ViewGradients& student,
                                           const at::Tensor& weights) {
    const std::int64_t count = step.batch.size();
    return student.Gradients(
        at::cat({at::ones({count}, weights.options()), weights.select(1, 0),
                 weights.select(1, 1)}),
        /*fixed=*/count);
  }

  static void AddGradients(const TrainingStep& step, ViewGradients& student,
                           const at::Tensor& weights) {
    at::NoGradGuard no_grad;
    const std::vector<at::Tensor> parameters = step.student->parameters();
    const std::vector<at::Tensor> gradients = Gradients(step, student, weights);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (!gradients[i].defined()) continue;
      at::Tensor& sum = parameters[i].mutable_grad();
      sum = sum.defined() ? sum + gradients[i] : gradients[i];
    }
  }

  // One step of the network on the gradient of the meta loss after the look-
  // ahead. Returns the meta loss.
  at::Tensor TrainNetwork(TrainingStep& step, ViewGradients& student,
                          const at::Tensor& features) {
    const at::Tensor weights = network_(features);
    const std::int64_t count = step.batch.size();
    LookAheadStep look_ahead;
    look_ahead.rate = options_.look_ahead_rate;
    look_ahead.gradients = Gradients(
        step, student,
        weights.detach().to(step.student->parameters()[0].scalar_type()));

    const Batch meta = step.next_meta_batch();
    const auto meta_loss = [&] {
      const ViewLogits logits = step.student->Forward(
          meta, {View::kMultimodal}, step.removal, step.dropout);
      return TaskLoss(head_, logits[View::kMultimodal], meta.targets).mean();
    };
    const auto products = [&](const std::vector<at::Tensor>& direction) {
      return student.Products(count, 3 * count, direction).view({2, count}).t();
    };
    const MetaGradient gradient = DifferentiateLookAhead(
        step.student->parameters(), look_ahead, meta_loss, products);
    optimizer_.zero_grad();
    weights.backward(gradient.weights);
    optimizer_.step();
    return gradient.loss;
  }

  LearnedOptions options_;
  WeightNetwork network_;
  torch::optim::Adam optimizer_;
  std::int64_t steps_ = 0;
};

}  // namespace

std::unique_ptr<Method> MakeMsdLearned(ConfigReader& options,
                                       const MethodContext& context) {
  const ObjectiveOptions objective =
      ReadObjectiveOptions(options, context.head);
  LearnedOptions learned;
  learned.look_ahead_rate =
      options.Number("look_ahead_rate", learned.look_ahead_rate, 1e-8, 10);
  learned.network_rate =
      options.Number("network_rate", learned.network_rate, 0, 10);
  learned.network_decay =
      options.Number("network_decay", learned.network_decay, 0, 10);
  learned.hidden = options.Integer("hidden", learned.hidden, 1, 100000);
  learned.saliency_features =
      options.Flag("saliency_features", learned.saliency_features);
  learned.meta_every =
      options.Integer("meta_every", learned.meta_every, 1, 1000000);
  return std::make_unique<MsdLearned>(objective, learned, context);
}

}  // namespace msdbench
