#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reports/figures/axis.h"
#include "reports/figures/cost_figure.h"
#include "reports/figures/credit_figure.h"
#include "reports/figures/density_figure.h"
#include "reports/figures/saliency_figure.h"
#include "reports/figures/views_figure.h"
#include "reports/figures/weights_figure.h"
#include "reports/random.h"
#include "tests/reports/html_checker.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> Texts(const Axis& axis) {
  std::vector<std::string> texts;
  for (const auto& tick : axis.ticks()) texts.push_back(tick.text);
  return texts;
}

TEST(Axis, RoundNumbersAroundTheValues) {
  EXPECT_THAT(Texts(Axis::Over({51.2, 87.3}, 4)),
              ElementsAre("50", "60", "70", "80", "90"));
  EXPECT_THAT(Texts(Axis::Over({0.1, 0.93}, 4)),
              ElementsAre("0.00", "0.25", "0.50", "0.75", "1.00"));
  EXPECT_THAT(Texts(Axis::Over({-3, 4}, 4)),
              ElementsAre("-4", "-2", "0", "2", "4"));
  EXPECT_THAT(Texts(Axis::Over({0, 4e9}, 4)),
              ElementsAre("0", "1e+09", "2e+09", "3e+09", "4e+09"));
}

TEST(Axis, PlacesAreProportional) {
  const Axis axis = Axis::Over({50, 90}, 4);
  EXPECT_DOUBLE_EQ(axis.At(50), 0);
  EXPECT_DOUBLE_EQ(axis.At(60), 0.25);
  EXPECT_DOUBLE_EQ(axis.At(90), 1);
  EXPECT_DOUBLE_EQ(axis.At(1000), 1);  // never outside
}

TEST(Axis, MagnitudesAreLogarithmicWhenFarApart) {
  const Axis axis = Axis::OverMagnitudes({3, 900}, 5);
  EXPECT_TRUE(axis.logarithmic());
  EXPECT_THAT(Texts(axis), ElementsAre("1", "10", "100", "1000"));
  EXPECT_NEAR(axis.At(10), 1.0 / 3, 1e-12);
  EXPECT_FALSE(Axis::OverMagnitudes({3, 50}, 5).logarithmic());
  EXPECT_FALSE(Axis::OverMagnitudes({0, 900}, 5).logarithmic());
  EXPECT_FALSE(Axis::OverMagnitudes({}, 5).logarithmic());
}

const std::vector<std::vector<double>>& HostileValues() {
  constexpr double kMax = std::numeric_limits<double>::max();
  constexpr double kMin = std::numeric_limits<double>::denorm_min();
  static const std::vector<std::vector<double>> values = {
      {},
      {0},
      {75, 75, 75},
      {-75},
      {1e300, 1},
      {1e300},
      {-1e300, 1e300},
      {kMax, -kMax},
      {0, kMin},
      {kMin, kMin},
      {1e-300, 1e300},
      {1, 1 + 1e-15},
      {1e15, 1e15 + 1},
      {-5, -1e-9},
      {kNan, 3},
      {kInfinity, -kInfinity},
      {kNan},
      {1e6, 1.0000001e6}};
  return values;
}

TEST(Axis, HostileValuesHaveAnAxisToo) {
  for (const auto& values : HostileValues()) {
    for (const Axis& axis :
         {Axis::Over(values, 5), Axis::OverMagnitudes(values, 5)}) {
      const std::string shown = testing::PrintToString(values);
      ASSERT_GE(axis.ticks().size(), 2u) << shown;
      ASSERT_LE(axis.ticks().size(), 12u) << shown;
      for (std::size_t i = 0; i < axis.ticks().size(); ++i) {
        const Axis::Tick& tick = axis.ticks()[i];
        EXPECT_GE(tick.at, 0) << shown;
        EXPECT_LE(tick.at, 1) << shown;
        EXPECT_THAT(tick.text, Not(HasSubstr("nan"))) << shown;
        EXPECT_THAT(tick.text, Not(HasSubstr("inf"))) << shown;
        if (i == 0) continue;
        EXPECT_GT(tick.at, axis.ticks()[i - 1].at) << shown;
        EXPECT_NE(tick.text, axis.ticks()[i - 1].text) << shown;
      }
      for (double value : values) {
        EXPECT_GE(axis.At(value), 0) << shown;
        EXPECT_LE(axis.At(value), 1) << shown;
      }
    }
  }
}

