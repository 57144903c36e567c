#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "datasets/verify/published.h"
#include "datasets/verify/render.h"
#include "reports/render_markdown.h"
#include "reports/table.h"

namespace msdbench {
namespace {

constexpr std::size_t kMostShown = 20;

using Row = std::vector<Cell>;

Cell Text(std::string text) { return {std::move(text), {}, {}}; }

template <typename Number>
Cell Count(Number number) {
  return Text(std::to_string(number));
}

Table SplitTable(const VerifyReport& report) {
  Table table;
  table.title = "Splits";
  table.columns = {{"Split", false}, {"Examples"},   {"Published"},
                   {"Images"},       {"Missing"},    {"Unreadable"},
                   {"Repeated ids"}, {"Unlabelled"}, {"Skipped"},
                   {"Faults"}};
  for (std::size_t i = 0; i < report.splits.size(); ++i) {
    const ScannedSplit& scanned = report.scan.splits[i];
    const SplitSummary& summary = report.splits[i];
    const PublishedSplit* published =
        FindPublished(report.format, scanned.name);
    std::int64_t skipped = 0;
    for (const auto& [why, count] : scanned.skipped) skipped += count;
    table.rows.push_back({Text(scanned.name), Count(summary.examples),
                          published ? Count(published->examples) : Text("-"),
                          Count(summary.images), Count(summary.missing.size()),
                          Count(summary.unreadable.size()),
                          Count(summary.repeated_ids.size()),
                          Count(scanned.unlabelled), Count(skipped),
                          Count(scanned.faults.size())});
  }
  return table;
}

// In the labels' own order where they have one, then the most frequent first.
std::vector<std::string> LabelOrder(const VerifyReport& report) {
  std::map<std::string, std::int64_t> totals;
  for (const ScannedSplit& split : report.scan.splits) {
    for (const auto& [label, count] : split.labels) totals[label] += count;
  }
  std::vector<std::string> order = report.scan.label_names;
  const std::set<std::string> known(order.begin(), order.end());
  std::vector<std::pair<std::int64_t, std::string>> others;
  for (const auto& [label, count] : totals) {
    if (known.count(label) == 0) others.emplace_back(-count, label);
  }
  std::sort(others.begin(), others.end());
  for (auto& other : others) order.push_back(std::move(other.second));
  return order;
}

Table LabelTable(const VerifyReport& report) {
  Table table;
  table.title = "Labels";
  table.caption = "Examples, and percent of the split's.";
  table.columns = {{"Label", false}};
  for (const ScannedSplit& split : report.scan.splits) {
    table.columns.push_back({split.name});
  }
  const std::vector<std::string> order = LabelOrder(report);
  const std::size_t named = report.scan.label_names.size();
  const std::size_t shown = std::min(order.size(), named + kMostShown);
  for (std::size_t label = 0; label < shown; ++label) {
    const bool dropped = named > 0 && label >= named;
    const std::string name = order[label].empty() ? "(empty)" : order[label];
    Row row = {Text(name + (dropped ? " (dropped)" : ""))};
    for (std::size_t i = 0; i < report.splits.size(); ++i) {
      const auto& labels = report.scan.splits[i].labels;
      const auto found = labels.find(order[label]);
      const std::int64_t count = found == labels.end() ? 0 : found->second;
      const auto examples = static_cast<double>(
          std::max<std::int64_t>(report.splits[i].examples, 1));
      row.push_back(Text(fmt::format(
          "{} ({:.1f})", count, 100 * static_cast<double>(count) / examples)));
    }
    table.rows.push_back(std::move(row));
  }
  if (shown < order.size()) {
    table.legend = fmt::format("{} more labels.", order.size() - shown);
  }
  return table;
}

Table WordTable(const VerifyReport& report) {
  Table table;
  table.title = "Words of a text";
  table.caption = "Between white space; percentiles by nearest rank.";
  table.columns = {{"Split", false}, {"Least"}};
  for (const int percent : kPercents) {
    table.columns.push_back({fmt::format("{} %", percent)});
  }
  table.columns.push_back({"Most"});
  table.columns.push_back({"Without"});
  for (std::size_t i = 0; i < report.splits.size(); ++i) {
    const WordCounts& words = report.splits[i].words;
    Row row = {Text(report.scan.splits[i].name), Count(words.least)};
    for (const std::int32_t count : words.at) row.push_back(Count(count));
    row.push_back(Count(words.most));
    row.push_back(Count(words.empty));
    table.rows.push_back(std::move(row));
  }
  return table;
}

// What two splits share, for a person: the first of it.
std::string FirstShared(const SharedItems& shared) {
  if (!shared.ids.empty()) return shared.ids.front();
  if (shared.pictures.empty()) return shared.texts.front();
  const SharedPicture& picture = shared.pictures.front();
  const std::string &a = picture.first_names.front(),
                    &b = picture.second_names.front();
  return a == b ? a : a + " = " + b;
}

Table SharedTable(const VerifyReport& report) {
  Table table;
  table.title = "Shared between splits";
  table.caption =
      "Pictures of the same name or the same bytes, each once; images and "
      "examples are the second split's that show one of them, or have the "
      "text.";
  table.columns = {
      {"Splits", false}, {"Ids"},         {"Pictures"}, {"Images"},
      {"Examples"},      {"Texts"},       {"Examples"}, {"Picture and text"},
      {"Meant"},         {"First", false}};
  for (const SharedItems& shared : report.shared) {
    const std::string& a = report.scan.splits[shared.first].name;
    const std::string& b = report.scan.splits[shared.second].name;
    table.rows.push_back(
        {Text(a + ", " + b), Count(shared.ids.size()),
         Count(shared.pictures.size()), Count(shared.SecondNames()),
         Count(shared.SecondExamples()), Count(shared.texts.size()),
         Count(shared.text_examples), Count(shared.pairs.size()),
         Text(OverlapIsMeant(report.format, a, b) ? "yes" : "no"),
         Text(FirstShared(shared))});
  }
  return table;
}

Table FileTable(const VerifyReport& report) {
  Table table;
  table.title = "Files";
  table.caption = "SHA-256; of many files over their sorted digests and names.";
  table.columns = {{"File", false}, {"Files"}, {"Bytes"}, {"SHA-256", false}};
  for (const FileDigest& file : report.files) {
    table.rows.push_back({Text(file.name), Count(file.files), Count(file.bytes),
                          Text(file.sha256)});
  }
  return table;
}

// One row an entry, over all splits, up to kMostShown.
void AddRows(Table& table, std::size_t& total, const std::string& split,
             const std::string& entry, const std::string& reason) {
  if (++total > kMostShown) return;
  Row row = {Text(split), Text(entry)};
  if (table.columns.size() > 2) row.push_back(Text(reason));
  table.rows.push_back(std::move(row));
}

std::vector<Table> FaultTables(const VerifyReport& report) {
  std::vector<Table> tables(6);
  tables[0].title = "Faults in files";
  tables[0].columns = {{"Split", false}, {"Fault", false}};
  tables[1].title = "Repeated ids";
  tables[1].columns = {{"Split", false}, {"Id", false}};
  tables[2].title = "Missing images";
  tables[2].columns = {{"Split", false}, {"Image", false}};
  tables[3].title = "Unreadable images";
  tables[3].columns = {{"Split", false}, {"Image", false}, {"Why", false}};
  tables[4].title = "Pictures under several names";
  tables[4].columns = {{"Split", false}, {"Images", false}, {"Labels", false}};
  tables[5].title = "Same picture and text, different labels";
  tables[5].columns = {{"Split", false}, {"Examples", false}};
  std::array<std::size_t, 6> totals = {};
  for (std::size_t i = 0; i < report.splits.size(); ++i) {
    const ScannedSplit& scanned = report.scan.splits[i];
    const SplitSummary& summary = report.splits[i];
    for (const std::string& fault : scanned.faults) {
      AddRows(tables[0], totals[0], scanned.name, fault, "");
    }
    for (const std::string& id : summary.repeated_ids) {
      AddRows(tables[1], totals[1], scanned.name, id, "");
    }
    for (const std::string& image : summary.missing) {
      AddRows(tables[2], totals[2], scanned.name, image, "");
    }
    for (const UnreadableImage& image : summary.unreadable) {
      AddRows(tables[3], totals[3], scanned.name, image.name, image.reason);
    }
    for (const CopiedPicture& picture : summary.copied) {
      AddRows(tables[4], totals[4], scanned.name,
              fmt::format("{}", fmt::join(picture.names, " = ")),
              picture.answers_differ ? "different" : "");
    }
    for (const std::string& line : summary.contradictions) {
      AddRows(tables[5], totals[5], scanned.name, line, "");
    }
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (totals[i] > kMostShown) {
      tables[i].legend =
          fmt::format("{} more; --json lists all.", totals[i] - kMostShown);
    }
  }
  return tables;
}

}  // namespace

std::string VerifyText(const VerifyReport& report) {
  std::vector<Table> tables = {SplitTable(report), LabelTable(report),
                               WordTable(report), SharedTable(report),
                               FileTable(report)};
  for (Table& table : FaultTables(report)) tables.push_back(std::move(table));
  std::string text;
  for (const Table& table : tables) {
    if (!table.rows.empty()) text += RenderMarkdown(table) + '\n';
  }
  std::string formats;
  for (const auto& [format, count] : report.image_formats) {
    formats += fmt::format("{}{} {}", formats.empty() ? "" : ", ", count,
                           EscapeMarkdown(format));
  }
  if (!formats.empty())
    text += "Images by their first bytes: " + formats + "\n\n";
  for (const VerifyFinding& finding : report.findings) {
    const char* verdict = finding.verdict == Verdict::kUnusable  ? "UNUSABLE"
                          : finding.verdict == Verdict::kWarning ? "warning"
                                                                 : "note";
    text += fmt::format("- {}: {}\n", verdict, EscapeMarkdown(finding.text));
  }
  text +=
      fmt::format("\n{} in {}: {}\n", report.format, report.scan.root.string(),
                  report.usable() ? "usable" : "unusable");
  return text;
}

}  // namespace msdbench
