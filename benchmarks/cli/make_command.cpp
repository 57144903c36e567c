#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/cli/cli.h"
#include "benchmarks/cli/numbers.h"
#include "benchmarks/made_summary.h"
#include "benchmarks/progress.h"
#include "datasets/clipart/clipart.h"
#include "datasets/miniature/miniature.h"
#include "reports/exact_integer.h"
#include "reports/own_input.h"

namespace msdbench {
namespace {

constexpr std::int64_t kMost = 1'000'000'000;

constexpr char kMiniature[] = "miniature", kOpenclipart[] = "openclipart";

struct Arguments {
  std::string from = kMiniature, out;
  std::uint64_t seed = 0;
  std::vector<std::string> formats;
  MiniatureOptions miniature;
  ClipartOptions clipart;
  // What only one of the two takes.
  std::vector<CLI::Option*> of_miniature, of_clipart;

  std::string Out() const { return out.empty() ? "data/" + from : out; }
};

void RefuseGiven(const std::vector<CLI::Option*>& options,
                 const std::string& from) {
  for (const CLI::Option* option : options) {
    if (option->count() > 0) {
      throw UsageError(
          fmt::format("{} is not for --from {}", option->get_name(), from));
    }
  }
}

void MakeMiniatureSets(const Arguments& arguments) {
  RefuseGiven(arguments.of_clipart, kMiniature);
  MiniatureOptions options = arguments.miniature;
  options.out = arguments.Out();
  options.seed = arguments.seed;
  MakeMiniature(options, arguments.formats);
  std::fprintf(stderr, "miniature data sets in %s\n", options.out.c_str());
}

void MakeClipartSets(const Arguments& arguments) {
  RefuseGiven(arguments.of_miniature, kOpenclipart);
  ClipartOptions options = arguments.clipart;
  options.out = arguments.Out();
  options.seed = arguments.seed;
  if (LiesIn(options.out, options.source) ||
      LiesIn(options.source, options.out)) {
    throw UsageError(fmt::format(
        "--out {}: lies in the pictures' folder {} or the other way round; "
        "name another place",
        options.out.string(), options.source.string()));
  }
  {
    Progress progress(DetectProgressStyle(), 1, 1, stderr, "steps");
    int step = -1;
    options.progress = [&](double share) { progress.Step(step, share); };
    step = progress.Begin("Open Clip Art", 1);
    MakeClipart(options, arguments.formats);
    progress.End(step, "in " + options.out.string());
  }
  for (const std::string& format :
       arguments.formats.empty() ? ClipartFormats() : arguments.formats) {
    std::fputs(MadeSummary(format, options.out / format).c_str(), stdout);
  }
}

void AddMiniatureOptions(CLI::App& command, Arguments& arguments) {
  MiniatureOptions& options = arguments.miniature;
  const auto add = [&](const char* name, std::int64_t& value,
                       const char* what) {
    arguments.of_miniature.push_back(command.add_option(name, value, what)
                                         ->check(WholeNumber(0, kMost))
                                         ->capture_default_str()
                                         ->group("Miniature data sets"));
  };
  add("--train", options.train, "Training examples a data set");
  add("--dev", options.dev, "Examples for selection");
  add("--test", options.test, "Test examples");
  add("--image-size", options.image_size, "Pixels");
}

void AddClipartOptions(CLI::App& command, Arguments& arguments) {
  ClipartOptions& options = arguments.clipart;
  const auto add = [&](CLI::Option* option) {
    arguments.of_clipart.push_back(
        option->capture_default_str()->group("Open Clip Art"));
  };
  add(command.add_option("--source", options.source,
                         "Folder with the packages' png/ and svg/"));
  add(command
          .add_option("--limit", options.limit,
                      "Look at so many pictures, drawn by seed (0: all)")
          ->check(WholeNumber(0, kMost)));
}

}  // namespace

void AddMakeCommand(CLI::App& data, const Chosen& chosen) {
  CLI::App* command = data.add_subcommand(
      "make", "Make data sets in the authors' layouts that anybody may have");
  auto arguments = std::make_shared<Arguments>();
  command
      ->add_option("--from", arguments->from,
                   "miniature: drawn, with a planted rule; openclipart: "
                   "Debian's packages openclipart-png and openclipart-svg")
      ->check(CLI::IsMember({kMiniature, kOpenclipart}))
      ->capture_default_str();
  command->add_option("--out", arguments->out,
                      "Gets one folder a data set (default: data/ and what "
                      "--from says)");
  command->add_option("--seed", arguments->seed, "Of everything that is drawn")
      ->check(WholeNumber(0, kLargestExactInteger))
      ->capture_default_str();
  command->add_option("--datasets", arguments->formats, "Only these")
      ->delimiter(',');
  AddMiniatureOptions(*command, *arguments);
  AddClipartOptions(*command, *arguments);
  command->footer(
      "The miniature sets' rule is told in each folder's planted.json, that "
      "of\n"
      "the clip art, with what was left out and why, in about.json.\n\n"
      "Examples:\n"
      "  msdbench data make --out data/miniature\n"
      "  msdbench data make --out data/tiny --train 200 --datasets snli_ve\n"
      "  msdbench data make --from openclipart --out data/openclipart");
  command->callback([=] {
    chosen([=] {
      arguments->from == kMiniature ? MakeMiniatureSets(*arguments)
                                    : MakeClipartSets(*arguments);
      return ExitCode::kOk;
    });
  });
}

}  // namespace msdbench
