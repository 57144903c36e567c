// Every step of every case of metaweight.json: the fast form that MSD with
// learned weights uses, and double backward written out as Meta-Weight-Net's
// authors do it.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

#include <map>
#include <string>
#include <vector>

#include "baselines/methods/meta_gradient.h"
#include "baselines/methods/objective.h"
#include "baselines/methods/weight_network.h"
#include "reports/json_file.h"
#include "tests/golden_tensors.h"

namespace msdbench {
namespace {

constexpr GoldenBound kValues = {1e-10, 1e-8, 0};
constexpr GoldenBound kMetaGradient = {1e-12, 0, 1e-7};
constexpr GoldenBound kTwoForms = {0, 0, 1e-6};

using Tensors = std::vector<at::Tensor>;

// linear1, tanh, linear2 as functions of the parameters, which can so be the
// moved ones.
const std::vector<std::string> kStudent = {"linear1.weight", "linear1.bias",
                                           "linear2.weight", "linear2.bias"};

at::Tensor Student(const Tensors& p, const at::Tensor& x) {
  return at::linear(at::tanh(at::linear(x, p[0], p[1])), p[2], p[3]);
}

// The same names as kStudent, in this order.
Tensors NetworkParameters(WeightNetwork& network) {
  auto named = network->named_parameters();
  return {named["first.weight"], named["first.bias"], named["second.weight"],
          named["second.bias"]};
}

class GoldenCase {
 public:
  GoldenCase(const GoldenJson& json, const std::filesystem::path& folder)
      : config_(json.at("config")),
        steps_(json.at("steps").items()),
        tensors_(folder / json.at("file").text()),
        branches_(json.at("kind").text() == "three_branches") {
    if (!branches_ && json.at("kind").text() != "meta_weight_net") {
      throw DataError("unknown kind " + json.at("kind").text());
    }
    // Sizes, which the arrays have as well.
    config_.Leave(
        {"batch", "meta_batch", "hidden", "classes", "vnet_hidden", "in"});
    EXPECT_EQ(static_cast<double>(steps_.size()), Number("steps"));
    if (!branches_) return;
    objective_.temperature = Number("T");
    objective_.lambda = 1 - Number("lambda_ce");
  }

  double Number(const char* key) const { return config_.at(key).number(); }

  at::Tensor Init(const std::string& name) const {
    return GoldenTensor(tensors_, "init/" + name);
  }
  at::Tensor Step(const std::string& name) const {
    return GoldenTensor(tensors_, "step" + std::to_string(step_) + "/" + name);
  }
  void GoTo(int step) { step_ = step; }
  const GoldenJson& StepNumbers() const {
    return steps_.at(static_cast<std::size_t>(step_));
  }
  bool branches() const { return branches_; }

  // What the weights multiply in the objective's mean.
  double factor() const { return branches_ ? objective_.lambda : 1; }

  ObjectiveTerms Terms(const Tensors& student) const {
    const at::Tensor targets = Step("train.y");
    if (!branches_) {
      return {TaskLoss(Head::kSingleLabel, Student(student, Step("train.x")),
                       targets),
              {}};
    }
    const at::Tensor text = Step("train.x_text"), image = Step("train.x_image");
    const at::Tensor no_text = at::zeros_like(text),
                     no_image = at::zeros_like(image);
    ViewLogits logits, teacher;
    logits[View::kMultimodal] = Student(student, at::cat({text, image}, 1));
    logits[View::kText] = Student(student, at::cat({text, no_image}, 1));
    logits[View::kImage] = Student(student, at::cat({no_text, image}, 1));
    teacher[View::kMultimodal] = Step("train.teacher_multi");
    teacher[View::kText] = Step("train.teacher_text");
    teacher[View::kImage] = Step("train.teacher_image");
    return ComputeTerms(objective_, Head::kSingleLabel, logits, teacher,
                        targets);
  }

