// SNLI-VE in miniature: the image is needed. A hypothesis about the colour is
// entailed or contradicted by the picture; one about what no picture shows is
// neutral, which its words alone tell.
#include <fmt/format.h>

#include "datasets/made_folder.h"
#include "datasets/miniature/drawing.h"
#include "datasets/miniature/generators.h"
#include "datasets/miniature/sentences.h"
#include "datasets/written_records.h"

namespace msdbench {
namespace {

const std::vector<std::string> kShownTemplates = {
    "the thing is {}", "there is something {} here", "a {} thing is shown"};
const std::vector<std::string> kNeutralTemplates = {
    "the thing belongs to a _ sailor", "somebody paid too much for it",
    "it smells of _ soap", "the thing makes a _ sound",
    "a _ teacher will sell it soon"};

std::string Hypothesis(const std::string& label, const Figure& figure,
                       Random& random) {
  if (label == "neutral") return FillTemplate(kNeutralTemplates, "", random);
  int word = figure.colour;
  if (label == "contradiction") {
    word = (word + 1 + static_cast<int>(random.Below(kColours - 1))) % kColours;
  }
  return FillTemplate(kShownTemplates, kColourWords[word], random);
}

}  // namespace

Json MakeMiniatureEntailment(const MiniatureOptions& options,
                             const std::filesystem::path& folder) {
  const std::filesystem::path images = folder / "flickr30k_images";
  std::filesystem::create_directories(images);
  // Text alone knows neutral and halves the rest: 1/3 + 2/3 * 1/2.
  Json planted = PlantedRule(
      "entailment or contradiction = the picture has the colour named; "
      "neutral = what no picture shows; accuracy",
      1, 2.0 / 3, 1.0 / 3);
  std::int64_t photo = 3000000000;
  const auto write_split = [&](const std::string& name, std::int64_t count) {
    Random random(options.seed, "entailment " + name);
    std::vector<std::string> labels = {"entailment", "neutral",
                                       "contradiction"};
    std::string lines;
    for (std::int64_t i = 0; i < count; i += 3, ++photo) {
      const Figure figure{static_cast<int>(random.Below(kColours)),
                          static_cast<int>(random.Below(kShapes))};
      const std::string file = fmt::format("{}.jpg", photo);
      WritePicture(
          images / file,
          EncodeJpeg(DrawFigures(figure, 1, options.image_size, random),
                     /*quality=*/92));
      random.Shuffle(labels);
      for (std::int64_t k = 0; k < 3 && i + k < count; ++k) {
        lines += PairLine(file, k, labels[k], "A thing on a grey ground.",
                          Hypothesis(labels[k], figure, random));
        if (name == "test") {
          planted["informative"][PairId(file, k)] =
              labels[k] == "neutral" ? "text" : "both";
        }
      }
    }
    WriteFileAtomically(folder / ("snli_ve_" + name + ".jsonl"), lines);
  };
  write_split("train", options.train);
  write_split("dev", options.dev);
  write_split("test", options.test);
  return planted;
}

}  // namespace msdbench
