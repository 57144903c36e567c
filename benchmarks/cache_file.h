// Files of the cache: made once, used from then on, and made anew where one is
// not what was written.
#pragma once

#include <filesystem>
#include <functional>

#include "benchmarks/work_report.h"

namespace msdbench {

// What is done with one. The last two throw DataError for a file that is cut
// short, damaged or not of the kind that is wanted.
struct CacheFile {
  std::filesystem::path file;
  std::function<void()> make;   // writes it
  std::function<void()> check;  // every byte
  std::function<void()> use;    // opens it
};

// Makes the file where it is not there; where it is refused, tells so and makes
// it anew. Returns whether what was there was used. Throws what making and then
// using it throws.
bool UseCacheFile(const CacheFile& cached, const std::filesystem::path& cache,
                  const WorkReport& report);

// The check of a file that WriteSafetensors or a SafetensorsWriter sealed.
void CheckSeal(const std::filesystem::path& file, const WorkReport& report);

// Whether a file is read in less than a second, so that nothing is told.
bool IsSmall(const std::filesystem::path& file);

// Runs `check` on a file, in the cache or not, unless the file passed before as
// it is now, which CACHE/checked/ remembers of large ones. A small one is read
// whole each time.
void CheckOnce(const std::filesystem::path& file,
               const std::filesystem::path& cache,
               const std::function<void()>& check);

}  // namespace msdbench
