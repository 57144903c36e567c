// How the rows of a token matrix form sequences.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace msdbench {

// Sequences lie one after another, without padding between them.
struct RowLayout {
  struct Stretch {
    std::int64_t count, length;  // so many sequences, each so long
  };
  std::vector<Stretch> stretches;
  // Added to every attention score of a row as key, [rows]: 0, or far below
  // where the row is hidden. Undefined = all are seen.
  at::Tensor key_bias;

  std::int64_t Sequences() const {
    std::int64_t count = 0;
    for (const Stretch& stretch : stretches) count += stretch.count;
    return count;
  }
  std::int64_t Rows() const {
    std::int64_t rows = 0;
    for (const Stretch& s : stretches) rows += s.count * s.length;
    return rows;
  }
  // The first row of each sequence, and the number of rows.
  std::vector<std::int64_t> Offsets() const {
    std::vector<std::int64_t> offsets = {0};
    for (const Stretch& stretch : stretches) {
      for (std::int64_t i = 0; i < stretch.count; ++i) {
        offsets.push_back(offsets.back() + stretch.length);
      }
    }
    return offsets;
  }
  // The sequence of each row.
  std::vector<std::int64_t> Owners() const {
    std::vector<std::int64_t> owners;
    std::int64_t sequence = 0;
    for (const Stretch& stretch : stretches) {
      for (std::int64_t i = 0; i < stretch.count; ++i, ++sequence) {
        owners.insert(owners.end(), static_cast<std::size_t>(stretch.length),
                      sequence);
      }
    }
    return owners;
  }
};

}  // namespace msdbench
