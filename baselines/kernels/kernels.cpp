#include "baselines/kernels/kernels.h"

namespace msdbench::kernels {

#define MSDBENCH_LEVEL(level)             \
  namespace level {                       \
  extern const Table<float> kFloat;       \
  extern const Table<double> kDouble;     \
  extern const Table<Bf16> kBf16;         \
  extern const OptimizerTable kOptimizer; \
  }
MSDBENCH_LEVEL(base)
#ifdef MSDBENCH_X86_LEVELS
MSDBENCH_LEVEL(avx2)
MSDBENCH_LEVEL(avx512)
#endif
#undef MSDBENCH_LEVEL

namespace {

template <class Item>
const Item& Choose(const Item& base, const Item& avx2, const Item& avx512) {
#ifdef MSDBENCH_X86_LEVELS
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    return avx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return avx2;
  }
#endif
  return base;
}

}  // namespace

#ifdef MSDBENCH_X86_LEVELS
#define MSDBENCH_CHOOSE(name) Choose(base::name, avx2::name, avx512::name)
#else
#define MSDBENCH_CHOOSE(name) base::name
#endif

template <>
const Table<float>& Best<float>() {
  static const Table<float>& table = MSDBENCH_CHOOSE(kFloat);
  return table;
}
template <>
const Table<double>& Best<double>() {
  static const Table<double>& table = MSDBENCH_CHOOSE(kDouble);
  return table;
}
template <>
const Table<Bf16>& Best<Bf16>() {
  static const Table<Bf16>& table = MSDBENCH_CHOOSE(kBf16);
  return table;
}
const OptimizerTable& BestOptimizer() {
  static const OptimizerTable& table = MSDBENCH_CHOOSE(kOptimizer);
  return table;
}

}  // namespace msdbench::kernels
