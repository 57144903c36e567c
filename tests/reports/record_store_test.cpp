#include "reports/record_store.h"

#include <gtest/gtest.h>

#include "reports/failed_start.h"
#include "tests/reports/simulated_record.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

void Store(const TestFolder& folder, const Simulated& run) {
  WriteRecord(RecordFile(folder.path(), run.dataset, run.method, run.seed),
              SimulatedRecord(run));
}

TEST(RecordStore, Layout) {
  EXPECT_EQ(RecordFile("runs", "snli_ve", "msd fixed", 12).string(),
            "runs/snli_ve/msd fixed/seed-12/record.json");
  EXPECT_EQ(RunFolder("runs", "snli_ve", "teacher", 0).string(),
            "runs/snli_ve/teacher/seed-0");
}

TEST(RecordStore, NamesThatWouldLeaveTheFolderAreRefused) {
  for (const std::string name : {"", ".", "..", "../up", "a/b", "a\nb"}) {
    EXPECT_NE(ErrorOf([&] { RecordFile("runs", "snli_ve", name, 1); }), "")
        << name;
    EXPECT_NE(ErrorOf([&] { RecordFile("runs", name, "kd", 1); }), "") << name;
  }
  EXPECT_EQ(ErrorOf([&] { RecordFile("runs", "snli_ve", "a/b", 1); }),
            "the method name \"a/b\" cannot name a folder; allowed: text "
            "without / and control characters");
}

TEST(RecordStore, FindsAllAtAnyDepthInPathOrder) {
  const TestFolder folder;
  Store(folder, {"mm_imdb", "kd", "kd", 2});
  Store(folder, {"mm_imdb", "kd", "kd", 1});
  Store(folder, {"hateful_memes", "none", "none", 1});
  WriteFileAtomically(folder.path() / "mm_imdb" / "other.json", "not a record");
  const LoadedRecords loaded = LoadRecords(folder.path());
  ASSERT_EQ(loaded.records.size(), 3u);
  EXPECT_EQ(loaded.records[0].source, "hateful_memes/none/seed-1/record.json");
  EXPECT_EQ(loaded.records[1].source, "mm_imdb/kd/seed-1/record.json");
  EXPECT_EQ(loaded.records[2].source, "mm_imdb/kd/seed-2/record.json");
  EXPECT_TRUE(loaded.records[0].json.is_object());
  LoadOptions lean;
  lean.keep_json = false;
  EXPECT_TRUE(LoadRecords(folder.path(), lean).records[0].json.is_null());
}

TEST(RecordStore, ABrokenRecordIsNamedOrCollected) {
  const TestFolder folder;
  Store(folder, {"mm_imdb", "kd", "kd", 1});
  const auto broken = RecordFile(folder.path(), "mm_imdb", "kd", 2);
  WriteFileAtomically(broken, "{\"schema_version\": 1, ");
  EXPECT_EQ(ErrorOf([&] {
              LoadRecords(folder.path());
            }).rfind(broken.string() + ": not valid JSON: ", 0),
            0u);
  LoadOptions collect;
  collect.collect_problems = true;
  const LoadedRecords loaded = LoadRecords(folder.path(), collect);
  EXPECT_EQ(loaded.records.size(), 1u);
  ASSERT_EQ(loaded.problems.size(), 1u);
  EXPECT_EQ(loaded.problems[0].rfind(broken.string(), 0), 0u);
}

TEST(RecordStore, ARunThatDidNotBeginIsToldUntilOneDoes) {
  const TestFolder folder;
  Store(folder, {"mm_imdb", "kd", "kd", 1});
  NoteFailedStart(folder.path(), "data: train.jsonl: no such file");
  const std::string text = folder.path().string() +
                           ": the last run into this folder stopped before it "
                           "began, so what is here is older: data: "
                           "train.jsonl: no such file";
  EXPECT_EQ(ErrorOf([&] { LoadRecords(folder.path()); }), text);
  LoadOptions collect;
  collect.collect_problems = true;
  const LoadedRecords loaded = LoadRecords(folder.path(), collect);
  EXPECT_EQ(loaded.records.size(), 1u);
  EXPECT_EQ(loaded.problems, std::vector<std::string>{text});
  ForgetFailedStart(folder.path());
  EXPECT_EQ(LoadRecords(folder.path()).records.size(), 1u);
  // No folder is made for it.
  NoteFailedStart(folder / "none", "x");
  EXPECT_FALSE(std::filesystem::exists(folder / "none"));
}

TEST(RecordStore, AFolderThatIsNotThere) {
  const TestFolder folder;
  EXPECT_EQ(ErrorOf([&] { LoadRecords(folder / "none"); }),
            (folder / "none").string() +
                ": records cannot be read: No such file or directory");
  EXPECT_TRUE(LoadRecords(folder.path()).records.empty());
}

}  // namespace
}  // namespace msdbench
