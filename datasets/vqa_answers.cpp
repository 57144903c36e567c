#include "datasets/vqa_answers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "datasets/text/python_text.h"
#include "datasets/vqa_contractions.h"

namespace msdbench {
namespace {

bool DigitAt(std::string_view text, std::size_t place) {
  return place < text.size() && IsPythonDigit(CodePointAt(text, place).value);
}

// A comma between two digits anywhere.
bool HasDigitComma(std::string_view text) {
  bool after_digit = false;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = CodePointAt(text, i);
    if (point.value == ',' && after_digit && DigitAt(text, i + 1)) return true;
    after_digit = IsPythonDigit(point.value);
    i += point.bytes;
  }
  return false;
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = CodePointAt(text, i);
    const bool space = IsPythonSpace(point.value);
    if (!space) {
      if (!inside) words.emplace_back();
      words.back().append(text.substr(i, point.bytes));
    }
    inside = !space;
    i += point.bytes;
  }
  return words;
}

const std::unordered_map<std::string_view, std::string_view>& Contractions() {
  static const std::unordered_map<std::string_view, std::string_view> kTable(
      VqaContractions().begin(), VqaContractions().end());
  return kTable;
}

std::string_view DigitOf(std::string_view word) {
  static const std::unordered_map<std::string_view, std::string_view> kDigits =
      {{"none", "0"},  {"zero", "0"},  {"one", "1"},  {"two", "2"},
       {"three", "3"}, {"four", "4"},  {"five", "5"}, {"six", "6"},
       {"seven", "7"}, {"eight", "8"}, {"nine", "9"}, {"ten", "10"}};
  const auto found = kDigits.find(word);
  return found == kDigits.end() ? word : found->second;
}

// Of `total` references, `equal` are the prediction: each of those has one
// match fewer among the others.
double AccuracyOf(std::int64_t equal, std::int64_t total) {
  const auto part = [](std::int64_t others) {
    return std::min(1.0, static_cast<double>(others) / 3.0);
  };
  if (equal == 0) return 0;
  return (static_cast<double>(equal) * part(equal - 1) +
          static_cast<double>(total - equal) * part(equal)) /
         static_cast<double>(total);
}

void SortByLabel(std::vector<LabelScore>& scores) {
  std::sort(scores.begin(), scores.end(),
            [](const LabelScore& a, const LabelScore& b) {
              return a.label < b.label;
            });
}

// (value, how often) of each distinct value; references are few.
std::vector<std::pair<std::int32_t, std::int64_t>> CountEach(
    const std::vector<std::int32_t>& values) {
  std::vector<std::pair<std::int32_t, std::int64_t>> counts;
  for (const std::int32_t value : values) {
    const auto found =
        std::find_if(counts.begin(), counts.end(),
                     [&](const auto& entry) { return entry.first == value; });
    if (found == counts.end()) {
      counts.emplace_back(value, 1);
    } else {
      ++found->second;
    }
  }
  return counts;
}

}  // namespace

std::string StripAnswer(std::string_view answer) {
  std::string text(answer);
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::replace(text.begin(), text.end(), '\t', ' ');
  std::size_t begin = text.size(), end = 0;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = CodePointAt(text, i);
    if (!IsPythonSpace(point.value)) {
      begin = std::min(begin, i);
      end = i + point.bytes;
    }
    i += point.bytes;
  }
  return begin < end ? text.substr(begin, end - begin) : "";
}

std::string ProcessPunctuation(std::string_view answer) {
  constexpr std::string_view kMarks = ";/[]\"{}()=+\\_-><@`,?!";
  const bool digit_comma = HasDigitComma(answer);
  // A mark beside a space goes everywhere in the answer, even where it stands
  // between letters.
  std::array<bool, kMarks.size()> goes{};
  for (std::size_t i = 0; i < answer.size(); ++i) {
    const auto mark = kMarks.find(answer[i]);
    if (mark == kMarks.npos) continue;
    goes[mark] = goes[mark] || digit_comma || (i > 0 && answer[i - 1] == ' ') ||
                 (i + 1 < answer.size() && answer[i + 1] == ' ');
  }
  std::string spaced;
  spaced.reserve(answer.size());
  for (const char c : answer) {
    const auto mark = kMarks.find(c);
    if (mark == kMarks.npos) {
      spaced += c;
    } else if (!goes[mark]) {
      spaced += ' ';
    }
  }
  std::string text;
  text.reserve(spaced.size());
  int periods_left = 32;
  for (std::size_t i = 0; i < spaced.size(); ++i) {
    if (spaced[i] == '.' && periods_left > 0 && !DigitAt(spaced, i + 1)) {
      --periods_left;
    } else {
      text += spaced[i];
    }
  }
  return text;
}

std::string ProcessDigitArticle(std::string_view answer) {
  std::string text;
  bool first = true;
  for (const std::string& lower : Words(PythonLower(answer))) {
    std::string_view word = DigitOf(lower);
    if (word == "a" || word == "an" || word == "the") continue;
    const auto contraction = Contractions().find(word);
    if (contraction != Contractions().end()) word = contraction->second;
    if (!first) text += ' ';
    first = false;
    text += word;
  }
  return text;
}

