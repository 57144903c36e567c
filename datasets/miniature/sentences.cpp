#include "datasets/miniature/sentences.h"

namespace msdbench {
namespace {

const std::vector<std::string> kFillers = {
    "today",  "again",  "always", "monday", "morning", "really", "quiet",
    "little", "old",    "new",    "happy",  "strange", "simple", "big",
    "nobody", "people", "friend", "home",   "street",  "coffee", "music",
    "summer", "winter", "story",  "picture"};

}  // namespace

int DrawIndex(const std::vector<double>& probabilities, Random& random) {
  double left = random.Uniform();
  for (std::size_t i = 0; i + 1 < probabilities.size(); ++i) {
    left -= probabilities[i];
    if (left < 0) return static_cast<int>(i);
  }
  return static_cast<int>(probabilities.size()) - 1;
}

std::string FillTemplate(const std::vector<std::string>& templates,
                         const std::string& word, Random& random) {
  std::string text;
  const std::string& form = PickOne(templates, random);
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '{') {
      text += word;
      ++i;
    } else if (form[i] == '_') {
      text += PickOne(kFillers, random);
    } else {
      text += form[i];
    }
  }
  return text;
}

}  // namespace msdbench
