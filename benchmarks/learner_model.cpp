#include "benchmarks/learner_model.h"

namespace msdbench {

LearnerModel MakeLearnerModel(const Learner& learner, const PreparedData& data,
                              std::uint64_t seed, const Places& places,
                              const LearnerModel& teacher) {
  ClassifierOptions options = learner.model;
  options.bert.vocabulary = static_cast<std::int64_t>(data.pieces.ids.size());
  options.labels = static_cast<std::int64_t>(data.dataset.labels.size());
  if (data.train.features.defined()) {
    options.image.feature_tokens = data.train.features.size(1);
    options.image.feature_width = data.train.features.size(2);
  }
  LearnerModel made;
  made.model = Classifier(options, seed);
  const Initialization& init = learner.init;
  if (init.from == "teacher") {
    made.origin = CopyLayers(made.model, teacher.model, init.layers);
    if (teacher.origin) made.origin->words = teacher.origin->words;
  } else if (!init.from.empty()) {
    made.origin = LoadPretrained(made.model, places.Weights(init.from),
                                 init.layers, data.pieces);
    made.origin->source = init.from;
  }
  return made;
}

void SaveLearnerModel(const LearnerModel& learner, const PreparedData& data,
                      const std::filesystem::path& folder) {
  SaveModelFolder(learner.model, data.vocabulary, data.pieces,
                  learner.origin ? learner.origin->words : at::Tensor(),
                  folder);
}

}  // namespace msdbench
