// The input path: word pieces, pictures, batches.

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

// After <cstdio>, whose FILE it wants.
#include <jpeglib.h>

#include "baselines/models/state_dict.h"
#include "datasets/batch.h"
#include "datasets/image/image.h"
#include "datasets/miniature/drawing.h"
#include "datasets/text/wordpiece.h"
#include "reports/random.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

const std::string kText =
    "A stationary camera looks at a large anvil with a blacksmith behind it "
    "and one on either side.";

void TokeniseSentence(benchmark::State& state) {
  const WordPiece tokenizer(Vocabulary::FromTexts({kText}, 200));
  for (auto _ : state) benchmark::DoNotOptimize(tokenizer.Encode(kText));
  state.SetBytesProcessed(
      static_cast<std::int64_t>(state.iterations() * kText.size()));
}
BENCHMARK(TokeniseSentence);

Image Picture(std::int64_t size) {
  Random random(1, "benchmark picture");
  return DrawFigures({0, 0}, 1, size, random);
}

void DecodeJpegPicture(benchmark::State& state) {
  const std::string bytes = EncodeJpeg(Picture(state.range(0)), 90);
  for (auto _ : state) benchmark::DoNotOptimize(DecodeImage(bytes, "picture"));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(DecodeJpegPicture)->Arg(64)->Arg(480);

// libjpeg-turbo's own calls and nothing else: what decoding cannot go below.
void DecodeJpegBare(benchmark::State& state) {
  const std::string bytes = EncodeJpeg(Picture(state.range(0)), 90);
  std::vector<unsigned char> pixels(
      static_cast<std::size_t>(3 * state.range(0) * state.range(0)));
  jpeg_error_mgr errors;
  for (auto _ : state) {
    jpeg_decompress_struct codec;
    codec.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&codec);
    jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
    jpeg_read_header(&codec, TRUE);
    codec.out_color_space = JCS_RGB;
    jpeg_start_decompress(&codec);
    while (codec.output_scanline < codec.output_height) {
      JSAMPROW row =
          &pixels[3 * std::size_t{codec.output_width} * codec.output_scanline];
      jpeg_read_scanlines(&codec, &row, 1);
    }
    jpeg_finish_decompress(&codec);
    jpeg_destroy_decompress(&codec);
    benchmark::DoNotOptimize(pixels.data());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(DecodeJpegBare)->Arg(64)->Arg(480);

void ResizePicture(benchmark::State& state) {
  const Image image = Picture(480);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Resize(image, state.range(0), state.range(0)));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(ResizePicture)->Arg(64)->Arg(224);

constexpr std::int64_t kImages = 512, kTokens = 36, kWidth = 2048, kBatch = 32;
constexpr std::int64_t kExampleBytes = kTokens * kWidth * sizeof(float);

// Detected regions as a file on disk, 151 MB, mapped.
struct MappedFeatures {
  MappedFeatures()
      : file(std::filesystem::temp_directory_path() /
             "msdbench_micro.safetensors") {
    WriteTensors(file, {{"features", at::randn({kImages, kTokens, kWidth})}});
    mapped = std::make_unique<SafetensorsFile>(file);
  }
  ~MappedFeatures() { std::filesystem::remove(file); }
  std::filesystem::path file;
  std::unique_ptr<SafetensorsFile> mapped;
};

std::vector<std::int64_t> ShuffledRows() {
  std::vector<std::int64_t> rows(kImages);
  std::iota(rows.begin(), rows.end(), 0);
  Random(1, "benchmark rows").Shuffle(rows);
  return rows;
}

// Shuffled batches with texts of 4 to 32 tokens, as an epoch asks for them.
void CollateMappedFeatures(benchmark::State& state) {
  at::set_num_threads(1);
  const MappedFeatures store;
  EncodedSplit split;
  split.label_count = 3;
  split.input.max_text_tokens = 32;
  for (std::int64_t i = 0; i < kImages; ++i) {
    split.offsets.push_back(static_cast<std::int64_t>(split.token_ids.size()));
    split.token_ids.resize(split.token_ids.size() + 4 + i * 7919 % 29, 5);
    split.image_of.push_back(static_cast<std::int32_t>(i));
    split.feature_row.push_back(i);
    split.feature_count.push_back(kTokens);
    split.examples.emplace_back();
    split.examples.back().targets = {{static_cast<std::int32_t>(i % 3), 1}};
  }
  split.offsets.push_back(static_cast<std::int64_t>(split.token_ids.size()));
  split.features =
      at::from_blob(const_cast<void*>(store.mapped->Get("features").data),
                    {kImages, kTokens, kWidth}, at::kFloat);
  const std::vector<std::int64_t> rows = ShuffledRows();
  for (auto _ : state) {
    for (std::int64_t first = 0; first < kImages; first += kBatch) {
      benchmark::DoNotOptimize(Collate(
          split, {rows.begin() + first, rows.begin() + first + kBatch}));
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          kImages);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          kImages * kExampleBytes);
}
BENCHMARK(CollateMappedFeatures)->Unit(benchmark::kMillisecond);

// The same rows by memcpy alone.
void CopyMappedFeatures(benchmark::State& state) {
  const MappedFeatures store;
  const auto* from =
      static_cast<const char*>(store.mapped->Get("features").data);
  std::vector<char> batch(kBatch * kExampleBytes);
  const std::vector<std::int64_t> rows = ShuffledRows();
  for (auto _ : state) {
    for (std::int64_t i = 0; i < kImages; ++i) {
      std::memcpy(&batch[static_cast<std::size_t>(i % kBatch * kExampleBytes)],
                  from + rows[static_cast<std::size_t>(i)] * kExampleBytes,
                  kExampleBytes);
    }
    benchmark::DoNotOptimize(batch.data());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          kImages);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          kImages * kExampleBytes);
}
BENCHMARK(CopyMappedFeatures)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace msdbench
