// The report of a folder of records: report.md, .csv, .tex, .html.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/comparison.h"

namespace msdbench {

// What WriteReport can write: "md", "csv", "tex", "html".
std::vector<std::string> ReportFormats();

// Reads every record below `store` and writes report.<format> into `out`.
// Returns the main table, primary metrics only, as padded Markdown, for a
// terminal. Broken records and
// records that contradict each other are listed in the report, not dropped.
// Throws UsageError for an unknown format, DataError when there is not one
// readable record. problems: if not null, takes what the report lists as such.
std::string WriteReport(const std::filesystem::path& store,
                        const std::filesystem::path& out,
                        const std::vector<std::string>& formats,
                        const ComparisonOptions& options = {},
                        std::vector<std::string>* problems = nullptr);

// The whole Markdown report; `problems` are those met when reading.
std::string MarkdownReport(const std::vector<Record>& records,
                           const std::vector<std::string>& problems,
                           const ComparisonOptions& options = {});

}  // namespace msdbench
