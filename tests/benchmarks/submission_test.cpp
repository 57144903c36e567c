#include "benchmarks/submission.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "benchmarks/runner.h"
#include "reports/record_store.h"
#include "reports/report.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;

EncodedSplit SplitOf(Head head, const std::vector<std::string>& ids) {
  EncodedSplit split;
  split.name = "test";
  split.labelled = false;
  split.head = head;
  for (const std::string& id : ids) {
    split.examples.emplace_back();
    split.examples.back().id = id;
  }
  return split;
}

TEST(Submission, TwoLabelsGiveProbabilityAndNumber) {
  const auto folder = FreshFolder("submission_two");
  const EncodedSplit test =
      SplitOf(Head::kSingleLabel, {"01235", "a,\"b\"", "3"});
  const at::Tensor logits =
      at::tensor({0.F, 0.F, 1.F, 3.F, 200.F, -200.F}).reshape({3, 2});
  EXPECT_EQ(WriteSubmission(folder, {"not hateful", "hateful"}, test, logits),
            "submission.csv");
  std::istringstream lines(ReadTextFile(folder / "submission.csv"));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "id,proba,label");
  std::getline(lines, line);
  EXPECT_EQ(line, "01235,0.5,0");
  std::getline(lines, line);
  // 1 / (1 + e^-2) = 0.880797...
  EXPECT_EQ(line.rfind("\"a,\"\"b\"\"\",0.88079707797788", 0), 0U) << line;
  EXPECT_EQ(line.substr(line.size() - 2), ",1");
  std::getline(lines, line);
  EXPECT_EQ(line.substr(0, 2), "3,");
  EXPECT_EQ(line.substr(line.size() - 2), ",0");
  EXPECT_FALSE(std::getline(lines, line));
}

TEST(Submission, MoreLabelsGiveTheirNames) {
  const auto folder = FreshFolder("submission_three");
  const at::Tensor logits =
      at::tensor({0.F, 2.F, 1.F, 5.F, 2.F, 1.F}).reshape({2, 3});
  WriteSubmission(folder, {"entailment", "neutral", "contradiction"},
                  SplitOf(Head::kSingleLabel, {"p#1", "p#2"}), logits);
  EXPECT_EQ(ReadTextFile(folder / "submission.csv"),
            "id,label\np#1,neutral\np#2,entailment\n");
}

TEST(Submission, AnswersAreTheServersJson) {
  const auto folder = FreshFolder("submission_vqa");
  const at::Tensor logits =
      at::tensor({0.F, 2.F, 1.F, 5.F, 2.F, 1.F}).reshape({2, 3});
  EXPECT_EQ(WriteSubmission(folder, {"", "2", "\"red\""},
                            SplitOf(Head::kAnswer, {"262144000", "5"}), logits),
            "submission.json");
  EXPECT_EQ(ReadJsonFile(folder / "submission.json").dump(),
            R"([{"question_id":262144000,"answer":"2"},)"
            R"({"question_id":5,"answer":""}])");
}

TEST(Submission, SeveralLabelsAnExampleHaveNoForm) {
  EXPECT_THROW(
      WriteSubmission(FreshFolder("submission_many"), {"a", "b"},
                      SplitOf(Head::kMultiLabel, {"1"}), at::zeros({1, 2})),
      Error);
}

// The tiny data, the test labels of two sets taken away.
std::filesystem::path UnlabelledRoot() {
  const auto root = FreshFolder("submission_data");
  std::filesystem::remove_all(root);  // of another test of this process
  std::filesystem::create_directories(root);
  for (const char* name : {"hateful_memes", "vqa_v2"}) {
    std::filesystem::copy(TinyDataRoot() / name, root / name,
                          std::filesystem::copy_options::recursive);
  }
  const auto file = root / "hateful_memes/test_seen.jsonl";
  std::istringstream lines(ReadTextFile(file));
  std::ofstream out(file, std::ios::binary);
  for (std::string line; std::getline(lines, line);) {
    Json record = Json::parse(line);
    record.erase("label");
    out << record.dump() << '\n';
  }
  std::filesystem::remove(root / "vqa_v2/v2_mscoco_val2014_annotations.json");
  return root;
}

