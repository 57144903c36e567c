#include "benchmarks/saliency_study.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <array>
#include <map>
#include <numeric>

#include "baselines/methods/saliency.h"
#include "benchmarks/metrics.h"
#include "datasets/batch.h"

namespace msdbench {
namespace {

// How much the image matters, as planted.json says it.
const std::map<std::string, int>& Levels() {
  static const std::map<std::string, int> kLevels = {
      {"text", 0}, {"both", 1}, {"image", 2}};
  return kLevels;
}

// Over all pairs of different level, how often the higher level has the higher
// score: the area under the ROC curve for two levels, Harrell's concordance
// for three.
void RankExamples(const std::vector<double>& scores,
                  const std::vector<int>& levels, SaliencyRow& row) {
  double agreeing = 0;
  for (int low = 0; low < 3; ++low) {
    for (int high = low + 1; high < 3; ++high) {
      std::vector<double> some;
      std::vector<bool> is_high;
      std::int64_t highs = 0;
      for (std::size_t i = 0; i < scores.size(); ++i) {
        if (levels[i] != low && levels[i] != high) continue;
        some.push_back(scores[i]);
        is_high.push_back(levels[i] == high);
        highs += is_high.back();
      }
      const auto lows = static_cast<std::int64_t>(some.size()) - highs;
      if (lows == 0 || highs == 0) continue;
      agreeing += *RocAuc(some, is_high) * static_cast<double>(lows * highs);
      row.pairs += lows * highs;
    }
  }
  if (row.pairs > 0) row.ranking = agreeing / static_cast<double>(row.pairs);
}

std::string PlantedSide(const Json& planted) {
  const double text = planted.at("bayes").at("text"),
               image = planted.at("bayes").at("image");
  if (text == image) return "neither";
  return text > image ? "text" : "image";
}

}  // namespace

std::vector<SaliencyRow> StudySaliency(const std::string& dataset,
                                       const EncodedSplit& split,
                                       const ViewLogits& teacher,
                                       const Json& planted) {
  std::vector<std::int64_t> all(split.size());
  std::iota(all.begin(), all.end(), std::int64_t{0});
  const at::Tensor targets = CollateTargets(split, all);
  std::vector<SaliencyRow> rows;
  for (const auto& [name, measure] : SaliencyMeasures()) {
    // The loss of labels that nobody knows.
    if (measure == SaliencyMeasure::kLoss && !split.labelled) continue;
    SaliencyOptions options;
    options.measure = measure;
    const at::Tensor scores =
        SaliencyScores(measure, split.head, teacher, targets);
    const at::Tensor weights = SaliencyWeights(options, scores);
    SaliencyRow row;
    row.dataset = dataset;
    row.measure = name;
    row.examples = split.size();
    row.text_score = scores.select(1, 0).mean().item<double>();
    row.image_score = scores.select(1, 1).mean().item<double>();
    row.image_weight = weights.select(1, 1).mean().item<double>();
    if (!planted.is_null()) {
      row.planted_side = PlantedSide(planted);
      const Json& informative = planted.at("informative");
      std::vector<double> shares;
      std::vector<int> levels;
      for (std::int64_t i = 0; i < split.size(); ++i) {
        const auto place = informative.find(split.examples[i].id);
        if (place == informative.end()) continue;
        const auto level = Levels().find(place->get<std::string>());
        if (level == Levels().end()) continue;  // "none": nothing to rank
        shares.push_back(weights[i][1].item<double>());
        levels.push_back(level->second);
      }
      RankExamples(shares, levels, row);
    }
    rows.push_back(row);
  }
  return rows;
}

Json ToJson(const std::vector<SaliencyRow>& rows) {
  Json list = Json::array();
  for (const SaliencyRow& row : rows) {
    list.push_back(
        {{"dataset", row.dataset},
         {"measure", row.measure},
         {"examples", row.examples},
         {"score", {{"text", row.text_score}, {"image", row.image_score}}},
         {"weight",
          {{"text", 1 - row.image_weight}, {"image", row.image_weight}}},
         {"ranking", row.ranking ? Json(*row.ranking) : Json()},
         {"pairs", row.pairs},
         {"planted_side",
          row.planted_side.empty() ? Json() : Json(row.planted_side)}});
  }
  return list;
}

Table SaliencyTable(const std::vector<SaliencyRow>& rows) {
  Table table;
  table.title = "Saliency";
  table.caption =
      "Test split, mean over examples: how much the teacher's prediction "
      "changes without each modality, and the weights that the shares give.";
  table.columns = {{"Data set", false}, {"Measure", false}, {"Text score"},
                   {"Image score"},     {"Text weight"},    {"Image weight"},
                   {"Planted", false},  {"Ranking AUC"}};
  table.legend =
      "Planted: the modality that scores better alone under the planted rule. "
      "Ranking AUC: of two examples of which the image matters more for one, "
      "how often that one has the larger image share; - where the rule treats "
      "all examples alike or none is known.";
  for (const SaliencyRow& row : rows) {
    table.rows.push_back(
        {{row.dataset, {}, {}},
         {row.measure, {}, {}},
         {fmt::format("{:.3g}", row.text_score), {}, {}},
         {fmt::format("{:.3g}", row.image_score), {}, {}},
         {fmt::format("{:.3f}", 1 - row.image_weight), {}, {}},
         {fmt::format("{:.3f}", row.image_weight), {}, {}},
         {row.planted_side.empty() ? "-" : row.planted_side, {}, {}},
         {row.ranking ? fmt::format("{:.3f}", *row.ranking) : "-", {}, {}}});
  }
  return table;
}

}  // namespace msdbench
