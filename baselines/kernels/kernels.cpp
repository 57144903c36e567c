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

#ifdef MSDBENCH_X86_LEVELS
bool HasAvx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
bool HasAvx512() {
  return __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}
#define MSDBENCH_RUNNABLE(name) \
  Runnables(&base::name, &avx2::name, &avx512::name)
template <class Item>
std::vector<const Item*> Runnables(const Item* base, const Item* avx2,
                                   const Item* avx512) {
  std::vector<const Item*> all = {base};
  if (HasAvx2()) all.push_back(avx2);
  if (HasAvx512()) all.push_back(avx512);
  return all;
}
#else
#define MSDBENCH_RUNNABLE(name) Runnables(&base::name)
template <class Item>
std::vector<const Item*> Runnables(const Item* base) {
  return {base};
}
#endif

}  // namespace

#define MSDBENCH_TABLES(type, name)                             \
  template <>                                                   \
  std::vector<const Table<type>*> Runnable<type>() {            \
    return MSDBENCH_RUNNABLE(name);                             \
  }                                                             \
  template <>                                                   \
  const Table<type>& Best<type>() {                             \
    static const Table<type>& table = *Runnable<type>().back(); \
    return table;                                               \
  }
MSDBENCH_TABLES(float, kFloat)
MSDBENCH_TABLES(double, kDouble)
MSDBENCH_TABLES(Bf16, kBf16)
#undef MSDBENCH_TABLES

const OptimizerTable& BestOptimizer() {
  static const OptimizerTable& table = *MSDBENCH_RUNNABLE(kOptimizer).back();
  return table;
}

}  // namespace msdbench::kernels
