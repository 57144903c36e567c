#include "benchmarks/record_reuse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "benchmarks/run_files.h"
#include "reports/record_store.h"
#include "tests/benchmarks/tiny_suite.h"
#include "tests/reports/simulated_record.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

class RecordReuseTest : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(file_.parent_path()); }

  static Json Good(char hash) {
    Json json = SimulatedRecord({});
    json["config_hash"] = FakeHash(hash);
    json["predictions"] = nullptr;
    return json;
  }
  static Json Failed(char hash) {
    Json json = FailedRecord({}, "it broke");
    json["config_hash"] = FakeHash(hash);
    return json;
  }
  void WriteBeside(const std::string& name, const std::string& text) const {
    WriteFileAtomically(file_.parent_path() / name, text);
  }
  // With predictions and, where told, a model.
  void Store(char hash, const std::string& bytes, bool model) {
    Json json = Good(hash);
    WriteBeside("predictions.bin", bytes);
    json["predictions"] = "predictions.bin";
    if (model) WriteBeside("model/model.bin", bytes);
    PutFiles(json, file_.parent_path());
    WriteSuccess(file_, json);
  }
  bool IsDoneFor(char hash, bool models = false) {
    RunIdentity identity;
    identity.role = "student";
    identity.config_hash = FakeHash(hash);
    return IsDone(file_, identity, models, note_);
  }

  const fs::path file_ = FreshFolder("record_reuse") / kRecordName;
  std::vector<std::string> notes_;
  NoteLine note_ = [this](const std::string& line) { notes_.push_back(line); };
};

TEST_F(RecordReuseTest, OnlyTheSameRunIsDone) {
  EXPECT_FALSE(IsDoneFor('a'));
  WriteSuccess(file_, Good('a'));
  EXPECT_TRUE(IsDoneFor('a'));
  EXPECT_FALSE(IsDoneFor('b'));
}

TEST_F(RecordReuseTest, AFailureTakesTheOlderResultsPlace) {
  WriteSuccess(file_, Good('a'));
  WriteFailure(file_, Failed('b'), note_);
  EXPECT_THAT(notes_, testing::ElementsAre(testing::HasSubstr("older result")));
  const auto records = LoadRecords(file_.parent_path()).records;
  ASSERT_EQ(records.size(), 1);
  EXPECT_FALSE(records[0].ok);
  // A second failure does not lose the good one.
  WriteFailure(file_, Failed('c'), note_);
  EXPECT_FALSE(IsDoneFor('b'));
  EXPECT_TRUE(IsDoneFor('a'));
  EXPECT_TRUE(LoadRecords(file_.parent_path()).records[0].ok);
  EXPECT_FALSE(fs::exists(file_.parent_path() / kSetAsideName));
}

TEST_F(RecordReuseTest, OnlyBesideItsOwnFiles) {
  Store('a', "mine", false);
  EXPECT_TRUE(IsDoneFor('a'));
  EXPECT_FALSE(IsDoneFor('a', true));  // no model was saved
  for (const char* others : {"other", "", "min"}) {
    WriteBeside("predictions.bin", others);
    EXPECT_FALSE(IsDoneFor('a')) << others;
  }
  const fs::path predictions = file_.parent_path() / "predictions.bin";
  fs::remove(predictions);
  EXPECT_FALSE(IsDoneFor('a'));
  fs::create_directory(predictions);
  EXPECT_FALSE(IsDoneFor('a'));
}

TEST_F(RecordReuseTest, AModelOfAnotherRunIsNone) {
  Store('a', "mine", true);
  EXPECT_TRUE(IsDoneFor('a', true));
  WriteBeside("model/model.bin", "other");
  EXPECT_FALSE(IsDoneFor('a', true));
  EXPECT_TRUE(IsDoneFor('a'));  // who wants no model
}

TEST_F(RecordReuseTest, ATeachersRecordIsOfItsWeights) {
  Json json = Good('a');
  json["teacher"]["hash"] = FakeHash('1');
  WriteSuccess(file_, json);
  RunIdentity identity;
  identity.role = "teacher";
  identity.config_hash = FakeHash('a');
  for (const auto& [hash, is_done] :
       {std::pair{'1', true}, std::pair{'3', false}}) {
    identity.teacher_hash = FakeHash(hash);
    EXPECT_EQ(IsDone(file_, identity, false, note_), is_done) << hash;
  }
}

TEST_F(RecordReuseTest, WhileItRunsAgainNoOlderResultIsFound) {
  WriteSuccess(file_, Good('a'));
  SetOlderAside(file_);
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_FALSE(IsDoneFor('b'));
  EXPECT_TRUE(IsDoneFor('a'));
  SetOlderAside(file_);
  WriteFailure(file_, Failed('b'), note_);
  SetOlderAside(file_);  // of a failure nothing is kept
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_TRUE(IsDoneFor('a'));
}

TEST_F(RecordReuseTest, ANewResultEndsTheOldOne) {
  WriteSuccess(file_, Good('a'));
  WriteFailure(file_, Failed('b'), note_);
  WriteSuccess(file_, Good('b'));
  EXPECT_TRUE(IsDoneFor('b'));
  EXPECT_FALSE(IsDoneFor('a'));
}

}  // namespace
}  // namespace msdbench
