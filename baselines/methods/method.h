// A training method: what the student is run on and which objective it
// descends. To add one: a file pair, one row in method.cpp, one test.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "baselines/models/view_logits.h"
#include "datasets/batch.h"
#include "datasets/dataset.h"
#include "reports/config_reader.h"

namespace msdbench {

class Classifier;

// A teacher's logits [examples, labels] on the rows of one split, and that
// split's targets (as Batch::targets); on the CPU, possibly memory-mapped.
struct TeacherOutputs {
  ViewLogits logits;
  at::Tensor targets;

  // The rows' logits on `device`; rows: int64 on the CPU.
  ViewLogits Rows(const at::Tensor& rows, c10::Device device) const;
};

struct MethodContext {
  Head head = Head::kSingleLabel;
  std::uint64_t seed = 0;
  c10::Device device = c10::kCPU;
};

// What a method sees of one training step.
struct TrainingStep {
  Classifier& student;
  Removal removal;
  const Batch& batch;
  const ViewLogits& teacher;             // of the batch's rows
  std::optional<at::Generator> dropout;  // none = no dropout
  // The next batch of the meta split; only where UsesMetaSplit().
  std::function<Batch()> next_meta_batch;
};

struct StepReport {
  // Detached batch means by name, scalars on the model's device; "total" first.
  std::vector<std::pair<std::string, at::Tensor>> losses;
  at::Tensor weights;  // detached [batch, 2] (text, image), or undefined
};

class Method {
 public:
  virtual ~Method() = default;

  virtual bool UsesTeacher() const { return true; }
  virtual bool UsesMetaSplit() const { return false; }
  // Once, before the first step: the teacher on the whole training split.
  virtual void Prepare(const TeacherOutputs& train) {}
  // Adds the objective's gradient to the student's .grad fields.
  virtual StepReport Step(TrainingStep& step) = 0;
  // What the method itself trains, as learned weights' network; {} if nothing.
  virtual std::vector<at::Tensor> OwnParameters() const { return {}; }
  // Numbers worth keeping in the record, {} if none.
  virtual Json Summary() const { return Json::object(); }
};

struct MethodKind {
  std::string name;     // "msd-saliency"
  std::string summary;  // one line for `msdbench list methods`
  double cost;          // of a step, in steps of "none"; orders the queue
  std::unique_ptr<Method> (*make)(ConfigReader& options,
                                  const MethodContext& context);
};
const std::vector<MethodKind>& MethodKinds();

struct MadeMethod {
  std::unique_ptr<Method> method;
  ResolvedOptions options;
};
// Throws UsageError for an unknown kind or option, at `source`: `pointer`.
MadeMethod MakeMethod(const std::string& kind, const Json& options,
                      const MethodContext& context, const std::string& source,
                      const std::string& pointer);

}  // namespace msdbench
