// Hateful Memes' layout: does the text, a title with its keywords, belong to
// the picture (0) or not (1)? Each picture and each text stands once with
// either label, so that neither alone says anything. A wrong text is that of a
// picture with no label in common: a person sees that it is wrong, in any
// language.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "datasets/clipart/matching.h"
#include "datasets/clipart/tasks.h"
#include "datasets/clipart/words.h"
#include "datasets/written_records.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

std::vector<std::size_t> WithTitle(const ClipartTask& task,
                                   const ClipartSplit& split) {
  std::vector<std::size_t> items;
  for (const std::size_t item : split.items) {
    if (!task.catalogue.items[item].title.empty()) items.push_back(item);
  }
  return items;
}

// "Rooster (food, animal)".
std::string TextOf(const ClipartTask& task, std::size_t index) {
  const ClipartItem& item = task.catalogue.items[index];
  std::vector<std::string> names;
  for (const int label : item.labels) {
    names.push_back(task.catalogue.labels[static_cast<std::size_t>(label)]);
  }
  return fmt::format("{} ({})", item.title, fmt::join(names, ", "));
}

}  // namespace

std::string MakeClipartMemes(const ClipartTask& task,
                             const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder / "img");
  const std::vector<ClipartItem>& all = task.catalogue.items;
  const Fit wrong = [&](std::size_t item, std::size_t partner) {
    return ShareNoLabel(all[item], all[partner]) &&
           TitleKey(all[item].title) != TitleKey(all[partner].title);
  };
  std::vector<ClipartFile> files;
  std::int64_t id = 10000;
  for (const ClipartSplit& split : task.splits) {
    Random random(task.seed, fmt::format("clipart memes {}", split.name));
    std::vector<std::size_t> items = WithTitle(task, split);
    random.Shuffle(items);
    const std::vector<std::size_t> partner =
        MatchPartners(items, wrong, random);
    if (items.empty()) FailEmptySplit("hateful_memes", split.name);
    std::string lines;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string picture = fmt::format("img/{:05}.png", id);
      files.push_back({folder / picture, items[i]});
      const auto first = static_cast<int>(random.Below(2));
      for (const int label : {first, 1 - first}) {
        const std::size_t titled = label == 0 ? items[i] : items[partner[i]];
        lines += MemeLine(id++, picture, label, TextOf(task, titled));
      }
    }
    const std::string name =
        split.name + std::string(&split == &task.splits[0] ? "" : "_seen");
    WriteFileAtomically(folder / (name + ".jsonl"), lines);
  }
  WriteClipartFiles(task.catalogue, files);
  return "label 0 = the title and the keywords behind it are the picture's "
         "own, "
         "1 = they are those of a picture with no label in common; each "
         "picture "
         "and each text stands with both labels equally often";
}

}  // namespace msdbench