std::string NormaliseAnswer(std::string_view answer) {
  return ProcessDigitArticle(ProcessPunctuation(StripAnswer(answer)));
}

double VqaAccuracy(const std::vector<std::string>& references,
                   const std::string& prediction) {
  std::vector<std::string> stripped;
  for (const std::string& text : references) {
    stripped.push_back(StripAnswer(text));
  }
  std::string answer = StripAnswer(prediction);
  const bool differ = std::any_of(
      stripped.begin(), stripped.end(),
      [&](const std::string& text) { return text != stripped.front(); });
  if (differ) {
    for (std::string& text : stripped) text = NormaliseAnswer(text);
    answer = NormaliseAnswer(answer);
  }
  const auto equal = std::count(stripped.begin(), stripped.end(), answer);
  return AccuracyOf(equal, static_cast<std::int64_t>(stripped.size()));
}

float VqaSoftScore(std::int64_t count) {
  constexpr std::array<float, 4> kScores = {0, 0.3F, 0.6F, 0.9F};
  return count < 4 ? kScores[static_cast<std::size_t>(count)] : 1.0F;
}

std::string VocabularyAnswer(std::string_view answer) {
  std::string text = ProcessDigitArticle(ProcessPunctuation(answer));
  text.erase(std::remove(text.begin(), text.end(), ','), text.end());
  return text;
}

std::vector<std::string> BuildAnswerLabels(
    const std::vector<std::string_view>& multiple_choice_answers,
    std::int64_t minimum) {
  std::unordered_map<std::string_view, std::int64_t> raw;
  for (const std::string_view answer : multiple_choice_answers) ++raw[answer];
  std::unordered_map<std::string, std::int64_t> counts;
  for (const auto& [answer, count] : raw) {
    counts[VocabularyAnswer(answer)] += count;
  }
  std::vector<std::pair<std::int64_t, std::string>> kept;
  for (const auto& [answer, count] : counts) {
    if (count >= minimum) kept.emplace_back(-count, answer);
  }
  std::sort(kept.begin(), kept.end());
  std::vector<std::string> labels;
  labels.reserve(kept.size());
  for (auto& entry : kept) labels.push_back(std::move(entry.second));
  return labels;
}

AnswerScorer::AnswerScorer(const std::vector<std::string>& labels) {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    label_numbers_.emplace(labels[i], static_cast<std::int32_t>(i));
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Answer answer = Look(labels[i]);
    const auto label = static_cast<std::int32_t>(i);
    labels_of_stripped_[static_cast<std::size_t>(answer.stripped)].push_back(
        label);
    labels_of_processed_[static_cast<std::size_t>(answer.processed)].push_back(
        label);
  }
}

const AnswerScorer::Answer& AnswerScorer::Look(std::string_view text) {
  std::string key(text);
  const auto known = answers_.find(key);
  if (known != answers_.end()) return known->second;

  const auto number = [](Numbers& numbers, std::vector<Labels>& labels_of,
                         std::string form) {
    const auto next = static_cast<std::int32_t>(numbers.size());
    const auto [found, added] = numbers.emplace(std::move(form), next);
    if (added) labels_of.emplace_back();
    return found->second;
  };
  Answer answer;
  const auto label = label_numbers_.find(key);
  if (label != label_numbers_.end()) answer.label = label->second;
  answer.stripped =
      number(stripped_numbers_, labels_of_stripped_, StripAnswer(text));
  answer.processed =
      number(processed_numbers_, labels_of_processed_, NormaliseAnswer(text));
  return answers_.emplace(std::move(key), answer).first->second;
}

void AnswerScorer::AddCredit(const std::vector<std::int32_t>& forms,
                             const std::vector<Labels>& labels_of,
                             std::vector<LabelScore>& credit) const {
  for (const auto& [form, count] : CountEach(forms)) {
    const double accuracy =
        AccuracyOf(count, static_cast<std::int64_t>(forms.size()));
    if (accuracy <= 0) continue;
    for (const std::int32_t label : labels_of[static_cast<std::size_t>(form)]) {
      credit.push_back({label, static_cast<float>(accuracy)});
    }
  }
  SortByLabel(credit);
}

AnswerScorer::Scores AnswerScorer::Score(
    const std::vector<std::string_view>& references) {
  std::vector<std::int32_t> labels, stripped, processed;
  bool differ = false;
  for (const std::string_view reference : references) {
    const Answer& answer = Look(reference);
    if (answer.label >= 0) labels.push_back(answer.label);
    stripped.push_back(answer.stripped);
    processed.push_back(answer.processed);
    differ = differ || answer.stripped != stripped.front();
  }
  Scores scores;
  for (const auto& [label, count] : CountEach(labels)) {
    scores.targets.push_back({label, VqaSoftScore(count)});
  }
  SortByLabel(scores.targets);
  if (differ) {
    AddCredit(processed, labels_of_processed_, scores.credit);
  } else {
    AddCredit(stripped, labels_of_stripped_, scores.credit);
  }
  return scores;
}

}  // namespace msdbench
