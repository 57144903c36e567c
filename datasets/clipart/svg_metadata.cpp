#include "datasets/clipart/svg_metadata.h"

#include <fmt/format.h>

#include <climits>
#include <memory>

#include "reports/error.h"

#ifdef MSDBENCH_EXPAT
#include <expat.h>
#endif

namespace msdbench {

#ifdef MSDBENCH_EXPAT
namespace {

constexpr char kBetween = '\n';  // namespace and name, as expat reports them
constexpr std::string_view kSpace = " \t\r\n";

std::string Trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == text.npos) return "";
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

struct Name {
  std::string_view space, local;
  explicit Name(std::string_view name) : local(name) {
    const std::size_t at = name.find(kBetween);
    if (at == name.npos) return;
    space = name.substr(0, at);
    local = name.substr(at + 1);
  }
  bool IsDublinCore() const {
    return space.rfind("http://purl.org/dc/", 0) == 0;
  }
};

// Follows the elements down to the texts that are wanted:
// Work / dc:title, Work / dc:subject // li, Work / dc:creator // dc:title.
class MetadataReader {
 public:
  void Start(std::string_view full) {
    ++depth_;
    const Name name(full);
    if (work_ == 0) {
      if (!seen_work_ && name.local == "Work") work_ = depth_;
    } else if (depth_ == work_ + 1) {
      field_ = name.IsDublinCore() ? std::string(name.local) : "";
      if (field_ == "title" || field_ == "description") Capture();
    } else if (text_depth_ == 0) {
      if ((field_ == "subject" && name.local == "li") ||
          (field_ == "creator" && name.local == "title")) {
        Capture();
      }
    }
  }

  void Text(std::string_view part) {
    if (text_depth_ == 0 || too_long_) return;
    too_long_ = text_.size() + part.size() > kMostMetadataBytes;
    if (!too_long_) text_ += part;
  }

  void End() {
    if (depth_ == text_depth_) {
      Keep(too_long_ ? "" : Trimmed(text_));
      text_depth_ = 0;
    }
    if (depth_ == work_) {
      work_ = 0;
      seen_work_ = true;
    }
    --depth_;
  }

  SvgMetadata Take() { return std::move(found_); }

 private:
  void Capture() {
    text_depth_ = depth_;
    text_.clear();
    too_long_ = false;
  }

  void Keep(const std::string& text) {
    if (text.empty()) return;
    if (field_ == "subject") {
      found_.keywords.push_back(text);
      return;
    }
    std::string& target = field_ == "title"         ? found_.title
                          : field_ == "description" ? found_.description
                                                    : found_.creator;
    if (target.empty()) target = text;
  }

  SvgMetadata found_;
  std::string field_, text_;
  // Of the element that is open, 0 for none.
  int depth_ = 0, work_ = 0, text_depth_ = 0;
  bool seen_work_ = false, too_long_ = false;
};

MetadataReader& Self(void* user) { return *static_cast<MetadataReader*>(user); }

}  // namespace

SvgMetadata ReadSvgMetadata(std::string_view xml, const std::string& source) {
  if (xml.size() > INT_MAX) throw DataError(source + ": too long for an SVG");
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreateNS(nullptr, kBetween), XML_ParserFree);
  if (parser == nullptr) throw RunError("no memory for an XML parser");
  MetadataReader reader;
  XML_SetUserData(parser.get(), &reader);
  XML_SetElementHandler(
      parser.get(),
      [](void* user, const XML_Char* name, const XML_Char**) {
        Self(user).Start(name);
      },
      [](void* user, const XML_Char*) { Self(user).End(); });
  XML_SetCharacterDataHandler(
      parser.get(), [](void* user, const XML_Char* text, int size) {
        Self(user).Text({text, static_cast<std::size_t>(size)});
      });
  if (XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()),
                /*isFinal=*/1) != XML_STATUS_OK) {
    throw DataError(fmt::format(
        "{}:{}: broken XML ({})", source,
        static_cast<std::uint64_t>(XML_GetCurrentLineNumber(parser.get())),
        XML_ErrorString(XML_GetErrorCode(parser.get()))));
  }
  return reader.Take();
}

#else

SvgMetadata ReadSvgMetadata(std::string_view, const std::string&) {
  throw RunError(
      "this msdbench was built without expat, which reads SVG files: install "
      "libexpat1-dev and build again");
}

#endif

}  // namespace msdbench
