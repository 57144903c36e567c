#include "reports/table.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace msdbench {
namespace {

struct Range {
  std::uint32_t first, last;
};

// Unicode's combining and format characters, the blocks that names use.
constexpr Range kNoWidth[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
// East Asian Width W and F, by block.
constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},  {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

template <std::size_t n>
bool IsIn(const Range (&ranges)[n], std::uint32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [&](const Range& range) {
                       return range.first <= code && code <= range.last;
                     });
}

}  // namespace

void Table::Annotate(Cell& cell, const std::string& note) {
  const auto [place, is_new] = places_.emplace(note, footnotes.size());
  if (is_new) footnotes.push_back(note);
  if (std::find(cell.notes.begin(), cell.notes.end(), place->second) ==
      cell.notes.end()) {
    cell.notes.push_back(place->second);
  }
}

std::pair<std::string, std::string> RankedParts(const Cell& cell) {
  const std::size_t end = std::min(cell.text.find(' '), cell.text.size());
  return {cell.text.substr(0, end), cell.text.substr(end)};
}

std::vector<HeaderColumn> SplitHeader(const std::vector<Column>& columns) {
  constexpr std::string_view kBetween = " / ";  // no data set's name holds it
  std::vector<HeaderColumn> header;
  for (const Column& column : columns) {
    const std::size_t at = column.title.find(kBetween);
    if (!column.number || at == std::string::npos) {
      header.push_back({"", column.title});
    } else {
      header.push_back({column.title.substr(0, at),
                        column.title.substr(at + kBetween.size())});
    }
  }
  return header;
}

std::size_t GroupWidth(const std::vector<HeaderColumn>& header,
                       std::size_t first) {
  std::size_t end = first + 1;
  while (!header[first].group.empty() && end < header.size() &&
         header[end].group == header[first].group) {
    ++end;
  }
  return end - first;
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    std::uint32_t code = lead;
    if (lead >= 0xC0)
      code = lead & (lead < 0xE0 ? 0x1F : lead < 0xF0 ? 0x0F : 0x07);
    while (lead >= 0xC0 && i < text.size() && (text[i] & 0xC0) == 0x80) {
      code = code << 6 | (text[i++] & 0x3F);
    }
    if (IsIn(kNoWidth, code)) continue;
    width += IsIn(kWide, code) ? 2 : 1;
  }
  return width;
}

}  // namespace msdbench
