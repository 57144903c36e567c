#include "reports/aggregate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace msdbench {
namespace {

void Finish(Aggregate& aggregate) {
  std::vector<double> values;
  values.reserve(aggregate.values.size());
  for (const auto& item : aggregate.values) values.push_back(item.second);
  aggregate.summary = Summarize(values);
}

using Seeds = std::vector<std::uint64_t>;

}  // namespace

std::string SeedsText(const std::vector<std::uint64_t>& seeds) {
  return fmt::format("{} {}", seeds.size() == 1 ? "seed" : "seeds",
                     fmt::join(seeds, ", "));
}

Aggregate AggregateMetric(const RunMatrix::Runs& runs, const std::string& split,
                          const std::string& view, const std::string& metric) {
  Aggregate aggregate;
  std::map<std::string, Seeds> reasons;
  for (const Record* record : runs.ok) {
    const std::optional<double>* value = record->Find(split, view, metric);
    if (value == nullptr) {
      aggregate.absent.push_back(record->seed);
      continue;
    }
    if (value->has_value()) {
      aggregate.values[record->seed] = **value;
      continue;
    }
    const auto reason =
        record->undefined.find("/results/" + split + "/" + view + "/" + metric);
    reasons[reason == record->undefined.end() ? "no reason recorded"
                                              : reason->second]
        .push_back(record->seed);
  }
  for (const auto& [reason, seeds] : reasons) {
    aggregate.undefined.push_back(SeedsText(seeds) + " undefined: " + reason);
  }
  Finish(aggregate);
  return aggregate;
}

Aggregate AggregateNumber(const RunMatrix::Runs& runs, RecordNumber number) {
  Aggregate aggregate;
  for (const Record* record : runs.ok) {
    const std::optional<double>& value = record->*number;
    if (value) {
      aggregate.values[record->seed] = *value;
    } else {
      aggregate.absent.push_back(record->seed);
    }
  }
  Finish(aggregate);
  return aggregate;
}

std::vector<std::string> FailureLines(const RunMatrix::Runs& runs) {
  std::map<std::string, Seeds> errors;
  for (const Record* record : runs.failed) {
    errors[record->error].push_back(record->seed);
  }
  std::vector<std::string> lines;
  for (const auto& [error, seeds] : errors) {
    lines.push_back(SeedsText(seeds) + " failed: " + error);
  }
  return lines;
}

std::vector<std::string> SourcesOf(const RunMatrix::Runs& runs) {
  std::vector<const Record*> all = runs.ok;
  all.insert(all.end(), runs.failed.begin(), runs.failed.end());
  std::sort(all.begin(), all.end(),
            [](const Record* a, const Record* b) { return a->seed < b->seed; });
  std::vector<std::string> sources;
  for (const Record* record : all) sources.push_back(record->source);
  return sources;
}

}  // namespace msdbench
