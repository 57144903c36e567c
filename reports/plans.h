// The plans that records are of. Cells of one table come from one plan: for one
// data set the same settings, data, numerics and teacher in all rows, and the
// same options in all seeds of a row.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>
#include <vector>

#include "reports/config_difference.h"
#include "reports/record.h"
#include "reports/table.h"

namespace msdbench {

// The newest run that no earlier plan has, and all that goes with it, newest
// first: so rows that are the same under two plans are of both.
struct Plan {
  std::string dataset;
  std::string hash;     // SHA-256 of its settings
  std::string started;  // of its newest run, ISO 8601; empty = not told
  bool used = false;
  std::vector<const Record*> records;
  std::vector<const Record*> left_out;  // those that the used plan has not
  std::vector<ConfigDifference> differences;  // first here, second in the used
  std::string reason;  // the same as one line; empty of the used one
};

struct PlanOptions {
  // Beginnings of hashes, each of one plan; other data sets use their newest.
  std::vector<std::string> chosen;
  // Records of other plans are told, but stay.
  bool keep_all = false;
  // Teachers of other seeds than the students' belong to the plan too.
  bool any_teacher = false;
  bool offer_choice = false;  // lines name --plan
};

class Plans {
 public:
  // `records` must outlive this. Throws UsageError for a choice that is none.
  Plans(const std::vector<Record>& records, const PlanOptions& options);

  // By data set as first seen, newest first.
  const std::vector<Plan>& all() const { return plans_; }
  bool LeavesOut(const Record& record) const {
    return left_out_.count(&record) > 0;
  }
  std::size_t left_out() const { return left_out_.size(); }
  // One a plan that is not used; empty = each data set has one plan.
  const std::vector<std::string>& lines() const { return lines_; }
  // Was a plan used because it is the newest, where there are several?
  bool is_open() const { return open_; }
  // For below a table of `dataset` (empty = of all), which shows a part of the
  // records: one sentence, or nothing where it shows them all.
  std::string Remark(const std::string& dataset = "") const;

 private:
  void AddDataset(const std::vector<const Record*>& records,
                  const PlanOptions& options);
  void Use(const PlanOptions& options);
  void Describe(const PlanOptions& options);

  std::vector<Plan> plans_;
  std::unordered_set<const Record*> left_out_;
  std::vector<std::string> lines_;
  bool open_ = false;
};

// For people who choose: a row a plan.
Table PlanTable(const Plans& plans);

}  // namespace msdbench
