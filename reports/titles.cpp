#include "reports/titles.h"

#include <string_view>
#include <utility>

namespace msdbench {
namespace {

using Title = std::pair<std::string_view, std::string_view>;

constexpr Title kDatasets[] = {{"hateful_memes", "Hateful Memes"},
                               {"mm_imdb", "MM-IMDB"},
                               {"snli_ve", "SNLI-VE"},
                               {"vqa_v2", "VQA v2"}};
constexpr Title kMetrics[] = {{"roc_auc", "AUROC"},
                              {"accuracy", "acc"},
                              {"vqa_accuracy", "VQA acc"},
                              {"binary_f1", "F1"},
                              {"f1", "F1"},
                              {"micro_f1", "micro F1"},
                              {"macro_f1", "macro F1"},
                              {"multilabel_micro_f1", "micro F1"},
                              {"multilabel_macro_f1", "macro F1"},
                              {"weighted_f1", "weighted F1"},
                              {"samples_f1", "samples F1"},
                              {"average_precision", "AP"}};
constexpr Title kViews[] = {
    {"multimodal", "Multimodal"}, {"text", "Text"}, {"image", "Image"}};

template <std::size_t n>
std::string TitleOf(const Title (&titles)[n], const std::string& name) {
  for (const auto& [key, title] : titles) {
    if (key == name) return std::string(title);
  }
  return name;
}

}  // namespace

std::string DatasetTitle(const RunMatrix::Dataset& dataset) {
  return TitleOf(kDatasets, dataset.name);
}

std::string MetricTitle(const RecordMetric& metric) {
  return TitleOf(kMetrics, metric.name) +
         (metric.higher_is_better ? "" : " (lower is better)");
}

std::string MethodTitle(const RunMatrix::Method& method) {
  return method.name == "none" ? "student alone" : method.name;
}

std::string ViewTitle(const std::string& view) { return TitleOf(kViews, view); }

}  // namespace msdbench
