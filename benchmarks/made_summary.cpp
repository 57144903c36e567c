#include "benchmarks/made_summary.h"

#include <fmt/format.h>

#include "benchmarks/metrics.h"
#include "datasets/dataset.h"

namespace msdbench {
namespace {

std::string LabelCounts(const Dataset& dataset) {
  std::vector<std::int64_t> counts(dataset.labels.size(), 0);
  for (const Split* split : {&dataset.train, &dataset.dev, &dataset.test}) {
    for (const Example& example : split->examples) {
      for (const LabelScore& target : example.targets) {
        ++counts[static_cast<std::size_t>(target.label)];
      }
    }
  }
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", dataset.labels[i],
                        counts[i]);
  }
  return text;
}

}  // namespace

std::string MadeSummary(const std::string& format,
                        const std::filesystem::path& root) {
  DatasetOptions options;
  options.root = root;
  const Dataset dataset = LoadDataset(format, options);
  std::string text = fmt::format(
      "{}: {} train, {} dev, {} test examples\n  labels: {}\n", format,
      dataset.train.examples.size(), dataset.dev.examples.size(),
      dataset.test.examples.size(), LabelCounts(dataset));
  text += "  a constant answer reaches on test:";
  for (const MetricValue& floor :
       ConstantFloor(dataset.metrics, dataset.head, dataset.test.examples,
                     static_cast<std::int64_t>(dataset.labels.size()))) {
    text += floor.value ? fmt::format(" {} {:.3f}", floor.name, *floor.value)
                        : fmt::format(" {} undefined", floor.name);
  }
  return text + "\n  fingerprint: " + dataset.fingerprint + "\n";
}

}  // namespace msdbench
