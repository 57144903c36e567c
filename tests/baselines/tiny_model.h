// A classifier small enough to differentiate by hand, and a batch for it.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>

#include "baselines/models/classifier.h"
#include "datasets/batch.h"

namespace msdbench {

inline constexpr std::int64_t kTinyVocabulary = 11;

inline ClassifierOptions TinyOptions(std::int64_t labels) {
  ClassifierOptions options;
  options.bert.vocabulary = kTinyVocabulary;
  options.bert.hidden = 8;
  options.bert.layers = 2;
  options.bert.heads = 2;
  options.bert.intermediate = 12;
  options.bert.positions = 8;
  options.bert.dropout = 0;
  options.image.image_size = 8;
  options.image.channels = {4, 6};
  options.labels = labels;
  return options;
}

// Four examples with texts of 5, 3, 4 and 5 tokens; ids of [CLS], [SEP], [PAD]
// are 1, 2, 0. Everything follows from `seed`.
inline Batch TinyBatch(Head head, std::int64_t labels, std::uint64_t seed) {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  Batch batch;
  batch.token_ids = at::tensor({1, 3, 4, 5, 2, 1, 6, 2,  0, 0,  //
                                1, 7, 8, 2, 0, 1, 9, 10, 3, 2},
                               at::kLong)
                        .view({4, 5});
  batch.text_mask = batch.token_ids.ne(0).to(at::kFloat);
  batch.ends = at::tensor({1, 2}, at::kLong).expand({4, 2}).contiguous();
  batch.images = at::empty({4, 3, 8, 8}).normal_(0, 1, generator);
  batch.rows = at::arange(4, at::kLong);
  batch.targets = head == Head::kSingleLabel
                      ? at::arange(4, at::kLong).remainder(labels)
                      : at::empty({4, labels}).bernoulli_(0.5, generator);
  return batch;
}

inline ViewLogits RandomLogits(std::int64_t rows, std::int64_t labels,
                               std::uint64_t seed) {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  ViewLogits logits;
  for (View view : kViews) {
    logits[view] = at::empty({rows, labels}).normal_(0, 2, generator);
  }
  return logits;
}

}  // namespace msdbench
