#include "datasets/clipart/tasks.h"

#include "datasets/image/image.h"
#include "datasets/made_folder.h"
#include "reports/error.h"
#include "reports/parallel_for.h"

namespace msdbench {

void WriteClipartFiles(const ClipartCatalogue& catalogue,
                       const std::vector<ClipartFile>& files) {
  ParallelFor(files.size(), ThreadsFor(files.size() / 16), [&](std::size_t i) {
    const auto& [file, item] = files[i];
    const std::string& png = catalogue.items[item].png;
    WritePicture(file, file.extension() == ".png"
                           ? png
                           : EncodeJpeg(DecodeImage(png, file.string()),
                                        /*quality=*/92));
  });
}

void FailEmptySplit(const std::string& task, const std::string& split) {
  throw DataError(task + ": too few pictures, none is left for " + split +
                  "; take more of them (--limit)");
}

}  // namespace msdbench
