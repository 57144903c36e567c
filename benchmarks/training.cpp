#include "benchmarks/training.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "baselines/models/classifier.h"
#include "baselines/optimizers/adamw.h"
#include "benchmarks/batch_stream.h"
#include "benchmarks/inference.h"
#include "benchmarks/stopwatch.h"
#include "benchmarks/view_scores.h"
#include "datasets/batch.h"
#include "reports/random.h"

namespace msdbench {
namespace {

// Linear warm-up from 0, then linear decay to 0 after the last step.
double ScheduleAt(const TrainingOptions& options, std::int64_t step,
                  std::int64_t steps) {
  const double warmup = std::max(1.0, options.warmup * steps);
  const double rise = static_cast<double>(step + 1) / warmup;
  const double fall = static_cast<double>(steps - step) /
                      std::max(1.0, static_cast<double>(steps) - warmup);
  return options.learning_rate * std::min({1.0, rise, fall});
}

// Endless batches of the meta split, reshuffled whenever it is through.
class MetaBatches {
 public:
  MetaBatches(const TrainingData& data, std::int64_t batch_size,
              std::uint64_t seed, c10::Device device)
      : data_(data),
        size_(std::min<std::int64_t>(
            batch_size, static_cast<std::int64_t>(data.meta_rows.size()))),
        random_(seed, "meta batches"),
        device_(device) {}

  Batch Next() {
    std::vector<std::int64_t> rows;
    while (static_cast<std::int64_t>(rows.size()) < size_) {
      if (left_.empty()) {
        left_ = data_.meta_rows;
        random_.Shuffle(left_);
      }
      rows.push_back(left_.back());
      left_.pop_back();
    }
    return Collate(data_.split, rows).To(device_);
  }

 private:
  const TrainingData& data_;
  std::int64_t size_;
  Random random_;
  c10::Device device_;
  std::vector<std::int64_t> left_;
};

// Means over an epoch, kept on the device so that no step waits for them.
class EpochMeans {
 public:
  void Add(const StepReport& step, std::int64_t examples) {
    for (const auto& [name, value] : step.losses) {
      Entry& entry = Find(name);
      const at::Tensor part = value.to(at::kDouble) * examples;
      entry.sum = entry.sum.defined() ? entry.sum + part : part;
      entry.count += examples;
    }
    if (!step.weights.defined()) return;
    const at::Tensor w = step.weights.to(at::kDouble);
    const at::Tensor sums = at::stack({w.sum(0), w.square().sum(0)});
    weights_ = weights_.defined() ? weights_ + sums : sums;
    weight_count_ += examples;
  }

  void Fill(EpochReport& report) const {
    for (const Entry& entry : entries_) {
      report.losses.emplace_back(
          entry.name,
          entry.sum.item<double>() / static_cast<double>(entry.count));
    }
    if (!weights_.defined()) return;
    const at::Tensor w = weights_.to(at::kCPU) / weight_count_;
    const auto summary = [&](std::int64_t modality) {
      const double mean = w[0][modality].item<double>();
      const double square = w[1][modality].item<double>();
      return WeightSummary{mean,
                           std::sqrt(std::max(0.0, square - mean * mean))};
    };
    report.text_weight = summary(0);
    report.image_weight = summary(1);
  }

 private:
  struct Entry {
    std::string name;
    at::Tensor sum;
    std::int64_t count = 0;
  };
  Entry& Find(const std::string& name) {
    for (Entry& entry : entries_) {
      if (entry.name == name) return entry;
    }
    entries_.push_back({name, {}, 0});
    return entries_.back();
  }

