#include "benchmarks/cli/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <regex>

#include "reports/json_file.h"
#include "reports/record_store.h"
#include "tests/benchmarks/cli/call.h"
#include "tests/benchmarks/tiny_suite.h"
#include "tests/datasets/clipart/planted.h"
#include "tests/reports/simulated_record.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;

TEST(CommandLine, HelpHasExamplesForEveryCommand) {
  EXPECT_EQ(Call({"--help"}).code, 0);
  for (const auto& command :
       std::vector<std::vector<std::string>>{{"run"},
                                             {"report"},
                                             {"data"},
                                             {"data", "make"},
                                             {"data", "verify"},
                                             {"data", "pack"},
                                             {"data", "features"},
                                             {"data", "speed"},
                                             {"list"},
                                             {"check"},
                                             {"baseline"},
                                             {"baseline", "update"},
                                             {"compare"},
                                             {"show"},
                                             {"doctor"}}) {
    std::vector<std::string> words = command;
    words.emplace_back("--help");
    const Outcome outcome = Call(words);
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("Example"));
  }
}

TEST(CommandLine, AnUnknownCommandIsRepeatedWithThoseThatExist) {
  Outcome outcome = Call({"dat", "verify"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("msdbench: unknown command \"dat\"; "
                                     "allowed: run, report"));
  outcome = Call({"data", "verfy"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("data: unknown command \"verfy\""));
  EXPECT_THAT(outcome.err, HasSubstr("verify"));
  // An option is what is missing here.
  outcome = Call({"weights", "import", "model.bin"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--from"));
}

TEST(CommandLine, NamesThatTheSuiteLacksAreToldWithThoseItHas) {
  Outcome outcome = Call({"run", "quick", "--datasets", "snli_vee"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err,
              HasSubstr("--datasets snli_vee: the suite has none of that name "
                        "(did you mean \"snli_ve\"?); known: "));
  EXPECT_THAT(outcome.err, HasSubstr("hateful_memes"));
  outcome = Call({"data", "speed", "quick", "--methods", "kdd"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("(did you mean \"kd\"?); known: none"));
  outcome = Call({"run", "quik"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("(did you mean \"quick\"?)"));
}

// An option without a word of what it is for is half an option.
TEST(CommandLine, HelpExplainsEveryOption) {
  for (const auto& command :
       std::vector<std::vector<std::string>>{{"run"},
                                             {"report"},
                                             {"data", "make"},
                                             {"data", "verify"},
                                             {"data", "pack"},
                                             {"data", "features"},
                                             {"data", "speed"},
                                             {"list"},
                                             {"check"},
                                             {"baseline", "update"},
                                             {"compare"},
                                             {"show"},
                                             {"doctor"},
                                             {"saliency"},
                                             {"weights", "import"}}) {
    std::vector<std::string> words = command;
    words.emplace_back("--help");
    const std::string help = Call(words).out;
    // A name and type in two columns' width or more, then the text: on the
    // same line behind two spaces, or indented on the next.
    const std::regex bare("\n  (--?[a-z][^\n]*?)(?=\n)");
    int options = 0;
    for (std::sregex_iterator match(help.begin(), help.end(), bare), end;
         match != end; ++match) {
      ++options;
      const std::string line = (*match)[1];
      const std::string next = help.substr(
          static_cast<std::size_t>(match->position(0) + match->length(0) + 1),
          30);
      // The parser's own column is 30 wide.
      const bool here = line.size() > 28 && line[27] == ' ' && line[28] != ' ';
      EXPECT_TRUE(here || next == std::string(30, ' '))
          << command.back() << ": " << line;
    }
    EXPECT_GE(options, 1) << command.back();
  }
}

TEST(CommandLine, AFolderThatCannotBeMadeIsNamed) {
  const auto file = FreshFolder("a_file");
  WriteFileAtomically(file, "");
  const Outcome outcome =
      Call({"data", "make", "--out", (file / "x").string()});
  EXPECT_NE(outcome.code, 0);
  EXPECT_THAT(outcome.err, HasSubstr(file.string()));
  EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
}

TEST(CommandLine, NumbersOutOfRangeAreToldWithTheRange) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{
           {"run", "quick", "--limit", "0"},
           {"run", "quick", "--memory", "-1"},
           {"run", "quick", "--memory", "nan"},
           {"run", "quick", "--jobs", "010"},
           {"run", "quick", "--jobs", "2.0"},
           {"run", "quick", "--threads", "0x2"},
           {"run", "quick", "--limit", "1e3"},
           {"data", "make", "--seed", "-1"},
           {"data", "make", "--seed", "007"},
           {"data", "make", "--seed", "9007199254740992"},
           {"data", "make", "--train", "0100"},
           {"data", "verify", "--threads", "0"}}) {
    const Outcome outcome = Call(words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr(words[2]));
    EXPECT_THAT(outcome.err, HasSubstr("is wanted, got \"" + words[3] + "\""));
    EXPECT_LT(outcome.err.find('\n'), 140U) << outcome.err;
  }
}

TEST(CommandLine, BadUsageIsTwo) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {},
           {"fly"},
           {"run"},
           {"run", "quick", "--fast"},
           {"run", "no_such_suite"},
           {"run", "quick", "--device", "tpu"},
           {"run", "quick", "--shard", "3/3"},
           {"run", "quick", "--shard", "1of3"},
           {"run", "quick", "--shard", "01/3"},
           {"run", "quick", "--shard", "+1/3"},
           {"run", "quick", "--shard", "1/3x"},
           {"run", "quick", "--shard", "1/4294967298"},
           {"run", "quick", "--seeds", ""},
           {"run", "quick", "--seeds", "1,"},
           {"run", "quick", "--seeds", "01"},
           {"run", "quick", "--seeds", "1.0"},
           {"run", "quick", "--seeds", "1,1"},
           {"run", "quick", "--seeds", "9007199254740992"},
           {"run", "quick", "--set", "seeds=[]"},
           {"run", "quick", "--set", "seeds=[1.0]"},
           {"run", "quick", "--set", "seeds=[\"1\"]"},
           {"run", "quick", "--set", "seeds=[9007199254740992]"},
           {"run", "quick", "--set", "seeds=1"},
           {"run", "quick", "--set", "teacher.seed=-1"},
           {"run", "quick", "--set", "teacher.seed=07"},
           {"run", "quick", "--set", "teacher.seed=9007199254740992"},
           {"run", "quick", "--set", "datasets.0.split_seed=1.0"},
           {"run", "quick", "--set", "student.training.epochs=1e3"},
           {"check", "runs/quick", "--against", "a", "--seeds", ""},
           {"check", "runs/quick", "--against", "a", "--tolerance", "nan"},
           {"run", "quick", "--jobs", "-1"},
           {"run", "quick", "--methods", "magic"},
           {"run", "quick", "--set", "student"},
           {"data", "verify"},
           {"data", "verify", "--dataset", "coco"},
           {"data", "pack", "--out", "x"},
           {"data", "pack", "--out", "x", "--from", "y", "--weights", "z"},
           {"data", "pack", "--out", "x", "--from", "y", "--grid", "3"},
           {"data", "features"},
           {"data", "speed"},
           {"list", "planets"},
           {"list", "runs"},
           {"list", "methods", "runs/quick"},
           {"check", "runs/quick"},
           {"check", "runs/quick", "--against", "a", "--level", "2"},
           {"baseline"},
           {"baseline", "update", "runs/quick"},
           {"compare", "runs/quick"},
           {"show"}}) {
    const Outcome outcome = Call(words);
    EXPECT_EQ(outcome.code, 2) << (words.empty() ? "" : words.back());
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err, "");
  }
}

// Before anything is trained.
TEST(CommandLine, AnOutputThatIsNoFolderIsTwo) {
  const auto file = FreshFolder("cli_taken");
  WriteFileAtomically(file, "not a folder");
  const Outcome outcome =
      Call({"run", "quick", "--data-root", TinyDataRoot().string(), "--out",
            file.string()});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("cannot be made a folder"));
}

