#include "reports/run_matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/simulated_record.h"

namespace msdbench {
namespace {

using testing::ElementsAre;

std::vector<std::string> Methods(const RunMatrix& matrix) {
  std::vector<std::string> names;
  for (const auto& method : matrix.methods()) names.push_back(method.name);
  return names;
}

std::vector<std::string> Datasets(const RunMatrix& matrix) {
  std::vector<std::string> names;
  for (const auto& dataset : matrix.datasets()) names.push_back(dataset.name);
  return names;
}

TEST(RunMatrix, TeacherStudentAloneAndKdLead) {
  const std::vector<Record> records = {
      Simulate({"mm_imdb", "at", "at"}), Simulate({"mm_imdb", "kd", "kd"}),
      Simulate({"mm_imdb", "msd", "msd-fixed"}),
      Simulate({"mm_imdb", "none", "none"}),
      Simulate({"hateful_memes", "teacher", "teacher"})};
  const RunMatrix matrix(records);
  EXPECT_THAT(Methods(matrix),
              ElementsAre("teacher", "none", "kd", "at", "msd"));
  EXPECT_THAT(Datasets(matrix), ElementsAre("mm_imdb", "hateful_memes"));

  MatrixOrder order;
  order.methods = {"msd", "kd", "never run"};
  order.datasets = {"hateful_memes"};
  const RunMatrix ordered(records, order);
  EXPECT_THAT(Methods(ordered),
              ElementsAre("teacher", "none", "kd", "msd", "at"));
  EXPECT_THAT(Datasets(ordered), ElementsAre("hateful_memes", "mm_imdb"));
}

TEST(RunMatrix, RunsAreInNumericSeedOrder) {
  const std::vector<Record> records = {
      Simulate({"mm_imdb", "kd", "kd", 10}),
      Simulate({"mm_imdb", "kd", "kd", 2}),
      SimulateFailure({"mm_imdb", "kd", "kd", 1}, "x")};
  const RunMatrix matrix(records);
  const auto& runs = matrix.At(0, 0);
  ASSERT_EQ(runs.ok.size(), 2u);
  EXPECT_EQ(runs.ok[0]->seed, 2u);
  EXPECT_EQ(runs.ok[1]->seed, 10u);
  EXPECT_EQ(runs.failed.size(), 1u);
  EXPECT_THAT(matrix.problems(), ElementsAre());
}

TEST(RunMatrix, TwoRecordsOfOneRunAreAProblem) {
  const Record first = Simulate({"mm_imdb", "kd", "kd", 1});
  Record second = first, third = first;
  second.source = "again/record.json";
  third.source = "other/record.json";
  third.config_hash = FakeHash('d');
  const std::vector<Record> records = {first, second, third};
  const RunMatrix matrix(records);
  EXPECT_EQ(matrix.At(0, 0).ok.size(), 1u);
  EXPECT_THAT(
      matrix.problems(),
      ElementsAre(
          "mm_imdb, kd, seed 1: two records of the same run: "
          "mm_imdb/kd/seed-1/record.json (configuration cccccccc) and "
          "again/record.json (configuration cccccccc); the first is used",
          "mm_imdb, kd, seed 1: two records with different configurations: "
          "mm_imdb/kd/seed-1/record.json (configuration cccccccc) and "
          "other/record.json (configuration dddddddd); the first is used"));
}

TEST(RunMatrix, RunsOnOtherDataAreLeftOutAndAProblem) {
  std::vector<Record> records = {Simulate({"mm_imdb", "kd", "kd", 1}),
                                 Simulate({"mm_imdb", "kd", "kd", 2}),
                                 Simulate({"mm_imdb", "kd", "kd", 3}),
                                 Simulate({"mm_imdb", "msd", "msd", 1}),
                                 Simulate({"mm_imdb", "msd", "msd", 2})};
  records[3].test_examples = records[4].test_examples = 7;
  const RunMatrix matrix(records);
  ASSERT_EQ(matrix.problems().size(), 1u);
  EXPECT_THAT(
      matrix.problems()[0],
      testing::AllOf(
          testing::StartsWith("mm_imdb: 2 runs (msd: seeds 1, 2) are of "
                              "another plan ("),
          testing::HasSubstr("data: \"bbbbbbbb, dev dev_seen of 10, test "
                             "test_seen of 7\" there, \"bbbbbbbb, dev "
                             "dev_seen of 10, test test_seen of 20\" in the "
                             "one used; left out of all tables")));
  EXPECT_EQ(matrix.At(0, 0).ok.size(), 3u);
  EXPECT_EQ(matrix.At(0, 1).size(), 0u);
  EXPECT_EQ(matrix.At(0, 1).left_out, 2u);
}

}  // namespace
}  // namespace msdbench
