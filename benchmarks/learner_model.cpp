#include "benchmarks/learner_model.h"

#include <fmt/format.h>

#include "baselines/models/grid_backbone.h"
#include "baselines/models/model_folder.h"
#include "datasets/text/tokenizer_folder.h"
#include "reports/error.h"

namespace msdbench {
namespace {

PretrainedChoice ChoiceOf(const Initialization& init) {
  return {init.layers, init.new_parts};
}

bool FromFolder(const Initialization& init) {
  return !init.from.empty() && init.from != "teacher";
}

// Ids must mean to the weights what they mean to the data.
void CheckTokenizer(const WordPiece& ours, const std::filesystem::path& folder,
                    const std::string& named) {
  if (!HasTokenizer(folder)) return;
  const std::string difference =
      TokenizersDiffer(ours, ReadTokenizer(folder).pieces);
  if (difference.empty()) return;
  throw DataError(fmt::format(
      "{}: its vocabulary is not the one that texts are read with ({}, in this "
      "order: {}); name its own in input.vocabulary",
      folder.string(), named, difference));
}

std::string VocabularyName(const std::string& file) {
  return file.empty() ? "built from the training texts" : file;
}

}  // namespace

LearnerModel MakeLearnerModel(const Learner& learner, const PreparedData& data,
                              std::uint64_t seed, const Places& places,
                              const LearnerModel& teacher) {
  ClassifierOptions options = learner.model;
  options.bert.vocabulary = static_cast<std::int64_t>(data.pieces.ids.size());
  options.labels = static_cast<std::int64_t>(data.dataset.labels.size());
  const bool features = data.train.features.defined();
  if (features) {
    options.image.feature_tokens = data.train.features.size(1);
    options.image.feature_width = data.train.features.size(2);
  }
  LearnerModel made;
  const Initialization& init = learner.init;
  if (!FromFolder(init)) {
    if (init.from == "teacher") {
      options.image.as_they_are = teacher.model->options().image.as_they_are;
    }
    made.model = Classifier(options, seed);
    if (init.from == "teacher") {
      made.origin = CopyLayers(made.model, teacher.model, init.layers);
      if (teacher.origin) made.origin->words = teacher.origin->words;
    }
    return made;
  }
  const std::filesystem::path folder = places.Weights(init.from);
  const PretrainedChoice choice = ChoiceOf(init);
  const PretrainedSource source = OpenPretrained(folder);
  options.image.as_they_are =
      features &&
      TakesFeaturesAsTheyAre(source, choice, options.image.feature_width);
  made.model = Classifier(options, seed);
  CheckTokenizer(*data.tokenizer, folder, VocabularyName(data.vocabulary_file));
  made.origin = LoadPretrained(made.model, source, choice, data.pieces);
  made.origin->source = init.from;
  return made;
}

void SaveLearnerModel(const LearnerModel& learner, const PreparedData& data,
                      const std::filesystem::path& folder) {
  SaveModelFolder(learner.model, data.vocabulary, data.pieces,
                  learner.origin ? learner.origin->words : at::Tensor(),
                  folder);
  WriteFileAtomically(folder / "tokenizer_config.json",
                      TokenizerConfig(*data.tokenizer).dump(2) + "\n");
}

}  // namespace msdbench
