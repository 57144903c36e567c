// Hateful Memes in miniature: the pairing decides. A meme is "hateful" (1)
// when its text names the picture's colour, but for a share of mislabelled
// pictures; every picture and every colour word stands with both
// labels equally often, so that either alone says nothing.
#include <fmt/format.h>

#include "datasets/made_folder.h"
#include "datasets/miniature/drawing.h"
#include "datasets/miniature/generators.h"
#include "datasets/miniature/sentences.h"
#include "datasets/written_records.h"

namespace msdbench {
namespace {

const std::vector<std::string> kTemplates = {
    "when the {} one is _ _", "_ people and _ {}", "nobody wants {} _",
    "{} again this _ _",      "_ my _ looks {}",   "they said {} is _",
};

constexpr double kMislabelled = 0.1;

}  // namespace

Json MakeMiniatureMemes(const MiniatureOptions& options,
                        const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder / "img");
  // The pairing takes one of two values and is right but for the mislabelled
  // share of either label: the area is (sensitivity + specificity) / 2.
  Json planted = PlantedRule(
      "label 1 = the text names the colour in the picture, the other "
      "way round for one picture in ten; roc_auc",
      1 - kMislabelled, 0.5, 0.5);
  int id = 10000;
  const auto write_split = [&](const std::string& name, std::int64_t count) {
    Random random(options.seed, "memes " + name);
    std::string lines;
    for (std::int64_t i = 0; i < count; i += 2) {
      const Figure figure{static_cast<int>(random.Below(kColours)),
                          static_cast<int>(random.Below(kShapes))};
      const std::string picture = fmt::format("img/{:05}.png", id);
      WritePicture(
          folder / picture,
          EncodePng(DrawFigures(figure, 1, options.image_size, random)));
      const int shown = figure.colour;
      const int other =
          (shown + 1 + static_cast<int>(random.Below(kColours - 1))) % kColours;
      const int first = static_cast<int>(random.Below(2));
      // Both labels of a picture at once, which keeps the balance.
      const bool swapped = random.Uniform() < kMislabelled;
      for (int k = 0; k < 2 && i + k < count; ++k) {
        const int label = (first + k) % 2;
        const int word = (label == 1) != swapped ? shown : other;
        lines += MemeLine(id, picture, label,
                          FillTemplate(kTemplates, kColourWords[word], random));
        if (name == "test_seen") {
          planted["informative"][std::to_string(id)] = "both";
        }
        ++id;
      }
    }
    WriteFileAtomically(folder / (name + ".jsonl"), lines);
  };
  write_split("train", options.train);
  write_split("dev_seen", options.dev);
  write_split("test_seen", options.test);
  return planted;
}

}  // namespace msdbench