TEST(CommandLine, ReportTellsItsProblemsAtOnce) {
  const auto folder = FreshFolder("cli_problem");
  WriteRecord(RecordFile(folder, "snli_ve", "kd", 1),
              SimulatedRecord({"snli_ve", "kd", "kd", 1}));
  WriteFileAtomically(RecordFile(folder, "snli_ve", "kd", 2), "{");
  const Outcome outcome = Call({"report", folder.string()});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("problem: "));
  EXPECT_THAT(outcome.err, HasSubstr("seed-2/record.json"));
}

TEST(CommandLine, MissingDataIsThree) {
  const auto nowhere = FreshFolder("cli_nowhere").string();
  const Outcome run = Call({"run", "quick", "--data-root", nowhere, "--out",
                            FreshFolder("cli_out").string()});
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.err, HasSubstr(nowhere));
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"report", nowhere},
           {"list", "runs", nowhere},
           {"show", nowhere},
           {"compare", nowhere, nowhere},
           {"check", nowhere, "--against", nowhere},
           {"check", nowhere, "--against", "baselines/accuracy/ci.json"},
           {"baseline", "update", nowhere, "--out", nowhere + ".json"}}) {
    EXPECT_EQ(Call(words).code, 3) << words[0];
  }
}

TEST(CommandLine, ListsAsJson) {
  for (const char* what : {"methods", "datasets", "suites"}) {
    const Outcome outcome = Call({"list", what, "--json"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_FALSE(ParseJson(outcome.out, what).empty());
  }
}

TEST(CommandLine, ValidatePrintsTheSuiteAsItWouldBeUsed) {
  const Outcome outcome =
      Call({"run", "quick", "--validate", "--seeds", "7,8", "--methods", "kd",
            "--set", "distillation.lambda=0.9"});
  EXPECT_EQ(outcome.code, 0);
  const Json suite = ParseJson(outcome.out, "suite");
  EXPECT_EQ(suite["seeds"].dump(), "[7,8]");
  EXPECT_EQ(suite["methods"].dump(), "[\"kd\"]");
  EXPECT_EQ(suite["distillation"]["lambda"], 0.9);
}

TEST(CommandLine, VerifiesDataAndTellsByItsExitCode) {
  const std::string root = TinyDataRoot().string();
  const Outcome text = Call(
      {"data", "verify", "--dataset", "hateful_memes", "--data-root", root});
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.out, HasSubstr("| train "));
  EXPECT_THAT(text.out, HasSubstr(": usable\n"));

  const auto broken = FreshFolder("cli_verify");
  std::filesystem::create_directories(broken);
  std::filesystem::copy(TinyDataRoot() / "snli_ve", broken / "mine",
                        std::filesystem::copy_options::recursive);
  std::filesystem::remove(broken / "mine/snli_ve_dev.jsonl");
  const Outcome json =
      Call({"data", "verify", "--dataset", "snli_ve", "--data-root",
            broken.string(), "--path", "mine", "--quick", "--json"});
  EXPECT_EQ(json.code, 3);
  const Json report = ParseJson(json.out, "report");
  EXPECT_EQ(report["usable"], false);
  EXPECT_EQ(report["findings"][0]["text"], "no dev split (expected: dev)");
  EXPECT_EQ(
      Call({"data", "verify", "--dataset", "vqa_v2", "--data-root", root + "x"})
          .code,
      3);
}

TEST(CommandLine, MakesDataRunsASuiteAndReports) {
  const auto home = FreshFolder("cli_all");
  const std::string data = (home / "data").string();
  const std::string out = (home / "runs").string();
  ASSERT_EQ(Call({"data", "make", "--out", data, "--train", "120", "--dev",
                  "40", "--test", "40", "--image-size", "16", "--datasets",
                  "hateful_memes"})
                .code,
            0);
  Json suite = TinySuiteJson();
  suite["datasets"] = {suite["datasets"][0]};
  suite["methods"] = {"none", "kd"};
  WriteFileAtomically(home / "suite.json", suite.dump());
  const Outcome run =
      Call({"run", (home / "suite.json").string(), "--data-root", data, "--out",
            out, "--jobs", "1", "--threads", "1"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.err, HasSubstr("3 run, 0 reused, 0 failed"));
  EXPECT_THAT(run.err, HasSubstr("hateful_memes kd seed 1: epoch 2/2"));
  const Outcome report = Call({"report", out});
  EXPECT_EQ(report.code, 0);
  EXPECT_THAT(report.out, HasSubstr("| student alone |"));
  EXPECT_TRUE(std::filesystem::exists(home / "runs/report/report.md"));
  EXPECT_TRUE(std::filesystem::exists(home / "runs/report/report.csv"));
  // With the prediction files that the runs wrote.
  const std::string page = ReadTextFile(home / "runs/report/report.html");
  EXPECT_THAT(page, HasSubstr("id=\"outputs-"));
  EXPECT_THAT(page, Not(HasSubstr("no prediction file beside")));
  EXPECT_TRUE(std::filesystem::exists(home / "runs/report/report.tex"));
}

TEST(CommandLine, MakesDataSetsOfClipArt) {
  const PlantedClipart planted;
  const std::string source = planted.tree().root().string();
  const std::string out = (FreshFolder("cli_clipart") / "out").string();
  const auto make = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"data",        "make",  "--from",
                                      "openclipart", "--out", out};
    words.insert(words.end(), more.begin(), more.end());
    return Call(words);
  };
  const Outcome nowhere = make({"--source", source + "/svg"});
  EXPECT_EQ(nowhere.code, 3);
  EXPECT_THAT(nowhere.err,
              HasSubstr("apt-get install openclipart-png openclipart-svg"));
  const Outcome mixed = make({"--source", source, "--train", "100"});
  EXPECT_EQ(mixed.code, 2);
  EXPECT_THAT(mixed.err, HasSubstr("--train is not for --from openclipart"));
  EXPECT_EQ(Call({"data", "make", "--limit", "5", "--out", out}).code, 2);
  EXPECT_FALSE(std::filesystem::exists(out));

  const Outcome made = make({"--source", source});
  if (made.code == 4) GTEST_SKIP() << "SKIPPED: " << made.err;
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("mm_imdb: "));
  EXPECT_THAT(made.out, HasSubstr("labels: tool "));
  EXPECT_THAT(made.out, HasSubstr("roc_auc 0.500"));
  EXPECT_THAT(made.out, HasSubstr("accuracy 0.333"));
  EXPECT_THAT(made.out, HasSubstr("fingerprint: "));
  EXPECT_EQ(make({"--source", source, "--datasets", "vqa_v2"}).code, 2);
}

