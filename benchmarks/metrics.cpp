#include "benchmarks/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "reports/error.h"

namespace msdbench {
namespace {

std::int64_t BestLabel(const float* row, std::int64_t labels) {
  return std::max_element(row, row + labels) - row;
}

double ScoreOf(const std::vector<LabelScore>& scores, std::int64_t label) {
  for (const LabelScore& entry : scores) {
    if (entry.label == label) return entry.score;
  }
  return 0;
}

// What predicting `label` earns: 1 or 0, or VQA's official share.
double Credit(Head head, const Example& example, std::int64_t label) {
  return ScoreOf(head == Head::kAnswer ? example.credit : example.targets,
                 label);
}

double F1(double true_positive, double predicted, double actual) {
  const double denominator = predicted + actual;
  return denominator > 0 ? 2 * true_positive / denominator : 0;
}

double PickF1(const F1Scores& scores, const std::string& metric) {
  if (metric == "multilabel_micro_f1") return scores.micro;
  if (metric == "multilabel_macro_f1") return scores.macro;
  if (metric == "multilabel_weighted_f1") return scores.weighted;
  return scores.samples;
}

std::vector<bool> ActualLabels(const std::vector<Example>& examples,
                               std::int64_t labels) {
  std::vector<bool> actual(examples.size() * labels, false);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    for (const LabelScore& target : examples[i].targets) {
      if (target.score > 0.5F) actual[i * labels + target.label] = true;
    }
  }
  return actual;
}

// Sigmoids strictly above the threshold, told by their logits.
std::vector<bool> Above(double threshold, const float* logits,
                        std::size_t count) {
  const double limit = std::log(threshold / (1 - threshold));
  std::vector<bool> above(count);
  for (std::size_t i = 0; i < count; ++i) above[i] = logits[i] > limit;
  return above;
}

bool Fits(const std::string& metric, Head head, std::int64_t labels) {
  if (metric == "accuracy") return head == Head::kSingleLabel;
  if (metric == "roc_auc") return head == Head::kSingleLabel && labels == 2;
  if (metric == "vqa_accuracy") return head == Head::kAnswer;
  for (const char* average : {"micro", "macro", "weighted", "samples"}) {
    if (metric == std::string("multilabel_") + average + "_f1") {
      return head == Head::kMultiLabel;
    }
  }
  return false;
}

void CheckFit(const std::string& metric, Head head, std::int64_t labels) {
  if (!Fits(metric, head, labels)) {
    throw UsageError("metric \"" + metric +
                     "\" does not fit this data set's labels");
  }
}

constexpr char kNoExamples[] = "the split has no examples";
constexpr char kOneClass[] = "only one class occurs in the split";

MetricValue MeanCredit(const std::string& name, Head head,
                       const std::vector<Example>& examples,
                       const std::vector<std::int64_t>& chosen) {
  double sum = 0;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    sum += Credit(head, examples[i], chosen[i]);
  }
  return {name, sum / static_cast<double>(examples.size()), ""};
}

std::vector<bool> IsPositive(const std::vector<Example>& examples) {
  std::vector<bool> positive;
  for (const Example& example : examples) {
    positive.push_back(ScoreOf(example.targets, 1) > 0.5);
  }
  return positive;
}

}  // namespace

std::optional<double> RocAuc(const std::vector<double>& scores,
                             const std::vector<bool>& positive) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return scores[a] < scores[b];
  });
  double rank_sum = 0, positives = 0;
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first + 1;  // moves on even where nothing compares
    while (last < order.size() && scores[order[last]] == scores[order[first]]) {
      ++last;
    }
    // Ranks first + 1 .. last share their mean.
    const double rank = (static_cast<double>(first + last) + 1) / 2;
    for (std::size_t i = first; i < last; ++i) {
      if (!positive[order[i]]) continue;
      rank_sum += rank;
      ++positives;
    }
    first = last;
  }
  const double negatives = static_cast<double>(scores.size()) - positives;
  if (positives == 0 || negatives == 0) return std::nullopt;
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

F1Scores MultiLabelF1(const std::vector<bool>& predicted,
                      const std::vector<bool>& actual, std::int64_t labels) {
  std::vector<double> hit(labels, 0), guessed(labels, 0), wanted(labels, 0);
  const std::size_t rows = labels > 0 ? predicted.size() / labels : 0;
  F1Scores scores;
  for (std::size_t row = 0; row < rows; ++row) {
    double row_hit = 0, row_guessed = 0, row_wanted = 0;
    for (std::int64_t label = 0; label < labels; ++label) {
      const bool p = predicted[row * labels + label];
      const bool a = actual[row * labels + label];
      hit[label] += p && a;
      guessed[label] += p;
      wanted[label] += a;
      row_hit += p && a;
      row_guessed += p;
      row_wanted += a;
    }
    scores.samples += F1(row_hit, row_guessed, row_wanted);
  }
  double all_hit = 0, all_guessed = 0, all_wanted = 0;
  for (std::int64_t label = 0; label < labels; ++label) {
    const double f1 = F1(hit[label], guessed[label], wanted[label]);
    scores.macro += f1 / static_cast<double>(labels);
    scores.weighted += f1 * wanted[label];
    all_hit += hit[label];
    all_guessed += guessed[label];
    all_wanted += wanted[label];
  }
  if (all_wanted > 0) scores.weighted /= all_wanted;
  if (rows > 0) scores.samples /= static_cast<double>(rows);
  scores.micro = F1(all_hit, all_guessed, all_wanted);
  return scores;
}

