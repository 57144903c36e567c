// VQA v2 in miniature: questions with skewed answers, so that words alone
// reach part, and the picture decides the rest.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "datasets/made_folder.h"
#include "datasets/miniature/drawing.h"
#include "datasets/miniature/generators.h"
#include "datasets/miniature/sentences.h"

namespace msdbench {
namespace {

const std::vector<double> kColourShares = {0.5, 0.2, 0.2, 0.1};
const std::vector<double> kShapeShares = {0.5, 0.3, 0.2};
const std::vector<double> kCountShares = {0.5, 0.3, 0.2};
constexpr double kYes = 0.6;
constexpr double kAgree = 0.9;  // an annotator gives the true answer

struct Scene {
  Figure figure;
  int count = 1;
};

struct Question {
  std::string kind, text, answer_type, answer;
  std::vector<std::string> other_answers;  // what a careless annotator says
};

std::vector<std::string> Words(const char* const* begin, int count,
                               const std::string& but) {
  std::vector<std::string> words;
  for (int i = 0; i < count; ++i) {
    if (but != begin[i]) words.emplace_back(begin[i]);
  }
  return words;
}

Question Ask(int kind, const Scene& scene, Random& random) {
  const std::string colour = kColourWords[scene.figure.colour];
  const std::string shape = kShapeWords[scene.figure.shape];
  switch (kind) {
    case 0:
      return {"what color is the",
              FillTemplate({"What color is the {}?", "What color is the _ {}?"},
                           shape, random),
              "other", colour, Words(kColourWords.data(), kColours, colour)};
    case 1:
      return {
          "what",
          FillTemplate({"What shape is this?", "What shape is the _ thing?"},
                       "", random),
          "other", shape, Words(kShapeWords.data(), kShapes, shape)};
    case 2: {
      const bool yes = random.Uniform() < kYes;
      const int step =
          yes ? 0 : 1 + static_cast<int>(random.Below(kShapes - 1));
      return {"is there a",
              FillTemplate({"Is there a {}?", "Is there a _ {}?"},
                           kShapeWords[(scene.figure.shape + step) % kShapes],
                           random),
              "yes/no",
              yes ? "yes" : "no",
              {yes ? "no" : "yes"}};
    }
    default: {
      std::vector<std::string> others = {"1", "2", "3"};
      const std::string count = std::to_string(scene.count);
      others.erase(std::find(others.begin(), others.end(), count));
      return {"how many",
              FillTemplate({"How many things are there?",
                            "How many _ things are there?"},
                           "", random),
              "number", count, others};
    }
  }
}

// Ten answers; the true one keeps a clear majority.
std::vector<std::string> Annotate(const Question& question, Random& random) {
  std::vector<std::string> answers;
  int agreed = 0;
  for (int i = 0; i < 10; ++i) {
    const bool agrees = random.Uniform() < kAgree || i - agreed >= 3;
    agreed += static_cast<int>(agrees);
    answers.push_back(agrees ? question.answer
                             : PickOne(question.other_answers, random));
  }
  return answers;
}

// The official accuracy of `answer`: one of the ten left out in turn.
double Credit(const std::vector<std::string>& answers,
              const std::string& answer) {
  double sum = 0;
  const auto matches =
      static_cast<double>(std::count(answers.begin(), answers.end(), answer));
  for (const std::string& left_out : answers) {
    sum += std::min(1.0, (matches - (left_out == answer ? 1 : 0)) / 3);
  }
  return sum / static_cast<double>(answers.size());
}

// What the likeliest answer earns when only some of the input is seen: the
// mean over questions of the credit of `guess`.
class Earned {
 public:
  void Add(const std::vector<std::string>& answers, const std::string& guess) {
    sum_ += Credit(answers, guess);
    ++count_;
  }
  double Value() const { return count_ > 0 ? sum_ / count_ : 0; }

