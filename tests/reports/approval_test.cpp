#include "tests/reports/approval.h"

#include <gtest/gtest.h>

#include "reports/figures/views_figure.h"
#include "reports/report.h"
#include "tests/reports/report_fixture.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

class Approval : public testing::TestWithParam<std::string> {};

TEST_P(Approval, OfTheWholeReport) {
  const TestFolder folder;
  WriteFixture(folder.path());
  WriteReport(folder.path(), folder / "report", {GetParam()});
  ExpectApproved("report." + GetParam(),
                 ReadTextFile(folder / "report" / ("report." + GetParam())));
}

INSTANTIATE_TEST_SUITE_P(, Approval, testing::ValuesIn(ReportFormats()),
                         [](const auto& format) { return format.param; });

TEST(ApprovalOfFigure, Views) {
  ViewsFigure figure;
  figure.id = "views";
  figure.title = "Hateful Memes: AUROC by view";
  figure.x_title = "AUROC, %";
  figure.floor = 50;
  figure.rows = {
      {"kd", {Estimate{75, 2.5, {72.5, 75, 77.5}}, Estimate{65, {}, {65}}, {}}},
      {"a method of a long name", {Estimate{80, 0, {80, 80}}, {}, {}}}};
  ExpectApproved("views.svg", DrawViews(figure));
}

TEST(Normalised, HidesVersionAndRevisionOnly) {
  EXPECT_EQ(Normalised("code: 0.1.0 (0123abc), 12.3.4 (0deb7dbe6b52+changes)"),
            "code: VERSION (REVISION), VERSION (REVISION)");
  EXPECT_EQ(Normalised("71.3 (+0.8), 1.2.3"), "71.3 (+0.8), 1.2.3");
}

}  // namespace
}  // namespace msdbench
