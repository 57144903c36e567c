// One training step of a method on the tiny model, with all that it needs.
#pragma once

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <string>
#include <vector>

#include "baselines/methods/method.h"
#include "baselines/methods/objective.h"
#include "tests/baselines/tiny_model.h"

namespace msdbench {

struct StepFixture {
  static constexpr std::int64_t kLabels = 3;
  Head head = Head::kSingleLabel;
  Classifier student{TinyOptions(kLabels), 1};
  Batch batch = TinyBatch(Head::kSingleLabel, kLabels, 2);
  Batch meta = TinyBatch(Head::kSingleLabel, kLabels, 5);
  TeacherOutputs teacher{RandomLogits(4, kLabels, 3), batch.targets};

  void ToDouble() {
    student->to(at::kDouble);
    batch.images = batch.images.to(at::kDouble);
    meta.images = meta.images.to(at::kDouble);
    for (View view : kViews) {
      teacher.logits[view] = teacher.logits[view].to(at::kDouble);
    }
  }

  std::unique_ptr<Method> Make(const std::string& kind,
                               const Json& options = Json::object()) const {
    MadeMethod made = MakeMethod(kind, options, {head, /*seed=*/4}, "test", "");
    made.method->Prepare(teacher);
    return std::move(made.method);
  }

  StepReport Step(Method& method) {
    student->zero_grad();
    TrainingStep step{student,        Removal::kDrop, batch,
                      teacher.logits, std::nullopt,   [this] { return meta; }};
    return method.Step(step);
  }

  std::vector<at::Tensor> Gradients() {
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& parameter : student->parameters()) {
      gradients.push_back(parameter.grad().defined()
                              ? parameter.grad().clone()
                              : at::zeros_like(parameter));
    }
    return gradients;
  }

  // The gradient of the objective as written, with the given weights.
  std::vector<at::Tensor> ExpectedGradients(const ObjectiveOptions& options,
                                            const at::Tensor& weights) {
    student->zero_grad();
    const ViewLogits logits =
        student->Forward(batch, {kViews.begin(), kViews.end()}, Removal::kDrop);
    Combine(options,
            ComputeTerms(options, head, logits, teacher.logits, batch.targets),
            weights)
        .backward();
    return Gradients();
  }
};

inline double LargestGap(const std::vector<at::Tensor>& a,
                         const std::vector<at::Tensor>& b) {
  double gap = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    gap = std::max(gap, (a[i] - b[i]).abs().max().item<double>());
  }
  return gap;
}

}  // namespace msdbench