 private:
  double sum_ = 0;
  int count_ = 0;
};

}  // namespace

Json MakeMiniatureQuestions(const MiniatureOptions& options,
                            const std::filesystem::path& folder) {
  Json planted = PlantedRule(
      "colour, shape and number follow the picture with skewed shares; yes has "
      "0.6; vqa_accuracy of the likeliest answer on test",
      0, 0, 0);
  // Words alone: each kind's commonest answer. The picture alone: the kinds
  // are equally likely, and the colour (a certain answer to one kind in four)
  // is as good as shape or number and better than yes.
  const std::map<std::string, std::string> by_kind = {
      {"what color is the", kColourWords[0]},
      {"what", kShapeWords[0]},
      {"is there a", "yes"},
      {"how many", "1"}};
  // The rarest shape is asked for by mistake more often than it is there.
  const auto by_words = [&](const Question& question) -> std::string {
    const bool rarest =
        question.text.find(kShapeWords.back()) != std::string::npos;
    return question.answer_type == "yes/no" && rarest
               ? "no"
               : by_kind.at(question.kind);
  };
  Earned both, text, image;
  std::int64_t image_id = 1;
  const auto write_split = [&](const std::string& name, std::int64_t count,
                               bool is_test) {
    std::filesystem::create_directories(folder / name);
    Random random(options.seed, "questions " + name);
    Json questions = Json::array(), annotations = Json::array();
    std::vector<int> kinds = {0, 1, 2, 3};
    for (std::int64_t i = 0; i < count; i += 4, ++image_id) {
      const Scene scene{
          {DrawIndex(kColourShares, random), DrawIndex(kShapeShares, random)},
          1 + DrawIndex(kCountShares, random)};
      WritePicture(
          folder / name / fmt::format("COCO_{}_{:012}.jpg", name, image_id),
          EncodeJpeg(DrawFigures(scene.figure, scene.count, options.image_size,
                                 random),
                     /*quality=*/92));
      random.Shuffle(kinds);
      for (std::int64_t k = 0; k < 4 && i + k < count; ++k) {
        const Question question = Ask(kinds[k], scene, random);
        const std::vector<std::string> answers = Annotate(question, random);
        const std::int64_t id = image_id * 1000 + k;
        questions.push_back({{"image_id", image_id},
                             {"question", question.text},
                             {"question_id", id}});
        Json given = Json::array();
        for (std::size_t a = 0; a < answers.size(); ++a) {
          given.push_back({{"answer", answers[a]},
                           {"answer_confidence", "yes"},
                           {"answer_id", a + 1}});
        }
        annotations.push_back({{"question_type", question.kind},
                               {"multiple_choice_answer", question.answer},
                               {"answers", given},
                               {"image_id", image_id},
                               {"answer_type", question.answer_type},
                               {"question_id", id}});
        if (!is_test) continue;
        both.Add(answers, question.answer);
        text.Add(answers, by_words(question));
        image.Add(answers, kColourWords[scene.figure.colour]);
        planted["informative"][std::to_string(id)] = "both";
      }
    }
    const Json head = {{"info", {{"description", "msdbench miniature"}}},
                       {"license", {{"name", "none"}}},
                       {"data_subtype", name},
                       {"data_type", "mscoco"}};
    Json question_file = head, annotation_file = head;
    question_file["task_type"] = "Open-Ended";
    question_file["questions"] = questions;
    annotation_file["annotations"] = annotations;
    WriteFileAtomically(
        folder / ("v2_OpenEnded_mscoco_" + name + "_questions.json"),
        question_file.dump());
    WriteFileAtomically(folder / ("v2_mscoco_" + name + "_annotations.json"),
                        annotation_file.dump());
  };
  // The loader cuts dev from train, as for the real set.
  write_split("train2014", options.train + options.dev, false);
  write_split("val2014", options.test, true);
  planted["bayes"] = {{"multimodal", both.Value()},
                      {"text", text.Value()},
                      {"image", image.Value()}};
  return planted;
}

}  // namespace msdbench