  std::vector<Entry> entries_;
  at::Tensor weights_;  // [2, 2]: sums and sums of squares (text, image)
  std::int64_t weight_count_ = 0;
};

std::vector<at::Tensor> Snapshot(Classifier& model) {
  std::vector<at::Tensor> copies;
  for (const at::Tensor& parameter : model->parameters()) {
    copies.push_back(parameter.detach().clone());
  }
  return copies;
}

}  // namespace

TrainingResult Train(Classifier& model, Method& method,
                     const TrainingData& data, const TrainingOptions& options,
                     Removal removal, std::uint64_t seed, c10::Device device,
                     const TrainingObserver& observer) {
  const auto count = static_cast<std::int64_t>(data.rows.size());
  const std::int64_t batches =
      (count + options.batch_size - 1) / options.batch_size;
  const std::int64_t steps =
      options.updates > 0 ? options.updates : options.epochs * batches;

  AdamWOptions adamw;
  adamw.weight_decay = options.weight_decay;
  adamw.clip_norm = options.clip_norm;
  AdamW optimizer(model->parameters(), adamw);
  std::optional<at::Generator> dropout;
  if (model->options().bert.dropout > 0) {
    // Not a clone of the global one, which other runs' threads draw from.
    dropout = at::detail::createCPUGenerator(Random(seed, "dropout").Next());
  }
  Random shuffle(seed, "shuffle");
  MetaBatches meta(data, options.batch_size, seed, device);
  if (data.teacher != nullptr) method.Prepare(*data.teacher);
  const ViewLogits no_teacher;

  TrainingResult result;
  std::optional<double> best;
  std::vector<std::int64_t> order = data.rows;
  std::int64_t step = 0;
  while (step < steps) {
    const Stopwatch epoch_watch;
    shuffle.Shuffle(order);
    EpochMeans means;
    double rate = 0;
    BatchStream stream(data.split, order, options.batch_size, device);
    for (; step < steps; ++step) {
      const std::optional<Batch> next = stream.Next();
      if (!next) break;
      const Batch& batch = *next;
      rate = ScheduleAt(options, step, steps);
      optimizer.ZeroGrad();
      const ViewLogits teacher = data.teacher != nullptr
                                     ? data.teacher->Rows(batch.rows, device)
                                     : no_teacher;
      TrainingStep training_step{model,   removal, batch,
                                 teacher, dropout, [&] { return meta.Next(); }};
      means.Add(method.Step(training_step), batch.size());
      optimizer.Step(rate);
      result.examples_seen += batch.size();
      if (observer.step) {
        observer.step(static_cast<double>(step + 1) /
                      static_cast<double>(steps));
      }
    }
    EpochReport report;
    report.epoch = static_cast<std::int64_t>(result.epochs.size()) + 1;
    report.learning_rate = rate;
    means.Fill(report);
    result.training_s += epoch_watch.Seconds();
    if (!std::isfinite(report.losses.front().second)) {
      throw RunError(
          fmt::format("the loss stopped being finite in epoch {}; try a lower "
                      "learning_rate or a clip_norm above 0",
                      report.epoch));
    }

    const Stopwatch evaluation;
    const ViewLogits dev = RunModel(model, data.dev, {View::kMultimodal},
                                    removal, options.batch_size, device);
    const double threshold = ChooseThreshold(data.threshold_rule, data.metrics,
                                             data.dev, dev[View::kMultimodal]);
    if (data.threshold_rule == ThresholdRule::kDev &&
        data.dev.head == Head::kMultiLabel) {
      report.threshold = threshold;
    }
    report.dev =
        ScoreView(data.metrics, data.dev, dev[View::kMultimodal], threshold);
    const std::optional<double> value = report.dev.front().value;
    if (value && (!best || *value > *best)) {
      best = value;
      result.best_epoch = report.epoch;
      result.best_parameters = Snapshot(model);
      result.tied_epochs.clear();
    }
    if (value && *value == *best) result.tied_epochs.push_back(report.epoch);
    result.evaluation_s += evaluation.Seconds();
    if (observer.epoch) observer.epoch(report);
    result.epochs.push_back(std::move(report));
  }
  if (!best) {
    throw RunError("no epoch could be scored on dev: " +
                   result.epochs.back().dev.front().reason);
  }
  if (result.tied_epochs.size() == 1) result.tied_epochs.clear();
  return result;
}

std::string TieText(std::int64_t best, std::size_t tied) {
  if (tied < 2) return "";
  return fmt::format("epoch {} kept of {} tied on dev", best, tied);
}

void RestoreBest(Classifier& model, const TrainingResult& result) {
  at::NoGradGuard no_grad;
  const std::vector<at::Tensor> parameters = model->parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    parameters[i].copy_(result.best_parameters[i]);
  }
}

}  // namespace msdbench
