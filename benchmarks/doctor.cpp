#include "benchmarks/doctor.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <system_error>

#include "benchmarks/environment.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

bool Bf16InHardware(const Processor& processor) {
  return std::any_of(processor.simd.begin(), processor.simd.end(),
                     [](const std::string& name) {
                       return name == "avx512_bf16" || name == "amx_bf16" ||
                              name == "bf16" || name == "svebf16";
                     });
}

}  // namespace

std::string FindingsText(const std::vector<Finding>& findings) {
  std::size_t width = 0;
  for (const Finding& f : findings) width = std::max(width, f.name.size());
  std::string text;
  for (const Finding& f : findings) {
    text += fmt::format("{:<7}  {:<{}}  {}\n", VerdictName(f.verdict), f.name,
                        width, f.value);
    if (!f.mend.empty()) {
      text += fmt::format("{:<7}  {:<{}}  -> {}\n", "", "", width, f.mend);
    }
  }
  return text;
}

Json FindingsJson(const Measurements& m, const std::vector<Finding>& findings) {
  Json rows = Json::array();
  for (const Finding& f : findings) {
    rows.push_back({{"name", f.name},
                    {"value", f.value},
                    {"verdict", VerdictName(f.verdict)},
                    {"mend", f.mend}});
  }
  Json json;
  json["verdict"] = VerdictName(Worst(findings));
  json["findings"] = std::move(rows);
  json["measured"] = {{"cores", m.cores},
                      {"threads_start", m.threads_start},
                      {"threads_set", m.threads_set},
                      {"fp32_one_gflops", m.cpu.fp32_one},
                      {"fp32_all_gflops", m.cpu.fp32_all},
                      {"fp32_error", m.cpu.fp32_error},
                      {"bf16_gflops", m.cpu.bf16},
                      {"layer_fp32_gflops", m.cpu.layer_fp32},
                      {"layer_bf16_gflops", m.cpu.layer_bf16},
                      {"attention_gflops", m.cpu.attention},
                      {"cuda_bf16_gflops", m.cuda_speed.bf16},
                      {"memory_available_gib", m.memory.available_gib},
                      {"memory_total_gib", m.memory.total_gib},
                      {"out_free_gib", m.out.free_gib},
                      {"temp_free_gib", m.temp.free_gib}};
  return json;
}

Measurements Measure(const DoctorOptions& options) {
  Measurements m;
  const Processor processor = DescribeProcessor();
  m.build = BuildKind();
  const Json libtorch = DescribeEnvironment().at("libtorch");
  m.libtorch = libtorch.at("version");
  m.libtorch_headers = libtorch.at("headers");
  m.cores = UsableCores();
  m.threads_start = at::get_num_threads();
  at::set_num_threads(m.cores);
  m.threads_set = at::get_num_threads();
  at::set_num_threads(m.threads_start);
  m.blas = LoadedBlas();
  m.bf16_hardware = Bf16InHardware(processor);
  m.cpu = MeasureCpuSpeed(m.cores);
  m.nvidia_driver = HasNvidiaDriver();
  m.cuda = CudaDevices();
  if (!m.cuda.empty()) m.cuda_speed = MeasureCudaSpeed();
  m.memory = DescribeMemory();
  std::error_code error;
  fs::path temp = options.temp;
  if (temp.empty()) temp = fs::temp_directory_path(error);
  m.out = DescribeDisk(options.out);
  m.temp = DescribeDisk(temp);
  return m;
}

ExitCode RunDoctor(const DoctorOptions& options, bool json, std::ostream& out) {
  const Measurements measured = Measure(options);
  const std::vector<Finding> findings = Diagnose(measured);
  if (json) {
    Json document = FindingsJson(measured, findings);
    document["environment"] = DescribeEnvironment();
    out << document.dump(2) << "\n";
  } else {
    out << FindingsText(findings);
  }
  return Worst(findings) == Verdict::kProblem ? ExitCode::kCheckFailed
                                              : ExitCode::kOk;
}

}  // namespace msdbench
