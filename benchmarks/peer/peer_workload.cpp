// The workload of the PyTorch program that we measure ourselves against, run by
// our own models, methods and optimizer: same flags, same one line of JSON.
//
// Example i has 4 + (i * 7919) % 29 tokens, token j has id
// 1 + (i * 31 + j * 17) % (vocabulary - 1); visual features are standard normal
// and label i is i % labels. Batches in order, three views, AdamW at 5e-5.
// The teacher's outputs are computed once, as `msdbench run` does.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "baselines/methods/method.h"
#include "baselines/models/classifier.h"
#include "baselines/models/state_dict.h"
#include "baselines/optimizers/adamw.h"
#include "benchmarks/machine/allocator.h"
#include "benchmarks/machine/host.h"
#include "benchmarks/stopwatch.h"
#include "reports/error.h"

namespace msdbench {
namespace {

struct Options {
  std::string method = "kd";
  std::int64_t examples = 256, epochs = 3, batch = 32;
  std::vector<std::int64_t> teacher = {6, 384, 6, 1536};
  std::vector<std::int64_t> student = {4, 312, 12, 1200};
  std::int64_t vocabulary = 30522, visual_tokens = 36, visual_width = 2048;
  std::int64_t labels = 3, text_tokens = 0;
  double temperature = 2;
  int threads = 2;
  std::string precision = "fp32", device = "cpu", teacher_cache = "on";
  std::int64_t meta_every = 1;
  std::string initial;
  bool losses = false;
};

void AddOptions(CLI::App& app, Options& o) {
  app.add_option("--method", o.method)
      ->check(CLI::IsMember(
          {"none", "kd", "msd-fixed", "msd-saliency", "msd-learned"}))
      ->capture_default_str();
  const auto count = [&](const char* name, std::int64_t& value) {
    app.add_option(name, value)
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
  };
  count("--examples", o.examples);
  count("--epochs", o.epochs);
  count("--batch", o.batch);
  for (auto [name, shape] : {std::pair{"--teacher", &o.teacher},
                             std::pair{"--student", &o.student}}) {
    app.add_option(name, *shape, "layers,hidden,heads,intermediate")
        ->delimiter(',')
        ->expected(4)
        ->check(CLI::PositiveNumber);
  }
  app.add_option("--vocab", o.vocabulary)
      ->check(CLI::Range(2, 10000000))
      ->capture_default_str();
  count("--visual-tokens", o.visual_tokens);
  count("--visual-dim", o.visual_width);
  count("--labels", o.labels);
  app.add_option("--text-tokens", o.text_tokens,
                 "every text so long, not as the peer has them")
      ->check(CLI::Range(3, 512));
  app.add_option("--temperature", o.temperature)->check(CLI::PositiveNumber);
  app.add_option("--threads", o.threads)->check(CLI::PositiveNumber);
  app.add_option("--precision", o.precision)
      ->check(CLI::IsMember({"fp32", "bf16"}));
  app.add_option("--device", o.device, "cpu, cuda, cuda:N");
  app.add_option("--teacher-cache", o.teacher_cache,
                 "accepted; the teacher always runs once")
      ->check(CLI::IsMember({"off", "on"}));
  count("--meta-every", o.meta_every);
  app.add_option("--initial", o.initial,
                 "safetensors with teacher/..., student/..., features and "
                 "method/0, ...");
  app.add_flag("--losses", o.losses, "also print every step's loss");
}

Classifier MakeModel(const Options& o, const std::vector<std::int64_t>& shape,
                     std::int64_t words, std::uint64_t seed) {
  ClassifierOptions options;
  options.bert.layers = shape[0];
  options.bert.hidden = shape[1];
  options.bert.heads = shape[2];
  options.bert.intermediate = shape[3];
  options.bert.vocabulary = words;
  options.bert.dropout = 0;
  options.bert.precision =
      o.precision == "bf16" ? Precision::kBf16 : Precision::kFp32;
  options.image.channels = {};
  options.image.feature_tokens = o.visual_tokens;
  options.image.feature_width = o.visual_width;
  options.image.as_they_are = true;
  options.labels = o.labels;
  options.initializer_range = 0.02;
  Classifier model(options, seed);
  // Not in the workload: a second vector added to every visual token.
  at::Tensor places =
      model->named_parameters()
          ["visual_bert.embeddings.visual_position_embeddings.weight"];
  at::NoGradGuard no_grad;
  places.zero_();
  places.set_requires_grad(false);
  return model;
}

// The workload's texts. Word tables hold the ids that occur, as in a run.
class Texts {
 public:
  explicit Texts(const Options& o) : options_(o) {
    // [CLS] and [SEP] of the image view have the ids 1 and 2.
    Index(1);
    Index(2);
    for (std::int64_t i = 0; i < o.examples; ++i) {
      for (std::int64_t j = 0; j < Length(i); ++j) Index(Id(i, j));
    }
  }

  std::int64_t words() const { return static_cast<std::int64_t>(ids_.size()); }
  const std::vector<std::int64_t>& ids() const { return ids_; }

