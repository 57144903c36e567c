// Examples turned into numbers once: word pieces, pixels and targets that
// every epoch, method and seed reads.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "datasets/input_options.h"
#include "datasets/text/wordpiece.h"

namespace msdbench {

struct EncodedSplit {
  std::string name;
  bool labelled = true;
  Head head = Head::kSingleLabel;
  std::int64_t label_count = 0;
  InputOptions input;
  std::int32_t pad = 0, cls = 0, sep = 0;  // special token ids
  // Example i's tokens are token_ids[offsets[i] .. offsets[i + 1]), [CLS] and
  // [SEP] included.
  std::vector<std::int32_t> token_ids;
  std::vector<std::int64_t> offsets;
  std::int64_t cut_texts = 0;  // longer than input.max_text_tokens
  std::vector<std::filesystem::path> images;  // each distinct file once
  std::vector<std::int32_t> image_of;         // example -> row of `images`
  // One of the two: uint8 [images, 3, size, size], or float or half [rows,
  // tokens, width] where a pretrained network has already seen the images.
  at::Tensor pixels, features;
  // Of features: the row of each image, and how many of its tokens are real.
  std::vector<std::int64_t> feature_row, feature_count;
  std::vector<Example> examples;

  std::int64_t size() const {
    return static_cast<std::int64_t>(examples.size());
  }
};

// Texts and targets; `pixels` and `features` stay undefined.
EncodedSplit EncodeTexts(const Split& split, const Dataset& dataset,
                         const WordPiece& tokenizer, const InputOptions& input);

// uint8 [files, 3, size, size], decoded on `threads` threads. Throws DataError
// naming the first unreadable image and how many there are.
at::Tensor DecodeImages(const std::vector<std::filesystem::path>& files,
                        std::int64_t size, int threads);

// The same, but goes on: what is unreadable is a line in `problems` each.
at::Tensor DecodeImages(const std::vector<std::filesystem::path>& files,
                        std::int64_t size, int threads,
                        std::vector<std::string>& problems);
// Throws that DataError, unless there are none.
void RefuseUnreadable(std::vector<std::string> problems);

// EncodeTexts, and the pixels.
EncodedSplit Encode(const Split& split, const Dataset& dataset,
                    const WordPiece& tokenizer, const InputOptions& input,
                    int threads);

}  // namespace msdbench
