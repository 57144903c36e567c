// A folder of files that a test writes itself, and the errors it expects.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "reports/error.h"

namespace msdbench {

class Tree {
 public:
  Tree() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root_ = std::filesystem::path(testing::TempDir()) /
            (std::string("msdbench-") + test->test_suite_name() + "-" +
             test->name() + "-" + std::to_string(getpid()));
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_);
  }
  ~Tree() { std::filesystem::remove_all(root_); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  const std::filesystem::path& root() const { return root_; }

  void Write(const std::string& name, const std::string& content) const {
    const auto file = root_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }
  // Loaders look at images without decoding them.
  void Images(const std::vector<std::string>& names) const {
    for (const std::string& name : names) Write(name, "image");
  }
  void Remove(const std::string& name) const {
    std::filesystem::remove_all(root_ / name);
  }

  DatasetOptions Options() const {
    DatasetOptions options;
    options.root = root_;
    return options;
  }
  std::string Path(const std::string& name) const {
    return (root_ / name).string();
  }

 private:
  std::filesystem::path root_;
};

// The message of the Error that `call` throws; fails the test without one or
// with another exit code.
template <typename Call>
std::string ErrorOf(Call call, ExitCode code = ExitCode::kData) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    const std::string what = error.what();
    EXPECT_EQ(what.find('\n'), what.npos) << what;
    return what;
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

inline std::string LoadError(const std::string& format,
                             const DatasetOptions& options,
                             ExitCode code = ExitCode::kData) {
  return ErrorOf([&] { LoadDataset(format, options); }, code);
}

// "label:score" pairs, for readable comparisons.
inline std::string Shown(const std::vector<LabelScore>& scores) {
  std::string text;
  for (const LabelScore& score : scores) {
    const auto thousandths = static_cast<int>(score.score * 1000 + 0.5F);
    text += (text.empty() ? "" : " ") + std::to_string(score.label) + ":" +
            std::to_string(thousandths);
  }
  return text;
}

}  // namespace msdbench
