// A suite that trains in a second, on miniature data made once a program.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "benchmarks/suite.h"
#include "datasets/miniature/miniature.h"

namespace msdbench {

// A name that no other test process uses, gone when this one ends.
class ProcessFolder {
 public:
  ProcessFolder()
      : path_(std::filesystem::path(testing::TempDir()) /
              ("msdbench_benchmarks_" + std::to_string(getpid()))) {
    std::filesystem::remove_all(path_);
  }
  // A test's child that exits is not the one to tidy up.
  ~ProcessFolder() {
    if (getpid() == owner_) std::filesystem::remove_all(path_);
  }
  const std::filesystem::path& path() const { return path_; }

  static const ProcessFolder& Get() {
    static const ProcessFolder kFolder;
    return kFolder;
  }

 private:
  const pid_t owner_ = getpid();
  std::filesystem::path path_;
};

inline std::filesystem::path TinyDataRoot() {
  static const std::filesystem::path kRoot = [] {
    MiniatureOptions options;
    options.out = ProcessFolder::Get().path() / "data";
    options.train = 120;
    options.dev = 40;
    options.test = 40;
    options.image_size = 16;
    MakeMiniature(options);
    return options.out;
  }();
  return kRoot;
}

// A folder that does not exist yet.
inline std::filesystem::path FreshFolder(const std::string& name) {
  return ProcessFolder::Get().path() / name;
}

// Teachers this small may well be at chance; that is a test of its own.
inline Json TinySuiteJson() {
  return Json::parse(R"({
    "name": "tiny",
    "seeds": [1],
    "datasets": [
      {"name": "hateful_memes", "teacher_gate": "warn"},
      {"name": "mm_imdb", "teacher_gate": "warn"}
    ],
    "methods": ["none", "kd", "msd-saliency", "msd-learned"],
    "input": {"image_size": 16, "max_text_tokens": 12, "vocabulary_size": 200},
    "teacher": {
      "model": {"layers": 1, "hidden": 16, "heads": 2, "image_channels": [4, 8]},
      "training": {"epochs": 1}
    },
    "student": {
      "model": {"layers": 1, "hidden": 8, "heads": 2, "image_channels": [4, 8]},
      "training": {"epochs": 2}
    }
  })");
}

}  // namespace msdbench
