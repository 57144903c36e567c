#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/cli/cli.h"
#include "benchmarks/cli/numbers.h"
#include "benchmarks/cli/suite_arguments.h"
#include "benchmarks/json_lines.h"
#include "benchmarks/runner.h"
#include "benchmarks/suite.h"
#include "benchmarks/tensorboard.h"

namespace msdbench {
namespace {

struct Arguments {
  SuiteArguments suite;
  std::string out, shard;
  std::vector<std::string> seeds;
  int jobs = 0, threads = 0;
  double memory = 0;
  bool fresh = false, quiet = false, validate = false, save_models = false;
  bool json_lines = false;
  std::string tensorboard;
};

void ParseShard(const std::string& text, RunnerOptions& options) {
  if (text.empty()) return;
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto shard = ParseWholeNumber(text.substr(0, slash));
  const auto shards =
      ParseWholeNumber(text.substr(std::min(slash + 1, text.size())));
  constexpr std::int64_t kMostShards = 1'000'000;
  if (!shard || !shards || *shard >= *shards || *shards > kMostShards) {
    throw UsageError(
        fmt::format("--shard {}: i/n with 0 <= i < n <= {} is wanted, as 0/4",
                    text, kMostShards));
  }
  options.shard = static_cast<int>(*shard);
  options.shards = static_cast<int>(*shards);
}

ExitCode Run(const Arguments& arguments) {
  Json json = arguments.suite.LoadJson();
  if (!arguments.seeds.empty()) {
    json["seeds"] = ParseSeeds("--seeds", arguments.seeds);
  }
  const Suite suite = ParseSuite(json, arguments.suite.suite);
  RunnerOptions options;
  options.device = ParseDevice(arguments.suite.device);
  ParseShard(arguments.shard, options);
  if (arguments.validate) {
    std::printf("%s\n", json.dump(2).c_str());
    return ExitCode::kOk;
  }

  options.out = arguments.out.empty() ? "runs/" + suite.name : arguments.out;
  options.places = arguments.suite.PlacesOr(options.out);
  options.jobs = arguments.jobs;
  options.threads = arguments.threads;
  options.memory = arguments.memory;
  options.fresh = arguments.fresh;
  options.save_models = arguments.save_models;
  options.progress =
      arguments.quiet ? ProgressStyle::kQuiet : DetectProgressStyle();
  if (arguments.json_lines) {
    options.listeners.push_back(std::make_shared<JsonLines>(stdout));
  }
  if (!arguments.tensorboard.empty()) {
    options.listeners.push_back(
        std::make_shared<TensorBoard>(arguments.tensorboard));
  }

  const SuiteOutcome outcome = RunSuite(suite, options);
  std::fprintf(stderr, "%s\n",
               fmt::format("{} run, {} reused, {} failed in {}; records in {}",
                           outcome.done, outcome.reused, outcome.failed,
                           ClockText(outcome.seconds), options.out.string())
                   .c_str());
  if (!arguments.quiet) {
    std::fprintf(stderr, "time of %s\n", outcome.phases.c_str());
  }
  if (outcome.bad_data) return ExitCode::kData;
  return outcome.failed > 0 ? ExitCode::kRunFailed : ExitCode::kOk;
}

}  // namespace

c10::Device ParseDevice(const std::string& name) {
  if (name == "cpu") return c10::kCPU;
  if (name == "auto") return at::hasCUDA() ? c10::kCUDA : c10::kCPU;
  try {
    const c10::Device device(name);
    if (device.is_cuda()) {
      if (!at::hasCUDA()) {
        throw UsageError("--device " + name +
                         ": this LibTorch finds no CUDA device; msdbench "
                         "doctor says more");
      }
      if (device.index() >= at::detail::getCUDAHooks().getNumGPUs()) {
        throw UsageError(fmt::format(
            "--device {}: there are {} CUDA devices, counted from 0", name,
            at::detail::getCUDAHooks().getNumGPUs()));
      }
      return device;
    }
  } catch (const c10::Error&) {
    // Falls through to the one message below.
  }
  throw UsageError("--device " + name +
                   ": auto, cpu, cuda or cuda:N is wanted");
}

void AddRunCommand(CLI::App& app, const Chosen& chosen) {
  CLI::App* command = app.add_subcommand(
      "run", "Run a suite: train, distil, score; one JSON record a run");
  auto arguments = std::make_shared<Arguments>();
  arguments->suite.AddTo(*command);
  command->add_option("--out", arguments->out,
                      "Where records go (default: runs/<suite name>)");
  command
      ->add_option("--jobs", arguments->jobs,
                   "Runs at a time (default: one a core, one on CUDA)")
      ->check(WholeNumber(1, 1024));
  command
      ->add_option("--threads", arguments->threads,
                   "Threads of each run (default: cores / jobs)")
      ->check(WholeNumber(1, 1024));
  command
      ->add_option("--memory", arguments->memory,
                   "GiB for all runs at a time, by estimate; those that do not "
                   "fit wait (default: four fifths of what is free)")
      ->check(DecimalNumber(0.001, 1e6));
  command->add_option("--shard", arguments->shard,
                      "i/n: only every n-th run, for n machines");
  command->add_option("--seeds", arguments->seeds,
                      "Instead of the suite's, as 1,2,3");
  command->add_flag("--fresh", arguments->fresh,
                    "Run again what is already recorded (teachers still come "
                    "from the cache)");
  command->add_flag("--save-models", arguments->save_models,
                    "Keep trained models beside the records, in HuggingFace's "
                    "layout");
  command->add_flag("--validate", arguments->validate,
                    "Only check the suite and print it as it would be used");
  command->add_flag("--json-lines", arguments->json_lines,
                    "Every event as a line of JSON on stdout");
  command->add_option("--tensorboard", arguments->tensorboard,
                      "Writes losses, dev metrics and weights by epoch here, "
                      "for TensorBoard");
  command->add_flag("--quiet", arguments->quiet,
                    "No progress, only the result");
  command->footer(
      "Finished runs are kept and not run again: the same command continues\n"
      "where it was stopped.\n\n"
      "Examples:\n"
      "  msdbench run quick --data-root data/miniature\n"
      "  msdbench run my_suite.json --data-root ~/data --seeds 1,2,3\n"
      "  msdbench run quick --data-root data/miniature --methods none,kd \\\n"
      "    --set distillation.temperature=4 --out runs/hot");
  command->callback([=] { chosen([=] { return Run(*arguments); }); });
}

}  // namespace msdbench
