// Every target on its corpus, as any compiler builds it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "reports/json_file.h"
#include "tests/fuzz/fuzz_target.h"

namespace msdbench::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr char kCorpus[] = "tests/fuzz/corpus";

std::vector<fs::path> SeedsOf(const Target& target) {
  const fs::path folder = fs::path(kCorpus) / target.name;
  std::vector<fs::path> seeds;
  if (fs::is_directory(folder)) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      seeds.push_back(entry.path());
    }
  }
  std::sort(seeds.begin(), seeds.end());
  return seeds;
}

class FuzzReplay : public testing::TestWithParam<Target> {};

// A finding ends the program or throws what is no Error.
TEST_P(FuzzReplay, Corpus) {
  const std::vector<fs::path> seeds = SeedsOf(GetParam());
  ASSERT_FALSE(seeds.empty()) << "no seeds in " << kCorpus;
  for (const fs::path& seed : seeds) {
    SCOPED_TRACE(seed.string());
    const std::string bytes = ReadTextFile(seed);
    EXPECT_NO_THROW(GetParam().run(bytes));
  }
}

TEST_P(FuzzReplay, CutSeeds) {
  constexpr std::size_t kCuts = 400;
  for (const fs::path& seed : SeedsOf(GetParam())) {
    SCOPED_TRACE(seed.string());
    const std::string bytes = ReadTextFile(seed);
    const std::size_t step = bytes.size() / kCuts + 1;
    for (std::size_t size = 0; size < bytes.size(); size += step) {
      EXPECT_NO_THROW(GetParam().run({bytes.data(), size}));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzReplay, testing::ValuesIn(Targets()),
                         [](const auto& param) { return param.param.name; });

// A folder that belongs to no target would never be replayed.
TEST(FuzzCorpus, EveryFolderHasItsTarget) {
  std::set<std::string> names;
  for (const Target& target : Targets()) names.insert(target.name);
  for (const auto& entry : fs::directory_iterator(kCorpus)) {
    EXPECT_EQ(names.count(entry.path().filename().string()), 1u)
        << entry.path();
  }
}

}  // namespace
}  // namespace msdbench::fuzz
