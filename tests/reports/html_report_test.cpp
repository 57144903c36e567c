#include "reports/html_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <regex>

#include "reports/report.h"
#include "tests/reports/html_checker.h"
#include "tests/reports/report_fixture.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string PageOf(const TestFolder& folder, const std::filesystem::path& out) {
  WriteReport(folder.path(), out, {"html"});
  return ReadTextFile(out / "report.html");
}

std::string FixturePage() {
  const TestFolder folder;
  WriteFixture(folder.path());
  return PageOf(folder, folder / "report");
}

// The text of a section, by its id.
std::string Section(const std::string& page, const std::string& id) {
  const std::size_t begin = page.find("<section id=\"" + id + "\"");
  return begin == std::string::npos
             ? ""
             : page.substr(begin, page.find("</section>", begin) - begin);
}

TEST(HtmlReport, IsSoundAndLoadsNothing) {
  const std::string page = FixturePage();
  const HtmlDocument document = ReadHtml(page);
  EXPECT_THAT(document.problems, IsEmpty());
  EXPECT_THAT(document.All("script"), IsEmpty());
  EXPECT_THAT(document.All("img"), IsEmpty());
  for (const char* word : {"http:", "https:", "url(", "@import"}) {
    EXPECT_THAT(page, Not(HasSubstr(word)));
  }
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(HtmlReport, IsReadableWithoutEyesOrMouse) {
  const HtmlDocument document = ReadHtml(FixturePage());
  EXPECT_EQ(document.All("html")[0]->attributes.at("lang"), "en");
  EXPECT_EQ(document.All("h1").size(), 1u);
  // The first link jumps over the header.
  EXPECT_EQ(document.All("a")[0]->attributes.at("href"), "#content");
  for (const HtmlElement* header : document.All("th")) {
    EXPECT_EQ(header->attributes.count("scope"), 1u) << header->text;
  }
  EXPECT_EQ(document.All("caption").size(), document.All("table").size());
  EXPECT_EQ(document.All("figcaption").size(), document.All("figure").size());
  EXPECT_GT(document.All("figure").size(), 4u);
  std::size_t drawings = 0;
  for (const HtmlElement* svg : document.All("svg")) {
    const bool hidden = svg->attributes.count("aria-hidden") == 1;
    drawings += hidden ? 0 : 1;
    EXPECT_TRUE(hidden || svg->attributes.at("role") == "img");
  }
  EXPECT_EQ(document.All("desc").size(), drawings);
}

TEST(HtmlReport, EveryCellLeadsToItsRuns) {
  const std::string page = FixturePage();
  const std::string row =
      page.substr(page.find("<th scope=\"row\">msd-learned</th>"), 400);
  std::smatch link;
  ASSERT_TRUE(
      std::regex_search(row, link, std::regex("href=\"#(runs-[0-9-]+)\">")));
  const std::size_t at = page.find("id=\"" + link[1].str() + "\"");
  ASSERT_NE(at, std::string::npos);
  const std::string runs = page.substr(at, page.find("</dd>", at) - at);
  EXPECT_THAT(runs, HasSubstr("msd-learned</dt>"));
  for (int seed : {1, 2, 3, 4}) {
    EXPECT_THAT(runs, HasSubstr("<a href=\"../hateful_memes/msd-learned/seed-" +
                                std::to_string(seed) + "/record.json\">"));
  }
  EXPECT_THAT(runs, HasSubstr("failed"));
}

TEST(HtmlReport, RecordsElsewhereAreNamedNotLinked) {
  const TestFolder folder;
  WriteFixture(folder / "records");
  WriteReport(folder / "records", folder / "elsewhere", {"html"});
  const std::string page = ReadTextFile(folder / "elsewhere" / "report.html");
  EXPECT_THAT(page, Not(HasSubstr("record.json\"")));
  EXPECT_THAT(page, HasSubstr("<code>vqa_v2/kd/seed-1/record.json</code>"));
}

TEST(HtmlReport, ShowsMarksFailuresAndData) {
  const std::string page = FixturePage();
  EXPECT_THAT(Section(page, "results"), HasSubstr("*)"));
  EXPECT_THAT(Section(page, "results"), HasSubstr("<strong>"));
  EXPECT_THAT(Section(page, "problems"),
              HasSubstr("Hateful Memes, msd-learned, seed 4 failed: out of "
                        "memory: 100 % &amp; &lt;more&gt;"));
  EXPECT_THAT(Section(page, "data"), HasSubstr("1 question without an answer"));
  EXPECT_THAT(
      std::regex_replace(Section(page, "reproduce"), std::regex("<[^>]*>"), ""),
      HasSubstr("msdbench run quick --data-root DATA --datasets "
                "hateful_memes --methods kd --seeds 1,2,3,4 --device "
                "cpu"));
  EXPECT_THAT(Section(page, "reproduce"), HasSubstr("1.13.1"));
}

TEST(HtmlReport, FiguresComeFromTheRecordsAndTheirPredictions) {
  const std::string page = FixturePage();
  // Means over the seeds of what the fixture wrote.
  EXPECT_THAT(Section(page, "weights"),
              HasSubstr("Weight of text: from 0.6 in epoch 1 to 0.8 in epoch "
                        "3. Weight of image: from 0.4 in epoch 1 to 0.2"));
  EXPECT_THAT(Section(page, "saliency"),
              HasSubstr("msd-learned: text 1.2, image 0.2."));
  EXPECT_THAT(Section(page, "cost"), HasSubstr("kd: 75.5 after 102.5 s."));
  // 5 of 10 credits are 1; the image's logits are 0 to 0.3.
  EXPECT_THAT(Section(page, "outputs"),
              HasSubstr("Full credit: multimodal 50 %"));
  EXPECT_THAT(Section(page, "outputs"), HasSubstr("image 0.54."));
}

TEST(HtmlReport, SaysWhatIsMissing) {
  const std::string page = FixturePage();
  EXPECT_THAT(Section(page, "outputs"),
              HasSubstr("VQA v2, msd-fixed, seed 1: no prediction file beside "
                        "the record"));
  const TestFolder folder;
  const Simulated run = {"snli_ve", "a", "a", 1, {{"accuracy", 0.5}}};
  WriteRecord(RecordFile(folder.path(), "snli_ve", "a", 1),
              SimulatedRecord(run));
  const std::string bare = PageOf(folder, folder / "report");
  EXPECT_THAT(ReadHtml(bare).problems, IsEmpty());
  EXPECT_THAT(Section(bare, "differences"), HasSubstr("no plain KD"));
  EXPECT_THAT(Section(bare, "outputs"),
              HasSubstr("no prediction file beside the record"));
  EXPECT_THAT(Section(bare, "saliency"), HasSubstr("No record holds saliency"));
  EXPECT_THAT(Section(bare, "weights"), HasSubstr("No record holds weights"));
  EXPECT_THAT(Section(bare, "problems"), HasSubstr("None"));
}

TEST(HtmlReport, BrokenPredictionsAreSaidNotDrawn) {
  const TestFolder folder;
  WriteFixture(folder.path());
  const auto file =
      RunFolder(folder.path(), "vqa_v2", "kd", 1) / "predictions.safetensors";
  WriteFileAtomically(file, "torn");
  const std::string page = PageOf(folder, folder / "report");
  EXPECT_THAT(ReadHtml(page).problems, IsEmpty());
  EXPECT_THAT(Section(page, "outputs"),
              HasSubstr("vqa_v2/kd/seed-1/predictions.safetensors"));
}

TEST(HtmlReport, FailedRunsAloneMakeAPageToo) {
  const TestFolder folder;
  WriteRecord(RecordFile(folder.path(), "snli_ve", "kd", 1),
              FailedRecord({"snli_ve", "kd", "kd", 1}, "no memory"));
  const std::string page = PageOf(folder, folder / "report");
  EXPECT_THAT(ReadHtml(page).problems, IsEmpty());
  EXPECT_THAT(Section(page, "problems"), HasSubstr("no memory"));
  EXPECT_THAT(Section(page, "views"), HasSubstr("Every run failed"));
}

TEST(HtmlReport, HostileNamesStayText) {
  const TestFolder folder;
  const std::string name = "<script>alert(1)</script>\"'&\n#";
  Json json = SimulatedRecord({"snli_ve", name, "x", 1, {{"a/<b>", 1e300}}});
  json["suite"]["name"] = name;
  json["environment"] = {{name, name}};
  WriteRecord(folder / "a" / "record.json", json);
  const std::string page = PageOf(folder, folder / "report");
  const HtmlDocument document = ReadHtml(page);
  EXPECT_THAT(document.problems, IsEmpty());
  EXPECT_THAT(document.All("script"), IsEmpty());
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST(HtmlReport, TheSameRecordsGiveTheSameBytes) {
  EXPECT_EQ(FixturePage(), FixturePage());
}

// Relative luminance and contrast of WCAG 2.1, section 1.4.3.
double Luminance(const std::string& colour) {
  double parts[3];
  for (int i = 0; i < 3; ++i) {
    const double c =
        std::stoi(colour.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    parts[i] = c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  }
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

double Contrast(const std::string& a, const std::string& b) {
  const double x = Luminance(a), y = Luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

TEST(HtmlReport, ColoursHaveContrastInBothSchemes) {
  const std::string style = ReadHtml(FixturePage()).All("style")[0]->text;
  const std::size_t dark = style.find("prefers-color-scheme: dark");
  ASSERT_NE(dark, std::string::npos);
  for (const bool is_dark : {false, true}) {
    const std::string block = style.substr(is_dark ? dark : 0);
    const auto colour = [&](const std::string& name) {
      const std::size_t at = block.find("--" + name + ": ");
      return block.substr(at + name.size() + 4, 7);
    };
    for (const std::string ground : {"page", "card"}) {
      for (const std::string text : {"ink", "muted", "link", "bad"}) {
        EXPECT_GE(Contrast(colour(text), colour(ground)), 4.5)
            << text << " on " << ground << (is_dark ? ", dark" : ", light");
      }
      for (const char kind : {'v', 'm'}) {
        for (int i = 0; i < (kind == 'v' ? 3 : 8); ++i) {
          const std::string name = kind + std::to_string(i);
          EXPECT_GE(Contrast(colour(name), colour(ground)), 4.5)
              << name << " on " << ground << (is_dark ? ", dark" : ", light");
        }
      }
    }
  }
}

}  // namespace
}  // namespace msdbench
