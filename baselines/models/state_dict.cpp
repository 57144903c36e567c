#include "baselines/models/state_dict.h"

#include <ATen/ATen.h>

#include <memory>

#include "baselines/models/torch_archive.h"
#include "reports/error.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

at::ScalarType TypeOf(const std::string& dtype) {
  static const std::map<std::string, at::ScalarType> kTypes = {
      {"F64", at::kDouble},    {"F32", at::kFloat}, {"F16", at::kHalf},
      {"BF16", at::kBFloat16}, {"I64", at::kLong},  {"I32", at::kInt},
      {"I16", at::kShort},     {"I8", at::kChar},   {"U8", at::kByte},
      {"BOOL", at::kBool}};
  const auto place = kTypes.find(dtype);
  return place == kTypes.end() ? at::ScalarType::Undefined : place->second;
}

StateDict ReadSafetensors(const std::filesystem::path& path) {
  const auto file = std::make_shared<SafetensorsFile>(path);
  StateDict state;
  for (const NamedArray& array : file->arrays()) {
    const at::ScalarType type = TypeOf(array.dtype);
    if (type == at::ScalarType::Undefined) {
      throw DataError(path.string() + ": " + array.name + " has dtype " +
                      array.dtype + ", which no weights are read in");
    }
    // Each tensor keeps the map alive.
    state[array.name] = at::from_blob(
        const_cast<void*>(array.data), array.shape, [file](void*) {}, type);
  }
  return state;
}

}  // namespace

StateDict ReadStateDict(const std::filesystem::path& file) {
  return file.extension() == ".safetensors" ? ReadSafetensors(file)
                                            : ReadTorchArchive(file);
}

void WriteTensors(
    const std::filesystem::path& file,
    const std::vector<std::pair<std::string, at::Tensor>>& tensors,
    const std::map<std::string, std::string>& metadata) {
  std::vector<at::Tensor> plain;  // alive until all is written
  std::vector<NamedArray> arrays;
  for (const auto& [name, tensor] : tensors) {
    plain.push_back(tensor.detach().to(at::kCPU, at::kFloat).contiguous());
    const at::Tensor& values = plain.back();
    arrays.push_back({name, "F32", values.sizes().vec(), values.data_ptr(),
                      static_cast<std::size_t>(values.nbytes())});
  }
  WriteSafetensors(file, arrays, metadata);
}

}  // namespace msdbench
