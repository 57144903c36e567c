// No command writes over what it reads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "reports/json_file.h"
#include "reports/record_store.h"
#include "tests/benchmarks/cli/call.h"
#include "tests/benchmarks/tiny_suite.h"
#include "tests/reports/simulated_record.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::map<std::string, std::string> ContentOf(const fs::path& folder) {
  std::map<std::string, std::string> content;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    content[entry.path().lexically_relative(folder).string()] =
        ReadTextFile(entry.path());
  }
  return content;
}

// Refused as usage, in one line, and `folder` stays as it is.
void ExpectRefused(const fs::path& folder,
                   const std::vector<std::string>& words) {
  const auto before = ContentOf(folder);
  const Outcome outcome = Call(words);
  EXPECT_EQ(outcome.code, 2) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr(words.back()));
  EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
  EXPECT_EQ(ContentOf(folder), before);
}

TEST(OwnFiles, AnImportLeavesWhatItReads) {
  const auto home = FreshFolder("own_import");
  for (const char* name : {"model.safetensors", "config.json", "vocab.txt"}) {
    WriteFileAtomically(home / "bert" / name, std::string("mine ") + name);
  }
  fs::create_directory_symlink("bert", home / "link");
  fs::create_directories(home / "linked");
  fs::create_hard_link(home / "bert/vocab.txt", home / "linked/vocab.txt");
  fs::create_directories(home / "target");
  WriteFileAtomically(home / "target/model.safetensors", "the only copy");
  fs::create_directories(home / "hub");
  fs::create_symlink(home / "target/model.safetensors",
                     home / "hub/model.safetensors");
  const std::string bert = (home / "bert").string();
  for (const std::string& out :
       {bert, bert + "/", bert + "/.", (home / "bert/../bert").string(),
        (home / "link").string(), (home / "linked").string()}) {
    ExpectRefused(home, {"weights", "import", "--from", bert, "--out", out});
    ExpectRefused(home, {"weights", "import", "--from",
                         bert + "/model.safetensors", "--out", out});
  }
  ExpectRefused(home, {"weights", "import", "--from", (home / "hub").string(),
                       "--out", (home / "target").string()});
  WriteFileAtomically(home / "words/vocab.txt", "mine");
  ExpectRefused(home, {"weights", "import", "--from", bert, "--vocabulary",
                       (home / "words/vocab.txt").string(), "--out",
                       (home / "words").string()});
}

TEST(OwnFiles, AStoreTakesNoOtherFilesPlace) {
  const auto home = FreshFolder("own_pack");
  const std::string npy = (home / "npy").string();
  const std::string store = (home / "store.safetensors").string();
  fs::create_directories(home / "npy");
  fs::copy("tests/datasets/features/files/regions.npy", home / "npy/a.npy");
  const std::vector<std::string> pack = {"data", "pack",  "--from",
                                         npy,    "--out", store};
  ASSERT_EQ(Call(pack).code, 0);
  EXPECT_EQ(Call(pack).code, 0);  // its own, of before
  fs::create_hard_link(store, home / "hard.safetensors");
  WriteFileAtomically(home / "train.jsonl", "{}\n");
  for (const std::string& out : {npy, npy + "/a.npy", npy + "/new.safetensors",
                                 (home / "train.jsonl").string()}) {
    ExpectRefused(home, {"data", "pack", "--from", npy, "--out", out});
  }
  for (const std::string& out :
       {store, (home / "npy/../store.safetensors").string(),
        (home / "hard.safetensors").string()}) {
    ExpectRefused(home, {"data", "pack", "--from", store, "--out", out});
  }
}

