// A data set made ready for training, shared by every run on it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/metrics.h"
#include "benchmarks/places.h"
#include "benchmarks/suite.h"
#include "benchmarks/work_report.h"
#include "datasets/encoded.h"
#include "datasets/kept_pieces.h"
#include "datasets/text/wordpiece.h"

namespace msdbench {

struct PreparedData {
  Dataset dataset;  // its splits emptied: the examples live below
  std::vector<std::string> vocabulary;         // the whole one, in order of id
  std::string vocabulary_file;                 // as the plan names it
  std::shared_ptr<const WordPiece> tokenizer;  // that read the texts
  KeptPieces pieces;                           // those that models hold and see
  EncodedSplit train, dev, test;
  // Rows of `train` that students train on, and the meta split's rows; the
  // meta rows are cut off for every method, so that all see the same data.
  std::vector<std::int64_t> student_rows, meta_rows;
  std::vector<std::int64_t> all_rows;  // the teacher trains on all of train
  std::vector<MetricValue> dev_floor, test_floor;
  // Over fingerprint, limits, vocabulary, how it reads texts, input options and
  // every file of weights that the plan names: what a teacher's outputs depend
  // on besides its own weights.
  std::string input_hash;
  double loading_s = 0;
};

// Reads, tokenises and decodes. Throws DataError.
PreparedData PrepareData(const DatasetPlan& plan, const Places& places,
                         int threads, const WorkReport& report = {});

}  // namespace msdbench
