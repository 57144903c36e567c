#include "reports/platform.h"

#include <fmt/format.h>

namespace msdbench {
namespace {

constexpr const char* kUnknown = "unknown";

// Lists are joined by spaces; what is not there is "unknown".
std::string TextAt(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  if (!json.contains(place)) return kUnknown;
  const Json& value = json[place];
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return value.dump();
  if (!value.is_array()) return kUnknown;
  std::string text;
  for (const Json& item : value) {
    text += (text.empty() ? "" : " ") +
            (item.is_string() ? item.get<std::string>() : item.dump());
  }
  return text;
}

std::string Joined(const Json& json, const char* first, const char* second,
                   const char* third) {
  return TextAt(json, first) + " " + TextAt(json, second) + " " +
         TextAt(json, third);
}

// "cpu", or the name of the CUDA device.
std::string DeviceOf(const Json& record) {
  const std::string device = TextAt(record, "/config/device");
  return device == "cuda" ? TextAt(record, "/environment/cuda/devices/0/name")
                          : "cpu";
}

}  // namespace

Platform PlatformOf(const Record& record) {
  const Json environment =
      record.json.is_object() ? record.json.value("environment", Json::object())
                              : Json::object();
  const auto at = [&](const char* pointer) {
    return TextAt(environment, pointer);
  };
  return {{{"device", DeviceOf(record.json)},
           {"cpu", at("/cpu/model")},
           {"architecture", at("/cpu/architecture")},
           {"simd", at("/cpu/simd")},
           {"kernels", at("/libtorch/cpu_capability")},
           {"threads", at("/threads/intra_op")},
           {"libtorch", at("/libtorch/version")},
           {"blas", Joined(environment, "/blas/name", "/blas/variant",
                           "/blas/version")},
           {"compiler", at("/compiler")},
           {"build", at("/msdbench/build")}}};
}

Json PlatformJson(const Platform& platform) {
  Json json = Json::object();
  for (const auto& [name, value] : platform.parts) json[name] = value;
  return json;
}

Platform ParsePlatform(const Json& json) {
  Platform platform = PlatformOf(Record());
  for (auto& [name, value] : platform.parts) {
    value = json.value(name, std::string(kUnknown));
  }
  return platform;
}

std::vector<std::string> PlatformDifferences(const Platform& before,
                                             const Platform& after) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < before.parts.size(); ++i) {
    const auto& [name, value] = before.parts[i];
    if (value == after.parts[i].second) continue;
    lines.push_back(
        fmt::format("{}: {} -> {}", name, value, after.parts[i].second));
  }
  return lines;
}

}  // namespace msdbench
