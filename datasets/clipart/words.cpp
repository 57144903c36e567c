#include "datasets/clipart/words.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "datasets/text/utf8.h"

namespace msdbench {
namespace {

constexpr std::size_t kMostTitleBytes = 100;
constexpr std::array<std::string_view, 8> kNoTitles = {
    "untitled", "unknown", "unnamed",  "no title",
    "none",     "test",    "document", "drawing"};
// Hash: what a broken export left behind, "HASH(0x8a0cf54)".
constexpr std::array<std::string_view, 28> kNoKeywords = {
    "activities",
    "activity",
    "clip art",
    "clipart",
    "computer icon",
    "externalsource",
    "gradients",
    "hash",
    "icon",
    "icons",
    "image",
    "images",
    "magick",
    "menu",
    "miscellany",
    "openclipart",
    "picture",
    "png",
    "sign",
    "signs and symbols",
    "simple",
    "special",
    "svg",
    "symbol",
    "symbols",
    "theme",
    "united nations member",
    "unsorted"};

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '_';
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
// Every byte beyond ASCII: nearly all of them are parts of letters.
bool IsLetter(char c) {
  return IsUpper(c) || IsLower(c) || static_cast<unsigned char>(c) >= 0x80;
}

std::string Lower(const std::string& text) {
  std::string lower;
  for (const char32_t c : DecodeUtf8(text)) {
    AppendUtf8(static_cast<char32_t>(
                   utf8proc_tolower(static_cast<utf8proc_int32_t>(c))),
               &lower);
  }
  return lower;
}

// Runs of white space and '_' become one space, none at the ends.
std::string Spaced(const std::string& text) {
  std::string spaced;
  for (const char c : text) {
    if (!IsSpace(c)) {
      spaced += c;
    } else if (!spaced.empty() && spaced.back() != ' ') {
      spaced += ' ';
    }
  }
  if (!spaced.empty() && spaced.back() == ' ') spaced.pop_back();
  return spaced;
}

bool EndsIn(const std::string& text, const std::string& ending) {
  return text.size() >= ending.size() &&
         text.compare(text.size() - ending.size(), ending.npos, ending) == 0;
}

void CutCollection(std::string& title) {
  const std::string lower = Lower(title);
  if (lower.rfind("clipart by ", 0) != 0 &&
      lower.rfind("clip art by ", 0) != 0) {
    return;
  }
  const std::size_t dash = title.find(" - ");
  if (dash != title.npos) title.erase(0, dash + 3);
}

void CutEnding(std::string& title) {
  const std::string lower = Lower(title);
  for (const char* ending : {".svg", ".png", ".eps"}) {
    if (EndsIn(lower, ending)) title.resize(title.size() - 4);
  }
}

void CutNumber(std::string& title) {
  std::size_t end = title.size();
  while (end > 0 && IsDigit(title[end - 1])) --end;
  if (end == title.size()) return;
  constexpr std::string_view kJoints = " -#.";
  while (end > 0 && kJoints.find(title[end - 1]) != kJoints.npos) --end;
  title.resize(end);
}

std::string SplitCamelCase(const std::string& text) {
  std::string words;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && IsLower(text[i - 1]) && IsUpper(text[i])) words += ' ';
    words += text[i];
  }
  return words;
}

template <typename List>
bool IsAmong(const List& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

std::string CleanTitle(const std::string& title) {
  std::string clean = Spaced(title);
  CutCollection(clean);
  if (clean.find("://") != clean.npos || clean.find('@') != clean.npos) {
    return "";
  }
  CutEnding(clean);
  CutNumber(clean);
  clean = SplitCamelCase(clean);
  if (clean.size() > kMostTitleBytes ||
      std::count_if(clean.begin(), clean.end(), IsLetter) < 3 ||
      IsAmong(kNoTitles, TitleKey(clean))) {
    return "";
  }
  return clean;
}

std::string TitleKey(const std::string& clean_title) {
  return Lower(Spaced(clean_title));
}

std::vector<std::string> CleanKeywords(const SvgMetadata& metadata,
                                       const std::string& name) {
  std::set<std::string> keywords;
  const std::string creator = Lower(Spaced(metadata.creator));
  const auto add = [&](const std::string& raw) {
    const std::string keyword = Lower(Spaced(raw));
    if (keyword.size() < 3 || keyword == creator ||
        IsAmong(kNoKeywords, keyword) ||
        std::any_of(keyword.begin(), keyword.end(), IsDigit)) {
      return;
    }
    keywords.insert(keyword);
  };
  for (const std::string& raw : metadata.keywords) add(raw);
  for (std::size_t at = 0, slash; (slash = name.find('/', at)) != name.npos;
       at = slash + 1) {
    add(name.substr(at, slash - at));
  }
  return {keywords.begin(), keywords.end()};
}

}  // namespace msdbench
