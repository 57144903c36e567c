// A report over as many records as a year of runs leaves behind.

#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>

#include "reports/record_store.h"
#include "reports/report.h"
#include "tests/reports/simulated_record.h"

namespace msdbench {
namespace {

void Report(benchmark::State& state) {
  const auto folder =
      std::filesystem::temp_directory_path() / "msdbench_micro_records";
  std::int64_t left = state.range(0);
  for (std::uint64_t seed = 1; left > 0; ++seed) {
    for (const char* dataset :
         {"hateful_memes", "mm_imdb", "snli_ve", "vqa_v2"}) {
      for (const char* method : {"none", "kd", "msd-fixed", "msd-population",
                                 "msd-saliency", "msd-learned"}) {
        if (left-- <= 0) break;
        Simulated run;
        run.dataset = dataset;
        run.method = run.kind = method;
        run.seed = seed;
        run.metrics[0].second = 0.5 + 0.001 * static_cast<double>(seed % 97);
        const auto file = RecordFile(folder, dataset, method, seed);
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << SimulatedRecord(run).dump(1);
      }
    }
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(WriteReport(folder, folder / "report",
                                         ReportFormats(), ComparisonOptions()));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          state.range(0));
  std::filesystem::remove_all(folder);
}
BENCHMARK(Report)
    ->Arg(1000)
    ->Arg(10000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace msdbench