  // The per-example losses that the objective weighs.
  Tensors Weighted(const ObjectiveTerms& terms) const {
    if (!branches_) return {terms.task};
    return {terms[View::kText], terms[View::kImage]};
  }

  // As the file has them: [batch], or [batch, 3] with the multimodal one first.
  at::Tensor Losses(const ObjectiveTerms& terms) const {
    if (!branches_) return terms.task;
    return at::stack(
        {terms[View::kMultimodal], terms[View::kText], terms[View::kImage]}, 1);
  }

  at::Tensor Objective(const ObjectiveTerms& terms,
                       const at::Tensor& weights) const {
    if (branches_) return Combine(objective_, terms, weights);
    return (terms.task * weights.squeeze(1)).mean();
  }

  at::Tensor MetaLoss(const Tensors& student) const {
    const at::Tensor x =
        branches_ ? at::cat({Step("meta.x_text"), Step("meta.x_image")}, 1)
                  : Step("meta.x");
    return TaskLoss(Head::kSingleLabel, Student(student, x), Step("meta.y"))
        .mean();
  }

 private:
  GoldenJson config_;
  std::vector<GoldenJson> steps_;
  GoldenArrays tensors_;
  bool branches_;
  ObjectiveOptions objective_;
  int step_ = 0;
};

// The gradient of the meta loss by the network's parameters, through the
// gradient of the look-ahead.
Tensors DoubleBackward(const GoldenCase& golden, const Tensors& student,
                       const at::Tensor& weights, const Tensors& network) {
  const Tensors gradients = torch::autograd::grad(
      {golden.Objective(golden.Terms(student), weights)}, student, {},
      /*retain_graph=*/true, /*create_graph=*/true);
  Tensors moved;
  for (std::size_t i = 0; i < student.size(); ++i) {
    moved.push_back(student[i] - golden.Number("lr") * gradients[i]);
  }
  return torch::autograd::grad({golden.MetaLoss(moved)}, network, {},
                               /*retain_graph=*/true);
}

// The student, its weight network and their optimisers, as they go from step
// to step.
class Training {
 public:
  Training(GoldenCase& golden, GoldenTally& tally)
      : golden_(golden),
        tally_(tally),
        network_(golden.Init("weightnet.linear1.weight").size(1),
                 golden.Init("weightnet.linear1.weight").size(0),
                 golden.Init("weightnet.linear2.weight").size(0), /*seed=*/0),
        student_(MakeStudent(golden)),
        student_optimizer_(student_,
                           torch::optim::SGDOptions(golden.Number("lr"))
                               .momentum(golden.Number("momentum"))
                               .weight_decay(golden.Number("weight_decay"))),
        network_optimizer_(
            MakeNetwork(),
            torch::optim::AdamOptions(golden.Number("vnet_lr"))
                .weight_decay(golden.Number("vnet_weight_decay"))) {}

  void Step(const std::string& name) {
    name_ = name;
    const ObjectiveTerms terms = golden_.Terms(student_);
    if (golden_.branches() && golden_.Number("lambda_ce") > 0) {
      Check("ce", terms.task);
    }
    Check("losses", golden_.Losses(terms));
    at::Tensor features = golden_.Losses(terms).detach();
    if (features.dim() == 1) features = features.unsqueeze(1);
    const at::Tensor weights = network_(features);
    Check("weights", weights);

    const at::Tensor virtual_loss = golden_.Objective(terms, weights.detach());
    Check("virtual_loss", virtual_loss);
    LookAheadStep look_ahead;
    look_ahead.gradients = torch::autograd::grad({virtual_loss}, student_);
    look_ahead.rate = golden_.Number("lr");
    CheckEach("virtual_grad.", look_ahead.gradients);
    TrainNetwork(look_ahead, weights);

    const at::Tensor weights_new = network_(features).detach();
    Check("weights_new", weights_new);
    const at::Tensor loss =
        golden_.Objective(golden_.Terms(student_), weights_new);
    Check("loss", loss);
    student_optimizer_.zero_grad();
    loss.backward();
    student_optimizer_.step();
    CheckEach("student_after.", student_);
    CheckNumbers({{"virtual_loss", virtual_loss}, {"loss", loss}});
  }

