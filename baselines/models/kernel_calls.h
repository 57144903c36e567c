// From tensors to our kernels: storage types, pointers, shares for threads.
#pragma once

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cstdint>
#include <functional>

#include "baselines/kernels/kernels.h"
#include "baselines/models/encoder_ops.h"

namespace msdbench {

using kernels::Real;

// Calls body(T{}) with the storage type of a CPU matrix.
template <class Body>
void WithStorage(const at::Tensor& matrix, const Body& body) {
  switch (matrix.scalar_type()) {
    case at::kFloat:
      return body(float{});
    case at::kDouble:
      return body(double{});
    case at::kBFloat16:
      return body(kernels::Bf16{});
    default:
      TORCH_CHECK(false, "the encoder has no ", matrix.scalar_type());
  }
}

template <class T>
struct TypeOf;
template <>
struct TypeOf<float> {
  static constexpr c10::ScalarType value = at::kFloat;
};
template <>
struct TypeOf<double> {
  static constexpr c10::ScalarType value = at::kDouble;
};
template <>
struct TypeOf<kernels::Bf16> {
  static constexpr c10::ScalarType value = at::kBFloat16;
};

// null for an undefined tensor; rows may have gaps between them.
template <class T>
T* StridedData(const at::Tensor& tensor) {
  if (!tensor.defined()) return nullptr;
  TORCH_CHECK(tensor.scalar_type() == TypeOf<T>::value, "the encoder wants ",
              TypeOf<T>::value, " here, not ", tensor.scalar_type());
  return static_cast<T*>(tensor.data_ptr());
}
template <class T>
T* Data(const at::Tensor& tensor) {
  TORCH_CHECK(!tensor.defined() || tensor.is_contiguous(),
              "the encoder wants rows without gaps here");
  return StridedData<T>(tensor);
}

inline std::int64_t Threads() {
  return at::in_parallel_region() ? 1 : at::get_num_threads();
}

// body(begin, end) on equal shares of [0, count), one a thread.
inline void Share(std::int64_t count, std::int64_t smallest,
                  const std::function<void(std::int64_t, std::int64_t)>& body) {
  const std::int64_t shares =
      std::clamp<std::int64_t>(count / smallest, 1, Threads());
  if (shares == 1) return body(0, count);
  at::parallel_for(0, shares, 1, [&](std::int64_t first, std::int64_t last) {
    at::NoGradGuard no_grad;
    for (std::int64_t i = first; i < last; ++i) {
      body(count * i / shares, count * (i + 1) / shares);
    }
  });
}

// How many rows are worth a thread of their own, at so much work a row.
inline std::int64_t FewRows(std::int64_t work) {
  return 16384 / std::clamp<std::int64_t>(work, 1, 16384);
}

inline kernels::DropMask Mask(const DropSite& drop) {
  return {drop.seed, drop.rate};
}

}  // namespace msdbench
