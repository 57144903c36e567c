// SNLI-VE's layout: three statements a picture. That it shows something of a
// keyword is entailed by a picture with that keyword and contradicted by one
// without; each such statement stands once with either, word by word, so that
// only the picture tells them apart. What no picture can tell is neutral, and
// its words show it, as in the real set.
#include <fmt/format.h>

#include <string>
#include <utility>

#include "datasets/clipart/matching.h"
#include "datasets/clipart/tasks.h"
#include "datasets/miniature/sentences.h"
#include "datasets/written_records.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

const std::vector<std::string> kAbout = {
    "its subject is {}", "one would look for it under {}",
    "the keyword {} fits it", "it is filed under {}"};
const std::vector<std::string> kUntold = {
    "whoever drew it was a _ person", "it was printed in a _ book",
    "its owner paid too much for it", "a _ child coloured a copy of it",
    "it hung in a _ room for years"};

class EntailmentWriter {
 public:
  EntailmentWriter(const ClipartTask& task, const std::filesystem::path& folder)
      : task_(task), folder_(folder) {}

  void Write(const ClipartSplit& split) {
    Random random(task_.seed, fmt::format("clipart entailment {}", split.name));
    std::vector<std::size_t> items = split.items;
    random.Shuffle(items);
    const std::vector<ClipartItem>& all = task_.catalogue.items;
    const std::vector<std::size_t> partner = MatchPartners(
        items,
        [&](std::size_t a, std::size_t b) {
          return ShareNoLabel(all[a], all[b]);
        },
        random);
    if (items.empty()) FailEmptySplit("snli_ve", split.name);
    std::vector<std::string> own;
    own.reserve(items.size());
    for (const std::size_t item : items) {
      own.push_back(FillTemplate(kAbout, Keyword(item, random), random));
    }
    std::string lines;
    for (std::size_t i = 0; i < items.size(); ++i) {
      lines += Statements(items[i],
                          {{"entailment", own[i]},
                           {"contradiction", own[partner[i]]},
                           {"neutral", FillTemplate(kUntold, "", random)}},
                          random);
    }
    WriteFileAtomically(folder_ / fmt::format("snli_ve_{}.jsonl", split.name),
                        lines);
  }

  void WritePictures() const { WriteClipartFiles(task_.catalogue, files_); }

 private:
  const std::string& Keyword(std::size_t item, Random& random) const {
    const int label = PickOne(task_.catalogue.items[item].labels, random);
    return task_.catalogue.labels[static_cast<std::size_t>(label)];
  }

  std::string Statements(
      std::size_t item,
      std::vector<std::pair<std::string, std::string>> statements,
      Random& random) {
    const std::string photo = fmt::format("{}.jpg", 2000000000 + files_.size());
    files_.push_back({folder_ / "flickr30k_images" / photo, item});
    random.Shuffle(statements);
    const std::string& title = task_.catalogue.items[item].title;
    std::string lines;
    std::int64_t k = 0;
    for (const auto& [label, statement] : statements) {
      lines += PairLine(photo, k++, label, title.empty() ? "A picture." : title,
                        statement);
    }
    return lines;
  }

  const ClipartTask& task_;
  const std::filesystem::path& folder_;
  std::vector<ClipartFile> files_;
};

}  // namespace

std::string MakeClipartEntailment(const ClipartTask& task,
                                  const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder / "flickr30k_images");
  EntailmentWriter writer(task, folder);
  for (const ClipartSplit& split : task.splits) writer.Write(split);
  writer.WritePictures();
  return "entailment = the picture has the keyword named, contradiction = it "
         "shares no label with a picture that has it, neutral = what no "
         "picture tells, which the words show; each statement about the "
         "picture stands with entailment and contradiction equally often";
}

}  // namespace msdbench
