// A run that stopped before it began leaves the results of older runs as they
// are, and a line beside them, so that nobody takes them for its own.
#pragma once

#include <filesystem>
#include <string>

namespace msdbench {

inline constexpr char kFailedStartName[] = "failed-start.json";

// Does nothing where there is no folder. Its own failure is not told: there is
// a worse one to tell.
void NoteFailedStart(const std::filesystem::path& store,
                     const std::string& error) noexcept;
void ForgetFailedStart(const std::filesystem::path& store);

// One line for a report.
std::string FailedStartText(const std::filesystem::path& file);

}  // namespace msdbench
