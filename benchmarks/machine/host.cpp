#include "benchmarks/machine/host.h"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <system_error>

namespace msdbench {
namespace {

constexpr double kGib = 1024.0 * 1024.0 * 1024.0;
constexpr const char* kControlGroup = "/sys/fs/cgroup/";

// Files under /proc and /sys have no size; a missing one reads as empty.
std::string ReadKernelFile(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return in ? text.str() : "";
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<double> ParseNumber(std::string_view text) {
  text = Trim(text);
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

Processor ParseCpuInfo(std::string_view text) {
  static const std::set<std::string> kKnown = {
      "amx_bf16", "asimd", "avx",  "avx2", "avx512_bf16", "avx512f", "avx_vnni",
      "bf16",     "fma",   "i8mm", "rvv",  "sve",         "svebf16"};
  Processor processor;
  std::set<std::string> simd;
  for (std::string_view line : Lines(text)) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = Trim(line.substr(0, colon));
    const std::string_view value = Trim(line.substr(colon + 1));
    if (key == "model name" && processor.model.empty()) {
      processor.model = value;
    } else if (key == "flags" || key == "Features") {  // x86, Arm
      std::istringstream words{std::string(value)};
      for (std::string word; words >> word;) {
        if (kKnown.count(word)) simd.insert(word);
      }
    }
  }
  if (processor.model.empty()) processor.model = "unknown";
  processor.simd.assign(simd.begin(), simd.end());
  return processor;
}

Processor DescribeProcessor() {
  return ParseCpuInfo(ReadKernelFile("/proc/cpuinfo"));
}

int ParseCpuQuota(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return 0;
  const auto quota = ParseNumber(text.substr(0, space));  // "max" = no limit
  const auto period = ParseNumber(text.substr(space + 1));
  if (!quota || !period || *quota <= 0 || *period <= 0) return 0;
  return static_cast<int>(std::ceil(*quota / *period));
}

int UsableCores() {
  int cores = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof(mask), &mask) == 0) cores = CPU_COUNT(&mask);
  const int quota =
      ParseCpuQuota(ReadKernelFile(std::string(kControlGroup) + "cpu.max"));
  if (quota > 0) cores = std::min(cores, quota);
  return std::max(cores, 1);
}

Memory ParseMemInfo(std::string_view text) {
  Memory memory;
  for (std::string_view line : Lines(text)) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto kib = ParseNumber(line.substr(colon + 1));
    if (!kib) continue;
    const std::string_view key = line.substr(0, colon);
    if (key == "MemTotal") memory.total_gib = *kib * 1024 / kGib;
    if (key == "MemAvailable") memory.available_gib = *kib * 1024 / kGib;
  }
  return memory;
}

Memory DescribeMemory() {
  Memory memory = ParseMemInfo(ReadKernelFile("/proc/meminfo"));
  const std::string group = kControlGroup;
  const auto limit = ParseNumber(ReadKernelFile(group + "memory.max"));
  const auto used = ParseNumber(ReadKernelFile(group + "memory.current"));
  if (limit && used) {
    memory.total_gib = std::min(memory.total_gib, *limit / kGib);
    memory.available_gib =
        std::min(memory.available_gib, std::max(*limit - *used, 0.0) / kGib);
  }
  return memory;
}

ProcessMemory ParseProcessStatus(std::string_view text) {
  ProcessMemory memory;
  for (std::string_view line : Lines(text)) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto kib = ParseNumber(line.substr(colon + 1));
    if (!kib) continue;
    const std::string_view key = line.substr(0, colon);
    if (key == "VmHWM") memory.peak_mib = *kib / 1024;
    if (key == "RssAnon") memory.private_mib = *kib / 1024;
  }
  return memory;
}

ProcessMemory DescribeProcessMemory() {
  return ParseProcessStatus(ReadKernelFile("/proc/self/status"));
}

std::string ParseOsRelease(std::string_view text) {
  constexpr std::string_view kKey = "PRETTY_NAME=";
  for (std::string_view line : Lines(text)) {
    if (line.substr(0, kKey.size()) != kKey) continue;
    line.remove_prefix(kKey.size());
    if (line.size() >= 2 && line.front() == '"' && line.back() == '"') {
      line = line.substr(1, line.size() - 2);
    }
    return std::string(line);
  }
  return "unknown";
}

OperatingSystem DescribeOperatingSystem() {
  OperatingSystem system;
  system.name = ParseOsRelease(ReadKernelFile("/etc/os-release"));
  utsname names{};
  if (uname(&names) == 0) {
    system.kernel = std::string(names.sysname) + " " + names.release;
    system.architecture = names.machine;
  }
  return system;
}

Disk DescribeDisk(const std::filesystem::path& folder) {
  Disk disk{folder, false, 0};
  std::error_code error;
  std::filesystem::path here =
      std::filesystem::absolute(folder, error).lexically_normal();
  while (!std::filesystem::exists(here, error) && here.has_relative_path()) {
    here = here.parent_path();
  }
  if (!std::filesystem::is_directory(here, error)) return disk;
  disk.writable = access(here.c_str(), W_OK | X_OK) == 0;
  const std::filesystem::space_info space = std::filesystem::space(here, error);
  if (!error) {
    disk.free_gib = static_cast<double>(space.available) / kGib;
  }
  return disk;
}

}  // namespace msdbench
