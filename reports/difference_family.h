// The differences that a report shows, tested together.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "reports/run_matrix.h"
#include "reports/significance.h"

namespace msdbench {

struct TestedDifference {
  PairedTest test;
  std::optional<double> p_holm;  // over the family; none where test.p is none
  bool claimed = false;          // p_holm <= kSignificanceLevel
};

// Every method but teachers against the reference, on the first `metrics`
// metrics of every data set: test split, multimodal view, over common seeds.
// A difference without p counts in the family as one with p = 1.
class DifferenceFamily {
 public:
  // `reference`: a place in matrix.methods(); their number = no reference, and
  // so an empty family.
  DifferenceFamily(const RunMatrix& matrix, std::size_t reference,
                   std::size_t metrics);

  // nullptr = outside the family, or no seed in common.
  const TestedDifference* Find(std::size_t dataset, std::size_t method,
                               const std::string& metric) const;

  std::size_t size() const { return differences_.size(); }
  std::size_t claims() const;

  // What the mark "*" says and how much so many seeds allow, for below a table;
  // empty for an empty family.
  std::string Legend() const;

 private:
  using Place = std::tuple<std::size_t, std::size_t, std::string>;
  std::map<Place, TestedDifference> differences_;
};

}  // namespace msdbench
