#include "reports/figures/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/render_html.h"
#include "reports/table.h"
#include "reports/utf8.h"

namespace msdbench {
namespace {

// A tenth of a pixel is enough; "12" rather than "12.0".
std::string Number(double value) {
  const double kept = std::isfinite(value) ? std::clamp(value, -1e5, 1e5) : 0.0;
  std::string text = fmt::format("{:.1f}", kept);
  if (text.size() > 2 && text.compare(text.size() - 2, 2, ".0") == 0) {
    text.resize(text.size() - 2);
  }
  return text == "-0" ? "0" : text;
}

// Corners of the sign `shape`, none for the circle.
std::vector<Point> Corners(std::size_t shape) {
  switch (shape % 8) {
    case 1:
      return {{-0.9, -0.9}, {0.9, -0.9}, {0.9, 0.9}, {-0.9, 0.9}};
    case 2:
      return {{0, -1.2}, {1.1, 0.9}, {-1.1, 0.9}};
    case 3:
      return {{0, -1.3}, {1.3, 0}, {0, 1.3}, {-1.3, 0}};
    case 4:
      return {{0, 1.2}, {1.1, -0.9}, {-1.1, -0.9}};
    case 5:  // plus
      return {{-.4, -1.2}, {.4, -1.2}, {.4, -.4},   {1.2, -.4},
              {1.2, .4},   {.4, .4},   {.4, 1.2},   {-.4, 1.2},
              {-.4, .4},   {-1.2, .4}, {-1.2, -.4}, {-.4, -.4}};
    case 6:  // hexagon
      return {{-.6, -1.1}, {.6, -1.1}, {1.2, 0},
              {.6, 1.1},   {-.6, 1.1}, {-1.2, 0}};
    case 7:  // bow tie
      return {{-1.2, -1}, {0, -.3}, {1.2, -1}, {1.2, 1}, {0, .3}, {-1.2, 1}};
    default:
      return {};
  }
}

std::string Coordinates(const std::vector<Point>& points) {
  std::string text;
  for (const auto& [x, y] : points) {
    text += (text.empty() ? "" : " ") + Number(x) + "," + Number(y);
  }
  return text;
}

std::string MarkerElement(Point at, std::size_t shape, double radius,
                          const std::string& style) {
  std::vector<Point> corners = Corners(shape);
  if (corners.empty()) {
    return fmt::format("<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
                       style, Number(at.first), Number(at.second),
                       Number(radius));
  }
  for (auto& [x, y] : corners) {
    x = at.first + radius * x;
    y = at.second + radius * y;
  }
  return fmt::format("<polygon class=\"{}\" points=\"{}\"/>", style,
                     Coordinates(corners));
}

}  // namespace

Svg::Svg(double width, double height, const std::string& id,
         const std::string& title, const std::string& description)
    : text_(fmt::format(
          "<svg id=\"{0}\" role=\"img\" aria-labelledby=\"{0}-title {0}-desc\" "
          "viewBox=\"0 0 {1} {2}\" width=\"{1}\" height=\"{2}\">\n"
          "<title id=\"{0}-title\">{3}</title>\n"
          "<desc id=\"{0}-desc\">{4}</desc>\n",
          id, Number(width), Number(height), EscapeHtml(title),
          EscapeHtml(description))) {}

void Svg::Line(Point from, Point to, const std::string& style) {
  text_ += fmt::format(
      "<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", style,
      Number(from.first), Number(from.second), Number(to.first),
      Number(to.second));
}

void Svg::Rect(Point corner, double width, double height,
               const std::string& style) {
  text_ += fmt::format(
      "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n",
      style, Number(corner.first), Number(corner.second),
      Number(std::max(width, 0.0)), Number(std::max(height, 0.0)));
}

void Svg::Polyline(const std::vector<Point>& points, const std::string& style) {
  Path("polyline", points, style);
}

void Svg::Polygon(const std::vector<Point>& points, const std::string& style) {
  Path("polygon", points, style);
}

void Svg::Path(const char* element, const std::vector<Point>& points,
               const std::string& style) {
  text_ += fmt::format("<{} class=\"{}\" points=\"{}\"/>\n", element, style,
                       Coordinates(points));
}

void Svg::Text(Point at, Anchor anchor, const std::string& text,
               const std::string& style) {
  const char* side = anchor == Anchor::kStart    ? ""
                     : anchor == Anchor::kMiddle ? "mid"
                                                 : "end";
  std::string both = style;
  if (*side != '\0') both += (both.empty() ? "" : " ") + std::string(side);
  text_ += fmt::format("<text{} x=\"{}\" y=\"{}\">{}</text>\n",
                       both.empty() ? "" : " class=\"" + both + "\"",
                       Number(at.first), Number(at.second), EscapeHtml(text));
}

void Svg::Marker(Point at, std::size_t shape, double radius,
                 const std::string& style) {
  text_ += MarkerElement(at, shape, radius, style) + "\n";
}

std::string MarkerIcon(std::size_t shape, const std::string& style) {
  return "<svg class=\"icon\" viewBox=\"0 0 14 14\" width=\"14\" height=\"14\" "
         "aria-hidden=\"true\">" +
         MarkerElement({7, 7}, shape, 4.5, style) + "</svg>";
}

std::string LineIcon(const std::string& style) {
  return "<svg class=\"icon\" viewBox=\"0 0 32 14\" width=\"32\" height=\"14\" "
         "aria-hidden=\"true\"><line class=\"" +
         style + "\" x1=\"0\" y1=\"7\" x2=\"32\" y2=\"7\"/></svg>";
}

std::string Shortened(const std::string& text, std::size_t columns) {
  if (DisplayWidth(text) <= columns) return text;
  std::size_t end = 0;
  for (std::size_t next = 0; next < text.size();) {
    NextCodePoint(text, next);
    if (DisplayWidth(text.substr(0, next)) + 1 > columns) break;
    end = next;
  }
  return text.substr(0, end) + "…";
}

}  // namespace msdbench
