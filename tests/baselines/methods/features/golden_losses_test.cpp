// Every case of losses.json, values and gradients: what other code gives for
// the same tensors.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "baselines/methods/divergence.h"
#include "baselines/methods/features/attention_transfer.h"
#include "baselines/methods/features/correlation_congruence.h"
#include "baselines/methods/features/hint.h"
#include "baselines/methods/features/probabilistic_transfer.h"
#include "baselines/methods/features/relational.h"
#include "baselines/methods/features/similarity_preserving.h"
#include "baselines/methods/features/variational_information.h"
#include "baselines/methods/objective.h"
#include "reports/json_file.h"
#include "tests/golden_tensors.h"

namespace msdbench {
namespace {

struct LossCase {
  std::string name;
  GoldenJson params;
  std::vector<at::Tensor> teacher, student;
  std::map<std::string, at::Tensor> extra;

  double Param(const char* key) const { return params.at(key).number(); }
};

// A scalar, or one number a layer; the case's loss is their sum.
using Loss = std::function<at::Tensor(LossCase&)>;

Loss PerLayer(
    const std::function<at::Tensor(const LossCase&, const at::Tensor& teacher,
                                   const at::Tensor& student)>& loss) {
  return [loss](LossCase& item) {
    std::vector<at::Tensor> layers;
    for (std::size_t i = 0; i < item.student.size(); ++i) {
      layers.push_back(loss(item, item.teacher.at(i), item.student.at(i)));
    }
    return at::stack(layers);
  };
}

at::Tensor Distillation(LossCase& item) {
  return Diverge(Divergence::kKl, item.Param("T"), item.teacher.at(0),
                 item.student.at(0))
      .mean();
}

at::Tensor DistillationAndLabels(LossCase& item) {
  const double alpha = item.Param("alpha");
  const double beta = item.params.value("beta", 1 - alpha);
  // This peer leaves labels and T^2 out when alpha is 0.
  if (alpha == 0) {
    return Distillation(item) / (item.Param("T") * item.Param("T"));
  }
  const at::Tensor labels = TaskLoss(Head::kSingleLabel, item.student.at(0),
                                     item.extra.at("targets"));
  return alpha * labels.mean() + beta * Distillation(item);
}

// Binary cross-entropy = Bernoulli KL + the teacher's entropy.
at::Tensor Bernoulli(LossCase& item, bool cross_entropy) {
  const double temperature = item.Param("T");
  const std::string reduction = item.params.at("reduction").text();
  at::Tensor loss = Diverge(Divergence::kBernoulli, temperature,
                            item.teacher.at(0), item.student.at(0))
                        .mean();
  if (cross_entropy) {
    const at::Tensor z = item.teacher.at(0).detach() / temperature;
    const at::Tensor p = at::sigmoid(z);
    const at::Tensor entropy =
        -p * at::log_sigmoid(z) - (1 - p) * at::log_sigmoid(-z);
    loss = loss + temperature * temperature * entropy.sum(1).mean();
  }
  if (reduction == "mean") return loss / item.student.at(0).size(1);
  if (reduction == "sum_labels_mean_batch") return loss;
  if (reduction == "sum") return loss * item.student.at(0).size(0);
  throw DataError("unknown reduction " + reduction);
}

at::Tensor Relational(LossCase& item) {
  const at::Tensor &teacher = item.teacher.at(0), &student = item.student.at(0);
  return item.Param("w_d") * RelationalDistanceLoss(teacher, student) +
         item.Param("w_a") * RelationalAngleLoss(teacher, student);
}

at::Tensor Variational(LossCase& item) {
  VariationalInformationOptions options;
  options.student_channels = item.student.at(0).size(1);
  options.hidden = item.extra.at("regressor.0.weight").size(0);
  options.teacher_channels = item.teacher.at(0).size(1);
  options.initial_variance = item.Param("init_pred_var");
  options.least_variance = item.Param("eps");
  VariationalInformation module(options, /*seed=*/0);
  auto parameters = module->named_parameters();
  EXPECT_NEAR(parameters["log_scale"][0].item<double>(),
              item.Param("initial_log_scale"), 1e-6);
  module->to(item.student.at(0).scalar_type());
  at::NoGradGuard no_grad;
  for (const auto& [theirs, ours] :
       std::map<std::string, std::string>{{"log_scale", "log_scale"},
                                          {"regressor.0.weight", "first"},
                                          {"regressor.2.weight", "second"},
                                          {"regressor.4.weight", "third"}}) {
    at::Tensor& parameter =
        parameters[ours == theirs ? ours : ours + ".weight"];
    parameter.copy_(item.extra.at(theirs).view_as(parameter));
    item.extra[theirs] = parameter;
  }
  at::AutoGradMode with_grad(true);
  return module->forward(item.teacher.at(0), item.student.at(0));
}

// By the `source` of a case; an empty function for an unknown one.
Loss FindLoss(const std::string& source, const std::string& name) {
  const auto starts = [](const std::string& text, const std::string& with) {
    return text.rfind(with, 0) == 0;
  };
  const std::string peer = "RepDistiller distiller_zoo/";
  const std::vector<std::pair<std::string, Loss>> losses = {
      {peer + "KD.py", Distillation},
      {"torchdistill losses/mid_level.py KDLoss", DistillationAndLabels},
      {peer + "FitNet.py",
       PerLayer([](const LossCase&, const at::Tensor& teacher,
                   const at::Tensor& student) {
         return HintLoss(teacher, student);
       })},
      {peer + "AT.py",
       PerLayer([](const LossCase& item, const at::Tensor& teacher,
                   const at::Tensor& student) {
         return AttentionTransferLoss(teacher, student, item.Param("p"));
       })},
      {peer + "SP.py", PerLayer([](const LossCase&, const at::Tensor& teacher,
                                   const at::Tensor& student) {
         return SimilarityPreservingLoss(teacher, student);
       })},
      {peer + "RKD.py", Relational},
      {peer + "PKT.py",
       PerLayer([](const LossCase& item, const at::Tensor& teacher,
                   const at::Tensor& student) {
         return ProbabilisticTransferLoss(teacher, student, item.Param("eps"));
       })},
      {peer + "CC.py", PerLayer([](const LossCase&, const at::Tensor& teacher,
                                   const at::Tensor& student) {
         return CorrelationCongruenceLoss(teacher, student);
       })},
      {peer + "VID.py", Variational}};
  for (const auto& [prefix, loss] : losses) {
    if (starts(source, prefix)) return loss;
  }
  if (source == "plain torch" && starts(name, "bernoulli_bce")) {
    return [](LossCase& item) { return Bernoulli(item, true); };
  }
  if (source == "plain torch" && starts(name, "bernoulli_kl")) {
    return [](LossCase& item) { return Bernoulli(item, false); };
  }
  return nullptr;
}

LossCase ReadCase(const GoldenJson& json, const GoldenArrays& tensors,
                  at::ScalarType type) {
  LossCase item{json.at("name").text(), json.at("params"), {}, {}, {}};
  item.params.Leave({"formula"});
  const auto read = [&](const std::string& name) {
    const at::Tensor tensor = GoldenTensor(tensors, name);
    return at::isFloatingType(tensor.scalar_type()) ? tensor.to(type) : tensor;
  };
  const auto names = [&](const char* key) {
    return json.at(key).get<std::vector<std::string>>();
  };
  for (const std::string& name : names("teacher")) {
    item.teacher.push_back(read(name).set_requires_grad(true));
  }
  for (const std::string& name : names("student")) {
    item.student.push_back(read(name).set_requires_grad(true));
  }
  for (const std::string& name : names("extra")) {
    item.extra[name.substr((item.name + "/extra.").size())] = read(name);
  }
  return item;
}

struct Bounds {
  GoldenBound loss, gradient;
};

void Compare(const GoldenJson& json, const GoldenArrays& tensors,
             at::ScalarType type, Bounds bounds, GoldenTally& tally) {
  LossCase item = ReadCase(json, tensors, type);
  // A case that is badly conditioned may state a bound of its own.
  bounds.loss.absolute = json.value("loss_abs_tolerance", bounds.loss.absolute);
  bounds.gradient.absolute =
      json.value("grad_abs_tolerance", bounds.gradient.absolute);
  const std::string source = json.at("source").text();
  const Loss loss = FindLoss(source, item.name);
  if (!loss) return tally.Fail("unknown kind of loss: " + source);
  const at::Tensor layers = loss(item), total = layers.sum();
  tally.Near("loss", total.item<double>(), json.at("loss").number(),
             bounds.loss);
  if (json.contains("per_layer")) {
    tally.Near("per_layer", GoldenNumbers(layers),
               json.at("per_layer").get<std::vector<double>>(), bounds.loss);
  }
  if (json.contains("torchdistill_KDLoss_alpha0")) {
    // This peer leaves T^2 out when alpha is 0.
    const double temperature = item.Param("T");
    tally.Near("torchdistill_KDLoss_alpha0",
               total.item<double>() / (temperature * temperature),
               json.at("torchdistill_KDLoss_alpha0").number(), bounds.loss);
  }

  total.backward();
  for (std::size_t i = 0; i < item.student.size(); ++i) {
    CompareTensors(tally, "grad_student." + std::to_string(i),
                   item.student[i].grad(),
                   GoldenTensor(tensors, json.at("grad_student").at(i).text()),
                   bounds.gradient);
  }
  for (const std::string& name :
       json.at("grad_extra").get<std::vector<std::string>>()) {
    const std::string what = name.substr(item.name.size() + 1);
    const at::Tensor want = GoldenTensor(tensors, name);
    at::Tensor got = item.extra.at(what.substr(what.find('.') + 1)).grad();
    // A 1x1 convolution's weight is a matrix here.
    if (got.defined()) got = got.view(want.sizes());
    CompareTensors(tally, what, got, want, bounds.gradient);
  }
  for (const at::Tensor& teacher : item.teacher) {
    tally.Equal("gradient reached the teacher", teacher.grad().defined(),
                false);
  }
}

// Calls compare(case, arrays, tally) for each case.
template <class Each>
void ForEachCase(const std::filesystem::path& file, const Each& compare) {
  const GoldenArrays tensors(file.parent_path() / "losses.safetensors");
  const GoldenFile golden(file);
  golden.Leave({"tensors"});
  GoldenTally tally;
  for (const GoldenJson& json : golden.at("cases").items()) {
    // Remarks, and how far plain float32 is off.
    json.Leave(
        {"note", "float32_rel_dev_loss", "float32_max_dev_grad_over_max_grad"});
    compare(json, tensors, tally);
  }
}

class GoldenLosses : public GoldenTest {};
MSDBENCH_GOLDEN_SUITE(GoldenLosses);

TEST_P(GoldenLosses, Float64) {
  MSDBENCH_GOLDEN_FILE(file, "losses/losses.json");
  ForEachCase(file, [](const GoldenJson& json, const GoldenArrays& tensors,
                       GoldenTally& tally) {
    json.Leave({"degenerate_zero", "skip_float32"});
    tally.Case(json.at("name").text());
    Compare(json, tensors, at::kDouble, {{1e-10, 1e-8, 0}, {1e-10, 0, 1e-7}},
            tally);
  });
}

TEST_P(GoldenLosses, Float32) {
  MSDBENCH_GOLDEN_FILE(file, "losses/losses.json");
  ForEachCase(file, [](const GoldenJson& json, const GoldenArrays& tensors,
                       GoldenTally& tally) {
    const std::string name = json.at("name").text();
    // A difference of equal numbers: its float32 value is rounding alone.
    if (json.at("degenerate_zero").get<bool>() ||
        json.value("skip_float32", false)) {
      json.Leave();
      tensors.LeaveStarting(name + "/");
      return;
    }
    tally.Case(name);
    Compare(json, tensors, at::kFloat, {{0, 1e-4, 0}, {0, 0, 1e-4}}, tally);
  });
}

}  // namespace
}  // namespace msdbench