TEST(OwnFiles, AResultTakesNoRecordsOrBaselinesPlace) {
  const auto home = FreshFolder("own_check");
  const auto runs = home / "runs";
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    WriteRecord(RecordFile(runs, "snli_ve", "kd", seed),
                SimulatedRecord({"snli_ve", "kd", "kd", seed}));
  }
  const std::string baseline = (home / "base.json").string();
  ASSERT_EQ(Call({"baseline", "update", runs.string(), "--out", baseline}).code,
            0);
  fs::create_symlink("base.json", home / "link.xml");
  const std::vector<std::string> check = {"check", runs.string(), "--against",
                                          baseline, "--junit"};
  for (const std::string& out :
       {baseline, (home / "./base.json").string(), (home / "link.xml").string(),
        RecordFile(runs, "snli_ve", "kd", 1).string()}) {
    auto words = check;
    words.push_back(out);
    ExpectRefused(home, words);
  }
  auto words = check;
  words.push_back((runs / "check.xml").string());
  EXPECT_NE(Call(words).code, 2);
  EXPECT_NE(Call(words).code, 2);  // over the one of before
  EXPECT_THAT(ReadTextFile(runs / "check.xml"), HasSubstr("<?xml"));
}

TEST(OwnFiles, ABaselineTakesOnlyABaselinesPlace) {
  const auto home = FreshFolder("own_baseline");
  const auto runs = home / "runs", more = home / "more";
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    WriteRecord(RecordFile(runs, "snli_ve", "kd", seed),
                SimulatedRecord({"snli_ve", "kd", "kd", seed}));
  }
  const auto record = RecordFile(runs, "snli_ve", "kd", 1);
  fs::create_directories(more);
  fs::copy_file(record, more / "record.json");
  fs::copy_file(record, home / "copy.json");
  Json other = ReadJsonFile(record);
  other["schema_version"] = 9;
  WriteFileAtomically(home / "other.json", other.dump());
  WriteFileAtomically(home / "suite.json", TinySuiteJson().dump());
  fs::create_hard_link(record, home / "hard.json");
  fs::create_directory_symlink("runs", home / "link");
  for (const auto& out :
       {record, runs / "new.json", runs, home / "link/new.json",
        home / "more/new/base.json", more / "record.json", home / "copy.json",
        home / "other.json", home / "suite.json", home / "hard.json"}) {
    for (const bool drop : {false, true}) {
      std::vector<std::string> words = {"baseline", "update", runs.string(),
                                        "--teachers", more.string()};
      if (drop) words.emplace_back("--drop");
      words.insert(words.end(), {"--out", out.string()});
      ExpectRefused(home, words);
    }
  }
  // Of an older version, with --drop.
  const std::string file = (home / "base.json").string();
  const std::vector<std::string> update = {"baseline", "update", runs.string(),
                                           "--drop",   "--out",  file};
  ASSERT_EQ(Call(update).code, 0);
  Json old = ReadJsonFile(file);
  old["schema_version"] = 1;
  WriteFileAtomically(file, old.dump());
  EXPECT_EQ(Call(update).code, 0);
  EXPECT_EQ(ReadJsonFile(file)["schema_version"], 2);
}

TEST(OwnFiles, SaliencysRowsTakeNoOtherFilesPlace) {
  const auto home = FreshFolder("own_saliency");
  WriteFileAtomically(home / "suite.json", TinySuiteJson().dump());
  WriteFileAtomically(home / "labels.json", "[\"a\"]");
  const std::string suite = (home / "suite.json").string();
  for (const std::string& out : {suite, (home / "labels.json").string()}) {
    ExpectRefused(home, {"saliency", suite, "--data-root",
                         TinyDataRoot().string(), "--json", out});
  }
}

TEST(OwnFiles, PicturesAndWhatIsMadeOfThemLieApart) {
  const auto home = FreshFolder("own_make");
  WriteFileAtomically(home / "art/png/a.png", "mine");
  ExpectRefused(
      home, {"data", "make", "--from", "openclipart", "--source",
             (home / "art").string(), "--out", (home / "art/made").string()});
  ExpectRefused(home, {"data", "make", "--from", "openclipart", "--source",
                       (home / "art").string(), "--out", home.string()});
}

}  // namespace
}  // namespace msdbench
