#include "benchmarks/teacher_outputs.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <numeric>

#include "baselines/models/classifier.h"
#include "baselines/models/state_dict.h"
#include "benchmarks/cache_file.h"
#include "benchmarks/inference.h"
#include "datasets/batch.h"
#include "reports/digest.h"
#include "reports/numerics.h"

namespace msdbench {
namespace {

void Write(const ViewLogits& logits, const std::filesystem::path& file) {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  for (View view : kViews) tensors.emplace_back(Name(view), logits[view]);
  WriteTensors(file, tensors, {{kSeal, ""}});
}

// The targets of a whole split, as Batch::targets has them.
at::Tensor AllTargets(const EncodedSplit& split) {
  std::vector<std::int64_t> rows(split.size());
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  return CollateTargets(split, rows);
}

}  // namespace

std::string TeacherOutputsKey(const std::string& weights_hash,
                              const PreparedData& data, Removal removal,
                              const EncodedSplit& split) {
  return Sha256OfText(fmt::format(
      "{} {} {} {} {} {}", kNumericsVersion, weights_hash, data.input_hash,
      static_cast<int>(removal), split.name, split.size()));
}

StoredOutputs ObtainTeacherOutputs(Classifier& teacher,
                                   const std::string& weights_hash,
                                   const PreparedData& data, Removal removal,
                                   std::int64_t batch_size,
                                   const std::filesystem::path& cache,
                                   c10::Device device,
                                   const WorkReport& report) {
  const EncodedSplit& split = data.train;
  const std::filesystem::path file =
      cache / "teacher_outputs" /
      (TeacherOutputsKey(weights_hash, data, removal, split) + ".safetensors");
  StoredOutputs stored;
  CacheFile cached;
  cached.file = file;
  cached.make = [&] {
    LongWork work(report,
                  fmt::format("the teacher's outputs on the {} examples of {}",
                              split.size(), split.name),
                  static_cast<std::size_t>(split.size()));
    Write(
        RunModel(teacher, split, {kViews.begin(), kViews.end()}, removal,
                 batch_size, device, [&work](std::size_t done) { work(done); }),
        file);
  };
  cached.check = [&] { CheckSeal(file, report); };
  cached.use = [&] {
    stored.file = std::make_shared<SafetensorsFile>(file);
    for (View view : kViews) {
      const NamedArray& array = stored.file->Get(Name(view));
      const std::vector<std::int64_t> wanted = {split.size(),
                                                split.label_count};
      if (array.dtype != "F32" || array.shape != wanted) {
        throw DataError(file.string() + ": " + array.name +
                        " has another shape than this split");
      }
      stored.outputs.logits[view] =
          at::from_blob(const_cast<void*>(array.data), array.shape, at::kFloat);
    }
  };
  stored.from_cache = UseCacheFile(cached, cache, report);
  stored.outputs.targets = AllTargets(split);
  return stored;
}

}  // namespace msdbench
