#include "baselines/models/checkpoint.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <vector>

#include "baselines/models/state_dict.h"
#include "reports/digest.h"
#include "reports/error.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

// Parameters as the file holds them: float32, contiguous, on the CPU.
std::vector<std::pair<std::string, at::Tensor>> PlainParameters(
    const torch::nn::Module& module) {
  std::vector<std::pair<std::string, at::Tensor>> plain;
  for (const auto& named : module.named_parameters()) {
    plain.emplace_back(
        named.key(),
        named.value().detach().to(at::kCPU, at::kFloat).contiguous());
  }
  return plain;
}

}  // namespace

void SaveWeights(const torch::nn::Module& module,
                 const std::filesystem::path& file,
                 const std::map<std::string, std::string>& metadata,
                 const std::map<std::string, at::Tensor>& instead) {
  auto plain = PlainParameters(module);
  for (auto& [name, tensor] : plain) {
    const auto place = instead.find(name);
    if (place != instead.end()) tensor = place->second.contiguous();
  }
  WriteTensors(file, plain, metadata);
}

void LoadWeights(torch::nn::Module& module, const std::filesystem::path& file) {
  const SafetensorsFile source(file);
  std::map<std::string, const NamedArray*> arrays;
  for (const NamedArray& array : source.arrays()) {
    arrays[array.name] = &array;
  }
  std::vector<std::string> problems;
  at::NoGradGuard no_grad;
  for (const auto& named : module.named_parameters()) {
    const auto place = arrays.find(named.key());
    if (place == arrays.end()) {
      problems.push_back("missing " + named.key());
      continue;
    }
    const NamedArray& array = *place->second;
    if (array.dtype != "F32" || array.shape != named.value().sizes().vec()) {
      problems.push_back(fmt::format("{} is {} [{}], wanted F32 [{}]",
                                     named.key(), array.dtype,
                                     fmt::join(array.shape, ", "),
                                     fmt::join(named.value().sizes(), ", ")));
    } else {
      named.value().copy_(at::from_blob(const_cast<void*>(array.data),
                                        array.shape, at::kFloat));
    }
    arrays.erase(place);
  }
  for (const auto& [name, array] : arrays) {
    problems.push_back("unexpected " + name);
  }
  if (!problems.empty()) {
    throw DataError(fmt::format("{}: does not fit the model: {}", file.string(),
                                fmt::join(problems, "; ")));
  }
}

std::string HashWeights(torch::nn::Module& module) {
  Sha256 digest;
  for (const auto& [name, tensor] : PlainParameters(module)) {
    digest.Update(name).Update(
        fmt::format("[{}]", fmt::join(tensor.sizes(), ",")));
    digest.Update(tensor.data_ptr(), tensor.nbytes());
  }
  return digest.Hex();
}

}  // namespace msdbench