TEST(Axis, RandomValuesLieBetweenTheirTicks) {
  Random random(1, "axis");
  for (int i = 0; i < 2000; ++i) {
    const double scale = std::pow(10.0, 40 * random.Uniform() - 20);
    std::vector<double> values;
    for (int j = 0; j < 5; ++j) values.push_back(scale * random.Normal());
    const Axis axis = Axis::Over(values, 5);
    // The end ticks, read back as numbers, enclose the values.
    const double low = std::stod(axis.ticks().front().text);
    const double high = std::stod(axis.ticks().back().text);
    for (double value : values) {
      ASSERT_GE(value, low - 1e-9 * scale);
      ASSERT_LE(value, high + 1e-9 * scale);
      ASSERT_NEAR(axis.At(value), (value - low) / (high - low), 1e-6);
    }
  }
}

// All coordinates are numbers inside the drawing, and the drawing is named.
void ExpectSoundDrawing(const std::string& svg) {
  const HtmlDocument document = ReadHtml(svg);
  ASSERT_THAT(document.problems, IsEmpty()) << svg;
  const auto roots = document.All("svg");
  ASSERT_EQ(roots.size(), 1u);
  EXPECT_EQ(roots[0]->attributes.at("role"), "img");
  ASSERT_EQ(document.All("title").size(), 1u);
  ASSERT_EQ(document.All("desc").size(), 1u);
  EXPECT_NE(document.All("title")[0]->text, "");
  EXPECT_NE(document.All("desc")[0]->text, "");
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  const double width = std::stod(roots[0]->attributes.at("width"));
  const double height = std::stod(roots[0]->attributes.at("height"));
  const auto expect_inside = [&](double x, double y) {
    EXPECT_GE(x, 0) << svg;
    EXPECT_LE(x, width) << svg;
    EXPECT_GE(y, 0) << svg;
    EXPECT_LE(y, height) << svg;
  };
  for (const auto& element : document.elements) {
    const auto number = [&](const char* key) {
      return std::stod(element.attributes.at(key));
    };
    if (element.name == "circle") expect_inside(number("cx"), number("cy"));
    if (element.name == "text") expect_inside(number("x"), number("y"));
    if (element.name == "rect") {
      expect_inside(number("x"), number("y"));
      expect_inside(number("x") + number("width"),
                    number("y") + number("height"));
    }
    if (element.name == "line") {
      expect_inside(number("x1"), number("y1"));
      expect_inside(number("x2"), number("y2"));
    }
    if (element.attributes.count("points") == 0) continue;
    std::string points = element.attributes.at("points");
    std::size_t used = 0;
    while (!points.empty()) {
      const double x = std::stod(points, &used);
      points.erase(0, used + 1);
      const double y = std::stod(points, &used);
      points.erase(0, std::min(points.size(), used + 1));
      expect_inside(x, y);
    }
  }
}

Estimate EstimateFrom(const std::vector<double>& values) {
  BySeed by_seed;
  for (double value : values) by_seed[by_seed.size()] = value;
  Aggregate aggregate;
  aggregate.values = by_seed;
  aggregate.summary = Summarize(values);
  return EstimateOf(aggregate, 1).value_or(Estimate());
}

TEST(Figures, HostileValuesStayInsideTheDrawing) {
  for (const auto& values : HostileValues()) {
    const Estimate estimate = EstimateFrom(values);
    ViewsFigure views{"a", "<views>", "x", {}, estimate.mean};
    views.rows = {{"one & two", {estimate, {}, estimate}},
                  {"三 a name that is far too long", {}}};
    ExpectSoundDrawing(DrawViews(views));
    ExpectSoundDrawing(
        DrawSaliency({"b", "saliency", "x", {{"kd", {estimate, {}}}}}));
    ExpectSoundDrawing(DrawCost({"c",
                                 "cost",
                                 "y",
                                 {{"kd", 0, estimate, estimate},
                                  {"a", 9, EstimateFrom({1, 2}), estimate}}}));
    WeightsFigure weights{"d", "weights", {}};
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i])) continue;
      weights.lines[0].epochs.push_back(static_cast<double>(i));
      weights.lines[0].mean.push_back(values[i]);
      weights.lines[0].sd.push_back(std::fabs(values[i]));
    }
    if (!weights.lines[0].mean.empty())
      ExpectSoundDrawing(DrawWeights(weights));
  }
}

