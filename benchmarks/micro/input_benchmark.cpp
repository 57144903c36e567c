// The input path: word pieces, pictures, batches.

#include <benchmark/benchmark.h>

#include <numeric>
#include <string>
#include <vector>

#include "datasets/image/image.h"
#include "datasets/miniature/drawing.h"
#include "datasets/text/wordpiece.h"

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

void ResizePicture(benchmark::State& state) {
  const Image image = Picture(480);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Resize(image, state.range(0), state.range(0)));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(ResizePicture)->Arg(64)->Arg(224);

}  // namespace
}  // namespace msdbench
