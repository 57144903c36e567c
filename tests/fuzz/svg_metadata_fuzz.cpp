// What an SVG file says of itself.
#include "datasets/clipart/svg_metadata.h"
#include "datasets/text/utf8.h"
#include "tests/fuzz/fuzz_target.h"

namespace msdbench::fuzz {
namespace {

void CheckText(const std::string& text) {
  Expect(text.size() <= kMostMetadataBytes, "no longer than is kept");
  Expect(EncodeUtf8(DecodeUtf8(text)) == text, "valid UTF-8");
}

}  // namespace

FUZZ_TARGET(bytes) {
  Accepts([&] {
    const SvgMetadata metadata = ReadSvgMetadata(bytes, "picture.svg");
    CheckText(metadata.title);
    CheckText(metadata.description);
    CheckText(metadata.creator);
    for (const std::string& keyword : metadata.keywords) {
      Expect(!keyword.empty(), "no empty keyword");
      CheckText(keyword);
    }
  });
}

}  // namespace msdbench::fuzz
