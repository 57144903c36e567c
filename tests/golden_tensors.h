// Golden values as tensors.
#pragma once

#include <ATen/ATen.h>
#include <fmt/ranges.h>

#include <map>
#include <string>
#include <vector>

#include "reports/error.h"
#include "reports/safetensors.h"
#include "tests/golden.h"
#include "tests/golden_file.h"

namespace msdbench {

// A copy of one array of a GoldenArrays or SafetensorsFile.
template <class File>
at::Tensor GoldenTensor(const File& file, const std::string& name) {
  static const std::map<std::string, at::ScalarType> kTypes = {
      {"F64", at::kDouble}, {"F32", at::kFloat}, {"I64", at::kLong},
      {"I32", at::kInt},    {"U8", at::kByte},   {"BOOL", at::kBool}};
  const NamedArray& array = file.Get(name);
  const auto type = kTypes.find(array.dtype);
  if (type == kTypes.end()) {
    throw DataError(name + ": no tensor type for " + array.dtype);
  }
  return at::from_blob(const_cast<void*>(array.data), array.shape, type->second)
      .clone();
}

inline std::vector<double> GoldenNumbers(const at::Tensor& tensor) {
  const at::Tensor plain =
      tensor.detach().to(at::kCPU, at::kDouble).contiguous();
  const double* data = plain.data_ptr<double>();
  return {data, data + plain.numel()};
}

// Shape and values. An undefined tensor (a gradient that nothing reached) is a
// failure.
inline void CompareTensors(GoldenTally& tally, const std::string& what,
                           const at::Tensor& got, const at::Tensor& want,
                           const GoldenBound& bound) {
  if (!got.defined()) return tally.Fail(what + " is undefined");
  if (got.sizes() != want.sizes()) {
    return tally.Fail(fmt::format("{} is [{}], wanted [{}]", what,
                                  fmt::join(got.sizes(), ", "),
                                  fmt::join(want.sizes(), ", ")));
  }
  tally.Near(what, GoldenNumbers(got), GoldenNumbers(want), bound);
}

}  // namespace msdbench
