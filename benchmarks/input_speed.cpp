#include "benchmarks/input_speed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "benchmarks/batch_stream.h"
#include "benchmarks/machine/host.h"
#include "benchmarks/stopwatch.h"
#include "reports/random.h"

namespace msdbench {
namespace {

const at::Tensor& ImagesOf(const EncodedSplit& split) {
  return split.features.defined() ? split.features : split.pixels;
}

// Copies so many bytes through a buffer that stays in a core's cache, around
// the whole map as often as needed.
double PlainReadSeconds(const at::Tensor& mapped, double bytes) {
  constexpr std::size_t kBlock = std::size_t{1} << 18;
  std::vector<char> buffer(kBlock);
  const auto* data = static_cast<const char*>(mapped.data_ptr());
  const std::size_t size = mapped.nbytes();
  const Stopwatch watch;
  std::size_t place = 0;
  for (double left = bytes; left > 0;) {
    const std::size_t block = std::min(kBlock, size - place);
    std::memcpy(buffer.data(), data + place, block);
    left -= static_cast<double>(block);
    place = place + block < size ? place + block : 0;
  }
  // So that no compiler leaves the copies out.
  volatile char seen = buffer[0];
  static_cast<void>(seen);
  return watch.Seconds();
}

std::string RateText(double amount, double seconds) {
  return fmt::format("{:.0f}", amount / std::max(seconds, 1e-9));
}

}  // namespace

InputSpeed MeasureInput(const DatasetPlan& plan, const Places& places,
                        int threads, c10::Device device) {
  const PreparedData data =
      PrepareData(plan, places, threads, ReportToStderr());
  InputSpeed speed;
  speed.dataset = plan.name();
  speed.examples = data.train.size();
  speed.loading_s = data.loading_s;
  std::vector<std::int64_t> order = data.all_rows;
  Random(plan.options.split_seed, "input speed").Shuffle(order);

  const Stopwatch watch;
  BatchStream stream(data.train, order, plan.student.training.batch_size,
                     device);
  while (stream.Next()) {
  }
  speed.batches_s = watch.Seconds();

  const at::Tensor& images = ImagesOf(data.train);
  speed.bytes = static_cast<double>(images[0].nbytes()) *
                static_cast<double>(speed.examples);
  speed.plain_read_s = PlainReadSeconds(images, speed.bytes);
  const ProcessMemory memory = DescribeProcessMemory();
  speed.private_mib = memory.private_mib;
  speed.peak_mib = memory.peak_mib;
  return speed;
}

Table InputSpeedTable(const std::vector<InputSpeed>& speeds) {
  Table table;
  table.title = "Input";
  table.caption =
      "An epoch of shuffled batches as training gets them, on one thread, "
      "beside a plain copy of as many bytes from the same file in order; "
      "memory of the process so far in MiB, private without mapped files.";
  table.columns = {{"Data set", false}, {"Examples"}, {"Loading s"},
                   {"Examples/s"},      {"MB/s"},     {"Plain MB/s"},
                   {"Private MiB"},     {"Peak MiB"}};
  for (const InputSpeed& speed : speeds) {
    const auto cell = [](std::string text) {
      return Cell{std::move(text), {}, {}};
    };
    table.rows.push_back(
        {cell(speed.dataset), cell(std::to_string(speed.examples)),
         cell(fmt::format("{:.1f}", speed.loading_s)),
         cell(RateText(static_cast<double>(speed.examples), speed.batches_s)),
         cell(RateText(speed.bytes / 1e6, speed.batches_s)),
         cell(RateText(speed.bytes / 1e6, speed.plain_read_s)),
         cell(fmt::format("{:.0f}", speed.private_mib)),
         cell(fmt::format("{:.0f}", speed.peak_mib))});
  }
  return table;
}

}  // namespace msdbench
