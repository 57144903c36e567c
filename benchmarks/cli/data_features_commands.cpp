#include "benchmarks/cli/data_features_commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "benchmarks/cache_file.h"
#include "benchmarks/cli/numbers.h"
#include "benchmarks/machine/host.h"
#include "benchmarks/places.h"
#include "benchmarks/progress.h"
#include "benchmarks/visual_features.h"
#include "benchmarks/work_report.h"
#include "datasets/dataset.h"
#include "datasets/verify/scan.h"
#include "reports/input_file.h"
#include "reports/own_input.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

struct PackArguments {
  std::string from, out, dataset, data_root = "data", path, weights,
                                  weights_root = "weights", precision = "fp32";
  std::int64_t grid = 0;
  PackOptions options;
};

std::string Described(const PackedFeatures& store) {
  const PackedShape& shape = store.shape();
  return fmt::format("{} images, {} tokens of width {}, {}, {:.1f} MB",
                     shape.images, shape.tokens, shape.width,
                     NameOf(shape.precision),
                     static_cast<double>(shape.images) *
                         static_cast<double>(shape.RowBytes()) / 1e6);
}

// The pictures of every split that is there, as paths.
std::vector<fs::path> PicturesOf(const PackArguments& arguments) {
  const fs::path root =
      fs::path(arguments.data_root) /
      (arguments.path.empty() ? arguments.dataset : arguments.path);
  const Scan scan = ScanDataset(arguments.dataset, root);
  std::vector<fs::path> pictures;
  for (const std::string& name : scan.images) {
    pictures.push_back(scan.root / name);
  }
  if (pictures.empty()) {
    throw DataError(root.string() + ": no split names a picture");
  }
  return pictures;
}

// A store lies in a data set's folder, beside pictures and annotations that it
// must not replace.
void CheckPackPlace(const PackArguments& arguments) {
  const fs::path out = arguments.out;
  if (!arguments.from.empty()) {
    RefuseOwnInput("--out", out, {arguments.from});
    if (LiesIn(out, arguments.from)) {
      throw UsageError("--out " + arguments.out + ": lies in " +
                       arguments.from + ", which is read; name another place");
    }
  }
  if (!IsFile(out)) return;
  try {
    const PackedFeatures older(out);
  } catch (const Error&) {
    throw UsageError("--out " + arguments.out +
                     ": is there and is no store that data pack wrote; name "
                     "another place, or remove it");
  }
}

ExitCode Pack(PackArguments arguments) {
  if (arguments.from.empty() == arguments.weights.empty() ||
      arguments.weights.empty() != arguments.dataset.empty()) {
    throw UsageError(
        "data pack: either --from, or --dataset with --weights is wanted");
  }
  if (arguments.grid > 0 && arguments.weights.empty()) {
    throw UsageError("data pack: --grid goes with --weights");
  }
  if (arguments.options.tokens > 0 && arguments.from.empty()) {
    throw UsageError("data pack: --tokens goes with --from");
  }
  CheckPackPlace(arguments);
  PackOptions& options = arguments.options;
  options.precision = arguments.precision == "fp16" ? FeaturePrecision::kFp16
                                                    : FeaturePrecision::kFp32;
  Progress progress(DetectProgressStyle(), 1, 1);
  const int run = progress.Begin("pack " + arguments.out, 1);
  std::int64_t cut = 0;
  std::optional<LongWork> work;
  const auto tell = [&](const std::string& what, std::size_t images) {
    WorkReport report;
    report.phase = [&](const std::string& line) { progress.Phase(run, line); };
    work.emplace(report, fmt::format("{} of {} images", what, images), images);
    options.progress = [&work](std::size_t done) { (*work)(done); };
  };
  if (!arguments.from.empty()) {
    const auto source = OpenFeatureSource(arguments.from);
    const std::vector<std::string> names = source->Names();
    tell("packing the features", names.size());
    cut = PackFeatures(*source, names, arguments.out, options);
  } else {
    Places places;
    places.weights_root = arguments.weights_root;
    const std::vector<fs::path> pictures = PicturesOf(arguments);
    const std::vector<std::string> names = EntryNames(pictures);
    const GridBackbone backbone(places.Weights(arguments.weights));
    for (const std::string& line : backbone.config().differences) {
      progress.Note(line);
    }
    tell("computing the features", pictures.size());
    PackBackboneFeatures(backbone, arguments.grid, pictures, names,
                         arguments.out, options);
  }
  progress.End(run, Described(PackedFeatures(arguments.out)));
  if (cut > 0) {
    progress.Note(
        fmt::format("{} images had more than {} tokens: the first "
                    "ones were kept",
                    cut, options.tokens));
  }
  return ExitCode::kOk;
}

}  // namespace

