#include "baselines/methods/none.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "baselines/methods/objective.h"
#include "baselines/models/classifier.h"

namespace msdbench {
namespace {

class None : public Method {
 public:
  None(std::vector<View> views, Head head)
      : views_(std::move(views)), head_(head) {}

  bool UsesTeacher() const override { return false; }

  StepReport Step(TrainingStep& step) override {
    const ViewLogits logits =
        step.student->Forward(step.batch, views_, step.removal, step.dropout);
    std::vector<at::Tensor> losses;
    StepReport report;
    for (View view : views_) {
      losses.push_back(
          TaskLoss(head_, logits[view], step.batch.targets).mean());
    }
    const at::Tensor total = at::stack(losses).mean();
    total.backward();
    report.losses.emplace_back("total", total.detach());
    if (views_.size() > 1) {
      for (std::size_t i = 0; i < views_.size(); ++i) {
        report.losses.emplace_back(std::string("task_") + Name(views_[i]),
                                   losses[i].detach());
      }
    }
    return report;
  }

 private:
  std::vector<View> views_;
  Head head_;
};

}  // namespace

std::unique_ptr<Method> MakeNone(ConfigReader& options,
                                 const MethodContext& context) {
  std::vector<View> views;
  for (const std::string& name : options.Texts("views", {"multimodal"})) {
    const auto place =
        std::find_if(kViews.begin(), kViews.end(),
                     [&](View view) { return Name(view) == name; });
    if (place == kViews.end() ||
        std::find(views.begin(), views.end(), *place) != views.end()) {
      options.Fail("views", "distinct ones of multimodal, text, image");
    }
    views.push_back(*place);
  }
  if (views.empty()) options.Fail("views", "at least one view is needed");
  return std::make_unique<None>(std::move(views), context.head);
}

}  // namespace msdbench
