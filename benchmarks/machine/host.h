// What the machine is made of, as far as this process may use it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace msdbench {

struct Processor {
  std::string model;              // "unknown" where the kernel tells no name
  std::vector<std::string> simd;  // instruction sets that matter to us, sorted
};

// From the text of /proc/cpuinfo.
Processor ParseCpuInfo(std::string_view text);
Processor DescribeProcessor();

// Cores this process may run on: its affinity mask, and its control group's
// quota rounded up (containers). At least 1.
int UsableCores();
// The quota in a cgroup-v2 cpu.max file ("150000 100000" -> 2); 0 = none.
int ParseCpuQuota(std::string_view text);

struct Memory {
  double total_gib = 0;
  double available_gib = 0;  // without pushing anything out to swap
};

// From the text of /proc/meminfo.
Memory ParseMemInfo(std::string_view text);
// /proc/meminfo, lowered to the control group's limit.
Memory DescribeMemory();

struct ProcessMemory {
  double peak_mib = 0;  // largest resident size so far, mapped files included
  double private_mib = 0;  // resident now, without mapped files
};

// From the text of /proc/PID/status; zeros where it does not say.
ProcessMemory ParseProcessStatus(std::string_view text);
// Of this process.
ProcessMemory DescribeProcessMemory();

struct OperatingSystem {
  std::string name;          // "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;        // "Linux 6.1.0-18-amd64"
  std::string architecture;  // "x86_64"
};
// PRETTY_NAME in the text of /etc/os-release; "unknown" when absent.
std::string ParseOsRelease(std::string_view text);
OperatingSystem DescribeOperatingSystem();

struct Disk {
  std::filesystem::path folder;  // as asked for; it need not exist yet
  bool writable = false;
  double free_gib = 0;
};
// Looks at `folder` or its nearest parent that exists.
Disk DescribeDisk(const std::filesystem::path& folder);

}  // namespace msdbench
