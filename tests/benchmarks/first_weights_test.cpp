#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "benchmarks/learner_model.h"
#include "benchmarks/prepared_data.h"
#include "benchmarks/runner.h"
#include "datasets/text/tokenizer_folder.h"
#include "reports/json_file.h"
#include "tests/baselines/models/hashed_weights.h"
#include "tests/baselines/models/tiny_bert.h"
#include "tests/benchmarks/tiny_suite.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

// Eleven pieces, as many as the tiny BERT has; the data's words are single
// letters to them.
constexpr const char* kPieces =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nA\n##a\nthe\nThe\n##e\n.\n";

class FirstWeights : public testing::Test {
 protected:
  FirstWeights() {
    Folder("cased", R"({"do_lower_case": false})", kPieces);
    places_.data_root = TinyDataRoot();
    places_.weights_root = tree_.root();
    places_.cache = tree_.root() / "cache";
  }
  void Folder(const std::string& name, const std::string& tokenizer,
              const std::string& pieces) const {
    Json config = TinyConfig();
    config["num_hidden_layers"] = 1;
    StateDict state = TinyBert(1);
    state["cls.predictions.bias"] = at::zeros({11});
    WriteState(state, tree_.root() / name / "model.safetensors");
    tree_.Write(name + "/config.json", config.dump());
    tree_.Write(name + "/vocab.txt", pieces);
    tree_.Write(name + "/tokenizer_config.json", tokenizer);
  }
  // Teacher and student begin as `from`; texts are read as `vocabulary` says.
  static Json SuiteOf(const std::string& from, const std::string& vocabulary,
                      const Json& new_parts) {
    Json suite = TinySuiteJson();
    suite["datasets"].erase(1);
    suite["methods"] = {"none", "kd"};
    suite["input"] = {
        {"image_size", 16}, {"max_text_tokens", 8}, {"vocabulary", vocabulary}};
    for (const char* learner : {"teacher", "student"}) {
      suite[learner] = {{"init", {{"from", from}}},
                        {"model",
                         {{"layers", 1},
                          {"hidden", 8},
                          {"heads", 2},
                          {"intermediate", 12},
                          {"positions", 8},
                          {"image_channels", {4, 6}}}},
                        {"training", {{"epochs", 1}}}};
      if (!new_parts.is_null()) suite[learner]["init"]["new"] = new_parts;
    }
    return suite;
  }
  SuiteOutcome Run(const Json& suite, bool save_models = false) const {
    RunnerOptions options;
    options.places = places_;
    options.out = tree_.root() / "runs";
    options.jobs = options.threads = 1;
    options.progress = ProgressStyle::kQuiet;
    options.save_models = save_models;
    return RunSuite(ParseSuite(suite, "s.json"), options);
  }
  // Before anything is made.
  std::string Refused(const Json& suite, ExitCode code = ExitCode::kData) {
    const std::string what = ErrorOf([&] { Run(suite); }, code);
    EXPECT_FALSE(fs::exists(tree_.root() / "runs"));
    return what;
  }
  PreparedData Prepare(const std::string& vocabulary) const {
    const Suite suite = ParseSuite(SuiteOf("cased", vocabulary, nullptr), "s");
    return PrepareData(suite.datasets[0], places_, 1);
  }

  const Json parts_ = {"visual_*", "image"};
  Tree tree_;
  Places places_;
};

TEST_F(FirstWeights, NothingIsDrawnUnlessTheSuiteNamesIt) {
  Json config = TinyConfig();
  config["num_hidden_layers"] = 1;
  config["model_type"] = "visual_bert";
  tree_.Write("cased/config.json", config.dump());
  EXPECT_THAT(Refused(SuiteOf("cased", "cased", nullptr)),
              AllOf(HasSubstr("missing image.position"),
                    HasSubstr("missing visual_bert.embeddings.visual_proj"),
                    HasSubstr(R"(init.new: ["image", "visual_*"])")));
  EXPECT_THAT(Refused(SuiteOf("cased", "cased", {"visual_*", "picture"}),
                      ExitCode::kUsage),
              HasSubstr("\"picture\" names no part"));
  Json suite = SuiteOf("cased", "cased", parts_);
  suite["student"]["init"] = {{"from", "teacher"}, {"new", {"image"}}};
  EXPECT_THAT(ErrorOf([&] { ParseSuite(suite, "s.json"); }, ExitCode::kUsage),
              HasSubstr("a teacher has every part"));
  suite["student"]["init"] = {{"new", {"image"}}};
  EXPECT_THAT(ErrorOf([&] { ParseSuite(suite, "s.json"); }, ExitCode::kUsage),
              HasSubstr("init.from is missing"));
}

