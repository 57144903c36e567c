#include "reports/ranking.h"

#include <gtest/gtest.h>

#include "reports/comparison.h"
#include "tests/reports/simulated_record.h"

namespace msdbench {
namespace {

constexpr Rank kNone = Rank::kNone, kBest = Rank::kBest,
               kSecond = Rank::kSecond;
using Ranks = std::vector<Rank>;

TEST(RankValues, BestAndSecondOfWhatIsThere) {
  EXPECT_EQ(RankValues({1.0, 3.0, {}, 2.0}, true),
            (Ranks{kNone, kBest, kNone, kSecond}));
  EXPECT_EQ(RankValues({1.0, 3.0, {}, 2.0}, false),
            (Ranks{kBest, kNone, kNone, kSecond}));
}

TEST(RankValues, EqualValuesShareARank) {
  EXPECT_EQ(RankValues({1.0, 2.0, 2.0}, true), (Ranks{kNone, kBest, kBest}));
  EXPECT_EQ(RankValues({1.0, 2.0, 1.0}, true),
            (Ranks{kSecond, kBest, kSecond}));
}

TEST(RankValues, AloneThereIsNoRank) {
  EXPECT_EQ(RankValues({}, true), Ranks{});
  EXPECT_EQ(RankValues({{}, 2.0}, true), (Ranks{kNone, kNone}));
}

// Records of several methods; `values[i]` are those of seeds 1, 2, ...
using Values = std::vector<std::pair<std::string, std::vector<double>>>;

Table MainTable(const Values& methods, const std::string& teacher = "") {
  std::vector<Record> records;
  if (!teacher.empty()) {
    records.push_back(
        Simulate({"snli_ve", teacher, "teacher", 1000, {{"accuracy", 0.99}}}));
  }
  for (const auto& [name, values] : methods) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      records.push_back(
          Simulate({"snli_ve", name, name, i + 1, {{"accuracy", values[i]}}}));
    }
  }
  const RunMatrix matrix(records);
  return Compare(matrix).main;
}

Rank RankOf(const Table& table, const std::string& method) {
  for (const auto& row : table.rows) {
    if (row[0].text == method) return row[2].rank;
  }
  ADD_FAILURE() << method << " is not in the table";
  return kNone;
}

TEST(RanksOfAComparison, WhereTheTestTellsTheBestFromTheReference) {
  const Table table = MainTable({{"kd", {0.50, 0.51, 0.52, 0.53}},
                                 {"a", {0.70, 0.72, 0.71, 0.73}},
                                 {"b", {0.60, 0.40, 0.70, 0.65}}},
                                "teacher");
  EXPECT_EQ(RankOf(table, "a"), kBest);
  EXPECT_EQ(RankOf(table, "b"), kSecond);
  EXPECT_EQ(RankOf(table, "kd"), kNone);
  EXPECT_EQ(RankOf(table, "teacher"), kNone);  // no student
  EXPECT_NE(table.ranks.find("tells the best from kd"), std::string::npos);
}

TEST(RanksOfAComparison, NoneWhereTheLeadMayBeChance) {
  const Table table = MainTable(
      {{"kd", {0.50, 0.71, 0.52, 0.53}}, {"a", {0.70, 0.52, 0.71, 0.53}}});
  EXPECT_EQ(RankOf(table, "a"), kNone);
  EXPECT_EQ(RankOf(table, "kd"), kNone);
  EXPECT_EQ(table.ranks, "");
}

TEST(RanksOfAComparison, NoneOverOneSeed) {
  const Table table = MainTable({{"kd", {0.5}}, {"a", {0.9}}});
  EXPECT_EQ(RankOf(table, "a"), kNone);
}

TEST(RanksOfAComparison, TheReferenceMayBeTheBest) {
  const Table table = MainTable({{"kd", {0.80, 0.81, 0.82, 0.83}},
                                 {"a", {0.70, 0.72, 0.71, 0.73}},
                                 {"b", {0.60, 0.40, 0.70, 0.65}}});
  EXPECT_EQ(RankOf(table, "kd"), kBest);
  EXPECT_EQ(RankOf(table, "a"), kSecond);
  EXPECT_EQ(RankOf(table, "b"), kNone);
}

// The second of a clear loser does not make kd a winner over the close one.
TEST(RanksOfAComparison, AClearLoserSupportsNoLead) {
  const Table table = MainTable({{"kd", {0.80, 0.81, 0.82, 0.83}},
                                 {"a", {0.80, 0.80, 0.83, 0.82}},
                                 {"b", {0.40, 0.42, 0.41, 0.43}}});
  EXPECT_EQ(RankOf(table, "kd"), kNone);
  EXPECT_EQ(table.ranks, "");
}

TEST(RanksOfAComparison, WithoutAReferenceThereIsNoTest) {
  const Table table = MainTable({{"a", {0.80, 0.81}}, {"b", {0.4, 0.4}}});
  EXPECT_EQ(RankOf(table, "a"), kNone);
}

}  // namespace
}  // namespace msdbench
