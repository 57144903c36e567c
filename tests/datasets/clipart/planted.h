// A small tree of pictures and metadata as the Open Clip Art packages have it,
// with a fault of every kind among them.
#pragma once

#include <string>
#include <vector>

#include "datasets/image/image.h"
#include "tests/datasets/image/pictures.h"
#include "tests/datasets/tree.h"

namespace msdbench {

// A picture of two colours that no other number has.
inline Image PlantedImage(int number, std::int64_t width = 12,
                          std::int64_t height = 8) {
  Image image{width, height, {}};
  for (std::int64_t i = 0; i < width * height; ++i) {
    const int shade = i < width ? number : 40;
    for (const int sample : {shade % 7 * 30, shade / 7 * 20, 90}) {
      image.rgb.push_back(static_cast<std::uint8_t>(sample));
    }
  }
  return image;
}

inline std::string PlantedSvg(const std::string& title,
                              const std::vector<std::string>& keywords,
                              const std::string& head = "") {
  std::string bag;
  for (const std::string& keyword : keywords) {
    bag += "<rdf:li>" + keyword + "</rdf:li>";
  }
  return head +
         "<svg xmlns='http://www.w3.org/2000/svg'><metadata><rdf:RDF "
         "xmlns:cc='http://web.resource.org/cc/' "
         "xmlns:dc='http://purl.org/dc/elements/1.1/' "
         "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
         "<cc:Work><dc:title>" +
         title + "</dc:title><dc:subject><rdf:Bag>" + bag +
         "</rdf:Bag></dc:subject></cc:Work></rdf:RDF></metadata></svg>";
}

class PlantedClipart {
 public:
  PlantedClipart() {
    const std::vector<std::string> subjects = {"animal", "food", "flag",
                                               "tool"};
    const std::vector<std::string> kinds = {
        "red",  "old",   "fine", "wild", "small", "tall",  "sweet", "loud",
        "bold", "plain", "odd",  "new",  "warm",  "sharp", "grey"};
    for (const std::string& subject : subjects) {
      for (const std::string& kind : kinds) {
        Add(subject + "s/" + kind, kind + " " + subject + " piece",
            {subject, "icon"});
      }
    }
    Faults();
  }

  const Tree& tree() const { return tree_; }
  int pictures() const { return number_; }

 private:
  void Add(const std::string& name, const std::string& title,
           const std::vector<std::string>& keywords) {
    tree_.Write("png/" + name + ".png", EncodePng(PlantedImage(++number_)));
    tree_.Write("svg/" + name + ".svg", PlantedSvg(title, keywords));
  }

  void Faults() {
    Add("animals/owl_1", "Owl", {"animal"});
    Add("animals/owl_2", "owl", {"animal"});
    Add("tools/owl_3", "OWL", {"tool"});
    // The very first picture once more.
    tree_.Write("png/foods/copy.png", EncodePng(PlantedImage(1)));
    tree_.Write("svg/foods/copy.svg", PlantedSvg("Copy", {"food"}));
    for (int i = 0; i < 30; ++i) {
      Add("flags/series_" + std::to_string(10 + i), "A Whole Collection",
          {"flag"});
    }
    Add("tools/broken", "Broken", {"tool"});
    tree_.Write("svg/tools/broken.svg", "<svg>\n<metadata>");
    Add("tools/damaged", "Damaged", {"tool"});
    tree_.Write("png/tools/damaged.png",
                pictures::Bytes(pictures::kBadChecksum));
    Add("tools/jpeg", "Jpeg", {"tool"});
    tree_.Write("png/tools/jpeg.png", EncodeJpeg(PlantedImage(1), 90));
    Add("tools/blank", "Blank", {"tool"});
    tree_.Write("png/tools/blank.png",
                EncodePng({2, 1, std::vector<std::uint8_t>(6, 255)}));
    Add("tools/untitled", "Untitled", {"tool"});
    Add("lonely", "Lonely", {"nothing"});
    tree_.Write("svg/tools/no_png.svg", PlantedSvg("No", {"tool"}));
    tree_.Write("png/tools/no_svg.png", EncodePng(PlantedImage(1)));
    tree_.Write("png/tools/see_through.png", pictures::Bytes(pictures::kRgba));
    tree_.Write("svg/tools/see_through.svg",
                PlantedSvg("See Through", {"tool"}));
    tree_.Write("png/foods/wide.png", EncodePng(PlantedImage(120, 600, 200)));
    tree_.Write("svg/foods/wide.svg",
                PlantedSvg("caf\xE9 &amp; cake", {"food"},
                           "<?xml version='1.0' encoding='ISO-8859-1'?>"));
  }

  Tree tree_;
  int number_ = 0;
};

}  // namespace msdbench
