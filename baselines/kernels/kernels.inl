// The kernels, for one instruction set: each kernels_*.cpp defines LEVEL and is
// compiled with its own flags. Everything is local to the file, and nothing
// here may come from a header with inline functions: the linker keeps one copy
// of such a function, perhaps one that this processor cannot run.
#include <cmath>
#include <cstring>

#include "baselines/kernels/kernels.h"

namespace msdbench::kernels {
namespace {

#include "baselines/kernels/vectors.inl"
//
#include "baselines/kernels/attention_kernels.inl"
#include "baselines/kernels/optimizer_kernels.inl"
#include "baselines/kernels/row_kernels.inl"

template <class T>
constexpr Table<T> MakeTable() {
  return {ResidualNormRows<T>, ResidualNormBackwardRows<T>,
          GeluRows<T>,         AttentionScratch<T>,
          AttendHead<T>,       AttendHeadBackward<T>, DropRow<T>,
          Multiply<T>,         ColumnSums<T>,
          ScaleRows<T>,        AddRowProducts<T>};
}

}  // namespace

namespace LEVEL {
extern const Table<float> kFloat = MakeTable<float>();
extern const Table<double> kDouble = MakeTable<double>();
extern const Table<Bf16> kBf16 = MakeTable<Bf16>();
extern const OptimizerTable kOptimizer = {AdamW, SquareSum};
}  // namespace LEVEL

}  // namespace msdbench::kernels
