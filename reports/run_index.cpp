#include "reports/run_index.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/render_html.h"
#include "reports/titles.h"

namespace msdbench {
namespace {

// A path as a part of a URL, RFC 3986.
std::string EscapeUrlPath(const std::string& path) {
  constexpr std::string_view kPlain = "-._~/";
  std::string out;
  for (const char c : path) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      (c >= '0' && c <= '9');
    if (word || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string IdOf(std::size_t dataset, std::size_t method) {
  return fmt::format("runs-{}-{}", dataset, method);
}

}  // namespace

RunIndex::RunIndex(const RunMatrix& matrix, std::string store_link)
    : matrix_(matrix), store_link_(std::move(store_link)) {
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
      for (const auto* records :
           {&matrix.At(d, m).ok, &matrix.At(d, m).failed}) {
        for (const Record* record : *records) {
          ids_[record->source] = IdOf(d, m);
        }
      }
    }
  }
}

std::string RunIndex::LinkOf(const Cell& cell) const {
  if (cell.records.empty()) return "";
  const auto found = ids_.find(cell.records.front());
  return found == ids_.end() ? "" : "#" + found->second;
}

std::string RunIndex::RunText(const Record& record) const {
  const std::string seed = fmt::format("seed {}", record.seed);
  std::string out;
  if (store_link_.empty()) {
    out = seed + " (<code>" + EscapeHtml(record.source) + "</code>)";
  } else {
    out = fmt::format("<a href=\"{}{}\">{}</a>", store_link_,
                      EscapeHtml(EscapeUrlPath(record.source)), seed);
  }
  return record.ok ? out : out + " <span class=\"bad\">failed</span>";
}

std::string RunIndex::Render() const {
  std::string out;
  for (std::size_t d = 0; d < matrix_.datasets().size(); ++d) {
    out += "<h3>" + EscapeHtml(DatasetTitle(matrix_.datasets()[d])) +
           "</h3>\n<dl class=\"runs\">\n";
    for (std::size_t m = 0; m < matrix_.methods().size(); ++m) {
      const RunMatrix::Runs& runs = matrix_.At(d, m);
      if (runs.size() == 0) continue;
      std::vector<const Record*> all = runs.ok;
      all.insert(all.end(), runs.failed.begin(), runs.failed.end());
      std::sort(all.begin(), all.end(), [](const Record* a, const Record* b) {
        return a->seed < b->seed;
      });
      out += fmt::format(
          "<dt id=\"{}\" tabindex=\"-1\">{}</dt><dd>{} run{}: ", IdOf(d, m),
          EscapeHtml(MethodTitle(matrix_.methods()[m])), all.size(),
          all.size() == 1 ? "" : "s");
      for (std::size_t i = 0; i < all.size(); ++i) {
        out += (i > 0 ? ", " : "") + RunText(*all[i]);
      }
      out += "</dd>\n";
    }
    out += "</dl>\n";
  }
  return out;
}

}  // namespace msdbench
