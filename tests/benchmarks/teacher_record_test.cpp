// What a teacher's record tells of its making, trained or from the cache.
#include "benchmarks/teacher_record.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "benchmarks/teacher.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

class TeacherRecordTest : public testing::Test {
 protected:
  TeacherRecordTest() {
    Json json = TinySuiteJson();
    json["teacher"]["training"] = {{"epochs", 3}, {"learning_rate", 0}};
    suite_ = ParseSuite(json, "tiny");
    data_ = PrepareData(plan(), {TinyDataRoot(), {}, {}}, 1);
  }

  const DatasetPlan& plan() const { return suite_.datasets[1]; }

  TrainedTeacher Obtain(const DatasetPlan& plan) const {
    const Places places = {TinyDataRoot(), {}, FreshFolder("teacher_record")};
    return ObtainTeacher(plan, data_, places, c10::kCPU, {});
  }

  Json RecordOf(const TrainedTeacher& teacher) const {
    const Json record =
        TeacherRecord(suite_, plan(), data_, teacher,
                      TeacherIdentity(plan(), c10::kCPU, &data_),
                      FreshFolder("teacher_record_out"));
    ParseRecord(record, "record.json");
    return record;
  }

  Suite suite_;
  PreparedData data_;
};

TEST_F(TeacherRecordTest, StartsWhenTheTeacherDoesAndTellsOfTies) {
  std::filesystem::remove_all(FreshFolder("teacher_record"));
  for (const bool cached : {false, true}) {
    const std::string before = NowText();
    const TrainedTeacher teacher = Obtain(plan());
    ASSERT_EQ(teacher.from_cache, cached);
    // A second later at least.
    const std::string after = NowText();
    while (NowText() == after) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    const Json record = RecordOf(teacher);
    const std::string started = record["timings"]["started"];
    EXPECT_GE(started, before);
    EXPECT_LE(started, after);
    EXPECT_EQ(record["selection"]["epoch"], 1);
    EXPECT_EQ(record["selection"]["tied"], Json({1, 2, 3}));
    EXPECT_EQ(record["epochs"].size(), cached ? 0u : 3u);
    // Nothing was trained: no speed of 0.
    EXPECT_EQ(record["timings"]["training_s"].is_null(), cached);
    EXPECT_EQ(record["timings"]["examples_per_second"].is_null(), cached);
  }
}

// The rule decides which epoch is kept, so that the weights differ.
TEST_F(TeacherRecordTest, AnotherThresholdRuleIsAnotherTeacher) {
  std::filesystem::remove_all(FreshFolder("teacher_record"));
  Obtain(plan());
  Json json = TinySuiteJson();
  json["teacher"]["training"] = {{"epochs", 3}, {"learning_rate", 0}};
  json["datasets"][1]["threshold"] = "dev";
  const Suite other = ParseSuite(json, "tiny");
  EXPECT_FALSE(Obtain(other.datasets[1]).from_cache);
  EXPECT_TRUE(Obtain(plan()).from_cache);
}

}  // namespace
}  // namespace msdbench
