#include "datasets/clipart/svg_metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class SvgMetadataTest : public testing::Test {
 protected:
  void SetUp() override {
    try {
      ReadSvgMetadata("<svg/>", "a.svg");
    } catch (const Error& error) {
      GTEST_SKIP() << "SKIPPED: " << error.what();
    }
  }

  static SvgMetadata Read(const std::string& xml) {
    return ReadSvgMetadata(xml, "a.svg");
  }
  static std::string ErrorFor(const std::string& xml) {
    return ErrorOf([&] { Read(xml); });
  }
  static std::string WithWork(const std::string& work,
                              const std::string& head = "") {
    return head +
           "<svg xmlns='http://www.w3.org/2000/svg'><metadata>"
           "<rdf:RDF xmlns:cc='http://web.resource.org/cc/' "
           "xmlns:dc='http://purl.org/dc/elements/1.1/' "
           "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
           "<cc:Work>" +
           work + "</cc:Work></rdf:RDF></metadata></svg>";
  }
};

TEST_F(SvgMetadataTest, ReadsWhatTheWorkSays) {
  const SvgMetadata metadata = Read(WithWork(
      "<dc:title>\n Grey Owl </dc:title><dc:description>It sits.</"
      "dc:description><dc:subject><rdf:Bag><rdf:li>bird</rdf:li><rdf:li/>"
      "<rdf:li>night bird</rdf:li></rdf:Bag></dc:subject><dc:creator>"
      "<cc:Agent><dc:title>A. Painter</dc:title></cc:Agent></dc:creator>"));
  EXPECT_EQ(metadata.title, "Grey Owl");
  EXPECT_EQ(metadata.description, "It sits.");
  EXPECT_EQ(metadata.creator, "A. Painter");
  EXPECT_THAT(metadata.keywords, ElementsAre("bird", "night bird"));
}

TEST_F(SvgMetadataTest, OthersTitlesAreNotThePictures) {
  const std::string publisher =
      "<dc:publisher><cc:Agent><dc:title>Press</dc:title></cc:Agent>"
      "</dc:publisher>";
  EXPECT_EQ(Read(WithWork(publisher)).title, "");
  EXPECT_EQ(Read("<svg><title>bare</title></svg>").title, "");
  // A second Work describes something else.
  EXPECT_EQ(Read("<r xmlns:dc='http://purl.org/dc/elements/1.1/'>"
                 "<Work><dc:title>one</dc:title></Work>"
                 "<Work><dc:title>two</dc:title></Work></r>")
                .title,
            "one");
}

TEST_F(SvgMetadataTest, PrefixesMayBeAnyNamesOrNone) {
  EXPECT_EQ(Read("<s xmlns:x='http://purl.org/dc/elements/1.1/' "
                 "xmlns:y='http://creativecommons.org/ns#'>"
                 "<y:Work><x:title>odd</x:title></y:Work></s>")
                .title,
            "odd");
  EXPECT_EQ(Read("<Work><title xmlns='http://purl.org/dc/elements/1.1/'>"
                 "default</title></Work>")
                .title,
            "default");
  // The usual prefix for something else.
  EXPECT_EQ(
      Read("<Work xmlns:dc='urn:other'><dc:title>no</dc:title></Work>").title,
      "");
  EXPECT_THAT(ErrorFor("<Work>\n<dc:title>x</dc:title></Work>"),
              StartsWith("a.svg:2: broken XML (unbound prefix)"));
}

TEST_F(SvgMetadataTest, EntitiesAndEncodings) {
  EXPECT_EQ(Read(WithWork("<dc:title>Salt &amp; &#233;&#x20AC;</dc:title>",
                          "<!DOCTYPE svg [<!ENTITY n 'u'>]>"))
                .title,
            "Salt & \xC3\xA9\xE2\x82\xAC");
  // As Adobe Illustrator writes its namespaces.
  EXPECT_EQ(Read("<!DOCTYPE svg [<!ENTITY d 'http://purl.org/dc/elements/1.1/'>"
                 "]><Work xmlns:dc='&d;'><dc:title>own</dc:title></Work>")
                .title,
            "own");
  EXPECT_EQ(Read(WithWork("<dc:title>caf\xE9</dc:title>",
                          "<?xml version='1.0' encoding='ISO-8859-1'?>"))
                .title,
            "caf\xC3\xA9");
  std::string utf16 = "\xFF\xFE";
  for (const char c : WithWork("<dc:title>wide</dc:title>")) {
    utf16 += {c, '\0'};
  }
  EXPECT_EQ(Read(utf16).title, "wide");
  EXPECT_THAT(ErrorFor(WithWork("", "<?xml version='1.0' encoding='koi8-r'?>")),
              HasSubstr("unknown encoding"));
  EXPECT_THAT(ErrorFor(WithWork("<dc:title>caf\xE9</dc:title>")),
              HasSubstr("not well-formed"));
}

TEST_F(SvgMetadataTest, BrokenFilesAreNamedWithTheLine) {
  EXPECT_EQ(ErrorFor(""), "a.svg:1: broken XML (no element found)");
  EXPECT_THAT(ErrorFor("<svg>\n<g>\n</svg>"),
              StartsWith("a.svg:3: broken XML (mismatched tag"));
  EXPECT_THAT(ErrorFor(std::string("<svg>\0</svg>", 12)),
              HasSubstr("broken XML"));
}

TEST_F(SvgMetadataTest, HostileFilesGetNothing) {
  // A file of the machine is not read.
  EXPECT_EQ(Read(WithWork("<dc:title>&x;</dc:title>",
                          "<!DOCTYPE svg [<!ENTITY x SYSTEM "
                          "'file:///etc/hostname'>]>"))
                .title,
            "");
  std::string bomb = "<!DOCTYPE svg [<!ENTITY a0 'ha'>";
  for (int i = 1; i <= 30; ++i) {
    const std::string last = "&a" + std::to_string(i - 1) + ";";
    bomb += "<!ENTITY a" + std::to_string(i) + " '" + last + last + last +
            last + "'>";
  }
  EXPECT_THAT(ErrorFor(WithWork("<dc:title>&a30;</dc:title>", bomb + "]>")),
              HasSubstr("broken XML"));
  const std::string longest(kMostMetadataBytes, 'x');
  EXPECT_EQ(Read(WithWork("<dc:title>" + longest + "</dc:title>")).title,
            longest);
  EXPECT_EQ(Read(WithWork("<dc:title>" + longest + "x</dc:title>")).title, "");
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<g>";
  EXPECT_THAT(ErrorFor(deep), HasSubstr("broken XML"));
}

}  // namespace
}  // namespace msdbench
