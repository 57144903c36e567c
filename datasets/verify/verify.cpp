#include "datasets/verify/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "datasets/image/stored_image.h"
#include "datasets/verify/judge.h"
#include "reports/digest.h"
#include "reports/error.h"

namespace msdbench {
namespace {

FileDigest DigestOf(const Scan& scan, const std::string& name) {
  std::error_code error;
  FileDigest digest;
  digest.name = name;
  const auto size = std::filesystem::file_size(scan.root / name, error);
  if (!error) digest.bytes = static_cast<std::int64_t>(size);
  digest.sha256 = Sha256OfFile(scan.root / name);
  return digest;
}

FileDigest DigestOfMany(const Scan& scan, std::string title,
                        const std::map<std::string, std::string>& hashes) {
  FileDigest digest;
  digest.name = std::move(title);
  digest.files = static_cast<std::int64_t>(hashes.size());
  Sha256 sum;
  for (const auto& [name, hash] : hashes) {
    sum.Update(fmt::format("{}  {}\n", hash, name));
    if (const auto size = StoredImageSize(scan.root / name)) {
      digest.bytes += static_cast<std::int64_t>(*size);
    }
  }
  digest.sha256 = sum.Hex();
  return digest;
}

void DigestFiles(VerifyReport& report, const std::vector<ImageCheck>& checks,
                 bool with_pictures) {
  const Scan& scan = report.scan;
  std::set<std::string> names(scan.more_files.begin(), scan.more_files.end());
  for (const ScannedSplit& split : scan.splits) {
    names.insert(split.files.begin(), split.files.end());
  }
  if (with_pictures) {
    names.insert(scan.picture_files.begin(), scan.picture_files.end());
  }
  for (const std::string& name : names) {
    try {
      report.files.push_back(DigestOf(scan, name));
    } catch (const Error& error) {
      report.findings.push_back({Verdict::kWarning, error.what()});
    }
  }
  std::map<std::string, std::string> hashes;
  for (const std::string& name : scan.record_files) {
    hashes.emplace(name, Sha256OfFile(scan.root / name));
  }
  if (!hashes.empty()) {
    report.files.push_back(DigestOfMany(scan, "(records)", hashes));
  }
  hashes.clear();
  for (std::size_t i = 0; i < checks.size(); ++i) {
    if (checks[i].sha256.empty()) continue;
    hashes.emplace(scan.images[i], checks[i].sha256);
  }
  if (!hashes.empty()) {
    report.files.push_back(DigestOfMany(scan, "(images)", hashes));
  }
}

}  // namespace

bool VerifyReport::usable() const {
  return std::none_of(findings.begin(), findings.end(),
                      [](const VerifyFinding& finding) {
                        return finding.verdict == Verdict::kUnusable;
                      });
}

VerifyReport Verify(const VerifyOptions& options) {
  VerifyReport report;
  report.format = options.format;
  report.scan = ScanDataset(options.format, options.root);
  const std::vector<ImageCheck> checks = CheckImages(
      options.root, report.scan.images, options.decode, options.threads);
  for (const ImageCheck& check : checks) {
    if (!check.format.empty()) ++report.image_formats[check.format];
  }
  const bool one_example_a_picture =
      options.format == "hateful_memes" || options.format == "mm_imdb";
  for (const ScannedSplit& split : report.scan.splits) {
    report.splits.push_back(
        Summarise(report.scan, split, checks, one_example_a_picture));
  }
  report.shared = FindShared(report.scan, checks);
  DigestFiles(report, checks, options.decode);
  JudgeReport(report);
  return report;
}

}  // namespace msdbench
