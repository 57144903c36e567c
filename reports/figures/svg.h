// Drawings as SVG inside a page: colours are classes of the page's style sheet
// (html/report.css), so that one drawing serves light, dark and print.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace msdbench {

using Point = std::pair<double, double>;  // x to the right, y down

enum class Anchor { kStart, kMiddle, kEnd };

class Svg {
 public:
  // In units of CSS pixels at the natural size. `id` is the page's own for this
  // drawing; `title` names it and `description` says what it shows, both for
  // readers who cannot see it.
  Svg(double width, double height, const std::string& id,
      const std::string& title, const std::string& description);

  void Line(Point from, Point to, const std::string& style);
  void Rect(Point corner, double width, double height,
            const std::string& style);
  void Polyline(const std::vector<Point>& points, const std::string& style);
  void Polygon(const std::vector<Point>& points, const std::string& style);
  void Text(Point at, Anchor anchor, const std::string& text,
            const std::string& style = "");
  // A filled sign around `at`; signs differ in shape, for readers who do not
  // tell the colours apart. Any `shape`; there are eight.
  void Marker(Point at, std::size_t shape, double radius,
              const std::string& style);

  // The element <svg>.
  std::string Finish() const { return text_ + "</svg>\n"; }

 private:
  void Path(const char* element, const std::vector<Point>& points,
            const std::string& style);

  std::string text_;
};

// A sign and its colour alone, for the key of a figure.
std::string MarkerIcon(std::size_t shape, const std::string& style);

// A line in the dashes and the colour of `style`, for the same.
std::string LineIcon(const std::string& style);

// Cut to at most `columns` columns of text, with an ellipsis.
std::string Shortened(const std::string& text, std::size_t columns);

}  // namespace msdbench
