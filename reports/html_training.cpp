#include "reports/html_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "reports/aggregate.h"
#include "reports/error.h"
#include "reports/figures/credit_figure.h"
#include "reports/figures/density_figure.h"
#include "reports/figures/weights_figure.h"
#include "reports/html_figures.h"
#include "reports/input_file.h"
#include "reports/model_outputs.h"
#include "reports/titles.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

// Test splits hold thousands of examples, so few seeds draw the same curve.
constexpr std::size_t kMostOutputSeeds = 5;
constexpr std::size_t kCurvePoints = 61, kCreditSteps = 11;
constexpr std::size_t kMostEpochs = 60;

std::string List(const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string out = "<ul class=\"plain\">\n";
  for (const auto& line : lines) out += "<li>" + EscapeHtml(line) + "</li>\n";
  return out + "</ul>\n";
}

// Of the first seeds together; a line of `problems` for each that has none.
ModelOutputs OutputsOf(const RunMatrix::Runs& runs, const fs::path& store,
                       const std::string& name,
                       std::vector<std::string>& problems) {
  ModelOutputs pooled;
  const std::size_t count = std::min(runs.ok.size(), kMostOutputSeeds);
  std::vector<std::uint64_t> absent;
  for (std::size_t i = 0; i < count; ++i) {
    const Record& record = *runs.ok[i];
    const fs::path file =
        store / fs::path(record.source).parent_path() / record.predictions;
    try {
      if (record.predictions.empty() || !IsFile(file)) {
        absent.push_back(record.seed);
        continue;
      }
      const ModelOutputs outputs = ReadModelOutputs(file, record.head);
      for (std::size_t v = 0; v < pooled.values.size(); ++v) {
        pooled.values[v].insert(pooled.values[v].end(),
                                outputs.values[v].begin(),
                                outputs.values[v].end());
      }
    } catch (const Error& broken) {
      // The page must not depend on where the records lie.
      std::string why = broken.what();
      const std::string place = file.string();
      if (why.rfind(place, 0) == 0) {
        const fs::path below =
            fs::path(record.source).parent_path() / record.predictions;
        why.replace(0, place.size(), below.string());
      }
      problems.push_back(why);
    }
  }
  if (!absent.empty()) {
    problems.push_back(name + ", " + SeedsText(absent) +
                       ": no prediction file beside the record");
  }
  return pooled;
}

std::string DrawOutputs(const ModelOutputs& outputs, const Record& described,
                        const std::string& id, const std::string& title) {
  const std::string x_title = OutputTitle(described.head, described.labels);
  if (described.head == "answer") {
    CreditFigure figure{id, title, x_title, {}};
    for (std::size_t v = 0; v < outputs.values.size(); ++v) {
      figure.shares[v] = Shares(outputs.values[v], kCreditSteps);
    }
    return DrawCredits(figure);
  }
  DensityFigure figure{id, title, x_title, {}, {}};
  for (std::size_t v = 0; v < outputs.values.size(); ++v) {
    const auto& values = outputs.values[v];
    figure.densities[v] = Density(values, kCurvePoints);
    for (double value : values) {
      figure.means[v] += value / static_cast<double>(values.size());
    }
  }
  return DrawDensities(figure);
}

std::string OutputsCaption(const std::string& head, std::size_t methods) {
  std::string text =
      head == "answer"
          ? "Credits to the nearest tenth. The first "
          : fmt::format(
                "Gaussian kernels of width {}, mirrored at 0 and 1; "
                "every curve has area 1, heights are scaled to the "
                "panel. The first ",
                kDensityWidth);
  text += fmt::format("{} seeds of each method together.", kMostOutputSeeds);
  if (methods > kMostPanels) {
    text += fmt::format(" The first {} of {} methods are drawn.", kMostPanels,
                        methods);
  }
  return text;
}

// Means over the seeds of what records say of an epoch.
struct MeanWeights {
  std::size_t runs = 0;
  std::array<double, 2> mean{}, sd{};  // text, image
};

std::map<std::int64_t, MeanWeights> WeightsByEpoch(
    const RunMatrix::Runs& runs) {
  std::map<std::int64_t, MeanWeights> epochs;
  for (const Record* record : runs.ok) {
    for (const EpochWeights& weights : record->weights) {
      if (!weights.text || !weights.image) continue;
      MeanWeights& sum = epochs[weights.epoch];
      ++sum.runs;
      sum.mean[0] += *weights.text;
      sum.mean[1] += *weights.image;
      sum.sd[0] += weights.text_sd.value_or(0);
      sum.sd[1] += weights.image_sd.value_or(0);
    }
  }
  for (auto& [epoch, sum] : epochs) {
    for (std::size_t i = 0; i < sum.mean.size(); ++i) {
      sum.mean[i] /= static_cast<double>(sum.runs);
      sum.sd[i] /= static_cast<double>(sum.runs);
    }
  }
  return epochs;
}

