#include "benchmarks/cache_file.h"

#include <cstdint>
#include <string>
#include <system_error>

#include "benchmarks/image_key.h"
#include "reports/atomic_file.h"
#include "reports/digest.h"
#include "reports/error.h"
#include "reports/file_state.h"
#include "reports/json_file.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

// Read in a fraction of a second.
constexpr std::uintmax_t kSmallBytes = std::uintmax_t{64} << 20;

fs::path MarkOf(const fs::path& file, const fs::path& cache) {
  return cache / "checked" / (Sha256OfText(AbsoluteName(file)) + ".checked");
}

bool IsMarked(const fs::path& file, const fs::path& cache) {
  if (IsSmall(file)) return false;
  try {
    return ReadTextFile(MarkOf(file, cache)) == FileState(file) + "\n";
  } catch (const Error&) {
    return false;  // absent, or no file
  }
}

void Mark(const fs::path& file, const fs::path& cache) {
  if (IsSmall(file)) return;
  ClearPlaceOf(MarkOf(file, cache));
  WriteFileAtomically(MarkOf(file, cache), FileState(file) + "\n");
}

}  // namespace

bool IsSmall(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(file, error);
  return error || bytes <= kSmallBytes;
}

void CheckSeal(const fs::path& file, const WorkReport& report) {
  const SafetensorsFile sealed(file);
  if (IsSmall(file)) return sealed.CheckSeal();
  LongWork work(report, "checking " + file.string(), fs::file_size(file));
  sealed.CheckSeal([&work](std::size_t done) { work(done); });
}

void CheckOnce(const fs::path& file, const fs::path& cache,
               const std::function<void()>& check) {
  if (IsMarked(file, cache)) return;
  check();
  Mark(file, cache);
}

bool UseCacheFile(const CacheFile& cached, const fs::path& cache,
                  const WorkReport& report) {
  std::error_code ignored;
  if (ClearPlaceOf(cached.file)) {
    if (report.note) {
      report.note(cached.file.string() +
                  ": was no file; this file of the cache is made anew");
    }
  } else if (fs::exists(fs::symlink_status(cached.file, ignored))) {
    try {
      CheckOnce(cached.file, cache, cached.check);
      cached.use();
      return true;
    } catch (const Error& error) {
      if (error.code() != ExitCode::kData) throw;
      if (report.note) {
        report.note(std::string(error.what()) +
                    "; this file of the cache is made anew");
      }
    }
  }
  cached.make();
  // Just written: what it is made of is known.
  Mark(cached.file, cache);
  cached.use();
  return false;
}

}  // namespace msdbench