TEST(Figures, NothingToDrawIsNoCrash) {
  DrawViews({"a", "t", "x", {}, {}});
  DrawSaliency({"a", "t", "x", {}});
  DrawCost({"a", "t", "y", {}});
  DrawWeights({"a", "t", {}});
  DrawDensities({"a", "t", "x", {}, {}});
  DrawCredits({"a", "t", "x", {}});
}

TEST(DrawViews, SignsStandAtTheirValues) {
  ViewsFigure figure{"a", "t", "x", {}, {}};
  figure.rows = {
      {"kd",
       {Estimate{50, {}, {}}, Estimate{75, {}, {}}, Estimate{100, {}, {}}}}};
  const HtmlDocument document = ReadHtml(DrawViews(figure));
  // The first view's sign is a circle at the axis's low end; the others are
  // polygons. 50, 60, ... 100: the grid's first and last lines are the ends.
  std::vector<double> grid;
  for (const HtmlElement* line : document.All("line")) {
    if (line->attributes.at("class") == "rule") {
      grid.push_back(std::stod(line->attributes.at("x1")));
    }
  }
  ASSERT_EQ(grid.size(), 6u);
  ASSERT_EQ(document.All("circle").size(), 1u);
  EXPECT_EQ(std::stod(document.All("circle")[0]->attributes.at("cx")), grid[0]);
  const std::string square =
      document.All("polygon")[0]->attributes.at("points");
  EXPECT_NEAR(std::stod(square) + 0.9 * 4.5, (grid[0] + grid[5]) / 2, 0.11);
  EXPECT_THAT(document.All("desc")[0]->text,
              HasSubstr("kd: multimodal 50.0, text 75.0, image 100.0."));
}

TEST(DrawCredits, BarsAreAsHighAsTheirShares) {
  CreditFigure figure{"a", "t", "x", {}};
  figure.shares[0] = {0.25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.75};
  const HtmlDocument document = ReadHtml(DrawCredits(figure));
  const auto bars = document.All("rect");
  ASSERT_EQ(bars.size(), 2u);
  EXPECT_NEAR(std::stod(bars[1]->attributes.at("height")),
              3 * std::stod(bars[0]->attributes.at("height")), 0.2);
  EXPECT_THAT(document.All("desc")[0]->text, HasSubstr("multimodal 75 %"));
  EXPECT_THAT(document.All("desc")[0]->text, HasSubstr("text no values"));
}

TEST(EstimateOf, DrawsEveryNthSeedOfMany) {
  std::vector<double> values;
  for (int i = 0; i < 60; ++i) values.push_back(i);
  const Estimate estimate = EstimateFrom(values);
  EXPECT_LE(estimate.seeds.size(), kMostDots);
  EXPECT_EQ(estimate.seeds[1], 3);
  EXPECT_DOUBLE_EQ(estimate.mean, 29.5);  // of all of them
  EXPECT_EQ(EstimateFrom({1, 2}).seeds.size(), 2u);
}

TEST(EstimateOf, NoneForWhatCannotBeDrawn) {
  Aggregate aggregate;
  EXPECT_FALSE(EstimateOf(aggregate, 100));
  aggregate.values = {{1, 1e308}};
  aggregate.summary = Summarize({1e308});
  EXPECT_FALSE(EstimateOf(aggregate, 100));
}

TEST(Shortened, ByColumnsNotBytes) {
  EXPECT_EQ(Shortened("msd-learned", 11), "msd-learned");
  EXPECT_EQ(Shortened("msd-learned", 5), "msd-…");
  EXPECT_EQ(Shortened("日本語", 5), "日本…");
}

}  // namespace
}  // namespace msdbench
