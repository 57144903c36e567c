// Our VisualBERT against HuggingFace's, weights loaded under its names.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "baselines/models/checkpoint.h"
#include "baselines/models/state_dict.h"
#include "baselines/models/visual_bert.h"
#include "reports/json_file.h"
#include "tests/golden_tensors.h"

namespace msdbench {
namespace {

constexpr GoldenBound kOutputs = {1e-5, 1e-5, 0};
constexpr GoldenBound kGradients = {0, 1e-4, 1e-5};

VisualBert LoadModel(const Json& config, const StateDict& weights) {
  VisualBertOptions options;
  options.vocabulary = config["vocab_size"];
  options.hidden = config["hidden_size"];
  options.layers = config["num_hidden_layers"];
  options.heads = config["num_attention_heads"];
  options.intermediate = config["intermediate_size"];
  options.positions = config["max_position_embeddings"];
  options.visual_width = config["visual_embedding_dim"];
  options.layer_norm_epsilon = config["layer_norm_eps"];
  VisualBert model(options);
  at::NoGradGuard no_grad;
  for (auto& named : model->named_parameters()) {
    named.value().copy_(weights.at(named.key()));
  }
  return model;
}

class Case {
 public:
  Case(VisualBert& model, const SafetensorsFile& io, std::string name)
      : model_(model), io_(io), name_(std::move(name)) {
    const at::Tensor ids = In("input_ids");
    text_mask_ = MaskOr("attention_mask", ids);
    at::Tensor sums = model_->embeddings->Text(
        ids, at::arange(ids.size(1)).expand_as(ids), In("token_type_ids"));
    at::Tensor mask = text_mask_;
    const at::Tensor visual = In("visual_embeds");
    if (visual.defined()) {
      const at::Tensor seen =
          MaskOr("visual_attention_mask", visual.select(2, 0));
      sums = at::cat({sums, model_->embeddings->Visual(
                                visual, In("visual_token_type_ids"))},
                     1);
      mask = at::cat({text_mask_, seen}, 1);
    }
    shape_ = sums.sizes().vec();
    rows_ = model_->embeddings->Normalise(sums.flatten(0, 1));
    layout_.stretches = {{shape_[0], shape_[1]}};
    layout_.key_bias = ((1 - mask.to(at::kFloat)) * -1e4).flatten();
  }

  at::Tensor Pooled() {
    return model_->Pool(
        model_->encoder->Run(rows_, layout_, /*first_only=*/true));
  }
  // Before the first layer and after each.
  std::vector<at::Tensor> States() {
    std::vector<at::Tensor> states = {rows_.view(shape_)};
    for (const at::Tensor& rows : model_->encoder->RunEach(rows_, layout_)) {
      states.push_back(rows.view(shape_));
    }
    return states;
  }
  // Of VisualBertForQuestionAnswering: read at the last text token but one.
  at::Tensor AnswerLogits(const at::Tensor& last, const StateDict& weights) {
    const at::Tensor place =
        (text_mask_.sum(1) - 2).view({-1, 1, 1}).expand({-1, 1, last.size(2)});
    return at::linear(last.gather(1, place).squeeze(1),
                      weights.at("cls.weight"), weights.at("cls.bias"));
  }

  // Undefined where the case has none of that name.
  at::Tensor Find(const std::string& name) const {
    for (const NamedArray& array : io_.arrays()) {
      if (array.name == name_ + "/" + name) {
        return GoldenTensor(io_, array.name);
      }
    }
    return {};
  }

 private:
  at::Tensor In(const std::string& name) const { return Find("in/" + name); }
  at::Tensor MaskOr(const std::string& name, const at::Tensor& like) const {
    const at::Tensor mask = In(name);
    return mask.defined() ? mask : at::ones(like.sizes(), at::kLong);
  }

  VisualBert& model_;
  const SafetensorsFile& io_;
  std::string name_;
  at::Tensor text_mask_;
  at::Tensor rows_;
  std::vector<std::int64_t> shape_;
  RowLayout layout_;
};

void Compare(GoldenTally& tally, VisualBert& model, const StateDict& weights,
             const SafetensorsFile& io, const Json& described) {
  Case golden(model, io, described["name"]);
  const auto states = golden.States();
  const at::Tensor last = states.back(), pooled = golden.Pooled();
  CompareTensors(tally, "last_hidden_state", last,
                 golden.Find("out/last_hidden_state"), kOutputs);
  CompareTensors(tally, "pooler_output", pooled,
                 golden.Find("out/pooler_output"), kOutputs);
  for (std::size_t i = 0; i < described["hidden_states"].get<std::size_t>();
       ++i) {
    const std::string name = "hidden_states." + std::to_string(i);
    CompareTensors(tally, name, states.at(i), golden.Find("out/" + name),
                   kOutputs);
  }
  if (described.value("vqa_logits", false)) {
    CompareTensors(tally, "vqa_logits", golden.AnswerLogits(last, weights),
                   golden.Find("out/vqa_logits"), kOutputs);
  }
  if (!described.contains("grad_of_sum_pooled")) return;
  model->zero_grad();
  pooled.sum().backward();
  for (const Json& parameter : described["grad_of_sum_pooled"]) {
    const std::string name = parameter;
    at::Tensor want = golden.Find("grad/" + name);
    at::Tensor got = model->named_parameters()[name].grad();
    if (name == "embeddings.word_embeddings.weight" && got.defined()) {
      // HuggingFace never trains [PAD]'s row (padding_idx), we do; its tokens
      // are masked, so the row matters to no output.
      got = got.slice(0, 1);
      want = want.slice(0, 1);
    }
    CompareTensors(tally, "gradient of " + name, got, want, kGradients);
  }
}

class GoldenVisualBert : public GoldenTest {};
MSDBENCH_GOLDEN_SUITE(GoldenVisualBert);

TEST_P(GoldenVisualBert, OutputsAndGradients) {
  MSDBENCH_GOLDEN_FILE(file, "visualbert/visualbert.json");
  const Json golden = ReadJsonFile(file);
  const std::filesystem::path folder = file.parent_path();
  GoldenTally tally;
  for (const Json& described : golden["models"]) {
    const std::string name = described["name"];
    const StateDict weights =
        ReadStateDict(folder / described["weights"].get<std::string>());
    const SafetensorsFile io(folder / described["io"].get<std::string>());
    VisualBert model = LoadModel(described["config"], weights);
    for (const Json& one : described["cases"]) {
      tally.Case(name + "/" + one["name"].get<std::string>());
      Compare(tally, model, weights, io, one);
    }
  }
}

}  // namespace
}  // namespace msdbench
