// Seeded random numbers that are the same on every platform and library.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace msdbench {

// One stream a purpose: Random(seed, "shuffle") and Random(seed, "init") are
// independent, so that drawing more from one never moves the other. Seed 0 is
// a seed like any other. SplitMix64 (Steele, Lea, Flood 2014); not for secrets.
class Random {
 public:
  Random(std::uint64_t seed, std::string_view purpose) : state_(seed) {
    // FNV-1a over the purpose, then one mixing round each.
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (unsigned char c : purpose) hash = (hash ^ c) * 0x100000001b3u;
    state_ = Next() ^ hash;
    state_ = Next();
  }

  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  // Uniform in [0, n), n > 0, without modulo bias.
  std::uint64_t Below(std::uint64_t n) {
    const std::uint64_t limit = n * (UINT64_MAX / n);
    std::uint64_t draw = Next();
    while (draw >= limit) draw = Next();
    return draw % n;
  }

  // Uniform in [0, 1), 53 bits.
  double Uniform() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

  // Standard normal (Box and Muller), one draw of a pair.
  double Normal() {
    const double u = 1 - Uniform(), v = Uniform();
    return std::sqrt(-2 * std::log(u)) * std::cos(6.283185307179586 * v);
  }

  // Fisher and Yates.
  template <typename T>
  void Shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[Below(i)]);
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace msdbench
