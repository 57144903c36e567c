#include "baselines/models/state_dict.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string_view>

#include "baselines/models/torch_archive.h"
#include "reports/error.h"
#include "reports/input_file.h"
#include "reports/json_file.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

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

StateDict ReadOne(const fs::path& file) {
  return file.extension() == ".safetensors" ? ReadSafetensors(file)
                                            : ReadTorchArchive(file);
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         text.substr(text.size() - end.size()) == end;
}

bool IsIndex(const fs::path& file) {
  const std::string name = file.filename().string();
  return EndsWith(name, ".safetensors.index.json") ||
         EndsWith(name, ".bin.index.json");
}

// Tensor -> file. Not Json, which refuses more than 10,000 keys.
std::map<std::string, std::string> ReadIndex(const fs::path& index) {
  const auto json = nlohmann::json::parse(ReadTextFile(index), nullptr,
                                          /*allow_exceptions=*/false);
  const bool is_map = json.is_object() && json.contains("weight_map") &&
                      json["weight_map"].is_object() &&
                      !json["weight_map"].empty();
  if (!is_map) {
    throw DataError(index.string() +
                    ": /weight_map: tensors and their files are wanted there");
  }
  std::map<std::string, std::string> places;
  for (const auto& [name, file] : json["weight_map"].items()) {
    const bool is_name = file.is_string() && !file.get<std::string>().empty() &&
                         fs::path(file.get<std::string>()).filename() ==
                             fs::path(file.get<std::string>());
    if (!is_name) {
      throw DataError(fmt::format(
          "{}: /weight_map: {} is in {}; the name of a file beside it is "
          "wanted",
          index.string(), name, file.dump()));
    }
    places[name] = file.get<std::string>();
  }
  return places;
}

std::set<std::string> ShardsOf(
    const std::map<std::string, std::string>& index) {
  std::set<std::string> files;
  for (const auto& item : index) files.insert(item.second);
  return files;
}

StateDict ReadShards(const fs::path& index) {
  const auto places = ReadIndex(index);
  StateDict state;
  for (const std::string& shard : ShardsOf(places)) {
    const fs::path file = index.parent_path() / shard;
    if (!IsThere(file)) {
      throw DataError(index.string() + ": its file " + shard + " is missing");
    }
    for (auto& [name, tensor] : ReadOne(file)) {
      const auto place = places.find(name);
      if (place == places.end() || place->second != shard) {
        throw DataError(fmt::format(
            "{}: {} is in {}, where the index has {}", index.string(), name,
            shard, place == places.end() ? "no such tensor" : place->second));
      }
      state[name] = tensor;
    }
  }
  for (const auto& [name, shard] : places) {
    if (state.count(name) == 0) {
      throw DataError(
          fmt::format("{}: {} is not in {}", index.string(), name, shard));
    }
  }
  return state;
}

// "model-00001-of-00003.safetensors" -> 3; 1 for any other name.
int ShardCount(const fs::path& file) {
  const std::string stem = file.stem().string();
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto digits = [&](std::size_t first, std::size_t last) {
    return first < last &&
           std::all_of(stem.begin() + first, stem.begin() + last, is_digit);
  };
  constexpr std::string_view kOf = "-of-";
  const std::size_t of = stem.rfind(kOf);
  if (of == std::string::npos || stem.size() - of - kOf.size() > 8) return 1;
  const std::size_t dash = stem.find_last_not_of("0123456789", of - 1);
  const bool is_shard = of > 0 && dash != std::string::npos &&
                        (stem[dash] == '-' || stem[dash] == '_') &&
                        digits(dash + 1, of) &&
                        digits(of + kOf.size(), stem.size());
  return is_shard ? std::stoi(stem.substr(of + kOf.size())) : 1;
}

// A shard alone would be taken for a smaller model.
void RefuseShard(const fs::path& file) {
  const auto refuse = [&](const std::string& why) {
    throw DataError(
        fmt::format("{}: {}; name the folder, or the index of its shards",
                    file.string(), why));
  };
  const int count = ShardCount(file);
  if (count > 1) refuse(fmt::format("one of {} shards", count));
  const fs::path folder =
      file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
    if (!IsIndex(entry.path()) || !entry.is_regular_file(unreadable)) continue;
    const std::set<std::string> shards = ShardsOf(ReadIndex(entry.path()));
    if (shards.size() > 1 && shards.count(file.filename().string()) > 0) {
      refuse("one of the shards of " + entry.path().filename().string());
    }
  }
}

}  // namespace

fs::path FindWeights(const fs::path& folder) {
  for (const char* name :
       {"model.safetensors", "model.safetensors.index.json",
        "pytorch_model.bin", "pytorch_model.bin.index.json"}) {
    if (IsThere(folder / name)) return folder / name;
  }
  throw DataError(folder.string() +
                  ": neither model.safetensors nor pytorch_model.bin is in "
                  "this folder, nor an index of their shards; name the file "
                  "itself");
}

std::vector<fs::path> WeightsFiles(const fs::path& file) {
  std::vector<fs::path> files = {file};
  if (!IsIndex(file)) return files;
  for (const std::string& shard : ShardsOf(ReadIndex(file))) {
    files.push_back(file.parent_path() / shard);
  }
  return files;
}

StateDict ReadStateDict(const fs::path& file) {
  if (IsIndex(file)) return ReadShards(file);
  RefuseShard(file);
  return ReadOne(file);
}

std::vector<std::string> UnsoundTensors(const StateDict& state,
                                        std::size_t most) {
  std::vector<std::string> lines;
  std::size_t more = 0;
  for (const auto& [name, tensor] : state) {
    if (!at::isFloatingType(tensor.scalar_type())) continue;
    std::string what;
    if (tensor.numel() == 0) {
      what = " has no elements";
    } else if (!at::isfinite(tensor.to(at::kFloat)).all().item<bool>()) {
      what = " holds NaN or Inf";
    }
    if (what.empty()) continue;
    if (lines.size() < most) {
      lines.push_back(name + what);
    } else {
      ++more;
    }
  }
  if (more > 0) lines.push_back(fmt::format("and {} more", more));
  return lines;
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
