// What a run is: its name, its configuration, and a hash of all that its result
// depends on. A record is reused only where this hash is the same.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <string>

#include "benchmarks/prepared_data.h"
#include "benchmarks/suite.h"

namespace msdbench {

struct RunIdentity {
  std::string role;  // "teacher" or "student"
  std::string name;  // the row
  std::string kind;
  Json options = Json::object();
  std::uint64_t seed = 0;
  ResolvedOptions config;
  std::string config_hash;
  // Of a teacher's own weights: trained anew, they may be others although all
  // that they depend on is the same. Empty = not asked for.
  std::string teacher_hash;
};

// Of a run whose data or teacher never came to be.
inline const std::string kUnknownHash(64, '0');

// With data = nullptr the hash is kUnknownHash. `teacher_hash`: of the
// teacher's weights, "" for a student that does not depend on them.
RunIdentity StudentIdentity(const DatasetPlan& plan, const MethodPlan& method,
                            std::uint64_t seed, c10::Device device,
                            const PreparedData* data,
                            const std::string& teacher_hash);
// A teacher's hash names its weights in the cache. How thresholds are chosen
// counts: it decides which epoch is kept.
RunIdentity TeacherIdentity(const DatasetPlan& plan, c10::Device device,
                            const PreparedData* data);

}  // namespace msdbench
