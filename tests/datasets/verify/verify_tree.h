// A data set's folder as a test wrote it, verified.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/image/image.h"
#include "datasets/verify/verify.h"
#include "reports/json_file.h"
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

// A line of Hateful Memes; its text is its own unless it is given.
inline std::string Meme(int id, const std::string& image, int label,
                        const std::string& text = "") {
  return Json{{"id", id},
              {"img", image},
              {"label", label},
              {"text", text.empty() ? "meme " + std::to_string(id) : text}}
             .dump() +
         "\n";
}

// Memes 1 and 2 in train, 3 in dev_seen, 4 in test_seen, each with a picture.
inline void WriteMemes(const Tree& tree) {
  tree.Write("train.jsonl", Meme(1, "img/1.png", 0) + Meme(2, "img/2.png", 1));
  tree.Write("dev_seen.jsonl", Meme(3, "img/3.png", 1));
  tree.Write("test_seen.jsonl", Meme(4, "img/4.png", 0));
  for (int i = 1; i <= 4; ++i) {
    tree.Write("img/" + std::to_string(i) + ".png",
               Png(static_cast<std::uint8_t>(i)));
  }
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
