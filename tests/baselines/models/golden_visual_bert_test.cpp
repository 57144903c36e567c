// Our VisualBERT against HuggingFace's, weights loaded under its names.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "baselines/models/checkpoint.h"
#include "baselines/models/state_dict.h"
#include "baselines/models/visual_bert.h"
#include "reports/json_file.h"
#include "tests/golden_tensors.h"

namespace msdbench {
namespace {

constexpr GoldenBound kOutputs = {1e-5, 1e-5, 0};
constexpr GoldenBound kGradients = {0, 1e-4, 1e-5};

VisualBert LoadModel(const GoldenJson& config, const StateDict& weights) {
  VisualBertOptions options;
  options.vocabulary = config.at("vocab_size");
  options.hidden = config.at("hidden_size");
  options.layers = config.at("num_hidden_layers");
  options.heads = config.at("num_attention_heads");
  options.intermediate = config.at("intermediate_size");
  options.positions = config.at("max_position_embeddings");
  options.visual_width = config.at("visual_embedding_dim");
  options.layer_norm_epsilon = config.at("layer_norm_eps");
  // What the model has no option for must be what it does.
  EXPECT_EQ(config.at("hidden_act").text().rfind("gelu", 0), 0u);
  EXPECT_EQ(config.at("type_vocab_size").number(), 2);
  EXPECT_EQ(config.value("pad_token_id", 0), 0);
  VisualBert model(options);
  std::set<std::string> unused = {};
  for (const auto& named : weights) unused.insert(named.first);
  at::NoGradGuard no_grad;
  for (auto& named : model->named_parameters()) {
    named.value().copy_(weights.at(named.key()));
    unused.erase(named.key());
  }
  // The head is read beside the model; the buffer counts 0, 1, 2, ...
  for (const char* name :
       {"cls.weight", "cls.bias", "embeddings.position_ids"}) {
    unused.erase(name);
  }
  EXPECT_EQ(unused, std::set<std::string>());
  if (weights.count("cls.bias") > 0) {
    EXPECT_EQ(weights.at("cls.bias").size(0),
              config.at("num_labels").get<std::int64_t>());
  }
  return model;
}

class Case {
 public:
  Case(VisualBert& model, const GoldenArrays& io, std::string name)
      : model_(model), io_(io), name_(std::move(name)) {
    const at::Tensor ids = In("input_ids");
    text_mask_ = MaskOr("attention_mask", ids);
    const at::Tensor given = In("position_ids");
    const at::Tensor positions =
        given.defined() ? given : at::arange(ids.size(1));
    at::Tensor sums = model_->embeddings->Text(ids, positions.expand_as(ids),
                                               In("token_type_ids"));
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
    layout_.key_bias =
        ((1 - mask.to(at::kFloat)) * std::numeric_limits<float>::lowest())
            .flatten();
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
    const std::string whole = name_ + "/" + name;
    return io_.Has(whole) ? GoldenTensor(io_, whole) : at::Tensor();
  }

 private:
  at::Tensor In(const std::string& name) const { return Find("in/" + name); }
  at::Tensor MaskOr(const std::string& name, const at::Tensor& like) const {
    const at::Tensor mask = In(name);
    return mask.defined() ? mask : at::ones(like.sizes(), at::kLong);
  }

  VisualBert& model_;
  const GoldenArrays& io_;
  std::string name_;
  at::Tensor text_mask_;
  at::Tensor rows_;
  std::vector<std::int64_t> shape_;
  RowLayout layout_;
};

void Compare(GoldenTally& tally, VisualBert& model, const StateDict& weights,
             const GoldenArrays& io, const GoldenJson& described) {
  Case golden(model, io, described.at("name").text());
  for (const auto& name :
       described.at("inputs").get<std::vector<std::string>>()) {
    tally.Equal(name + " is in the file", golden.Find("in/" + name).defined(),
                true);
  }
  // How far the peer's own float32 is off.
  described.Leave({"max_abs_dev_fp32_vs_fp64", "max_abs_last_hidden",
                   "max_abs_pooled", "grad_max_abs_dev_fp32_vs_fp64",
                   "grad_max_abs"});
  const auto states = golden.States();
  const at::Tensor last = states.back(), pooled = golden.Pooled();
  CompareTensors(tally, "last_hidden_state", last,
                 golden.Find("out/last_hidden_state"), kOutputs);
  CompareTensors(tally, "pooler_output", pooled,
                 golden.Find("out/pooler_output"), kOutputs);
  for (std::size_t i = 0; i < described.at("hidden_states").get<std::size_t>();
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
  for (const auto& name :
       described.at("grad_of_sum_pooled").get<std::vector<std::string>>()) {
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
  const GoldenFile golden(file);
  ASSERT_EQ(golden.at("dtype").text(), "float32");
  ASSERT_EQ(golden.at("mode").text(), "eval");
  const std::filesystem::path folder = file.parent_path();
  GoldenTally tally;
  for (const GoldenJson& described : golden.at("models").items()) {
    const std::string name = described.at("name").text();
    const StateDict weights =
        ReadStateDict(folder / described.at("weights").text());
    EXPECT_EQ(weights.count("embeddings.position_ids") > 0,
              described.value("position_ids_buffer_in_weights", false));
    const GoldenArrays io(folder / described.at("io").text());
    VisualBert model = LoadModel(described.at("config"), weights);
    for (const GoldenJson& one : described.at("cases").items()) {
      tally.Case(name + "/" + one.at("name").text());
      Compare(tally, model, weights, io, one);
    }
  }
}

}  // namespace
}  // namespace msdbench
