#include "baselines/models/model_parts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>

namespace msdbench {
namespace {

std::vector<std::string> Parts(const std::string& name) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (std::size_t dot = name.find('.'); dot != std::string::npos;
       dot = name.find('.', start)) {
    parts.push_back(name.substr(start, dot - start));
    start = dot + 1;
  }
  parts.push_back(name.substr(start));
  return parts;
}

// Where * stands for any characters.
bool Matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (Matches(pattern.substr(1), text.substr(i))) return true;
    }
    return false;
  }
  return !text.empty() && text[0] == pattern[0] &&
         Matches(pattern.substr(1), text.substr(1));
}

}  // namespace

bool NamesPart(const std::string& part, const std::string& parameter) {
  // The encoder as a whole is no part, or "visual_*" would name all of it.
  const std::vector<std::string> wanted = Parts(part);
  std::vector<std::string> parts = Parts(parameter);
  if (parts.front() == "visual_bert") parts.erase(parts.begin());
  for (std::size_t i = 0; i + wanted.size() <= parts.size(); ++i) {
    if (std::equal(wanted.begin(), wanted.end(),
                   parts.begin() + static_cast<std::ptrdiff_t>(i), Matches)) {
      return true;
    }
  }
  return false;
}

std::string ShortPart(const std::string& parameter) {
  if (parameter.find(".visual_") != std::string::npos) return "visual_*";
  if (parameter.rfind("image.", 0) == 0) return "image";
  if (parameter.find(".pooler.") != std::string::npos) return "pooler";
  return "";
}

std::string NewPartsHint(const std::vector<std::string>& missing) {
  std::set<std::string> parts;
  for (const std::string& name : missing) parts.insert(ShortPart(name));
  parts.erase("");
  if (parts.empty()) return "";
  return fmt::format("init.new: [\"{}\"] would let these begin anew",
                     fmt::join(parts, "\", \""));
}

}  // namespace msdbench
