#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/cli/cli.h"
#include "datasets/miniature/miniature.h"

namespace msdbench {
namespace {

void AddMake(CLI::App& data, const Chosen& chosen) {
  struct Arguments {
    std::string out = "data/miniature";
    MiniatureOptions options;
    std::vector<std::string> formats;
  };
  CLI::App* command = data.add_subcommand(
      "make", "Draw the miniature data sets, in the four sets' own layouts");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("--out", arguments->out, "Gets one folder a data set")
      ->capture_default_str();
  command->add_option("--seed", arguments->options.seed)->capture_default_str();
  command
      ->add_option("--train", arguments->options.train,
                   "Training examples a data set")
      ->capture_default_str();
  command->add_option("--dev", arguments->options.dev)->capture_default_str();
  command->add_option("--test", arguments->options.test)->capture_default_str();
  command->add_option("--image-size", arguments->options.image_size, "Pixels")
      ->capture_default_str();
  command->add_option("--datasets", arguments->formats, "Only these")
      ->delimiter(',');
  command->footer(
      "Labels follow a planted rule, told in each folder's planted.json.\n\n"
      "Examples:\n"
      "  msdbench data make --out data/miniature\n"
      "  msdbench data make --out data/tiny --train 200 --datasets snli_ve");
  command->callback([=] {
    chosen([=] {
      arguments->options.out = arguments->out;
      MakeMiniature(arguments->options, arguments->formats);
      std::fprintf(stderr, "miniature data sets in %s\n",
                   arguments->out.c_str());
      return ExitCode::kOk;
    });
  });
}

}  // namespace

void AddDataCommand(CLI::App& app, const Chosen& chosen) {
  CLI::App* data = app.add_subcommand("data", "Make data sets");
  data->require_subcommand(1);
  data->footer("Example:\n  msdbench data make --out data/miniature");
  AddMake(*data, chosen);
}

}  // namespace msdbench
