// Tables as LaTeX, with booktabs.
#pragma once

#include <string>

#include "reports/table.h"

namespace msdbench {

// What a document that takes in RenderLatex's text must load.
std::string LatexPackages();  // "\\usepackage{booktabs,graphicx,textcomp}"

// Text that prints as it is, in one paragraph, with any TeX engine. Characters
// that pdfLaTeX does not know become their code, "[U+65E5]".
std::string EscapeLatex(const std::string& text);

// One `table` environment: caption, label, rows, then the legend and the notes.
// A table wider than the text is scaled down to it.
std::string RenderLatex(const Table& table, const std::string& label);

}  // namespace msdbench