// Copies the records below `from`, each changed by `change`.
void CopyRecords(const std::filesystem::path& from,
                 const std::filesystem::path& to,
                 const std::function<void(Json&)>& change) {
  for (const Record& record : LoadRecords(from).records) {
    Json json = record.json;
    change(json);
    WriteRecord(to / record.source, json);
  }
}

TEST(CommandLine, AcceptsABaselineAndChecksAgainstIt) {
  const auto home = FreshFolder("cli_gate");
  const std::string base = (home / "base").string();
  const std::string now = (home / "now").string();
  const std::string file = (home / "accuracy/tiny.json").string();
  Json suite = TinySuiteJson();
  suite["datasets"] = {suite["datasets"][0]};
  suite["methods"] = {"none", "kd"};
  WriteFileAtomically(home / "suite.json", suite.dump());
  const auto run = [&](const std::string& out, const std::string& seeds) {
    return Call({"run", (home / "suite.json").string(), "--data-root",
                 TinyDataRoot().string(), "--out", out, "--seeds", seeds,
                 "--jobs", "1", "--threads", "1", "--quiet"})
        .code;
  };
  ASSERT_EQ(run(base, "1,2,3,4"), 0);
  Outcome outcome = Call({"baseline", "update", base, "--out", file});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("| kd      | roc_auc |"));
  EXPECT_THAT(outcome.err, HasSubstr("3 cells, 3 moved; enough for checks of "
                                     "up to 2 seeds"));
  outcome = Call({"baseline", "update", base, "--out", file});
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("no value moved"));

  // A part of the runs does not silently take the place of the whole.
  const auto part = home / "part";
  std::filesystem::copy(base, part, std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(part / "hateful_memes/kd");
  outcome = Call({"baseline", "update", part.string(), "--out", file});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("nothing for hateful_memes kd"));

  // The same machine and code: equal, bit for bit, and strictly so.
  ASSERT_EQ(run(now, "1,2"), 0);
  outcome = Call({"check", now, "--against", file, "--strict"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("equal"));
  EXPECT_THAT(outcome.err, HasSubstr("passed"));

  // A planted regression names the metric and both values, everywhere.
  const auto worse = home / "worse";
  CopyRecords(now, worse, [](Json& json) {
    if (json["method"]["name"] != "kd") return;
    json["results"]["test"]["multimodal"]["roc_auc"] =
        json["seed"] == 1 ? -9.0 : -9.01;
  });
  const auto junit = home / "check.xml";
  outcome = Call({"check", worse.string(), "--against", file, "--junit",
                  junit.string(), "--github"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err,
              HasSubstr("regressed: hateful_memes / kd / roc_auc"));
  EXPECT_THAT(outcome.err, HasSubstr("-> -900.50 ("));
  EXPECT_THAT(outcome.err, HasSubstr("::error title=msdbench check tiny::"));
  EXPECT_THAT(ReadTextFile(junit), HasSubstr("failures=\"2\""));
  outcome = Call({"check", worse.string(), "--against", file, "--json"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(ParseJson(outcome.out, "check")["passed"], false);

  // One run less does not pass, and says which.
  std::filesystem::remove_all(home / "now/hateful_memes/kd/seed-2");
  outcome = Call({"check", now, "--against", file});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("missing: hateful_memes / kd / roc_auc"));
  EXPECT_THAT(outcome.err, HasSubstr("seed 2 did not run"));
}

TEST(CommandLine, ListsShowsAndComparesRuns) {
  const auto home = FreshFolder("cli_view");
  const auto out = home / "runs";
  Json suite = TinySuiteJson();
  suite["datasets"] = {suite["datasets"][0]};
  suite["methods"] = {"msd-learned"};
  WriteFileAtomically(home / "suite.json", suite.dump());
  const Outcome run = Call(
      {"run", (home / "suite.json").string(), "--data-root",
       TinyDataRoot().string(), "--out", out.string(), "--jobs", "1", "--quiet",
       "--json-lines", "--tensorboard", (home / "board").string()});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'),
            1 + 2 + (1 + 2) + 2 + 1);
  EXPECT_TRUE(
      std::filesystem::exists(home / "board/hateful_memes/msd-learned/seed-1" /
                              "events.out.tfevents.msdbench"));

  Outcome outcome = Call({"list", "runs", out.string()});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("| msd-learned |    1 | ok "));
  outcome = Call({"list", "runs", out.string(), "--json"});
  EXPECT_EQ(ParseJson(outcome.out, "runs").size(), 2u);

  outcome = Call({"show", (out / "hateful_memes/msd-learned/seed-1").string()});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("## Epochs"));
  EXPECT_THAT(outcome.out, HasSubstr("text weight"));

  outcome = Call({"compare", out.string(), out.string()});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("1 of 1"));
  EXPECT_THAT(outcome.err, HasSubstr("machine and build are the same"));
  outcome = Call({"compare", out.string(), out.string(), "--json"});
  EXPECT_EQ(ParseJson(outcome.out, "compare")["cells"].size(), 2u);
}

