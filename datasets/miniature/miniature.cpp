#include "datasets/miniature/miniature.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "datasets/made_folder.h"
#include "datasets/miniature/generators.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

// Raised whenever the same options would draw other bytes.
constexpr int kGeneratorVersion = 1;

struct Generator {
  const char* format;
  Json (*make)(const MiniatureOptions&, const std::filesystem::path&);
};
constexpr Generator kGenerators[] = {
    {"hateful_memes", MakeMiniatureMemes},
    {"mm_imdb", MakeMiniatureMovies},
    {"snli_ve", MakeMiniatureEntailment},
    {"vqa_v2", MakeMiniatureQuestions},
};

void CheckOptions(const MiniatureOptions& options) {
  const auto check = [](const char* name, std::int64_t value,
                        std::int64_t least, std::int64_t most) {
    if (value < least || value > most) {
      throw UsageError(fmt::format("--{} {}: from {} to {} is allowed", name,
                                   value, least, most));
    }
  };
  // Fewer leave rare labels without an example.
  check("train", options.train, 60, 1000000);
  check("dev", options.dev, 12, 1000000);
  check("test", options.test, 12, 1000000);
  check("image-size", options.image_size, 16, 512);
}

std::vector<Generator> Choose(const std::vector<std::string>& formats) {
  std::vector<Generator> chosen;
  std::vector<std::string> known;
  for (const Generator& generator : kGenerators) {
    known.emplace_back(generator.format);
  }
  if (formats.empty()) {
    return {std::begin(kGenerators), std::end(kGenerators)};
  }
  for (const std::string& format : formats) {
    bool found = false;
    for (const Generator& generator : kGenerators) {
      if (generator.format != format) continue;
      chosen.push_back(generator);
      found = true;
    }
    if (!found) {
      throw UsageError(fmt::format("\"{}\" is not one of {}", format,
                                   fmt::join(known, ", ")));
    }
  }
  return chosen;
}

}  // namespace

Json PlantedRule(const std::string& rule, double multimodal, double text,
                 double image) {
  return {
      {"rule", rule},
      {"bayes", {{"multimodal", multimodal}, {"text", text}, {"image", image}}},
      {"informative", Json::object()}};
}

void MakeMiniature(const MiniatureOptions& options,
                   const std::vector<std::string>& formats) {
  CheckOptions(options);
  const Json wanted = {{"generator_version", kGeneratorVersion},
                       {"seed", options.seed},
                       {"train", options.train},
                       {"dev", options.dev},
                       {"test", options.test},
                       {"image_size", options.image_size}};
  for (const Generator& generator : Choose(formats)) {
    const std::filesystem::path folder = options.out / generator.format;
    MakeFolder(
        {folder, "miniature.json", "planted.json", "a miniature data set"},
        wanted, [&] { return generator.make(options, folder); });
  }
}

}  // namespace msdbench
