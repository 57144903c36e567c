// A data set made ready for training, shared by every run on it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "benchmarks/metrics.h"
#include "benchmarks/suite.h"
#include "datasets/encoded.h"

namespace msdbench {

struct PreparedData {
  Dataset dataset;  // its splits emptied: the examples live below
  std::int64_t vocabulary = 0;
  EncodedSplit train, dev, test;
  // Rows of `train` that students train on, and the meta split's rows; the
  // meta rows are cut off for every method, so that all see the same data.
  std::vector<std::int64_t> student_rows, meta_rows;
  std::vector<std::int64_t> all_rows;  // the teacher trains on all of train
  std::vector<MetricValue> dev_floor, test_floor;
  // Over fingerprint, limits, vocabulary and input options: what a teacher's
  // outputs depend on besides its weights.
  std::string input_hash;
  double loading_s = 0;
};

// Reads, tokenises and decodes. Throws DataError.
PreparedData PrepareData(const DatasetPlan& plan,
                         const std::filesystem::path& data_root, int threads);

}  // namespace msdbench
