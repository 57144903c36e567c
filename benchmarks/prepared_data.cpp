#include "benchmarks/prepared_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "baselines/models/grid_backbone.h"
#include "baselines/models/state_dict.h"
#include "benchmarks/cached_pixels.h"
#include "benchmarks/plan_tokenizer.h"
#include "benchmarks/stopwatch.h"
#include "benchmarks/view_scores.h"
#include "benchmarks/visual_features.h"
#include "reports/digest.h"
#include "reports/input_file.h"
#include "reports/random.h"

namespace msdbench {
namespace {

// What its files say that is done otherwise here.
void NoteTokenizer(const StoredTokenizer& tokenizer, const DatasetPlan& plan,
                   std::vector<std::string>& notes) {
  for (const std::string& line : tokenizer.differences) notes.push_back(line);
  if (tokenizer.max_tokens > 0 &&
      tokenizer.max_tokens < plan.input.max_text_tokens) {
    notes.push_back(fmt::format(
        "{}: its model_max_length is {}; texts are cut at {} tokens here",
        plan.vocabulary_file, tokenizer.max_tokens,
        plan.input.max_text_tokens));
  }
}

// Of everything in the folder that a number can depend on. The tokenizer's
// files count by what they say, see HashInputs; a preprocessor_config.json must
// agree with config.json.
std::string HashWeightsFolder(const std::filesystem::path& folder) {
  std::string hashes = Sha256OfFile(folder / "config.json");
  for (const auto& file : WeightsFiles(FindWeights(folder))) {
    hashes += Sha256OfFile(file);
  }
  return Sha256OfText(hashes);
}

std::string HashInputs(const DatasetPlan& plan, const PreparedData& data,
                       const Places& places, const std::string& network_hash) {
  Sha256 digest;
  digest.Update(data.dataset.fingerprint)
      .Update(InputText(plan.config))
      .Update(network_hash);
  for (const std::string& piece : data.vocabulary) {
    digest.Update(piece).Update("\n");
  }
  // Where texts are read as BERT's uncased models read them, as they were
  // before there was a choice, the hash stays what it was.
  const bool is_usual =
      data.tokenizer->options() == WordPiece::Options() &&
      data.tokenizer->vocabulary().special() == SpecialNames();
  if (!is_usual) digest.Update(TokenizerConfig(*data.tokenizer).dump());
  for (const Initialization& init : {plan.teacher.init, plan.student.init}) {
    if (init.from.empty() || init.from == "teacher") continue;
    digest.Update(HashWeightsFolder(places.Weights(init.from)));
  }
  return digest.Hex();
}

// Whole images move to the meta split, so that it holds none that is trained
// on.
void CutMetaRows(PreparedData& data, double fraction, std::uint64_t seed) {
  const std::vector<std::int32_t>& image_of = data.train.image_of;
  std::vector<std::int32_t> images(
      *std::max_element(image_of.begin(), image_of.end()) + 1);
  std::iota(images.begin(), images.end(), 0);
  Random(seed, "meta split").Shuffle(images);
  std::vector<std::int64_t> rows_of(images.size(), 0);
  for (std::int32_t image : image_of) ++rows_of[image];
  const double wanted = fraction * static_cast<double>(image_of.size());
  std::vector<bool> chosen(images.size(), false);
  double taken = 0;
  for (std::int32_t image : images) {
    if (taken >= wanted) break;
    chosen[image] = true;
    taken += static_cast<double>(rows_of[image]);
  }
  for (std::int64_t row : data.all_rows) {
    (chosen[image_of[row]] ? data.meta_rows : data.student_rows).push_back(row);
  }
  if (data.student_rows.empty()) {
    throw DataError(data.dataset.name +
                    ": the train split has too few images to cut a meta split");
  }
}

// Fills pixels or features of the three splits. Returns a hash of the network
// that made the features, or of the features; empty for pixels.
std::string PutImages(const DatasetPlan& plan,
                      const std::filesystem::path& folder, const Places& places,
                      int threads, const WorkReport& report,
                      PreparedData& data) {
  const std::vector<EncodedSplit*> splits = {&data.train, &data.dev,
                                             &data.test};
  if (plan.features.FromPixels()) {
    for (EncodedSplit* split : splits) {
      PutPixels(*split, places.cache, threads, report);
    }
    return "";
  }
  PackOptions options;
  options.precision = plan.features.precision;
  options.tokens = plan.features.tokens;
  options.threads = threads;
  if (!plan.features.store.empty()) {
    StoredFeatures stored = PutStoredFeatures(
        splits, folder / plan.features.store, places.cache, options, report);
    for (std::string& note : stored.notes) {
      data.dataset.notes.push_back(std::move(note));
    }
    return stored.hash;
  }
  const auto weights = places.Weights(plan.features.weights);
  const std::string hash = HashWeightsFolder(weights);
  const GridBackbone backbone(weights);
  PutBackboneFeatures(splits, backbone, plan.features.grid, hash, places.cache,
                      options, report);
  const std::vector<std::string>& differences = backbone.config().differences;
  data.dataset.notes.insert(data.dataset.notes.end(), differences.begin(),
                            differences.end());
  return hash;
}

}  // namespace

PreparedData PrepareData(const DatasetPlan& plan, const Places& places,
                         int threads, const WorkReport& report) {
  const Stopwatch watch;
  PreparedData data;
  DatasetOptions options = plan.options;
  options.root = places.data_root / plan.path;
  ContentHashes hashes = places.Hashes(threads);
  options.hashes = &hashes;
  data.dataset = LoadDataset(plan.format, options);
  hashes.Save();
  Dataset& dataset = data.dataset;
  for (const Split* split : {&dataset.train, &dataset.dev}) {
    if (!split->labelled) {
      throw DataError(fmt::format(
          "{}: split {} has no labels; training and selection need them (name "
          "another in /datasets/*/splits)",
          dataset.name, split->name));
    }
  }
  if (!dataset.test.labelled) {
    dataset.notes.push_back(dataset.test.name +
                            ": no labels, so predictions are written for "
                            "submission, and nothing is scored on it");
  }

  const StoredTokenizer stored = MakeTokenizer(plan, dataset.train, places);
  NoteTokenizer(stored, plan, dataset.notes);
  data.vocabulary_file = plan.vocabulary_file;
  data.tokenizer = std::make_shared<const WordPiece>(stored.pieces);
  const WordPiece& tokenizer = *data.tokenizer;
  data.vocabulary = tokenizer.vocabulary().tokens();
  const std::array<std::pair<Split*, EncodedSplit*>, 3> splits = {
      {{&dataset.train, &data.train},
       {&dataset.dev, &data.dev},
       {&dataset.test, &data.test}}};
  for (const auto& [split, encoded] : splits) {
    *encoded = EncodeTexts(*split, dataset, tokenizer, plan.input);
    if (encoded->cut_texts > 0) {
      dataset.notes.push_back(fmt::format(
          "{}: {} of {} texts cut to {} tokens", split->name,
          encoded->cut_texts, encoded->size(), plan.input.max_text_tokens));
    }
    split->examples.clear();
    split->examples.shrink_to_fit();
  }
  const std::string network_hash =
      PutImages(plan, options.root, places, threads, report, data);
  data.input_hash = HashInputs(plan, data, places, network_hash);
  const auto total = static_cast<std::int64_t>(data.vocabulary.size());
  // Drawn embeddings would be other ones with other dev and test splits.
  const bool words_are_loaded =
      !plan.teacher.init.from.empty() && !plan.student.init.from.empty();
  data.pieces =
      words_are_loaded
          ? KeepOccurringPieces({&data.train, &data.dev, &data.test}, total)
          : KeepAllPieces(total);
  data.all_rows.resize(data.train.size());
  std::iota(data.all_rows.begin(), data.all_rows.end(), std::int64_t{0});
  CutMetaRows(data, plan.meta_fraction, plan.options.split_seed);

  const auto labels = static_cast<std::int64_t>(dataset.labels.size());
  data.dev_floor =
      ConstantFloor(dataset.metrics, dataset.head, data.dev.examples, labels);
  data.test_floor =
      data.test.labelled
          ? ConstantFloor(dataset.metrics, dataset.head, data.test.examples,
                          labels)
          : NoScores(dataset.metrics, NoLabelsReason(data.test.name));
  data.loading_s = watch.Seconds();
  return data;
}

}  // namespace msdbench
