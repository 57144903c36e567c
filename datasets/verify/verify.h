// `msdbench data verify`: what a data set's folder holds, what is missing, and
// whether it can be trained on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "datasets/verify/scan.h"
#include "datasets/verify/summary.h"

namespace msdbench {

enum class Verdict {
  kUnusable,  // a run with the splits it would take is refused
  kWarning,
  kNote,
};

struct VerifyFinding {
  Verdict verdict = Verdict::kNote;
  std::string text;  // one line
};

struct FileDigest {
  std::string name;        // relative to the root
  std::int64_t files = 1;  // more: one digest over sorted names and digests
  std::int64_t bytes = 0;
  std::string sha256;
};

struct VerifyReport {
  std::string format;
  Scan scan;
  std::vector<SplitSummary> splits;  // as Scan::splits
  std::vector<SharedItems> shared;
  std::map<std::string, std::int64_t> image_formats;  // of decoded files
  std::vector<FileDigest> files;
  std::vector<VerifyFinding> findings;

  bool usable() const;
};

struct VerifyOptions {
  std::string format;
  std::filesystem::path root;
  // Read and decode every picture, not only look for it; and hash files that
  // hold pictures.
  bool decode = true;
  int threads = 1;
};

// Goes on past whatever is wrong in the files. Usable means: splits for
// training, selection and test are there, by default or to be named by a suite,
// without a record or picture that a loader refuses. Throws DataError when the
// root is not that data set's folder at all.
VerifyReport Verify(const VerifyOptions& options);

// Whether two splits are meant to overlap: dev_seen and dev_unseen, phase 1's
// names of phase 2's splits, VQA's test-dev inside test.
bool OverlapIsMeant(const std::string& format, const std::string& a,
                    const std::string& b);

}  // namespace msdbench
