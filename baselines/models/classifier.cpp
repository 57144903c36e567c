#include "baselines/models/classifier.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

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

TokenBlock ClassifierImpl::Sequence(const Batch& batch, View view,
                                    Removal removal,
                                    const at::Tensor& features) {
  VisualBertEmbeddings& embed = bert_->embeddings;
  const bool no_text = view == View::kImage, no_image = view == View::kText;
  at::Tensor text, text_mask = batch.text_mask;
  if (no_text && removal == Removal::kDrop) {
    text = embed->Text(batch.ends);
    text_mask = at::ones_like(batch.ends, batch.text_mask.options());
  } else if (no_text && removal == Removal::kZero) {
    text = embed->BlankText(batch.token_ids);
  } else {
    text = embed->Text(batch.token_ids);
  }
  if (no_text && removal == Removal::kMask) {
    // [CLS] and [SEP] stay visible, as in the dropped form.
    const at::Tensor sep = batch.ends.select(1, 1).unsqueeze(1);
    text_mask = text_mask * batch.token_ids.eq(sep);
    text_mask.select(1, 0).fill_(1);
  }
  if (no_image && removal == Removal::kDrop) return {text, text_mask};

  const at::Tensor visual = embed->Visual(no_image && removal == Removal::kZero
                                              ? at::zeros_like(features)
                                              : features);
  at::Tensor visual_mask =
      at::ones({visual.size(0), visual.size(1)}, text_mask.options());
  if (no_image && removal == Removal::kMask) visual_mask.zero_();
  return {at::cat({text, visual}, 1), at::cat({text_mask, visual_mask}, 1)};
}

ViewLogits ClassifierImpl::Forward(const Batch& batch,
                                   const std::vector<View>& views,
                                   Removal removal,
                                   std::optional<at::Generator> dropout) {
  bool image_needed = removal != Removal::kDrop;
  for (View view : views) image_needed |= view != View::kText;
  at::Tensor features;
  if (image_needed) features = image_(batch.images);

  std::vector<TokenBlock> blocks;
  for (View view : views) {
    blocks.push_back(Sequence(batch, view, removal, features));
  }
  std::vector<at::Tensor> pooled = bert_->Pool(blocks, dropout);
  ViewLogits out;
  for (std::size_t i = 0; i < views.size(); ++i) {
    out[views[i]] = head_(Dropout(pooled[i], options_.bert.dropout, dropout));
  }
  return out;
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
