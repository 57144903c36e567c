// MM-IMDB's layout: which keywords has a picture with this title?
#include <fmt/format.h>

#include "datasets/clipart/tasks.h"
#include "datasets/made_folder.h"
#include "datasets/written_records.h"
#include "reports/json_file.h"
#include "reports/random.h"

namespace msdbench {

std::string MakeClipartMovies(const ClipartTask& task,
                              const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder / "dataset");
  std::vector<ClipartFile> files;
  Json splits = Json::object();
  std::int64_t id = 1;
  for (const ClipartSplit& split : task.splits) {
    Json& keys = splits[split.name] = Json::array();
    std::vector<std::size_t> items = split.items;
    Random(task.seed, fmt::format("clipart movies {}", split.name))
        .Shuffle(items);
    for (const std::size_t index : items) {
      const ClipartItem& item = task.catalogue.items[index];
      if (item.title.empty()) continue;
      const std::string key = fmt::format("{:07}", id++);
      std::vector<std::string> names;
      for (const int label : item.labels) {
        names.push_back(task.catalogue.labels[static_cast<std::size_t>(label)]);
      }
      // Small files by the thousand: written as pictures are, without a flush
      // to disk each.
      WritePicture(folder / "dataset" / (key + ".json"),
                   FilmRecord(item.title, names, item.title));
      files.push_back({folder / "dataset" / (key + ".jpeg"), index});
      keys.push_back(key);
    }
    if (keys.empty()) FailEmptySplit("mm_imdb", split.name);
  }
  WriteFileAtomically(folder / "split.json", splits.dump());
  WriteFileAtomically(folder / "labels.json",
                      Json(task.catalogue.labels).dump() + "\n");
  WriteClipartFiles(task.catalogue, files);
  return "genres = those of the picture's keywords that are labels; plot = its "
         "title";
}

}  // namespace msdbench
