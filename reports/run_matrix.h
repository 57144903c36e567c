// Records of one plan a data set, sorted into a matrix: data sets x methods,
// runs by seed.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/plans.h"
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
    std::size_t left_out = 0;               // of other plans; not in size()
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

  // `records` must outlive the matrix, which holds those of the plans used.
  // Throws UsageError as Plans does.
  explicit RunMatrix(const std::vector<Record>& records,
                     const MatrixOrder& order = {},
                     const PlanOptions& plans = {});

  const std::vector<Method>& methods() const { return methods_; }
  const std::vector<Dataset>& datasets() const { return datasets_; }
  const Runs& At(std::size_t dataset, std::size_t method) const {
    return runs_[dataset * methods_.size() + method];
  }
  const Plans& plans() const { return plans_; }
  // One line each: plans that are not used (first, Plans::lines), two records
  // of one run.
  const std::vector<std::string>& problems() const { return problems_; }
  // One line each: what a reader should know and is no fault.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  void NoteDevices(const std::vector<Record>& records);

  Plans plans_;
  std::vector<Method> methods_;
  std::vector<Dataset> datasets_;
  std::vector<Runs> runs_;
  std::vector<std::string> problems_, notes_;
};

}  // namespace msdbench
