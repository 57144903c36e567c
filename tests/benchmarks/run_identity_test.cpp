#include "benchmarks/run_identity.h"

#include <gtest/gtest.h>

#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

DatasetPlan TinyPlan(const Json& json = TinySuiteJson()) {
  return ParseSuite(json, "tiny").datasets[0];
}

PreparedData DataOf(const std::string& hash) {
  PreparedData data;
  data.input_hash = hash;
  return data;
}

TEST(RunIdentity, FollowsEverythingThatANumberDependsOn) {
  const DatasetPlan plan = TinyPlan();
  const PreparedData data = DataOf("inputs"), other = DataOf("others");
  const auto hash = [&](std::size_t method, std::uint64_t seed,
                        c10::Device device, const PreparedData& of,
                        const std::string& teacher) {
    return StudentIdentity(plan, plan.methods[method], seed, device, &of,
                           teacher)
        .config_hash;
  };
  const std::string base = hash(1, 1, c10::kCPU, data, "t");
  EXPECT_EQ(hash(1, 1, c10::kCPU, data, "t"), base);
  EXPECT_NE(hash(2, 1, c10::kCPU, data, "t"), base);
  EXPECT_NE(hash(1, 2, c10::kCPU, data, "t"), base);
  EXPECT_NE(hash(1, 1, c10::kCUDA, data, "t"), base);
  EXPECT_NE(hash(1, 1, c10::kCPU, other, "t"), base);
  EXPECT_NE(hash(1, 1, c10::kCPU, data, "u"), base);
  EXPECT_EQ(StudentIdentity(plan, plan.methods[1], 1, c10::kCPU, nullptr, "")
                .config_hash,
            kUnknownHash);
}

TEST(RunIdentity, ATeacherOfAnotherDeviceIsAnotherOne) {
  const DatasetPlan plan = TinyPlan();
  const PreparedData data = DataOf("inputs");
  EXPECT_NE(TeacherIdentity(plan, c10::kCPU, &data).config_hash,
            TeacherIdentity(plan, c10::kCUDA, &data).config_hash);
  EXPECT_EQ(TeacherIdentity(plan, c10::kCUDA, &data).config.values["device"],
            "cuda");
}

TEST(RunIdentity, ATeachersWeightsDoNotDependOnStudents) {
  Json json = TinySuiteJson();
  json["student"]["training"]["epochs"] = 7;
  json["meta_fraction"] = 0.3;
  const PreparedData data = DataOf("inputs");
  const auto hash = [&](const Json& suite) {
    return TeacherIdentity(TinyPlan(suite), c10::kCPU, &data).config_hash;
  };
  EXPECT_EQ(hash(json), hash(TinySuiteJson()));
  json["teacher"]["seed"] = 5;
  EXPECT_NE(hash(json), hash(TinySuiteJson()));
}

// A later version reads one option more in each section, and nobody gives it:
// no record, cache entry or baseline becomes another one by that.
TEST(RunIdentity, AnOptionThatComesLaterChangesNothingAtItsDefault) {
  const auto later = [] {
    ConfigReader reader(Json::object(), "later", "");
    reader.Flag("option_of_tomorrow", false);
    return reader.Finish();
  };
  const DatasetPlan today = TinyPlan();
  DatasetPlan tomorrow = today;
  for (const char* section : {"dataset", "input", "teacher", "student"}) {
    tomorrow.config.values[section].update(later().values);
    if (!later().changes.empty()) {
      tomorrow.config.changes[section].update(later().changes);
    }
  }
  tomorrow.methods[1].options.values.update(later().values);
  const PreparedData data = DataOf("inputs");
  EXPECT_NE(tomorrow.config.values, today.config.values);
  EXPECT_EQ(InputText(tomorrow.config), InputText(today.config));
  EXPECT_EQ(TeacherIdentity(tomorrow, c10::kCPU, &data).config_hash,
            TeacherIdentity(today, c10::kCPU, &data).config_hash);
  EXPECT_EQ(
      StudentIdentity(tomorrow, tomorrow.methods[1], 1, c10::kCPU, &data, "t")
          .config_hash,
      StudentIdentity(today, today.methods[1], 1, c10::kCPU, &data, "t")
          .config_hash);
}

}  // namespace
}  // namespace msdbench
