#include "datasets/splits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <unordered_map>

#include "reports/error.h"
#include "reports/random.h"

namespace msdbench {
namespace {

struct Images {
  std::vector<std::size_t> of_example;  // image number of each example
  std::vector<std::size_t> examples;    // how many each image has
  std::vector<std::size_t> drawn;       // image numbers in the drawn order
};

// Images are numbered by first appearance, so that a draw depends on nothing
// but the order of the examples and the seed.
Images DrawImages(const std::vector<Example>& examples, Random random) {
  Images images;
  std::unordered_map<std::string_view, std::size_t> numbers;
  images.of_example.reserve(examples.size());
  for (const Example& example : examples) {
    const auto number =
        numbers.emplace(example.image.native(), numbers.size()).first->second;
    if (number == images.examples.size()) images.examples.push_back(0);
    ++images.examples[number];
    images.of_example.push_back(number);
  }
  images.drawn.resize(images.examples.size());
  std::iota(images.drawn.begin(), images.drawn.end(), std::size_t{0});
  random.Shuffle(images.drawn);
  return images;
}

}  // namespace

std::pair<std::vector<Example>, std::vector<Example>> CutByImage(
    std::vector<Example> examples, double fraction, std::uint64_t seed) {
  if (!(fraction > 0 && fraction < 1)) {
    throw UsageError(fmt::format(
        "the share to cut off is {}, expected more than 0 and less than 1",
        fraction));
  }
  const Images images = DrawImages(examples, Random(seed, "cut by image"));
  if (images.drawn.size() < 2) {
    throw UsageError(fmt::format(
        "a split of {} image(s) cannot be cut in two: whole images move",
        images.drawn.size()));
  }
  const auto wanted = static_cast<std::size_t>(std::max(
      1.0, std::round(fraction * static_cast<double>(examples.size()))));
  std::vector<char> moves(images.drawn.size(), 0);
  std::size_t moved = 0;
  for (std::size_t i = 0; i + 1 < images.drawn.size() && moved < wanted; ++i) {
    moves[images.drawn[i]] = 1;
    moved += images.examples[images.drawn[i]];
  }

  std::pair<std::vector<Example>, std::vector<Example>> parts;
  parts.first.reserve(examples.size() - moved);
  parts.second.reserve(moved);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    auto& part = moves[images.of_example[i]] ? parts.second : parts.first;
    part.push_back(std::move(examples[i]));
  }
  return parts;
}

std::vector<Example> LimitByImage(std::vector<Example> examples,
                                  std::int64_t limit, std::uint64_t seed) {
  if (limit < 0) {
    throw UsageError(
        fmt::format("a limit is {}, expected 0 (all) or more", limit));
  }
  const auto most = static_cast<std::size_t>(limit);
  if (limit == 0 || examples.size() <= most) return examples;

  const Images images = DrawImages(examples, Random(seed, "limit by image"));
  std::vector<std::size_t> room(images.drawn.size(), 0);
  std::size_t taken = 0;
  for (const std::size_t image : images.drawn) {
    room[image] = std::min(images.examples[image], most - taken);
    taken += room[image];
    if (taken == most) break;
  }
  std::vector<Example> kept;
  kept.reserve(most);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    if (room[images.of_example[i]] == 0) continue;
    --room[images.of_example[i]];
    kept.push_back(std::move(examples[i]));
  }
  return kept;
}

}  // namespace msdbench
