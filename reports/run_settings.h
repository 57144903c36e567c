// What the numbers of a run come from besides its seed, and which runs of a
// data set can stand in one table.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reports/config_difference.h"
#include "reports/record.h"

namespace msdbench {

// The settings that some runs share. `records` is not empty.
struct RunSettings {
  std::string key;  // all of them as one text
  std::vector<const Record*> records;
  std::string started;           // of the newest run; empty = none told
  std::set<std::string> suites;  // hashes of the suites that asked for them
  StoredConfig config;           // without the method
  Json options, distillation;    // null = not told
  Json suite_methods;            // row -> own options; null = not told
  bool needs_teacher = false;    // teachers do
  const Record& any() const { return *records.front(); }
};

// Records of one data set by their settings, as first seen.
std::vector<RunSettings> SettingsOf(const std::vector<const Record*>& records);

// What a difference of data is called, where others have a JSON pointer.
inline constexpr const char* kDataSetting = "data";

class SettingsComparer {
 public:
  // any_teacher: teachers with another seed than the students' may be there.
  explicit SettingsComparer(bool any_teacher) : any_teacher_(any_teacher) {}

  // Why runs of `a` and of `b` cannot be of one plan, sorted by pointer; empty
  // = they can. What only one of them depends on is left out: a teacher does
  // not depend on the student, nor a student that learns from none on the
  // teacher. Methods may have options of their own, but not others of those
  // that the suite gives to all, nor where the other run's suite has the row
  // without them. Records of before do not tell those: there,
  // methods with other ones go together when one suite had both.
  std::vector<ConfigDifference> Conflicts(const RunSettings& a,
                                          const RunSettings& b);

 private:
  const std::vector<ConfigDifference>& OfConfigs(const RunSettings& a,
                                                 const RunSettings& b);

  const bool any_teacher_;
  // By the two configurations' texts; most runs have one of few.
  std::map<std::string, std::size_t> ids_;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<ConfigDifference>>
      known_;
};

}  // namespace msdbench
