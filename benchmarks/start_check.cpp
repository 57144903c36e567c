#include "benchmarks/start_check.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "baselines/models/grid_backbone.h"
#include "benchmarks/learner_model.h"
#include "benchmarks/plan_tokenizer.h"
#include "benchmarks/prepared_data.h"
#include "benchmarks/run_record.h"
#include "benchmarks/visual_features.h"
#include "datasets/features/feature_source.h"
#include "reports/error.h"
#include "reports/input_file.h"
#include "reports/own_input.h"
#include "reports/record_store.h"

namespace msdbench {
namespace {

bool IsFromDisk(const Initialization& init) {
  return !init.from.empty() && init.from != "teacher";
}

// [1, tokens, width] of what the visual tokens will be; undefined for pixels.
at::Tensor FeaturesOfOne(const DatasetPlan& plan, const Places& places) {
  if (!plan.features.weights.empty()) {
    const GridBackbone backbone(places.Weights(plan.features.weights));
    const std::int64_t side = backbone.config().image_size;
    return backbone.Tokens(at::zeros({1, 3, side, side}, at::kByte),
                           plan.features.grid);
  }
  if (plan.features.store.empty()) return {};
  const std::filesystem::path store =
      places.data_root / plan.path / plan.features.store;
  if (!IsThere(store)) {
    throw DataError(store.string() +
                    ": no features there (input.features.store)");
  }
  const auto source = OpenFeatureSource(store);
  const std::vector<std::string> names = source->Names();
  ImageFeatures first;
  if (names.empty() || !source->Read(names.front(), &first)) {
    throw DataError(store.string() + ": holds no features");
  }
  return at::zeros({1, first.tokens, first.width});
}

}  // namespace

void CheckStart(const DatasetPlan& plan, const Dataset& data,
                const Places& places) {
  if (!plan.features.store.empty()) {
    CheckStoredFeatures(data,
                        places.data_root / plan.path / plan.features.store);
  }
  PreparedData stand_in;
  stand_in.dataset.labels = data.labels;
  stand_in.train.features = FeaturesOfOne(plan, places);
  const bool loads =
      IsFromDisk(plan.teacher.init) || IsFromDisk(plan.student.init);
  if (plan.vocabulary_file.empty() && !loads) return;
  const StoredTokenizer tokenizer = MakeTokenizer(plan, data.train, places);
  if (!loads) return;
  stand_in.vocabulary_file = plan.vocabulary_file;
  stand_in.tokenizer = std::make_shared<const WordPiece>(tokenizer.pieces);
  stand_in.pieces = KeepAllPieces(
      static_cast<std::int64_t>(tokenizer.pieces.vocabulary().tokens().size()));
  // What a student takes from its teacher was checked with the suite.
  if (IsFromDisk(plan.teacher.init)) {
    MakeLearnerModel(plan.teacher, stand_in, plan.teacher_seed, places);
  }
  if (IsFromDisk(plan.student.init)) {
    MakeLearnerModel(plan.student, stand_in, 0, places);
  }
}

void CheckSavedModels(const Suite& suite, const DatasetPlan& plan,
                      const Places& places, const std::filesystem::path& out) {
  const auto check = [&](const std::filesystem::path& run) {
    const std::filesystem::path model = run / kModelFolder;
    const std::array<std::pair<const char*, std::string>, 4> named = {
        {{"teacher.init.from", plan.teacher.init.from},
         {"student.init.from",
          IsFromDisk(plan.student.init) ? plan.student.init.from : ""},
         {"input.vocabulary", plan.vocabulary_file},
         {"input.features.weights", plan.features.weights}}};
    for (const auto& [option, name] : named) {
      if (name.empty() || !LiesIn(places.Weights(name), model)) continue;
      throw UsageError(fmt::format(
          "{}: {} is where --save-models puts a model of this suite; name "
          "another --out",
          option, name));
    }
  };
  check(RunFolder(out, plan.name(), "teacher", plan.teacher_seed));
  for (const MethodPlan& method : plan.methods) {
    for (const std::uint64_t seed : suite.seeds) {
      check(RunFolder(out, plan.name(), method.name, seed));
    }
  }
}

}  // namespace msdbench
