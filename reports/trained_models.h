// Single trained models against the reference's of the same seed, example by
// example: what a difference on this test set says about these models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "reports/paired_examples.h"
#include "reports/run_matrix.h"

namespace msdbench {

struct ModelPair {
  std::size_t dataset = 0, method = 0;  // places in the matrix
  std::string metric;
  std::uint64_t seed = 0;
  ExampleTest test;              // method minus reference, fractions
  std::optional<double> p_holm;  // over all pairs; none where test.p is none
  bool differs = false;          // p_holm <= kSignificanceLevel
};

// The two things that leave a method's score uncertain, told apart.
struct ModelSpread {
  std::size_t dataset = 0, method = 0;
  std::string metric;
  Summary over_seeds;      // of the records: another seed's training
  std::size_t models = 0;  // with usable predictions
  // Another test set of this size: standard error of one model's score, root
  // mean square over the models. None where the metric is undefined.
  std::optional<double> example_error;
  std::size_t pairs = 0, better = 0, worse = 0;  // of `pairs` that differ
  std::vector<std::string> notes;  // "seed 2: predictions not used: why"
};

struct TrainedModels {
  std::vector<ModelPair> pairs;       // by data set, metric, method and seed
  std::vector<ModelSpread> spreads;   // teachers and the reference too
  std::vector<std::string> left_out;  // data sets and metrics, and why
};

// Test split, multimodal view, the first `metrics` metrics of each data set, as
// far as predictions lie beside the records below `store`, belong to the same
// examples and give the recorded value. p-values are corrected by Holm over all
// pairs: a family of its own, of which no claim about methods is made.
// `reference` as in DifferenceFamily.
TrainedModels CompareModels(const RunMatrix& matrix, std::size_t reference,
                            std::size_t metrics,
                            const std::filesystem::path& store);

}  // namespace msdbench