  std::int64_t Length(std::int64_t i) const {
    return options_.text_tokens > 0 ? options_.text_tokens
                                    : 4 + (i * 7919) % 29;
  }

  void Fill(Batch& batch, std::int64_t first, std::int64_t count) {
    std::int64_t longest = 0;
    for (std::int64_t b = 0; b < count; ++b) {
      longest = std::max(longest, Length(first + b));
    }
    batch.token_ids = at::zeros({count, longest}, at::kLong);
    batch.text_mask = at::zeros({count, longest});
    batch.ends = at::tensor({Index(1), Index(2)}, at::kLong)
                     .expand({count, 2})
                     .contiguous();
    auto* ids = batch.token_ids.data_ptr<std::int64_t>();
    auto* mask = batch.text_mask.data_ptr<float>();
    for (std::int64_t b = 0; b < count; ++b) {
      for (std::int64_t j = 0; j < Length(first + b); ++j) {
        ids[b * longest + j] = Index(Id(first + b, j));
        mask[b * longest + j] = 1;
      }
    }
  }

 private:
  std::int64_t Id(std::int64_t i, std::int64_t j) const {
    return 1 + (i * 31 + j * 17) % (options_.vocabulary - 1);
  }
  std::int64_t Index(std::int64_t id) {
    const auto [place, isnew] = index_.try_emplace(id, words());
    if (isnew) ids_.push_back(id);
    return place->second;
  }

  const Options& options_;
  std::map<std::int64_t, std::int64_t> index_;
  std::vector<std::int64_t> ids_;
};

void LoadModel(Classifier& model, const StateDict& file,
               const std::string& prefix,
               const std::vector<std::int64_t>& ids) {
  at::NoGradGuard no_grad;
  for (auto& named : model->named_parameters()) {
    const auto found = file.find(prefix + named.key());
    if (found == file.end()) {
      if (!named.value().requires_grad()) continue;
      throw DataError("--initial has no " + prefix + named.key());
    }
    at::Tensor value = found->second;
    if (named.key() == "visual_bert.embeddings.word_embeddings.weight") {
      value = value.index_select(
          0, at::tensor(at::ArrayRef<std::int64_t>(ids), at::kLong));
    }
    named.value().copy_(value);
  }
}

// Floating-point operations of a pass forward through a model of this shape: a
// multiplication and an addition are two.
double ForwardFlops(const Options& o, const std::vector<std::int64_t>& shape,
                    double text, double visual) {
  const auto layers = static_cast<double>(shape[0]);
  const auto hidden = static_cast<double>(shape[1]);
  const auto within = static_cast<double>(shape[3]);
  const double tokens = text + visual;
  return layers * tokens *
             (8 * hidden * hidden + 4 * hidden * within + 4 * tokens * hidden) +
         2 * visual * hidden * static_cast<double>(o.visual_width);
}

// Of the whole workload as it is defined, however it is done: each model on
// each view that the method uses, the way back twice the way forward. What
// learning the weights adds is not counted.
double WorkloadFlops(const Options& o, const Texts& texts) {
  const bool teaches = o.method != "none";
  const bool views = teaches && o.method != "kd";
  const auto visual = static_cast<double>(o.visual_tokens);
  double total = 0;
  for (std::int64_t i = 0; i < o.examples; ++i) {
    const auto text = static_cast<double>(texts.Length(i));
    const auto all_views = [&](const std::vector<std::int64_t>& shape) {
      double sum = ForwardFlops(o, shape, text, visual);
      if (views) {
        sum +=
            ForwardFlops(o, shape, text, 0) + ForwardFlops(o, shape, 2, visual);
      }
      return sum;
    };
    total += 3 * static_cast<double>(o.epochs) * all_views(o.student);
    if (teaches) total += all_views(o.teacher);
  }
  return total;
}

class Workload {
 public:
  explicit Workload(const Options& o)
      : options_(o),
        device_(o.device),
        texts_(options_),
        teacher_(MakeModel(o, o.teacher, texts_.words(), 1)),
        student_(MakeModel(o, o.student, texts_.words(), 2)) {
    if (o.initial.empty()) {
      at::Generator generator = at::detail::createCPUGenerator(3);
      features_ = at::empty({o.examples, o.visual_tokens, o.visual_width})
                      .normal_(0, 1, generator);
    } else {
      const StateDict file = ReadStateDict(o.initial);
      LoadModel(teacher_, file, "teacher/", texts_.ids());
      LoadModel(student_, file, "student/", texts_.ids());
      if (file.count("features") == 0) {
        throw DataError("--initial has no features");
      }
      features_ = file.at("features");
      for (int i = 0; file.count("method/" + std::to_string(i)) > 0; ++i) {
        method_parameters_.push_back(file.at("method/" + std::to_string(i)));
      }
    }
    teacher_->to(device_);
    student_->to(device_);
  }