TEST(CommandLine, FeaturesArePackedAndDamageIsThree) {
  const auto home = FreshFolder("cli_features");
  const auto store = (home / "store.safetensors").string();
  const std::string source = "tests/datasets/features/files";
  std::filesystem::create_directories(home / "npy");
  std::filesystem::copy(source + "/regions.npy", home / "npy/a.npy");
  std::filesystem::copy(source + "/half.npy", home / "npy/b.npy");
  EXPECT_EQ(
      Call({"data", "pack", "--from", (home / "npy").string(), "--out", store})
          .code,
      0);
  Outcome outcome = Call({"data", "features", store});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("2 images, 3 tokens of width 4, fp32"));

  std::string bytes = ReadTextFile(store);
  const std::size_t first = bytes.find(std::string("\0\0\x80\x3f", 4));
  ASSERT_NE(first, bytes.npos);  // 1.0, a feature of `a`
  bytes[first] = 1;
  WriteFileAtomically(store, bytes);
  outcome = Call({"data", "features", store});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.out, HasSubstr("damaged: a"));
}

TEST(CommandLine, SpeedShowsARowForEachDataSet) {
  const auto home = FreshFolder("cli_speed");
  WriteFileAtomically(home / "suite.json", TinySuiteJson().dump());
  const Outcome outcome =
      Call({"data", "speed", (home / "suite.json").string(), "--data-root",
            TinyDataRoot().string(), "--cache", (home / "cache").string()});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("| hateful_memes |      120 |"));
  EXPECT_THAT(outcome.out, HasSubstr("| mm_imdb"));
}

}  // namespace
}  // namespace msdbench
