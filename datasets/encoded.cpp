#include "datasets/encoded.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "datasets/image/image.h"
#include "reports/error.h"
#include "reports/parallel_for.h"

namespace msdbench {
namespace {

void StorePlanar(const Image& image, std::uint8_t* out) {
  const std::int64_t area = image.width * image.height;
  for (std::int64_t i = 0; i < area; ++i) {
    for (std::int64_t c = 0; c < 3; ++c)
      out[c * area + i] = image.rgb[3 * i + c];
  }
}

}  // namespace

at::Tensor DecodeImages(const std::vector<std::filesystem::path>& files,
                        std::int64_t size, int threads,
                        std::vector<std::string>& problems) {
  const auto count = static_cast<std::int64_t>(files.size());
  at::Tensor pixels = at::empty({count, 3, size, size}, at::kByte);
  std::uint8_t* data = pixels.data_ptr<std::uint8_t>();
  std::mutex mutex;
  ParallelFor(files.size(), threads, [&](std::size_t i) {
    try {
      StorePlanar(Resize(ReadImage(files[i]), size, size),
                  data + static_cast<std::int64_t>(i) * 3 * size * size);
    } catch (const std::exception& error) {
      const std::lock_guard<std::mutex> lock(mutex);
      problems.push_back(error.what());
    }
  });
  return pixels;
}

void RefuseUnreadable(std::vector<std::string> problems) {
  if (problems.empty()) return;
  std::sort(problems.begin(), problems.end());
  throw DataError(problems.size() == 1
                      ? problems[0]
                      : fmt::format("{} (and {} more unreadable images)",
                                    problems[0], problems.size() - 1));
}

at::Tensor DecodeImages(const std::vector<std::filesystem::path>& files,
                        std::int64_t size, int threads) {
  std::vector<std::string> problems;
  const at::Tensor pixels = DecodeImages(files, size, threads, problems);
  RefuseUnreadable(std::move(problems));
  return pixels;
}

EncodedSplit EncodeTexts(const Split& split, const Dataset& dataset,
                         const WordPiece& tokenizer,
                         const InputOptions& input) {
  EncodedSplit encoded;
  encoded.name = split.name;
  encoded.labelled = split.labelled;
  encoded.head = dataset.head;
  encoded.label_count = static_cast<std::int64_t>(dataset.labels.size());
  encoded.input = input;
  const Vocabulary& vocabulary = tokenizer.vocabulary();
  encoded.pad = vocabulary.pad();
  encoded.cls = vocabulary.cls();
  encoded.sep = vocabulary.sep();
  encoded.examples = split.examples;

  encoded.offsets.push_back(0);
  std::unordered_map<std::string, std::int32_t> known;
  for (const Example& example : split.examples) {
    std::vector<std::int32_t> pieces = tokenizer.Encode(example.text);
    const auto room = static_cast<std::size_t>(input.max_text_tokens - 2);
    if (pieces.size() > room) {
      pieces.resize(room);
      ++encoded.cut_texts;
    }
    encoded.token_ids.push_back(vocabulary.cls());
    encoded.token_ids.insert(encoded.token_ids.end(), pieces.begin(),
                             pieces.end());
    encoded.token_ids.push_back(vocabulary.sep());
    encoded.offsets.push_back(
        static_cast<std::int64_t>(encoded.token_ids.size()));
    const auto [place, is_new] =
        known.emplace(example.image.string(),
                      static_cast<std::int32_t>(encoded.images.size()));
    if (is_new) encoded.images.push_back(example.image);
    encoded.image_of.push_back(place->second);
  }
  return encoded;
}

EncodedSplit Encode(const Split& split, const Dataset& dataset,
                    const WordPiece& tokenizer, const InputOptions& input,
                    int threads) {
  EncodedSplit encoded = EncodeTexts(split, dataset, tokenizer, input);
  encoded.pixels = DecodeImages(encoded.images, input.image_size, threads);
  return encoded;
}

}  // namespace msdbench
