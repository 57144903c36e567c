// Runs a suite: every data set's teacher, then every student, several at a
// time; one record each. What is already there is not run again.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "benchmarks/places.h"
#include "benchmarks/progress.h"
#include "benchmarks/run_listener.h"
#include "benchmarks/suite.h"

namespace msdbench {

struct RunnerOptions {
  Places places;  // an empty cache = OUT/cache
  std::filesystem::path out;
  c10::Device device = c10::kCPU;
  int jobs = 0;     // runs at a time; 0 = one a core (CPU), one (CUDA)
  int threads = 0;  // a run's own; 0 = cores / jobs
  // GiB that runs on the CPU may hold together; 0 = four fifths of what is
  // free. Runs that do not fit wait; one that never would runs alone.
  double memory = 0;
  int shard = 0, shards = 1;  // this process takes runs i with i % shards ==
                              // shard
  bool fresh = false;         // run again what is there
  bool save_models = false;   // trained models, in HuggingFace's layout
  ProgressStyle progress = ProgressStyle::kLines;
  RunListeners listeners;  // told of every event, beside the progress
};

// How every training computes: threads of the calling thread's own, vanishing
// numbers flushed to 0, fixed algorithms. A teacher in the cache must not
// depend on which command trained it.
void PrepareArithmetic(int threads);

struct SuiteOutcome {
  int done = 0, reused = 0, failed = 0;  // teachers included
  bool bad_data = false;  // a failure was that of data, weights or features
  double seconds = 0;
  std::string phases;  // where the time went, one line
};

// Reads every data set's annotations first and throws DataError before any
// training if one is unusable. A run that fails leaves a record saying why,
// and the others go on.
SuiteOutcome RunSuite(const Suite& suite, const RunnerOptions& options);

}  // namespace msdbench
