#include "benchmarks/run_identity.h"

#include "reports/digest.h"

namespace msdbench {
namespace {

// A CPU is the default, and a CUDA device's number changes nothing.
void PutDevice(c10::Device device, ResolvedOptions& config) {
  config.values["device"] = device.is_cpu() ? "cpu" : "cuda";
  if (!device.is_cpu()) config.changes["device"] = config.values["device"];
}

ResolvedOptions TeacherConfig(const DatasetPlan& plan, c10::Device device) {
  ResolvedOptions config = plan.config;
  for (const char* of_students : {"student", "meta_fraction"}) {
    config.values.erase(of_students);
    config.changes.erase(of_students);
  }
  PutDevice(device, config);
  return config;
}

}  // namespace

RunIdentity StudentIdentity(const DatasetPlan& plan, const MethodPlan& method,
                            std::uint64_t seed, c10::Device device,
                            const PreparedData* data,
                            const std::string& teacher_hash) {
  RunIdentity identity;
  identity.role = "student";
  identity.name = method.name;
  identity.kind = method.kind;
  identity.options = method.options.values;
  identity.seed = seed;
  identity.config = plan.config;
  ResolvedOptions chosen;
  chosen.values["kind"] = chosen.changes["kind"] = method.kind;
  chosen.Put("options", method.options);
  identity.config.Put("method", chosen);
  identity.config.values["seed"] = identity.config.changes["seed"] = seed;
  PutDevice(device, identity.config);
  identity.config_hash = data == nullptr
                             ? kUnknownHash
                             : Sha256OfText(HashedText(identity.config) +
                                            data->input_hash + teacher_hash);
  return identity;
}

RunIdentity TeacherIdentity(const DatasetPlan& plan, c10::Device device,
                            const PreparedData* data) {
  RunIdentity identity;
  identity.role = identity.name = identity.kind = "teacher";
  identity.seed = plan.teacher_seed;
  identity.config = TeacherConfig(plan, device);
  identity.config_hash =
      data == nullptr
          ? kUnknownHash
          : Sha256OfText(HashedText(identity.config) + data->input_hash);
  return identity;
}

}  // namespace msdbench
