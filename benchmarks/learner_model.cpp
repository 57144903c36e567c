#include "benchmarks/learner_model.h"

namespace msdbench {

LearnerModel MakeLearnerModel(const Learner& learner, const PreparedData& data,
                              std::uint64_t seed, const Places& places,
                              Classifier teacher) {
  ClassifierOptions options = learner.model;
  options.bert.vocabulary = static_cast<std::int64_t>(data.vocabulary.size());
  options.labels = static_cast<std::int64_t>(data.dataset.labels.size());
  if (data.train.features.defined()) {
    options.image.feature_tokens = data.train.features.size(1);
    options.image.feature_width = data.train.features.size(2);
  }
  LearnerModel made;
  made.model = Classifier(options, seed);
  const Initialization& init = learner.init;
  if (init.from == "teacher") {
    made.origin = CopyLayers(made.model, teacher, init.layers);
  } else if (!init.from.empty()) {
    made.origin =
        LoadPretrained(made.model, places.Weights(init.from), init.layers);
    made.origin->source = init.from;
  }
  return made;
}

}  // namespace msdbench
