#include "benchmarks/record_reuse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  bool IsDoneFor(char hash) {
    RunIdentity identity;
    identity.role = "student";
    identity.config_hash = FakeHash(hash);
    return IsDone(file_, identity, false, note_);
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

TEST_F(RecordReuseTest, ANewResultEndsTheOldOne) {
  WriteSuccess(file_, Good('a'));
  WriteFailure(file_, Failed('b'), note_);
  WriteSuccess(file_, Good('b'));
  EXPECT_TRUE(IsDoneFor('b'));
  EXPECT_FALSE(IsDoneFor('a'));
}

}  // namespace
}  // namespace msdbench
