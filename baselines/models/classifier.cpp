#include "baselines/models/classifier.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <string>

#include "baselines/models/encoder_ops.h"
#include "baselines/models/view_rows.h"
#include "reports/random.h"

namespace msdbench {

ClassifierImpl::ClassifierImpl(const ClassifierOptions& options,
                               std::uint64_t seed)
    : options_(options) {
  options_.bert.visual_width = options.image.Width();
  image_ = register_module("image", ImageBackbone(options_.image));
  bert_ = register_module("visual_bert", VisualBert(options_.bert));
  head_ = register_module(
      "cls", torch::nn::Linear(options_.bert.hidden, options_.labels));
  InitializeWeights(*this, options_.initializer_range, seed);
}

namespace {

// Places that drop elements outside the encoder, whose layers count from 0.
constexpr std::uint64_t kRowsSite = 1ULL << 40, kPooledSite = 2ULL << 40;

at::Tensor Dropped(const at::Tensor& x, double rate, std::uint64_t seed,
                   std::uint64_t site) {
  if (seed == 0) return x;
  return Drop(x, {rate, seed + site});
}

}  // namespace

std::uint64_t DrawDropoutSeed(std::optional<at::Generator>& generator,
                              std::size_t views) {
  if (!generator) return 0;
  const auto drawn = static_cast<std::uint64_t>(
      at::empty({}, at::kLong).random_(*generator).item<std::int64_t>());
  // Mixed, since the sites of one pass are neighbours of its seed.
  return Random(drawn, "dropout of " + std::to_string(views)).Next() | 1;
}

EncoderInput ClassifierImpl::Embed(const Batch& batch,
                                   const std::vector<View>& views,
                                   Removal removal,
                                   std::uint64_t dropout_seed) {
  VisualBertEmbeddings& embed = bert_->embeddings;
  const c10::Device device = batch.token_ids.device();
  const auto on_device = [&](const std::vector<std::int64_t>& values) {
    return at::tensor(at::ArrayRef<std::int64_t>(values), at::kLong).to(device);
  };
  ViewRows plan = PlanViewRows(batch, options_.image.Tokens(), views, removal,
                               /*packed=*/UseKernels(device));
  const at::Tensor positions = on_device(plan.positions);
  std::vector<at::Tensor> pools = {embed->Text(
      batch.token_ids.flatten().index_select(0, on_device(plan.texts)),
      positions)};
  if (plan.ends) {
    const at::Tensor places =
        at::arange(2, positions.options()).expand_as(batch.ends).flatten();
    pools.push_back(embed->Text(batch.ends.flatten(), places));
  }
  if (plan.blanks) pools.push_back(embed->BlankText(positions));
  if (plan.visuals) {
    pools.push_back(embed->Visual(image_(batch.images)).flatten(0, 1));
  }
  if (plan.zero_visual) {
    pools.push_back(embed->Visual(
        at::zeros({1, options_.bert.visual_width}, pools[0].options())));
  }
  EncoderInput input;
  input.layout = std::move(plan.layout);
  if (input.layout.key_bias.defined()) {
    input.layout.key_bias = input.layout.key_bias.to(pools[0].options());
  }
  input.rows = Dropped(
      at::embedding(embed->Normalise(at::cat(pools)), on_device(plan.taken)),
      options_.bert.dropout, dropout_seed, kRowsSite);
  return input;
}

at::Tensor ClassifierImpl::Classify(const at::Tensor& first,
                                    std::uint64_t dropout_seed) {
  return head_(Dropped(bert_->Pool(first), options_.bert.dropout, dropout_seed,
                       kPooledSite));
}

ViewLogits SplitViews(const at::Tensor& logits,
                      const std::vector<View>& views) {
  const std::int64_t count =
      logits.size(0) / static_cast<std::int64_t>(views.size());
  ViewLogits split;
  std::int64_t first = 0;
  for (View view : views) {
    split[view] = logits.narrow(0, first, count);
    first += count;
  }
  return split;
}

ViewLogits ClassifierImpl::Forward(const Batch& batch,
                                   const std::vector<View>& views,
                                   Removal removal,
                                   std::optional<at::Generator> dropout) {
  const std::uint64_t seed = DrawDropoutSeed(dropout, views.size());
  const EncoderInput input = Embed(batch, views, removal, seed);
  const at::Tensor first = bert_->encoder->Run(input.rows, input.layout,
                                               /*first_only=*/true, seed);
  return SplitViews(Classify(first, seed), views);
}

std::vector<at::Tensor> ClassifierImpl::InputParameters() const {
  std::vector<at::Tensor> all = image_->parameters();
  for (const at::Tensor& parameter : bert_->embeddings->parameters()) {
    all.push_back(parameter);
  }
  return all;
}

std::vector<at::Tensor> ClassifierImpl::OutputParameters() const {
  const std::size_t before =
      InputParameters().size() + bert_->encoder->parameters().size();
  const std::vector<at::Tensor> all = parameters();
  return {all.begin() + static_cast<std::ptrdiff_t>(before), all.end()};
}

std::int64_t ClassifierImpl::ParameterCount() const {
  std::int64_t count = 0;
  for (const at::Tensor& parameter : parameters()) count += parameter.numel();
  return count;
}

void InitializeWeights(torch::nn::Module& module, double range,
                       std::uint64_t seed) {
  at::NoGradGuard no_grad;
  for (auto& named : module.named_parameters()) {
    at::Tensor& parameter = named.value();
    const std::string& name = named.key();
    const bool norm = name.find("orm.weight") != std::string::npos;
    if (parameter.dim() < 2) {
      parameter.fill_(norm ? 1 : 0);
      continue;
    }
    // Embeddings are summed, not multiplied: their own width sets the scale.
    const bool table = name.find("embeddings.weight") != std::string::npos ||
                       name.find("position") != std::string::npos;
    const double inputs =
        table ? static_cast<double>(parameter.size(-1))
              : static_cast<double>(parameter.numel() / parameter.size(0));
    const double deviation = range > 0 ? range : 1 / std::sqrt(inputs);
    // A stream each: no matrix's draws depend on another one's size.
    at::Generator generator =
        at::detail::createCPUGenerator(Random(seed, name).Next());
    parameter.copy_(at::empty(parameter.sizes(), at::kFloat)
                        .normal_(0, deviation, generator));
  }
}

}  // namespace msdbench
