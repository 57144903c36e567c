// A data set's folder as a test wrote it, verified.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/image/image.h"
#include "datasets/verify/verify.h"
#include "tests/datasets/tree.h"

namespace msdbench {

// A picture that no other shade has the bytes of.
inline std::string Png(std::uint8_t shade) {
  return EncodePng({1, 1, {shade, shade, shade}});
}

inline VerifyReport VerifyTree(const Tree& tree, const std::string& format,
                               bool decode = true) {
  VerifyOptions options;
  options.format = format;
  options.root = tree.root();
  options.decode = decode;
  options.threads = 2;
  return Verify(options);
}

// What its findings of one verdict say.
inline std::vector<std::string> Texts(const VerifyReport& report,
                                      Verdict verdict) {
  std::vector<std::string> texts;
  for (const VerifyFinding& finding : report.findings) {
    if (finding.verdict == verdict) texts.push_back(finding.text);
  }
  return texts;
}

}  // namespace msdbench
