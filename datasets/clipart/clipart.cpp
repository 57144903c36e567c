#include "datasets/clipart/clipart.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "datasets/clipart/catalogue.h"
#include "datasets/clipart/tasks.h"
#include "datasets/made_folder.h"
#include "reports/error.h"

namespace msdbench {
namespace {

// Raised whenever the same pictures and options would give other bytes.
constexpr int kGeneratorVersion = 1;

struct Task {
  const char* format;
  std::string (*make)(const ClipartTask&, const std::filesystem::path&);
};
constexpr Task kTasks[] = {{"hateful_memes", MakeClipartMemes},
                           {"mm_imdb", MakeClipartMovies},
                           {"snli_ve", MakeClipartEntailment}};

bool IsWanted(const std::vector<std::string>& formats, const char* format) {
  return formats.empty() ||
         std::find(formats.begin(), formats.end(), format) != formats.end();
}

void Check(const ClipartOptions& options,
           const std::vector<std::string>& formats) {
  if (options.limit < 0) {
    throw UsageError(
        fmt::format("--limit {}: a number of pictures or 0 for all is allowed",
                    options.limit));
  }
  const std::vector<std::string>& known = ClipartFormats();
  for (const std::string& format : formats) {
    if (std::find(known.begin(), known.end(), format) == known.end()) {
      throw UsageError(fmt::format("\"{}\" is not one of {}", format,
                                   fmt::join(known, ", ")));
    }
  }
}

// Read when the first folder needs it.
class LazyCatalogue {
 public:
  explicit LazyCatalogue(const ClipartOptions& options) : options_(options) {}

  const ClipartTask& Get() {
    if (!task_) {
      catalogue_ = ReadClipart(
          {options_.source, options_.seed, options_.limit, options_.progress});
      task_.emplace(ClipartTask{
          catalogue_, SplitClipart(catalogue_, options_.seed), options_.seed});
    }
    return *task_;
  }

 private:
  const ClipartOptions& options_;
  ClipartCatalogue catalogue_;
  std::optional<ClipartTask> task_;
};

Json About(const ClipartTask& task, const std::string& rule) {
  Json about = {{"source",
                 "Open Clip Art (public domain), packages openclipart-png and "
                 "openclipart-svg of Debian"},
                {"rule", rule},
                {"labels", task.catalogue.labels},
                {"pictures", Json::object()},
                {"left_out", Json::object()}};
  for (const ClipartSplit& split : task.splits) {
    about["pictures"][split.name] = split.items.size();
  }
  for (const auto& [reason, files] : task.catalogue.dropped) {
    about["left_out"][reason] = {{"count", files.size()}, {"files", files}};
  }
  return about;
}

}  // namespace

const std::vector<std::string>& ClipartFormats() {
  static const std::vector<std::string> kFormats = [] {
    std::vector<std::string> formats;
    for (const Task& task : kTasks) formats.emplace_back(task.format);
    return formats;
  }();
  return kFormats;
}

void MakeClipart(const ClipartOptions& options,
                 const std::vector<std::string>& formats) {
  Check(options, formats);
  const Json wanted = {{"generator_version", kGeneratorVersion},
                       {"seed", options.seed},
                       {"limit", options.limit}};
  LazyCatalogue catalogue(options);
  for (const Task& task : kTasks) {
    if (!IsWanted(formats, task.format)) continue;
    const MadeFolder made = {options.out / task.format, "openclipart.json",
                             "about.json", "an Open Clip Art data set"};
    if (IsMade(made, wanted)) continue;
    // Before the folder is made, so that a wrong source leaves nothing behind.
    const ClipartTask& content = catalogue.Get();
    MakeFolder(made, wanted,
               [&] { return About(content, task.make(content, made.folder)); });
  }
}

}  // namespace msdbench
