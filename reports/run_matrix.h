// Records sorted into a matrix: data sets x methods, runs by seed.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/record.h"

namespace msdbench {

// Rows and columns in the order that a reader expects them.
struct MatrixOrder {
  // Names in the order wanted (a suite's); those left out follow, as first
  // seen. Teacher, undistilled student and plain KD always lead.
  std::vector<std::string> methods, datasets;
};

class RunMatrix {
 public:
  struct Runs {
    std::vector<const Record*> ok, failed;  // by seed
    std::size_t size() const { return ok.size() + failed.size(); }
  };
  struct Method {
    std::string name, kind;
    bool teacher = false;
  };
  struct Dataset {
    std::string name, format;
    std::vector<RecordMetric> metrics;  // empty when every run failed
    const Record* described = nullptr;  // a whole run; null = all failed
  };

  // `records` must outlive the matrix.
  explicit RunMatrix(const std::vector<Record>& records,
                     const MatrixOrder& order = {});

  const std::vector<Method>& methods() const { return methods_; }
  const std::vector<Dataset>& datasets() const { return datasets_; }
  const Runs& At(std::size_t dataset, std::size_t method) const {
    return runs_[dataset * methods_.size() + method];
  }
  // One line each: two records of one run, runs on different data.
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  void CheckData(const std::vector<Record>& records);

  std::vector<Method> methods_;
  std::vector<Dataset> datasets_;
  std::vector<Runs> runs_;
  std::vector<std::string> problems_;
};

}  // namespace msdbench