std::vector<MetricValue> ScoreLogits(const std::vector<std::string>& metrics,
                                     Head head,
                                     const std::vector<Example>& examples,
                                     const float* logits, std::int64_t labels,
                                     double threshold) {
  const std::size_t count = examples.size();
  std::optional<F1Scores> f1;
  std::vector<MetricValue> values;
  for (const std::string& metric : metrics) {
    CheckFit(metric, head, labels);
    if (count == 0) {
      values.push_back({metric, std::nullopt, kNoExamples});
    } else if (metric == "roc_auc") {
      std::vector<double> scores;
      for (std::size_t i = 0; i < count; ++i) {
        // The softmax of two logits rises with their difference.
        scores.push_back(static_cast<double>(logits[2 * i + 1]) -
                         static_cast<double>(logits[2 * i]));
      }
      const auto area = RocAuc(scores, IsPositive(examples));
      values.push_back({metric, area, area ? "" : kOneClass});
    } else if (metric == "accuracy" || metric == "vqa_accuracy") {
      std::vector<std::int64_t> chosen;
      for (std::size_t i = 0; i < count; ++i) {
        chosen.push_back(BestLabel(logits + i * labels, labels));
      }
      values.push_back(MeanCredit(metric, head, examples, chosen));
    } else {
      if (!f1) {
        f1 = MultiLabelF1(Above(threshold, logits, count * labels),
                          ActualLabels(examples, labels), labels);
      }
      values.push_back({metric, PickF1(*f1, metric), ""});
    }
  }
  return values;
}

double BestF1Threshold(const std::string& metric,
                       const std::vector<Example>& examples,
                       const float* logits, std::int64_t labels) {
  const std::vector<bool> actual = ActualLabels(examples, labels);
  double best = -1, chosen = 0.5;
  // From the middle outwards, the lower side first: the first of equals stays.
  for (int step = 0; step <= 49; ++step) {
    for (const int percent : {50 - step, 50 + step}) {
      const double threshold = percent / 100.0;
      const double score = PickF1(
          MultiLabelF1(Above(threshold, logits, actual.size()), actual, labels),
          metric);
      if (score > best) {
        best = score;
        chosen = threshold;
      }
    }
  }
  return chosen;
}

std::vector<MetricValue> NoScores(const std::vector<std::string>& metrics,
                                  const std::string& reason) {
  std::vector<MetricValue> values;
  for (const std::string& metric : metrics) {
    values.push_back({metric, std::nullopt, reason});
  }
  return values;
}

std::vector<MetricValue> ConstantFloor(const std::vector<std::string>& metrics,
                                       Head head,
                                       const std::vector<Example>& examples,
                                       std::int64_t labels) {
  std::vector<double> earned(labels, 0);
  for (const Example& example : examples) {
    for (const LabelScore& entry :
         head == Head::kAnswer ? example.credit : example.targets) {
      earned[entry.label] += entry.score;
    }
  }
  std::vector<std::int64_t> order(labels);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(
      order.begin(), order.end(),
      [&](std::int64_t a, std::int64_t b) { return earned[a] > earned[b]; });
  std::vector<MetricValue> floors;
  for (const std::string& metric : metrics) {
    CheckFit(metric, head, labels);
    const auto count = static_cast<double>(examples.size());
    if (examples.empty()) {
      floors.push_back({metric, std::nullopt, kNoExamples});
    } else if (metric == "roc_auc") {
      floors.push_back({metric, 0.5, ""});
    } else if (metric == "accuracy" || metric == "vqa_accuracy") {
      floors.push_back({metric, earned[order[0]] / count, ""});
    } else {
      const std::vector<bool> actual = ActualLabels(examples, labels);
      std::vector<bool> predicted(actual.size(), false);
      double best = 0;
      for (std::int64_t label : order) {
        for (std::size_t i = 0; i < examples.size(); ++i) {
          predicted[i * labels + label] = true;
        }
        best = std::max(
            best, PickF1(MultiLabelF1(predicted, actual, labels), metric));
      }
      floors.push_back({metric, best, ""});
    }
  }
  return floors;
}

}  // namespace msdbench
