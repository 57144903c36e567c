// The folders of golden values, computed by other people's code or by other
// code of ours, and the tally of how many of them agree.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace msdbench {

// A suite of tests that run on each folder of golden values. Its name starts
// with Golden: CTest labels it so.
class GoldenTest : public testing::TestWithParam<std::string> {
 protected:
  // "Own": the project's few; "Peers": MSDBENCH_GOLDEN, else ../shared/golden.
  std::filesystem::path GoldenFolder() const {
    if (GetParam() == "Own") return "tests/golden";
    const char* given = std::getenv("MSDBENCH_GOLDEN");
    return given != nullptr ? given : "../shared/golden";
  }
};

#define MSDBENCH_GOLDEN_SUITE(Suite)                                      \
  INSTANTIATE_TEST_SUITE_P(                                               \
      , Suite, testing::Values(std::string("Own"), std::string("Peers")), \
      [](const testing::TestParamInfo<std::string>& folder) {             \
        return folder.param;                                              \
      })

// Skips the test where the peers' file is not there; our own has to be.
#define MSDBENCH_GOLDEN_FILE(variable, name)                      \
  const std::filesystem::path variable = GoldenFolder() / (name); \
  if (!std::filesystem::exists(variable)) {                       \
    ASSERT_NE(GetParam(), "Own") << variable << " is not there";  \
    GTEST_SKIP() << variable.string() << " is not there";         \
  }

// A number may be off by absolute + relative * |want| + relative_to_largest *
// (the largest |want| of its array).
struct GoldenBound {
  double absolute = 0, relative = 0, relative_to_largest = 0;
};

// Compares the cases of one test, each failure under its case's name, and in
// the end prints how many agree and which number came nearest to its bound. A
// test without cases fails, and so does a case without comparisons.
class GoldenTally {
 public:
  GoldenTally() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    group_ = fmt::format("{}.{}", test->test_suite_name(), test->name());
  }
  GoldenTally(const GoldenTally&) = delete;
  GoldenTally& operator=(const GoldenTally&) = delete;
  ~GoldenTally() {
    EndCase();
    EXPECT_GT(cases_, 0) << "no golden cases";
    fmt::print("{}: {} of {} cases agree", group_, agree_, cases_);
    if (worst_ >= 0) {
      fmt::print(", worst error {:.2g} of its tolerance ({})", worst_,
                 worst_name_);
    }
    fmt::print("\n");
  }

  // What is compared from here on belongs to this case.
  void Case(const std::string& name) {
    EndCase();
    ++cases_;
    case_ = name;
    compared_ = false;
    agrees_ = true;
  }

  void Near(const std::string& what, const std::vector<double>& got,
            const std::vector<double>& want, const GoldenBound& bound) {
    if (got.size() != want.size()) {
      return Fail(fmt::format("{}: {} numbers, wanted {}", what, got.size(),
                              want.size()));
    }
    double largest = 0;
    for (double value : want) largest = std::max(largest, std::abs(value));
    double worst = 0;
    std::size_t place = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      const double tolerance = bound.absolute +
                               bound.relative * std::abs(want[i]) +
                               bound.relative_to_largest * largest;
      double ratio =
          got[i] == want[i] ? 0 : std::abs(got[i] - want[i]) / tolerance;
      if (std::isnan(ratio)) ratio = std::numeric_limits<double>::infinity();
      if (ratio <= worst) continue;
      worst = ratio;
      place = i;
    }
    compared_ = true;
    if (worst > worst_) {
      worst_ = worst;
      worst_name_ = case_ + " " + what;
    }
    if (worst > 1) {
      Fail(fmt::format("{}[{}] is {}, wanted {}: {:.3g} times its tolerance",
                       what, place, got[place], want[place], worst));
    }
  }
  void Near(const std::string& what, double got, double want,
            const GoldenBound& bound) {
    Near(what, std::vector<double>{got}, std::vector<double>{want}, bound);
  }

  template <class Value>
  void Equal(const std::string& what, const Value& got, const Value& want) {
    EXPECT_EQ(got, want) << case_ << ": " << what;
    compared_ = true;
    agrees_ = agrees_ && got == want;
  }

  void Fail(const std::string& why) {
    ADD_FAILURE() << case_ << ": " << why;
    compared_ = true;
    agrees_ = false;
  }

 private:
  void EndCase() {
    if (cases_ == 0) return;
    if (!compared_) Fail("nothing was compared");
    agree_ += agrees_ ? 1 : 0;
  }

  std::string group_, case_, worst_name_;
  int cases_ = 0, agree_ = 0;
  bool compared_ = false, agrees_ = true;
  double worst_ = -1;  // error over tolerance
};

}  // namespace msdbench
