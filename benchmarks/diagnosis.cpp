#include "benchmarks/diagnosis.h"

#include <fmt/format.h>

#include <algorithm>

namespace msdbench {
namespace {

// Ten-year-old desktop cores reach more with any tuned BLAS, and the fastest
// cores stay below with the reference BLAS.
constexpr double kSlowCore = 20;          // GFLOP/s
constexpr double kSlowAttentionCore = 3;  // GFLOP/s; memory-bound, varies
constexpr double kPoorScaling = 0.6;      // of cores x one core
constexpr double kWrongProduct = 1e-4;    // relative
constexpr double kLeastMemory = 2;        // GiB: one run of a real teacher
constexpr double kTightMemory = 4;        // GiB
constexpr double kLeastDisk = 1;          // GiB

std::string Gflops(double speed) {
  return fmt::format("{:.1f} GFLOP/s", speed);
}

Finding BuildFinding(const Measurements& m) {
  if (m.build == "optimized") return {"build", m.build, Verdict::kOk, ""};
  return {"build", m.build, Verdict::kSlow,
          "configure with -DCMAKE_BUILD_TYPE=Release"};
}

// "2.15" of "2.15.0+cu130"; all of it when there is no second dot.
std::string MajorMinor(const std::string& version) {
  return version.substr(0, version.find('.', version.find('.') + 1));
}

Finding LibTorchFinding(const Measurements& m) {
  if (MajorMinor(m.libtorch) == MajorMinor(m.libtorch_headers)) {
    return {"LibTorch", m.libtorch, Verdict::kOk, ""};
  }
  return {"LibTorch",
          fmt::format("{}, but compiled against the headers of {}", m.libtorch,
                      m.libtorch_headers),
          Verdict::kProblem,
          "configure in a fresh build folder, with CMAKE_PREFIX_PATH as in "
          "docs/install.md"};
}

Finding ThreadsFinding(const Measurements& m) {
  Finding finding{"threads",
                  fmt::format("{} of {} cores (LibTorch starts with {})",
                              m.threads_set, m.cores, m.threads_start),
                  Verdict::kOk, ""};
  if (m.threads_set < m.cores) {
    finding.verdict = Verdict::kSlow;
    finding.mend = "unset OMP_THREAD_LIMIT, or use a LibTorch with OpenMP";
  }
  return finding;
}

Finding BlasFinding(const Measurements& m) {
  std::string value = m.blas.name;
  if (!m.blas.version.empty()) value += " " + m.blas.version;
  if (!m.blas.variant.empty()) value += " (" + m.blas.variant + ")";
  Finding finding{"BLAS", value, Verdict::kOk, ""};
  if (m.blas.name == "reference") {
    finding.verdict = Verdict::kSlow;
    finding.mend =
        "apt-get install libopenblas0-openmp; if it is installed already: "
        "update-alternatives --auto libblas.so.3-$(uname -m)-linux-gnu";
  } else if (m.blas.name == "openblas" && m.blas.variant == "serial" &&
             m.cores > 1) {
    finding.verdict = Verdict::kSlow;
    finding.mend =
        "it uses one core: apt-get install libopenblas0-openmp and remove "
        "libopenblas0-serial";
  } else if (m.blas.name == "openblas" && m.blas.variant == "pthread" &&
             m.cores > 1) {
    finding.verdict = Verdict::kSlow;
    finding.mend =
        "its threads come on top of LibTorch's, which hurts when several runs "
        "share the machine: apt-get install libopenblas0-openmp and choose it "
        "with update-alternatives --config libblas.so.3-$(uname -m)-linux-gnu";
  }
  return finding;
}

Finding OneCoreFinding(const Measurements& m) {
  Finding finding{"fp32 product, 1 thread", Gflops(m.cpu.fp32_one),
                  Verdict::kOk, ""};
  if (!(m.cpu.fp32_one >= kSlowCore)) {
    finding.verdict = Verdict::kSlow;
    finding.mend =
        m.blas.name == "reference"
            ? "see BLAS"
            : "a core should reach 20 or more: try again when the machine is "
              "idle, then look at BLAS and at the CPU's power settings";
  }
  return finding;
}

Finding AllCoresFinding(const Measurements& m) {
  Finding finding{fmt::format("fp32 product, {} threads", m.cores),
                  Gflops(m.cpu.fp32_all), Verdict::kOk, ""};
  if (m.cores > 1 &&
      !(m.cpu.fp32_all >= kPoorScaling * m.cores * m.cpu.fp32_one)) {
    finding.verdict = Verdict::kSlow;
    finding.mend =
        m.blas.name == "reference"
            ? "see BLAS"
            : "more threads hardly help: other programs may be using the "
              "cores, or they are hyper-threads of fewer real ones";
  }
  return finding;
}

Finding AccuracyFinding(const Measurements& m) {
  Finding finding{"fp32 product, error",
                  fmt::format("{:.1e}", m.cpu.fp32_error), Verdict::kOk, ""};
  if (!(m.cpu.fp32_error <= kWrongProduct)) {  // NaN is wrong too
    finding.verdict = Verdict::kProblem;
    finding.mend =
        "products are wrong: replace the BLAS library, then suspect memory";
  }
  return finding;
}

Finding Bf16Finding(const Measurements& m) {
  Finding finding{"bf16 linear layer", Gflops(m.cpu.bf16), Verdict::kOk, ""};
  if (!m.bf16_hardware) {
    finding.value += " (not in this CPU)";
    if (m.cpu.bf16 < m.cpu.fp32_all) finding.mend = "keep to fp32 here";
  } else if (!(m.cpu.bf16 >= m.cpu.fp32_all)) {
    finding.verdict = Verdict::kSlow;
    finding.mend =
        "the CPU can, LibTorch does not: use one built with oneDNN, or keep "
        "to fp32";
  }
  return finding;
}

Finding LayerFinding(const Measurements& m) {
  return {"layer products",
          fmt::format("fp32 {}, bf16 {}", Gflops(m.cpu.layer_fp32),
                      Gflops(m.cpu.layer_bf16)),
          Verdict::kOk, ""};
}

Finding AttentionFinding(const Measurements& m) {
  Finding finding{"attention", Gflops(m.cpu.attention), Verdict::kOk, ""};
  if (!(m.cpu.attention >= kSlowAttentionCore * m.cores)) {
    finding.verdict = Verdict::kSlow;
    finding.mend = "try again when the machine is idle";
  }
  return finding;
}

Finding CudaFinding(const Measurements& m) {
  if (!m.cuda.empty()) {
    const CudaDevice& first = m.cuda.front();
    std::string value =
        fmt::format("{}, {:.0f} GiB", first.name, first.memory_gib);
    if (m.cuda.size() > 1) value += fmt::format(" (1 of {})", m.cuda.size());
    if (!m.cuda_speed.error.empty()) {
      return {"CUDA", value, Verdict::kProblem,
              "a product fails: " + m.cuda_speed.error +
                  "; use a LibTorch built for this device and driver, or "
                  "--device cpu"};
    }
    return {"CUDA", value + ", bf16 " + Gflops(m.cuda_speed.bf16), Verdict::kOk,
            ""};
  }
  if (m.nvidia_driver) {
    return {"CUDA", "NVIDIA driver here, but LibTorch cannot use it",
            Verdict::kSlow,
            "install a LibTorch built with CUDA (docs/install.md) and check "
            "CUDA_VISIBLE_DEVICES"};
  }
  return {"CUDA", "no device, runs use the CPU", Verdict::kOk, ""};
}

Finding MemoryFinding(const Measurements& m) {
  Finding finding{"memory",
                  fmt::format("{:.1f} of {:.1f} GiB free",
                              m.memory.available_gib, m.memory.total_gib),
                  Verdict::kOk, ""};
  if (!(m.memory.available_gib >= kLeastMemory)) {
    finding.verdict = Verdict::kProblem;
    finding.mend = "close other programs: a run needs 2 GiB or more";
  } else if (m.memory.available_gib < kTightMemory) {
    finding.verdict = Verdict::kSlow;
    finding.mend = "only one run at a time fits";
  }
  return finding;
}

Finding DiskFinding(const std::string& name, const Disk& disk) {
  Finding finding{
      name,
      fmt::format("{:.1f} GiB free in {}", disk.free_gib, disk.folder.string()),
      Verdict::kOk, ""};
  if (!disk.writable) {
    finding.verdict = Verdict::kProblem;
    finding.value = disk.folder.string() + " cannot be written";
    finding.mend = "choose another folder or mend its permissions";
  } else if (!(disk.free_gib >= kLeastDisk)) {
    finding.verdict = Verdict::kProblem;
    finding.mend = "free some space: at least 1 GiB is needed";
  }
  return finding;
}

}  // namespace

std::vector<Finding> Diagnose(const Measurements& m) {
  return {BuildFinding(m),
          LibTorchFinding(m),
          ThreadsFinding(m),
          BlasFinding(m),
          OneCoreFinding(m),
          AllCoresFinding(m),
          AccuracyFinding(m),
          Bf16Finding(m),
          LayerFinding(m),
          AttentionFinding(m),
          CudaFinding(m),
          MemoryFinding(m),
          DiskFinding("disk, records", m.out),
          DiskFinding("disk, temporary", m.temp)};
}

Verdict Worst(const std::vector<Finding>& findings) {
  Verdict worst = Verdict::kOk;
  for (const Finding& f : findings) worst = std::max(worst, f.verdict);
  return worst;
}

std::string VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kSlow:
      return "slow";
    case Verdict::kProblem:
      return "problem";
  }
  return "unknown";
}

}  // namespace msdbench
