// Titles and keywords as people wrote them, made fit to be texts and labels.
#pragma once

#include <string>
#include <vector>

#include "datasets/clipart/svg_metadata.h"

namespace msdbench {

// The title in words: "Clipart by NAME - " before it, a file's ending and a
// number behind it are cut off, '_' becomes a space and "PointingHand" two
// words. Empty for what is no title: fewer than three letters, more than 100
// bytes, a web or mail address, "Untitled" and its like.
std::string CleanTitle(const std::string& title);

// Equal for titles that differ only in case or white space.
std::string TitleKey(const std::string& clean_title);

// In lower case, '_' as a space, sorted, each once: those of the file and the
// folders that `name` ("animals/birds/owl") lies in. Left out are the author's
// name, what has digits or fewer than three bytes, and words about files and
// collections in place of what is shown ("svg", "icon", "unsorted").
std::vector<std::string> CleanKeywords(const SvgMetadata& metadata,
                                       const std::string& name);

}  // namespace msdbench
