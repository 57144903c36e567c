#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "baselines/models/weights_import.h"
#include "benchmarks/cli/cli.h"
#include "benchmarks/cli/numbers.h"
#include "reports/input_file.h"
#include "reports/own_input.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

// Neither a downloaded folder nor a file in it may be made over into what is
// read from it.
void CheckPlace(const ImportOptions& options) {
  const fs::path folder = IsFolder(options.from)
                              ? options.from
                              : fs::absolute(options.from).parent_path();
  RefuseOwnInput("--out", options.out, {folder, options.from});
  std::vector<fs::path> inputs = {options.vocabulary};
  std::error_code absent;  // the import itself says so
  for (const auto& entry : fs::directory_iterator(folder, absent)) {
    inputs.push_back(entry.path());
  }
  for (const auto& entry : fs::directory_iterator(options.out, absent)) {
    RefuseOwnInput("--out", entry.path(), inputs);
  }
}

void AddImport(CLI::App& weights, const Chosen& chosen) {
  CLI::App* command = weights.add_subcommand(
      "import", "Turn downloaded weights into a folder that suites can name");
  auto options = std::make_shared<ImportOptions>();
  command
      ->add_option("--from", options->from,
                   "A file (.safetensors, .bin, .pth) or a folder with one")
      ->required();
  command
      ->add_option("--out", options->out, "The folder to make, as weights/NAME")
      ->required();
  command->add_option("--vocabulary", options->vocabulary,
                      "vocab.txt or tokenizer.json, when not beside the "
                      "weights");
  command->add_option("--padding", options->padding, "Of image weights")
      ->check(CLI::IsMember({"symmetric", "same"}));
  command
      ->add_option("--image-size", options->image_size,
                   "Pixels a side (default 224)")
      ->check(WholeNumber(32, 4096));
  command->add_option("--mean", options->mean, "Of pixels in [0, 1], r,g,b")
      ->delimiter(',')
      ->check(DecimalNumber(-1e6, 1e6));
  command->add_option("--deviation", options->deviation, "Likewise")
      ->delimiter(',')
      ->check(DecimalNumber(1e-6, 1e6));
  command->footer(
      "Knows BERT, TinyBERT and VisualBERT in HuggingFace's layout, and\n"
      "ResNet-18, ResNet-50 and EfficientNet-Lite0 by torchvision's or timm's\n"
      "names. Nothing in a file is executed; nothing is downloaded.\n\n"
      "Examples:\n"
      "  msdbench weights import --from all-MiniLM-L6-v2 \\\n"
      "    --out weights/minilm-l6\n"
      "  msdbench weights import --from resnet18-f37072fd.pth \\\n"
      "    --out weights/resnet18");
  command->callback([=] {
    chosen([=] {
      CheckPlace(*options);
      const ImportedWeights imported = ImportWeights(*options);
      std::fprintf(stderr, "%s\n",
                   fmt::format("{}: {}, {} tensors, {:.1f} million parameters",
                               options->out.string(), imported.architecture,
                               imported.tensors,
                               static_cast<double>(imported.parameters) / 1e6)
                       .c_str());
      for (const std::string& note : imported.notes) {
        std::fprintf(stderr, "  %s\n", note.c_str());
      }
      return ExitCode::kOk;
    });
  });
}

}  // namespace

void AddWeightsCommand(CLI::App& app, const Chosen& chosen) {
  CLI::App* weights = app.add_subcommand("weights", "Pretrained weights");
  weights->require_subcommand(1);
  weights->footer(
      "Example:\n"
      "  msdbench weights import --from all-MiniLM-L6-v2 \\\n"
      "    --out weights/minilm-l6");
  AddImport(*weights, chosen);
}

}  // namespace msdbench
