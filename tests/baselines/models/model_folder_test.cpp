#include "baselines/models/model_folder.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baselines/models/pretrained.h"
#include "tests/baselines/models/tiny_bert.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

double Gap(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

ViewLogits Logits(Classifier& model) {
  at::NoGradGuard no_grad;
  return model->Forward(TinyBatch(Head::kSingleLabel, 3, 2),
                        {kViews.begin(), kViews.end()}, Removal::kDrop);
}

TEST(CopyLayers, AllLayersMakeTheTeacherAgain) {
  Classifier teacher(TinyOptions(3), 1), student(TinyOptions(3), 2);
  ViewLogits want = Logits(teacher);
  EXPECT_GT(Gap(Logits(student)[View::kMultimodal], want[View::kMultimodal]),
            1e-3);
  for (const std::vector<std::int64_t>& layers :
       {std::vector<std::int64_t>{}, {0, 1}}) {
    const WeightsOrigin origin = CopyLayers(student, teacher, layers);
    EXPECT_EQ(origin.source, "teacher");
    EXPECT_EQ(origin.loaded,
              static_cast<std::int64_t>(teacher->parameters().size()));
    EXPECT_THAT(origin.new_ones, IsEmpty());
    EXPECT_THAT(origin.left_out, IsEmpty());
    ViewLogits got = Logits(student);
    for (View view : kViews) EXPECT_TRUE(at::equal(got[view], want[view]));
  }
}

TEST(CopyLayers, TheStudentIsACopy) {
  Classifier teacher(TinyOptions(3), 1), student(TinyOptions(3), 2);
  CopyLayers(student, teacher, {});
  const StateDict before = Parameters(teacher);
  at::NoGradGuard no_grad;
  for (at::Tensor& parameter : student->parameters()) parameter.add_(1);
  for (const auto& [name, tensor] : Parameters(teacher)) {
    EXPECT_TRUE(at::equal(tensor, before.at(name))) << name;
  }
}

TEST(CopyLayers, FewerLayersStartAsTheChosen) {
  ClassifierOptions deep = TinyOptions(3), shallow = TinyOptions(3);
  deep.bert.layers = 4;
  Classifier teacher(deep, 1), student(shallow, 2);
  const WeightsOrigin origin = CopyLayers(student, teacher, {1, 3});
  EXPECT_THAT(origin.left_out, ElementsAre("visual_bert.encoder.layer.0.*",
                                           "visual_bert.encoder.layer.2.*"));
  const std::string part = "visual_bert.encoder.layer.{}.output.dense.weight";
  for (const auto& [from, to] : {std::pair{1, 0}, std::pair{3, 1}}) {
    EXPECT_TRUE(at::equal(
        Parameters(student).at(fmt::format(fmt::runtime(part), to)),
        Parameters(teacher).at(fmt::format(fmt::runtime(part), from))));
  }
}

TEST(CopyLayers, ShapesThatDifferAreAUsageError) {
  ClassifierOptions other = TinyOptions(4);
  other.bert.heads = 4;
  other.bert.intermediate = 16;
  other.image.channels = {4, 6};
  Classifier teacher(TinyOptions(3), 1), student(other, 2);
  EXPECT_THAT(
      ErrorOf([&] { CopyLayers(student, teacher, {}); }, ExitCode::kUsage),
      AllOf(HasSubstr("the teacher has 2 heads, the student 4"),
            HasSubstr("cls.weight is [3, 8], wanted [4, 8]"),
            HasSubstr("visual_bert.encoder.layer.1.intermediate.dense.bias is "
                      "[12], wanted [16]")));
}

std::vector<std::string> TinyVocabulary() {
  return {"[PAD]", "[CLS]", "[SEP]", "[UNK]", "a",  "b",
          "c",     "d",     "e",     "f",     "##g"};
}

TEST(ModelFolder, ComesBackAsTheSameModel) {
  const Tree tree;
  Classifier saved(TinyOptions(3), 1), loaded(TinyOptions(3), 2);
  SaveModelFolder(saved, TinyVocabulary(), WholeVocabulary(), {}, tree.root());
  const WeightsOrigin origin = LoadPretrained(
      loaded, OpenPretrained(tree.root()), {}, WholeVocabulary());
  EXPECT_THAT(origin.new_ones, IsEmpty());
  EXPECT_THAT(origin.left_out, IsEmpty());
  ViewLogits want = Logits(saved), got = Logits(loaded);
  for (View view : kViews) EXPECT_TRUE(at::equal(got[view], want[view]));
  EXPECT_EQ(ReadTextFile(tree.Path("vocab.txt")),
            "[PAD]\n[CLS]\n[SEP]\n[UNK]\na\nb\nc\nd\ne\nf\n##g\n");
  const Json config = ReadJsonFile(tree.Path("config.json"));
  EXPECT_EQ(config["model_type"], "visual_bert");
  EXPECT_EQ(config["vocab_size"], 11);
  EXPECT_EQ(config["visual_embedding_dim"], 6);
  EXPECT_EQ(config["num_hidden_layers"], 2);
  EXPECT_EQ(config["num_attention_heads"], 2);
  EXPECT_EQ(config["layer_norm_eps"], 1e-12);
}

TEST(ModelFolder, PiecesNeverSeenKeepTheirRows) {
  const Tree tree;
  ClassifierOptions options = TinyOptions(3);
  options.bert.vocabulary = 4;
  const KeptPieces pieces = {{0, 2, 3, 9}, 11};
  Classifier saved(options, 1);
  const at::Tensor words = at::arange(88, at::kFloat).view({11, 8}),
                   before = words.clone();
  const at::Tensor ours =
      Parameters(saved).at("visual_bert.embeddings.word_embeddings.weight");
  const auto saved_words = [&](const at::Tensor& given) {
    SaveModelFolder(saved, TinyVocabulary(), pieces, given, tree.root());
    return ReadStateDict(tree.Path("model.safetensors"))
        .at("visual_bert.embeddings.word_embeddings.weight")
        .clone();
  };
  const at::Tensor whole = saved_words(words),
                   half = saved_words(words.to(at::kHalf)),
                   blank = saved_words({});
  EXPECT_TRUE(at::equal(words, before)) << "given ones are not written to";
  for (std::int64_t row = 0, kept = 0; row < 11; ++row) {
    const bool seen = kept < 4 && pieces.ids[kept] == row;
    EXPECT_TRUE(at::equal(whole[row], seen ? ours[kept] : words[row])) << row;
    EXPECT_TRUE(at::equal(half[row], seen ? ours[kept] : words[row])) << row;
    EXPECT_TRUE(at::equal(blank[row], seen ? ours[kept] : at::zeros({8})))
        << row;
    if (seen) ++kept;
  }
  // And back, by the same pieces.
  Classifier loaded(options, 2);
  saved_words(words);
  const WeightsOrigin origin =
      LoadPretrained(loaded, OpenPretrained(tree.root()), {}, pieces);
  EXPECT_TRUE(at::equal(origin.words, whole));
  for (const auto& [name, tensor] : Parameters(saved)) {
    EXPECT_TRUE(at::equal(Parameters(loaded).at(name), tensor)) << name;
  }
}

}  // namespace
}  // namespace msdbench