void AddPack(CLI::App& data, const Chosen& chosen) {
  CLI::App* command = data.add_subcommand(
      "pack", "Put visual features into one mapped, checksummed file");
  auto arguments = std::make_shared<PackArguments>();
  command->add_option("--out", arguments->out, "The store, a .safetensors file")
      ->required();
  command->add_option("--from", arguments->from,
                      "Features there are: an LMDB, a folder of .npy files, a "
                      "packed store");
  std::vector<std::string> formats;
  for (const DatasetFormat& format : DatasetFormats()) {
    formats.push_back(format.name);
  }
  command
      ->add_option("--dataset", arguments->dataset,
                   "Or the pictures of a data set of this format ...")
      ->check(CLI::IsMember(formats));
  command
      ->add_option("--data-root", arguments->data_root,
                   "Folder with one folder a data set")
      ->capture_default_str();
  command->add_option("--path", arguments->path,
                      "Folder below the root (default: the data set's name)");
  command->add_option("--weights", arguments->weights,
                      "... through image weights (msdbench weights import)");
  command
      ->add_option("--weights-root", arguments->weights_root,
                   "Folder of pretrained weights")
      ->capture_default_str();
  command
      ->add_option("--grid", arguments->grid,
                   "Cells a side after pooling; 0 = as the network has")
      ->check(WholeNumber(0, 64))
      ->capture_default_str();
  command
      ->add_option("--precision", arguments->precision,
                   "Of the stored numbers; fp16 takes half the room")
      ->check(CLI::IsMember({"fp32", "fp16"}))
      ->capture_default_str();
  command
      ->add_option("--tokens", arguments->options.tokens,
                   "Room for so many an image, its first ones; 0 = as the "
                   "source has")
      ->check(WholeNumber(0, 100000))
      ->capture_default_str();
  command
      ->add_option("--threads", arguments->options.threads,
                   "Read on so many (default: one a core)")
      ->check(WholeNumber(1, 1024))
      ->default_val(std::min(UsableCores(), 1024));
  command->footer(
      "A suite names the store as input.features.store, a path below the data\n"
      "set's folder. An LMDB or .npy folder may be named there too: it is\n"
      "packed into the cache at first use. Pickled arrays are read without\n"
      "running what they name.\n\n"
      "Examples:\n"
      "  msdbench data pack --from features/detectron.lmdb --precision fp16 "
      "\\\n"
      "    --out data/hateful_memes/detectron.safetensors\n"
      "  msdbench data pack --dataset mm_imdb --weights efficientnet-lite0 \\\n"
      "    --grid 3 --out data/mm_imdb/grid.safetensors");
  command->callback([=] { chosen([=] { return Pack(*arguments); }); });
}

void AddFeatures(CLI::App& data, const Chosen& chosen) {
  CLI::App* command = data.add_subcommand(
      "features", "What a packed store holds; finds damaged images");
  auto file = std::make_shared<std::string>();
  command->add_option("file", *file, "A store that `data pack` wrote")
      ->required();
  command->footer(
      "Reads it whole. Exit code 3 where bytes are not what was written.\n\n"
      "Example:\n"
      "  msdbench data features data/mm_imdb/grid.safetensors");
  command->callback([=] {
    chosen([=] {
      const PackedFeatures store(*file);
      std::printf("%s: %s\n", file->c_str(), Described(store).c_str());
      if (store.cut().images > 0) {
        std::printf(
            "cut to that many tokens: %lld images, the longest of %lld\n",
            static_cast<long long>(store.cut().images),
            static_cast<long long>(store.cut().longest));
      }
      LongWork work(IsSmall(*file) ? WorkReport() : ReportToStderr(),
                    "checking every byte", store.names().size());
      const std::vector<std::string> damaged = store.Damaged(
          UsableCores(), [&work](std::size_t done) { work(done); });
      constexpr std::size_t kMostNamed = 100;
      for (std::size_t i = 0; i < std::min(damaged.size(), kMostNamed); ++i) {
        std::printf("damaged: %s\n", damaged[i].c_str());
      }
      if (!damaged.empty()) {
        std::printf("%zu of %lld images are damaged\n", damaged.size(),
                    static_cast<long long>(store.shape().images));
      }
      return damaged.empty() ? ExitCode::kOk : ExitCode::kData;
    });
  });
}

}  // namespace msdbench
