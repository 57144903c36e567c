// What an SVG file says about itself in its RDF metadata.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace msdbench {

// As the file spells it, in UTF-8, white space at the ends cut off; empty where
// the file says nothing or more than kMostMetadataBytes.
struct SvgMetadata {
  std::string title;                  // dc:title
  std::string description;            // dc:description
  std::string creator;                // the name of dc:creator's agent
  std::vector<std::string> keywords;  // dc:subject's rdf:li, none empty
};

inline constexpr std::size_t kMostMetadataBytes = 2000;

// Of the first Work; prefixes are resolved, whatever they are called. The file
// is read to its end and may be hostile: entities are expanded within expat's
// limits, nothing outside the file is read. Throws DataError "SOURCE:LINE: ..."
// for XML that is not well-formed, or in an encoding other than UTF-8, UTF-16,
// ISO-8859-1 and ASCII; RunError where msdbench was built without expat.
SvgMetadata ReadSvgMetadata(std::string_view xml, const std::string& source);

}  // namespace msdbench