TEST(Submission, ARunOnATestWithoutLabelsPredictsItAndScoresDevAlone) {
  RunnerOptions options;
  options.places.data_root = UnlabelledRoot();
  options.out = FreshFolder("submission_runs");
  options.jobs = 1;
  options.threads = 1;
  options.progress = ProgressStyle::kQuiet;
  Json json = TinySuiteJson();
  json["datasets"] = {{{"name", "hateful_memes"}, {"teacher_gate", "warn"}},
                      {{"name", "vqa_v2"}, {"teacher_gate", "warn"}}};
  json["methods"] = {"kd"};
  const Suite suite = ParseSuite(json, "tiny");
  EXPECT_EQ(RunSuite(suite, options).done, 4);
  for (const Record& record : LoadRecords(options.out).records) {
    ASSERT_TRUE(record.ok) << record.error;
    const std::string metric = record.metrics.front().name;
    EXPECT_TRUE(record.Find("dev", "multimodal", metric)->has_value());
    for (const char* view : {"multimodal", "text", "image"}) {
      EXPECT_FALSE(record.Find("test", view, metric)->has_value());
    }
    EXPECT_EQ(record.undefined.at("/results/test/multimodal/" + metric),
              "split " + record.test_split + " has no labels");
    EXPECT_FALSE(record.floor.at("test").at(metric).has_value());

    const auto folder =
        options.out / std::filesystem::path(record.source).parent_path();
    const std::string name = record.json["submission"];
    const std::string text = ReadTextFile(folder / name);
    if (record.dataset == "hateful_memes") {
      EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1 + 40);
      EXPECT_EQ(text.rfind("id,proba,label\n", 0), 0U);
      continue;
    }
    std::set<std::int64_t> asked, answered;
    const Json questions =
        ReadJsonFile(options.places.data_root / "vqa_v2" /
                     "v2_OpenEnded_mscoco_val2014_questions.json");
    for (const Json& question : questions.at("questions")) {
      asked.insert(question.at("question_id").get<std::int64_t>());
    }
    for (const Json& answer : ParseJson(text, name)) {
      EXPECT_TRUE(answer.at("answer").is_string());
      answered.insert(answer.at("question_id").get<std::int64_t>());
    }
    EXPECT_EQ(answered, asked);
  }
  // Records whose submission is gone are made again; all others are kept.
  const auto records = LoadRecords(options.out).records;
  std::filesystem::remove(
      options.out / std::filesystem::path(records[0].source).parent_path() /
      records[0].json["submission"].get<std::string>());
  const SuiteOutcome again = RunSuite(suite, options);
  EXPECT_EQ(again.failed, 0);
  EXPECT_EQ(again.reused, 3);
  EXPECT_THAT(WriteReport(options.out, options.out / "report", {"md"}, {}),
              HasSubstr("| kd "));
}

// Servers take whole splits only.
TEST(Submission, APartOfASplitIsNone) {
  RunnerOptions options;
  options.places.data_root = UnlabelledRoot();
  options.out = FreshFolder("submission_part");
  options.jobs = 1;
  options.threads = 1;
  options.progress = ProgressStyle::kQuiet;
  Json json = TinySuiteJson();
  json["datasets"] = {{{"name", "hateful_memes"},
                       {"teacher_gate", "warn"},
                       {"limit", {{"test", 10}}}}};
  json["methods"] = {"none"};
  EXPECT_EQ(RunSuite(ParseSuite(json, "tiny"), options).done, 2);
  for (const Record& record : LoadRecords(options.out).records) {
    EXPECT_FALSE(record.json.contains("submission")) << record.method;
  }
}

TEST(Thresholds, AreStoredAndChosenOnDevAloneWhereASuiteWantsIt) {
  RunnerOptions options;
  options.places.data_root = TinyDataRoot();
  options.jobs = 1;
  options.threads = 1;
  options.progress = ProgressStyle::kQuiet;
  Json json = TinySuiteJson();
  json["methods"] = {"none"};
  std::map<std::string, double> dev_f1;
  for (const std::string rule : {"fixed", "dev"}) {
    options.out = FreshFolder("thresholds_" + rule);
    json["datasets"] = {
        {{"name", "mm_imdb"}, {"teacher_gate", "warn"}, {"threshold", rule}}};
    RunSuite(ParseSuite(json, "tiny"), options);
    for (const Record& record : LoadRecords(options.out).records) {
      ASSERT_TRUE(record.ok) << record.error;
      const Json& thresholds = record.json["thresholds"];
      EXPECT_EQ(thresholds["rule"], rule);
      if (rule == "fixed") {
        EXPECT_EQ(thresholds["multimodal"], 0.5);
        EXPECT_EQ(thresholds["image"], 0.5);
      }
      if (!record.teacher) {
        dev_f1[rule] =
            **record.Find("dev", "multimodal", "multilabel_micro_f1");
      }
    }
  }
  EXPECT_GE(dev_f1["dev"], dev_f1["fixed"]);
  json["datasets"] = {{{"name", "snli_ve"}, {"threshold", "dev"}}};
  EXPECT_THROW(ParseSuite(json, "tiny"), Error);
}

}  // namespace
}  // namespace msdbench
