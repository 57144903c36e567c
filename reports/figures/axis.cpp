#include "reports/figures/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace msdbench {
namespace {

// Beyond, sums and differences of two values would overflow.
constexpr double kLargest = 1e300;
// Spans below are rounding, or too near to the smallest double to divide.
constexpr double kSmallestSpan = 1e-9, kSmallest = 1e-290;

// 1, 2, 2.5 or 5 times a power of ten, at least `rough`.
double RoundStep(double rough) {
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (double times : {1.0, 2.0, 2.5, 5.0}) {
    if (times * power >= rough) return times * power;
  }
  return 10 * power;
}

std::string TickText(double value, double step, double largest) {
  if (std::fabs(value) < step * 1e-6) value = 0;
  if (largest >= 1e-3 && largest < 1e6) {
    int decimals = 0;
    for (double scaled = step;
         decimals < 8 && std::fabs(scaled - std::round(scaled)) > 1e-6;
         scaled *= 10) {
      ++decimals;
    }
    if (decimals < 8) return fmt::format("{:.{}f}", value, decimals);
  }
  const double digits = std::ceil(std::log10(largest / step)) + 2;
  return fmt::format("{:.{}g}", value,
                     static_cast<int>(std::clamp(digits, 1.0, 12.0)));
}

std::vector<double> Finite(const std::vector<double>& values) {
  std::vector<double> finite;
  for (double value : values) {
    if (std::isfinite(value)) {
      finite.push_back(std::clamp(value, -kLargest, kLargest));
    }
  }
  return finite;
}

}  // namespace

Axis Axis::Over(const std::vector<double>& values, int ticks) {
  Axis axis;
  const std::vector<double> finite = Finite(values);
  double low = 0, high = 1;
  if (!finite.empty()) {
    low = *std::min_element(finite.begin(), finite.end());
    high = *std::max_element(finite.begin(), finite.end());
  }
  const double largest = std::max(std::fabs(low), std::fabs(high));
  if (high - low < std::max(largest * kSmallestSpan, kSmallest)) {
    const double room = largest < kSmallest ? 1 : largest * 0.1;
    low -= room;
    high += room;
  }
  const double step = RoundStep((high - low) / ticks);
  axis.low_ = std::floor(low / step) * step;
  axis.high_ = std::ceil(high / step) * step;
  const int steps =
      static_cast<int>(std::lround((axis.high_ - axis.low_) / step));
  const double end = std::max(std::fabs(axis.low_), std::fabs(axis.high_));
  for (int i = 0; i <= steps; ++i) {
    axis.ticks_.push_back({static_cast<double>(i) / steps,
                           TickText(axis.low_ + i * step, step, end)});
  }
  return axis;
}

Axis Axis::OverMagnitudes(const std::vector<double>& values, int ticks) {
  const std::vector<double> finite = Finite(values);
  if (finite.empty()) return Over(values, ticks);
  const double low = *std::min_element(finite.begin(), finite.end());
  const double high = *std::max_element(finite.begin(), finite.end());
  if (low < kSmallest || high / 20 < low) return Over(values, ticks);
  Axis axis;
  axis.logarithmic_ = true;
  axis.low_ = std::floor(std::log10(low));
  axis.high_ = std::ceil(std::log10(high));
  // Whole decades, as many between two ticks as there is room for.
  const int decades = static_cast<int>(axis.high_ - axis.low_);
  const int stride = (decades + ticks - 1) / ticks;
  for (int i = 0; i <= decades; i += stride) {
    axis.ticks_.push_back({static_cast<double>(i) / decades,
                           fmt::format("{:g}", std::pow(10, axis.low_ + i))});
  }
  return axis;
}

double Axis::At(double value) const {
  if (std::isnan(value)) return 0;
  if (logarithmic_) {
    if (value <= 0) return 0;
    value = std::log10(value);
  }
  value = std::clamp(value, low_, high_);
  return (value - low_) / (high_ - low_);
}

}  // namespace msdbench
