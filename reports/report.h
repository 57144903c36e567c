// The report of a folder of records: report.md, .csv, .tex, .html.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/comparison.h"

namespace msdbench {

// What WriteReport can write: "md", "csv", "tex", "html".
std::vector<std::string> ReportFormats();

// What a report has to say before its tables, one line each.
struct ReportNotes {
  // Records left out, being of another plan than the rest (Plans::lines), and
  // whether the plan shown is the newest only because nobody chose one.
  std::vector<std::string> plans;
  bool plan_is_open = false;
  std::vector<std::string> problems;
};

// Reads every record below `store` and writes report.<format> into `out`.
// Returns the main table, primary metrics only, as padded Markdown, for a
// terminal. Broken records and records that contradict each other are listed in
// the report, not dropped; of several plans in the folder one is shown, by
// `chosen` (PlanOptions) or the newest, and the others are told first, in every
// format. Throws UsageError for an unknown format or plan, DataError when there
// is not one readable record. notes: if not null, takes what the report tells.
std::string WriteReport(const std::filesystem::path& store,
                        const std::filesystem::path& out,
                        const std::vector<std::string>& formats,
                        const ComparisonOptions& options = {},
                        const std::vector<std::string>& chosen = {},
                        ReportNotes* notes = nullptr);

// The whole Markdown report; `problems` are those met when reading.
std::string MarkdownReport(const std::vector<Record>& records,
                           const std::vector<std::string>& problems,
                           const ComparisonOptions& options = {},
                           const std::vector<std::string>& chosen = {});

// The plans of the records below `store`, as padded Markdown.
std::string ListPlans(const std::filesystem::path& store);

}  // namespace msdbench