  Json Run() {
    AdamW optimizer(student_->parameters(), AdamWOptions());
    const MadeMethod made = MakeMethod(options_.method, MethodOptions(),
                                       {Head::kSingleLabel, 4, device_},
                                       "peer_workload", "/method");
    {
      at::NoGradGuard no_grad;
      const std::vector<at::Tensor> own = made.method->OwnParameters();
      if (!method_parameters_.empty() &&
          own.size() != method_parameters_.size()) {
        throw DataError(
            fmt::format("--initial has {} method/...; {} are wanted",
                        method_parameters_.size(), own.size()));
      }
      for (std::size_t i = 0; i < method_parameters_.size(); ++i) {
        if (own[i].sizes() != method_parameters_[i].sizes()) {
          throw DataError(
              fmt::format("--initial: method/{} has another shape", i));
        }
        own[i].copy_(method_parameters_[i]);
      }
    }
    Json losses = Json::array();
    at::Tensor last;
    const Stopwatch watch;
    TeacherOutputs teacher;
    if (made.method->UsesTeacher()) {
      teacher = Teach();
      made.method->Prepare(teacher);
    }
    for (std::int64_t epoch = 0; epoch < options_.epochs; ++epoch) {
      for (std::int64_t first = 0; first < options_.examples;
           first += options_.batch) {
        const Batch batch = BatchAt(first);
        optimizer.ZeroGrad();
        const ViewLogits taught = made.method->UsesTeacher()
                                      ? teacher.Rows(batch.rows, device_)
                                      : ViewLogits();
        TrainingStep step{student_,     Removal::kDrop,
                          batch,        taught,
                          std::nullopt, [&] { return MetaBatch(first); }};
        last = made.method->Step(step).losses.front().second;
        optimizer.Step(5e-5);
        if (options_.losses) losses.push_back(last.item<double>());
      }
    }
    const double loss = last.item<double>();
    const double seconds = watch.Seconds();
    return Describe(seconds, loss, losses);
  }

 private:
  Json MethodOptions() const {
    if (options_.method == "none") return Json::object();
    Json json = {{"temperature", options_.temperature}, {"lambda", 0.5}};
    if (options_.method == "msd-learned") {
      json["network_decay"] = 0;
      json["meta_every"] = options_.meta_every;
    }
    return json;
  }

  Batch BatchAt(std::int64_t first) {
    const std::int64_t count =
        std::min(options_.batch, options_.examples - first);
    Batch batch;
    texts_.Fill(batch, first, count);
    batch.images = features_.narrow(0, first, count);
    batch.rows = at::arange(first, first + count, at::kLong);
    batch.targets = batch.rows.remainder(options_.labels);
    return batch.To(device_);
  }
  Batch MetaBatch(std::int64_t first) {
    const std::int64_t next = first + options_.batch;
    return BatchAt(next < options_.examples ? next : 0);
  }

  TeacherOutputs Teach() {
    at::NoGradGuard no_grad;
    const std::vector<View> views =
        options_.method == "kd"
            ? std::vector<View>{View::kMultimodal}
            : std::vector<View>(kViews.begin(), kViews.end());
    TeacherOutputs outputs;
    for (View view : views) {
      outputs.logits[view] = at::empty({options_.examples, options_.labels});
    }
    for (std::int64_t first = 0; first < options_.examples;
         first += options_.batch) {
      const Batch batch = BatchAt(first);
      const ViewLogits logits = teacher_->Forward(batch, views, Removal::kDrop);
      for (View view : views) {
        outputs.logits[view].narrow(0, first, batch.size()).copy_(logits[view]);
      }
    }
    outputs.targets =
        at::arange(options_.examples, at::kLong).remainder(options_.labels);
    return outputs;
  }

  Json Describe(double seconds, double loss, const Json& losses) const {
    Json json = {
        {"method", options_.method},
        {"examples", options_.examples},
        {"epochs", options_.epochs},
        {"batch", options_.batch},
        {"threads", options_.threads},
        {"precision", options_.precision},
        {"device", options_.device},
        {"seconds", seconds},
        {"loss", loss},
        {"examples_per_second",
         static_cast<double>(options_.examples * options_.epochs) / seconds},
        {"gflop_per_second", WorkloadFlops(options_, texts_) * 1e-9 / seconds},
        {"peak_memory_mb", DescribeProcessMemory().peak_mib}};
    if (options_.losses) json["losses"] = losses;
    return json;
  }

  Options options_;
  c10::Device device_;
  Texts texts_;
  Classifier teacher_, student_;
  at::Tensor features_;
  std::vector<at::Tensor> method_parameters_;
};

int Main(int argc, char** argv) {
  KeepFreedMemory();
  Options options;
  CLI::App app("A PyTorch program's workload, run by msdbench");
  AddOptions(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    at::set_num_threads(options.threads);
    std::cout << Workload(options).Run().dump() << "\n";
  } catch (const Error& error) {
    std::cerr << "peer_workload: " << error.what() << "\n";
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    // LibTorch appends its stack: the first line says it.
    const std::string what = error.what();
    std::cerr << "peer_workload: " << what.substr(0, what.find('\n')) << "\n";
    return static_cast<int>(ExitCode::kRunFailed);
  }
  return 0;
}

}  // namespace
}  // namespace msdbench

int main(int argc, char** argv) { return msdbench::Main(argc, argv); }
