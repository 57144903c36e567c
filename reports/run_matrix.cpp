#include "reports/run_matrix.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace msdbench {
namespace {

using Places = std::unordered_map<std::string, std::size_t>;

Places PlacesOf(const std::vector<std::string>& names) {
  Places places;
  for (const std::string& name : names) places.emplace(name, places.size());
  return places;
}

// Stable: `names` first in their order, then the rest as they came.
template <typename Item, typename Rank>
void SortBy(std::vector<Item>& items, const std::vector<std::string>& names,
            const Rank& rank) {
  const Places places = PlacesOf(names);
  const auto key = [&](const Item& item) {
    const auto place = places.find(item.name);
    return std::make_pair(
        rank(item), place == places.end() ? places.size() : place->second);
  };
  std::stable_sort(
      items.begin(), items.end(),
      [&](const Item& a, const Item& b) { return key(a) < key(b); });
}

int RankOf(const RunMatrix::Method& method) {
  if (method.teacher) return 0;
  if (method.kind == "none") return 1;
  return method.kind == "kd" ? 2 : 3;
}

template <typename Item>
Places PlacesOfItems(const std::vector<Item>& items) {
  Places places;
  for (const Item& item : items) places.emplace(item.name, places.size());
  return places;
}

std::string Describe(const Record& record) {
  return fmt::format("{} (configuration {})", record.source,
                     record.config_hash.substr(0, 8));
}

}  // namespace

RunMatrix::RunMatrix(const std::vector<Record>& records,
                     const MatrixOrder& order, const PlanOptions& plans)
    : plans_(records, plans), problems_(plans_.lines()) {
  Places dataset_places, method_places;
  for (const Record& record : records) {
    if (method_places.emplace(record.method, methods_.size()).second) {
      methods_.push_back({record.method, record.kind, record.teacher});
    }
    const auto [place, is_new] =
        dataset_places.emplace(record.dataset, datasets_.size());
    if (is_new)
      datasets_.push_back({record.dataset, record.format, {}, nullptr});
    if (plans_.LeavesOut(record)) continue;
    Dataset& dataset = datasets_[place->second];
    if (dataset.metrics.empty()) dataset.metrics = record.metrics;
    if (dataset.described == nullptr && record.ok) {
      dataset.described = &record;
    }
  }
  SortBy(methods_, order.methods, RankOf);
  SortBy(datasets_, order.datasets, [](const Dataset&) { return 0; });
  dataset_places = PlacesOfItems(datasets_);
  method_places = PlacesOfItems(methods_);

  runs_.resize(datasets_.size() * methods_.size());
  std::map<std::pair<std::size_t, std::uint64_t>, const Record*> seen;
  for (const Record& record : records) {
    const std::size_t place = dataset_places[record.dataset] * methods_.size() +
                              method_places[record.method];
    if (plans_.LeavesOut(record)) {
      ++runs_[place].left_out;
      continue;
    }
    const auto [first, is_new] =
        seen.emplace(std::make_pair(place, record.seed), &record);
    if (!is_new) {
      const Record& other = *first->second;
      problems_.push_back(fmt::format(
          "{}, {}, seed {}: two records {}: {} and {}; the first is used",
          record.dataset, record.method, record.seed,
          other.config_hash == record.config_hash
              ? "of the same run"
              : "with different configurations",
          Describe(other), Describe(record)));
      continue;
    }
    (record.ok ? runs_[place].ok : runs_[place].failed).push_back(&record);
  }
  const auto by_seed = [](const Record* a, const Record* b) {
    return a->seed < b->seed;
  };
  for (Runs& runs : runs_) {
    std::sort(runs.ok.begin(), runs.ok.end(), by_seed);
    std::sort(runs.failed.begin(), runs.failed.end(), by_seed);
  }
  NoteDevices(records);
}

void RunMatrix::NoteDevices(const std::vector<Record>& records) {
  std::map<std::string, std::map<std::string, std::size_t>> devices;
  for (const Record& record : records) {
    const bool counts =
        record.ok && !record.device.empty() && !plans_.LeavesOut(record);
    if (counts) ++devices[record.dataset][record.device];
  }
  for (const auto& [dataset, counts] : devices) {
    if (counts.size() < 2) continue;
    std::vector<std::string> parts;
    for (const auto& [device, runs] : counts) {
      parts.push_back(fmt::format("{} ({} runs)", device, runs));
    }
    notes_.push_back(
        fmt::format("{}: runs of one plan on different devices, whose "
                    "arithmetic differs in the last digits: {}",
                    dataset, fmt::join(parts, ", ")));
  }
}

}  // namespace msdbench
