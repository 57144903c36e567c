// The scale of a figure: from values to places, with round ticks.
#pragma once

#include <string>
#include <vector>

namespace msdbench {

class Axis {
 public:
  struct Tick {
    double at;  // 0 = low end, 1 = high end
    std::string text;
  };

  // From one round number to another, around all `values`, about `ticks` steps.
  // Values that are not finite are left out; no values, or equal ones, have an
  // axis too.
  static Axis Over(const std::vector<double>& values, int ticks);
  // Logarithmic where all values are positive and the largest is twenty times
  // the smallest or more; else as Over.
  static Axis OverMagnitudes(const std::vector<double>& values, int ticks);

  // 0 at the low end, 1 at the high end; never outside.
  double At(double value) const;
  const std::vector<Tick>& ticks() const { return ticks_; }
  bool logarithmic() const { return logarithmic_; }

 private:
  double low_ = 0, high_ = 1;
  bool logarithmic_ = false;
  std::vector<Tick> ticks_;
};

}  // namespace msdbench