TEST_F(FirstWeights, TheRecordListsWhatIsNewAndWhatIsLeftOut) {
  EXPECT_EQ(Run(SuiteOf("cased", "cased", parts_), true).failed, 0);
  for (const char* run : {"teacher/seed-1000", "kd/seed-1"}) {
    const fs::path folder = tree_.root() / "runs/hateful_memes" / run;
    const Json first = ReadJsonFile(folder / "record.json").at("first_weights");
    EXPECT_EQ(first["loaded"], 3 + 2 + 16 + 2);
    EXPECT_THAT(first["new"].dump(), AllOf(HasSubstr("image.position (drawn)"),
                                           HasSubstr("cls.weight (drawn)")));
    EXPECT_EQ(first["left_out"], Json::array({"cls.predictions.bias"}));
    // What is saved reads texts in the same way.
    const StoredTokenizer saved = ReadTokenizer(folder / "model");
    EXPECT_FALSE(saved.pieces.options().lower_case);
    EXPECT_EQ(saved.pieces.vocabulary().tokens().size(), 11U);
  }
}

TEST_F(FirstWeights, TextsAreReadAsTheWeightsReadThem) {
  Folder("silent", R"({"model_max_length": 4})", kPieces);
  const PreparedData cased = Prepare("cased");
  Folder("cased", R"({"do_lower_case": true})", kPieces);
  const PreparedData uncased = Prepare("cased");
  EXPECT_FALSE(cased.tokenizer->options().lower_case);
  EXPECT_TRUE(uncased.tokenizer->options().lower_case);
  EXPECT_NE(cased.input_hash, uncased.input_hash);
  EXPECT_THAT(uncased.dataset.notes,
              Contains(HasSubstr("2 pieces have capitals")));
  EXPECT_THAT(ErrorOf([&] { Prepare("silent"); }),
              HasSubstr("nothing beside it says whether"));
  Folder("short", R"({"do_lower_case": false, "model_max_length": 4})",
         kPieces);
  EXPECT_THAT(Prepare("short").dataset.notes,
              Contains(HasSubstr("model_max_length is 4; texts are cut at 8")));
}

TEST_F(FirstWeights, AnotherFoldersVocabularyIsRefused) {
  Folder("uncased", R"({"do_lower_case": true})", kPieces);
  EXPECT_THAT(Refused(SuiteOf("cased", "uncased", parts_)),
              AllOf(HasSubstr((tree_.root() / "cased").string()),
                    HasSubstr("do_lower_case is true and false")));
  Folder("other", R"({"do_lower_case": false})",
         "[PAD]\n[UNK]\n[CLS]\n[SEP]\nA\na\n##a\nthe\nThe\n##e\n.\n");
  EXPECT_THAT(Refused(SuiteOf("cased", "other", parts_)),
              HasSubstr(R"(piece 4 is "A" and "a")"));
  Folder("longer", R"({"do_lower_case": false})",
         std::string(kPieces) + "more\n");
  EXPECT_THAT(Refused(SuiteOf("cased", "longer", parts_)),
              HasSubstr(R"(piece 11 is "more" and nothing)"));
}

TEST_F(FirstWeights, FoldersThatAreNotThereAreToldOnce) {
  EXPECT_THAT(Refused(SuiteOf("nowhere", "cased", parts_)),
              HasSubstr("weights \"nowhere\""));
  EXPECT_THAT(Refused(SuiteOf("cased", "nowhere", parts_)),
              HasSubstr("weights \"nowhere\""));
}

TEST_F(FirstWeights, OldPlansKeepTheirConfiguration) {
  const Suite suite = ParseSuite(TinySuiteJson(), "tiny");
  EXPECT_FALSE(suite.datasets[0].config.changes["student"].contains("init"));
  const Suite named = ParseSuite(SuiteOf("cased", "cased", parts_), "tiny");
  EXPECT_EQ(named.datasets[0].config.changes["student"]["init"]["new"], parts_);
}

}  // namespace
}  // namespace msdbench
