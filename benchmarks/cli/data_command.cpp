#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/cli/cli.h"
#include "benchmarks/cli/data_features_commands.h"
#include "benchmarks/cli/data_speed_command.h"
#include "benchmarks/cli/numbers.h"
#include "datasets/dataset.h"
#include "datasets/verify/render.h"
#include "datasets/verify/verify.h"

namespace msdbench {
namespace {

void AddVerify(CLI::App& data, const Chosen& chosen) {
  struct Arguments {
    VerifyOptions options;
    std::string data_root = "data", path;
    bool quick = false, as_json = false;
  };
  CLI::App* command = data.add_subcommand(
      "verify", "What a data set's folder holds, and what is missing in it");
  auto arguments = std::make_shared<Arguments>();
  std::vector<std::string> formats;
  for (const DatasetFormat& format : DatasetFormats()) {
    formats.push_back(format.name);
  }
  command->add_option("--dataset", arguments->options.format, "Which format")
      ->required()
      ->check(CLI::IsMember(formats));
  command
      ->add_option("--data-root", arguments->data_root,
                   "Folder with one folder a data set")
      ->capture_default_str();
  command->add_option("--path", arguments->path,
                      "Folder below the root (default: the data set's name)");
  command->add_flag("--quick", arguments->quick,
                    "Look for images without decoding them");
  command
      ->add_option("--threads", arguments->options.threads,
                   "Decode on so many (default: one a core)")
      ->check(WholeNumber(1, 1024))
      ->default_val(std::clamp(std::thread::hardware_concurrency(), 1U, 1024U));
  command->add_flag("--json", arguments->as_json,
                    "For machines, with every list whole");
  command->footer(
      "Exit code 3 when a run would be refused, whichever splits its suite\n"
      "names; 0 otherwise, with warnings where there is something to know.\n\n"
      "Examples:\n"
      "  msdbench data verify --dataset vqa_v2 --data-root data\n"
      "  msdbench data verify --dataset snli_ve --data-root data --path nlvr "
      "--json");
  command->callback([=] {
    chosen([=] {
      VerifyOptions options = arguments->options;
      options.root =
          std::filesystem::path(arguments->data_root) /
          (arguments->path.empty() ? options.format : arguments->path);
      options.decode = !arguments->quick;
      if (options.decode) {
        std::fprintf(stderr, "decoding every image of %s (--quick does not)\n",
                     options.root.c_str());
      }
      const VerifyReport report = Verify(options);
      // Names and errors may quote bytes that are no UTF-8.
      const std::string text =
          arguments->as_json
              ? VerifyJson(report).dump(2, ' ', /*ensure_ascii=*/false,
                                        Json::error_handler_t::replace) +
                    "\n"
              : VerifyText(report);
      std::fputs(text.c_str(), stdout);
      return report.usable() ? ExitCode::kOk : ExitCode::kData;
    });
  });
}

}  // namespace

void AddDataCommand(CLI::App& app, const Chosen& chosen) {
  CLI::App* data = app.add_subcommand("data", "Check, make and pack data sets");
  data->require_subcommand(1);
  data->footer(
      "Examples:\n"
      "  msdbench data verify --dataset hateful_memes --data-root data\n"
      "  msdbench data make --out data/miniature\n"
      "  msdbench data make --from openclipart --out data/openclipart");
  AddVerify(*data, chosen);
  AddMakeCommand(*data, chosen);
  AddPack(*data, chosen);
  AddFeatures(*data, chosen);
  AddSpeed(*data, chosen);
}

}  // namespace msdbench
