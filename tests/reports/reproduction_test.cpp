#include "reports/reproduction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/simulated_record.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::Pair;

Record With(const Simulated& run, const std::string& device,
            const std::string& suite = "quick") {
  Json json = SimulatedRecord(run);
  json["config"]["device"] = device;
  json["suite"]["name"] = suite;
  return ParseRecord(json, run.method + std::to_string(run.seed));
}

std::vector<std::string> Commands(const std::vector<Record>& records) {
  const RunMatrix matrix(records);
  std::vector<std::string> commands;
  for (const auto& command : RunCommands(matrix)) {
    commands.push_back(command.command);
  }
  return commands;
}

TEST(RunCommands, OneADataSetAndMethodWithAllItsSeeds) {
  const std::vector<Record> records = {
      With({"snli_ve", "kd", "kd", 10}, "cpu"),
      With({"snli_ve", "kd", "kd", 2}, "cpu"),
      With({"snli_ve", "teacher", "teacher", 1000}, "cpu"),
      With({"snli_ve", "none", "none", 2}, "cuda:0")};
  EXPECT_THAT(
      Commands(records),
      ElementsAre("msdbench run quick --data-root DATA --datasets snli_ve "
                  "--methods none --seeds 2 --device cuda:0",
                  "msdbench run quick --data-root DATA --datasets snli_ve "
                  "--methods kd --seeds 2,10 --device cpu"));
}

TEST(RunCommands, AShellReadsNamesAsWritten) {
  EXPECT_THAT(Commands({With({"a b", "it's $HOME", "x", 1}, "", "s;rm")}),
              ElementsAre("msdbench run 's;rm' --data-root DATA --datasets "
                          "'a b' --methods 'it'\\''s $HOME' --seeds 1"));
}

TEST(Environments, DifferentOnesTheCommonestFirst) {
  std::vector<Record> records;
  for (std::uint64_t seed : {1, 2, 3}) {
    Json json = SimulatedRecord({"snli_ve", "kd", "kd", seed});
    json["environment"] = {
        {"cpu", {{"model", seed == 1 ? "A" : "B"}, {"simd", {"x", "y"}}}},
        {"gpu", Json::array()},
        {"threads", nullptr}};
    records.push_back(ParseRecord(json, std::to_string(seed)));
  }
  const auto environments = Environments(records);
  ASSERT_EQ(environments.size(), 2u);
  EXPECT_EQ(environments[0].runs, 2u);
  EXPECT_THAT(environments[0].entries,
              ElementsAre(Pair("cpu / model", "B"), Pair("cpu / simd", "x, y"),
                          Pair("gpu", "none"), Pair("threads", "not set")));
  EXPECT_EQ(environments[1].entries[0].second, "A");
}

}  // namespace
}  // namespace msdbench
