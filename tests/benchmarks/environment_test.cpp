#include "benchmarks/environment.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>

#include "benchmarks/version.h"

namespace msdbench {
namespace {

TEST(Environment, HasTheDocumentedKeysInOrder) {
  const Json environment = DescribeEnvironment();
  std::vector<std::string> keys;
  for (const auto& [key, value] : environment.items()) keys.push_back(key);
  EXPECT_THAT(keys, testing::ElementsAre("msdbench", "cpu", "memory_gib", "os",
                                         "compiler", "libtorch", "blas",
                                         "threads", "cuda"));
  EXPECT_GE(environment.at("cpu").at("cores").get<int>(), 1);
  EXPECT_GT(environment.at("memory_gib").get<double>(), 0);
  EXPECT_EQ(environment.at("cuda").at("available").get<bool>(),
            !environment.at("cuda").at("devices").empty());
}

TEST(Environment, IsTheSameTwice) {
  EXPECT_EQ(DescribeEnvironment().dump(), DescribeEnvironment().dump());
}

TEST(Environment, TellsTheThreadsThatAreSet) {
  const int before = at::get_num_threads();
  at::set_num_threads(3);
  EXPECT_EQ(DescribeEnvironment().at("threads").at("intra_op"), 3);
  at::set_num_threads(before);
}

TEST(Environment, KnowsLibTorchAndABlasLibrary) {
  const Json environment = DescribeEnvironment();
  EXPECT_THAT(environment.at("libtorch").at("version").get<std::string>(),
              testing::MatchesRegex("[0-9]+[.][0-9]+[.][0-9]+.*"));
  EXPECT_NE(environment.at("blas").at("name"), "unknown");
}

TEST(Version, IsNumberedAndTheRevisionIsAHashOrUnknown) {
  EXPECT_THAT(std::string(Version()),
              testing::MatchesRegex("[0-9]+[.][0-9]+[.][0-9]+"));
  std::string revision(Revision());
  const std::string changed = "+changes";
  if (revision.size() > changed.size() &&
      revision.substr(revision.size() - changed.size()) == changed) {
    revision.resize(revision.size() - changed.size());
  }
  if (revision != "unknown") {
    EXPECT_GE(revision.size(), 12u);
    EXPECT_EQ(revision.find_first_not_of("0123456789abcdef"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace msdbench