 private:
  static Tensors MakeStudent(const GoldenCase& golden) {
    Tensors student;
    for (const std::string& name : kStudent) {
      student.push_back(golden.Init("student." + name).set_requires_grad(true));
    }
    return student;
  }

  Tensors MakeNetwork() {
    network_->to(at::kDouble);
    Tensors parameters = NetworkParameters(network_);
    at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < kStudent.size(); ++i) {
      parameters[i].copy_(golden_.Init("weightnet." + kStudent[i]));
    }
    return parameters;
  }

  void TrainNetwork(const LookAheadStep& look_ahead,
                    const at::Tensor& weights) {
    const Tensors network = NetworkParameters(network_);
    const auto meta_loss = [&] {
      CheckEach("virtual.", student_);
      return golden_.MetaLoss(student_);
    };
    const auto losses = [&] {
      return golden_.Weighted(golden_.Terms(student_));
    };
    const Tensors reference =
        DoubleBackward(golden_, student_, weights, network);
    const MetaGradient gradient = DifferentiateLookAhead(
        student_, look_ahead, meta_loss,
        ForwardModeProducts(student_, golden_.factor(), losses));
    Check("meta_loss", gradient.loss);
    CheckNumbers({{"meta_loss", gradient.loss}});
    network_optimizer_.zero_grad();
    weights.backward(gradient.weights);
    for (std::size_t i = 0; i < network.size(); ++i) {
      const std::string name = "meta_grad." + kStudent[i];
      const at::Tensor want = golden_.Step(name);
      CompareTensors(tally_, name_ + name, network[i].grad(), want,
                     kMetaGradient);
      CompareTensors(tally_, name_ + name + " by double backward", reference[i],
                     want, kMetaGradient);
      CompareTensors(tally_, name_ + name + " in both forms", network[i].grad(),
                     reference[i], kTwoForms);
    }
    network_optimizer_.step();
    CheckEach("weightnet_after.", network);
  }

  void Check(const std::string& name, const at::Tensor& got) {
    CompareTensors(tally_, name_ + name, got, golden_.Step(name), kValues);
  }
  void CheckEach(const std::string& prefix, const Tensors& got) {
    for (std::size_t i = 0; i < got.size(); ++i) {
      Check(prefix + kStudent[i], got[i]);
    }
  }

  // What the JSON says of the step beside the arrays.
  void CheckNumbers(const std::map<std::string, at::Tensor>& got) {
    const GoldenJson& numbers = golden_.StepNumbers();
    numbers.Leave({"max_abs_meta_grad", "weights_min_max"});
    for (const auto& [name, tensor] : got) {
      tally_.Near(name_ + name, tensor.item<double>(),
                  numbers.at(name).number(), kValues);
    }
  }

  GoldenCase& golden_;
  GoldenTally& tally_;
  std::string name_;
  WeightNetwork network_;
  Tensors student_;
  torch::optim::SGD student_optimizer_;
  torch::optim::Adam network_optimizer_;
};

class GoldenMetaWeight : public GoldenTest {};
MSDBENCH_GOLDEN_SUITE(GoldenMetaWeight);

TEST_P(GoldenMetaWeight, EveryStep) {
  MSDBENCH_GOLDEN_FILE(file, "metaweight/metaweight.json");
  const GoldenFile json(file);
  ASSERT_EQ(json.at("dtype").text(), "float64");
  GoldenTally tally;
  for (const GoldenJson& one : json.at("cases").items()) {
    tally.Case(one.at("name").text());
    GoldenCase golden(one, file.parent_path());
    Training training(golden, tally);
    for (int step = 0; step < golden.Number("steps"); ++step) {
      golden.GoTo(step);
      training.Step("step " + std::to_string(step) + " ");
    }
  }
}

}  // namespace
}  // namespace msdbench