WeightsFigure WeightsOf(const std::map<std::int64_t, MeanWeights>& epochs) {
  WeightsFigure figure;
  const std::size_t every = (epochs.size() + kMostEpochs - 1) / kMostEpochs;
  std::size_t place = 0;
  for (const auto& [epoch, weights] : epochs) {
    const std::size_t at = place++;
    if (at % every != 0 && at + 1 != epochs.size()) continue;
    for (std::size_t i = 0; i < figure.lines.size(); ++i) {
      if (!std::isfinite(weights.mean[i]) || !std::isfinite(weights.sd[i])) {
        continue;
      }
      figure.lines[i].epochs.push_back(static_cast<double>(epoch));
      figure.lines[i].mean.push_back(weights.mean[i]);
      figure.lines[i].sd.push_back(weights.sd[i]);
    }
  }
  return figure;
}

// Do the means move by less than a reader could see?
bool IsConstant(const WeightsFigure& figure) {
  for (const auto& line : figure.lines) {
    if (line.mean.empty()) continue;
    const auto [low, high] =
        std::minmax_element(line.mean.begin(), line.mean.end());
    if (*high - *low > 0.01) return false;
  }
  return true;
}

}  // namespace

std::string OutputsSection(const RunMatrix& matrix, const fs::path& store) {
  std::string figures;
  std::vector<std::string> problems;
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    const RunMatrix::Dataset& dataset = matrix.datasets()[d];
    if (dataset.described == nullptr) continue;
    const std::string title = DatasetTitle(dataset);
    std::string panels;
    std::size_t drawn = 0;
    for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
      if (matrix.At(d, m).ok.empty() || drawn == kMostPanels) continue;
      const std::string method = MethodTitle(matrix.methods()[m]);
      const std::size_t known = problems.size();
      const ModelOutputs outputs =
          OutputsOf(matrix.At(d, m), store, title + ", " + method, problems);
      const bool any =
          std::any_of(outputs.values.begin(), outputs.values.end(),
                      [](const auto& values) { return !values.empty(); });
      if (!any) {
        if (problems.size() == known) {
          problems.push_back(title + ", " + method +
                             ": answers without labels have no credit");
        }
        continue;
      }
      ++drawn;
      panels += "<div>" +
                DrawOutputs(outputs, *dataset.described,
                            fmt::format("outputs-{}-{}", d, m), method) +
                "</div>\n";
    }
    if (panels.empty()) continue;
    figures += "<h3>" + EscapeHtml(title) + "</h3>\n" +
               Figure("<div class=\"grid\">\n" + panels + "</div>\n",
                      OutputsCaption(dataset.described->head,
                                     matrix.methods().size()));
  }
  if (figures.empty()) {
    figures = "<p>The records have no predictions that could be drawn.</p>\n";
    if (problems.size() > kMostPanels) {
      problems.resize(kMostPanels);
      problems.push_back("... and so on for the others");
    }
    return figures + List(problems);
  }
  return "<p>What each model says of the test examples under each view.</p>\n" +
         ViewsKey(0, KeyKind::kLines) + figures +
         (problems.empty() ? "" : "<h3>Not drawn</h3>\n" + List(problems));
}

std::string WeightsSection(const RunMatrix& matrix) {
  std::string panels;
  std::vector<std::string> constant;
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
      const auto epochs = WeightsByEpoch(matrix.At(d, m));
      if (epochs.empty()) continue;
      WeightsFigure figure = WeightsOf(epochs);
      const std::string name = DatasetTitle(matrix.datasets()[d]) + ", " +
                               MethodTitle(matrix.methods()[m]);
      if (IsConstant(figure)) {
        const MeanWeights& last = epochs.rbegin()->second;
        constant.push_back(
            fmt::format("{}: text {:.3g} ± {:.2g}, image {:.3g} ± {:.2g}", name,
                        last.mean[0], last.sd[0], last.mean[1], last.sd[1]));
        continue;
      }
      figure.id = fmt::format("weights-{}-{}", d, m);
      figure.title = name;
      panels += "<div>" + DrawWeights(figure) + "</div>\n";
    }
  }
  if (panels.empty() && constant.empty()) {
    return "<p>No record holds weights of modality terms.</p>\n";
  }
  std::string out;
  if (panels.empty()) {
    out += "<p>No weights change over the epochs.</p>\n";
  } else {
    out += ViewsKey(1) +
           Figure("<div class=\"grid\">\n" + panels + "</div>\n",
                  "Weights of the two modality terms: means over the training "
                  "examples and seeds; bands are ± one standard deviation over "
                  "the examples.");
  }
  if (!constant.empty()) {
    out +=
        "<p>The same in every epoch (to 0.01), mean ± standard deviation "
        "over the examples:</p>\n" +
        List(constant);
  }
  return out;
}

}  // namespace msdbench
