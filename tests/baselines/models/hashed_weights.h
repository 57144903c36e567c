// Weights and images that are hashes of their place, as
// fixtures/make_grid_backbone.py computes them, and the results that public
// implementations gave for them.
#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "baselines/models/state_dict.h"
#include "reports/json_file.h"
#include "reports/safetensors.h"
#include "tests/golden_tensors.h"

namespace msdbench {

// In [0, 1), a function of stream and place alone.
inline double HashedUniform(std::uint64_t stream, std::uint64_t place) {
  constexpr std::uint64_t kMask = 0xFFFFFFFF;
  std::uint64_t h = (place * 2654435761U + stream * 40503 + 12345) & kMask;
  for (int round = 0; round < 2; ++round) {
    h ^= h >> 16;
    h = h * 0x45D9F3B & kMask;
  }
  h ^= h >> 16;
  return static_cast<double>(h) / 4294967296.0;
}

inline at::Tensor HashedTensor(const std::string& name,
                               const std::vector<std::int64_t>& shape,
                               std::uint64_t stream) {
  const auto ends = [&](const std::string& end) {
    return name.size() >= end.size() &&
           name.compare(name.size() - end.size(), end.size(), end) == 0;
  };
  at::Tensor tensor = at::empty(shape, at::kFloat);
  const double inputs =
      static_cast<double>(tensor.numel()) / static_cast<double>(shape[0]);
  const bool around_one =
      ends("running_var") || (shape.size() == 1 && ends("weight"));
  float* data = tensor.data_ptr<float>();
  for (std::int64_t i = 0; i < tensor.numel(); ++i) {
    const double u = HashedUniform(stream, static_cast<std::uint64_t>(i));
    const double value = around_one ? 0.5 + u
                         : shape.size() == 1
                             ? (u - 0.5) / 5
                             : (u - 0.5) * std::sqrt(16 / inputs);
    data[i] = static_cast<float>(value);
  }
  return tensor;
}

// uint8 [2, 3, size, size].
inline at::Tensor HashedImages(std::int64_t size) {
  at::Tensor images = at::empty({2, 3, size, size}, at::kByte);
  auto* data = images.data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < images.numel(); ++i) {
    data[i] = static_cast<std::uint8_t>(
        HashedUniform(4096, static_cast<std::uint64_t>(i)) * 256);
  }
  return images;
}

// fixtures/grid_backbone.json, from the project's root.
inline const Json& PublicGrids() {
  static const Json kGrids =
      ReadJsonFile("tests/baselines/models/fixtures/grid_backbone.json");
  return kGrids;
}

inline const Json& PublicGrid(const std::string& name) {
  for (const Json& grid : PublicGrids()["cases"]) {
    if (grid["name"] == name) return grid;
  }
  throw DataError("no grid " + name);
}

// All tensors of one of its states, under the public implementation's names.
inline StateDict HashedState(const std::string& name) {
  StateDict state;
  std::uint64_t stream = 0;
  for (const Json& tensor : PublicGrids()["states"][name]) {
    state[tensor[0]] = HashedTensor(tensor[0], tensor[1], stream++);
  }
  return state;
}

inline void WriteState(const StateDict& state,
                       const std::filesystem::path& file) {
  static const std::map<at::ScalarType, std::string> kTypes = {
      {at::kFloat, "F32"},  {at::kHalf, "F16"}, {at::kBFloat16, "BF16"},
      {at::kDouble, "F64"}, {at::kLong, "I64"}, {at::kChar, "I8"}};
  std::vector<at::Tensor> plain;
  std::vector<NamedArray> arrays;
  for (const auto& [name, tensor] : state) {
    plain.push_back(tensor.contiguous());
    arrays.push_back({name, kTypes.at(tensor.scalar_type()),
                      tensor.sizes().vec(), plain.back().data_ptr(),
                      static_cast<std::size_t>(plain.back().nbytes())});
  }
  WriteSafetensors(file, arrays);
}

// Against what the public implementation gave.
inline void CompareGrid(GoldenTally& tally, const Json& grid,
                        const at::Tensor& tokens) {
  tally.Case(grid["name"]);
  tally.Equal("shape", tokens.sizes().vec(),
              grid["shape"].get<std::vector<std::int64_t>>());
  // float32 here, float64 there.
  const double deviation = grid["deviation"];
  const GoldenBound bound{2e-5 * deviation, 2e-5, 0};
  const auto numbers = [&](const char* key) {
    return grid[key].get<std::vector<double>>();
  };
  tally.Near("deviation", tokens.to(at::kDouble).std().item<double>(),
             deviation, bound);
  const std::vector<double> entries = numbers("entries"),
                            means = numbers("channel_means");
  const auto count = static_cast<std::int64_t>(entries.size());
  const at::Tensor at = at::arange(count) * grid["every"].get<std::int64_t>();
  tally.Near("entries", GoldenNumbers(tokens.flatten().index_select(0, at)),
             entries, bound);
  tally.Near(
      "channel means",
      GoldenNumbers(tokens.to(at::kDouble)
                        .mean(at::IntArrayRef({0, 1}))
                        .narrow(0, 0, static_cast<std::int64_t>(means.size()))),
      means, bound);
}

}  // namespace msdbench
