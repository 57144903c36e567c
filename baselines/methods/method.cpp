#include "baselines/methods/method.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "baselines/methods/kd.h"
#include "baselines/methods/msd_fixed.h"
#include "baselines/methods/msd_learned.h"
#include "baselines/methods/msd_population.h"
#include "baselines/methods/msd_saliency.h"
#include "baselines/methods/none.h"

namespace msdbench {

const std::vector<MethodKind>& MethodKinds() {
  static const std::vector<MethodKind> kKinds = {
      {"none", "the student alone, from labels", 1, MakeNone},
      {"kd", "standard distillation of the multimodal output", 1, MakeKd},
      {"msd-fixed", "adds text and image outputs with given weights", 2,
       MakeMsdFixed},
      {"msd-population", "weights = the training split's mean saliency shares",
       2, MakeMsdPopulation},
      {"msd-saliency", "weights from each example's saliency", 2,
       MakeMsdSaliency},
      {"msd-learned", "weights from a network trained on a meta split", 5,
       MakeMsdLearned},
  };
  return kKinds;
}

MadeMethod MakeMethod(const std::string& kind, const Json& options,
                      const MethodContext& context, const std::string& source,
                      const std::string& pointer) {
  std::vector<std::string> names;
  for (const MethodKind& known : MethodKinds()) {
    if (known.name == kind) {
      ConfigReader reader(options, source, pointer + "/options");
      MadeMethod made;
      made.method = known.make(reader, context);
      made.options = reader.Finish();
      return made;
    }
    names.push_back(known.name);
  }
  throw UsageError(fmt::format("{}: {}: \"{}\" is not a method; known: {}",
                               source, pointer, kind, fmt::join(names, ", ")));
}

ViewLogits TeacherOutputs::Rows(const at::Tensor& rows,
                                c10::Device device) const {
  ViewLogits picked;
  for (View view : kViews) {
    if (!logits[view].defined()) continue;
    picked[view] = logits[view].index_select(0, rows).to(device);
  }
  return picked;
}

}  // namespace msdbench
