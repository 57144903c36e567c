// Golden files that know what a test has read of them: a field that no test
// asks for would be an input or an output that nobody compares.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "reports/json_file.h"
#include "reports/safetensors.h"

namespace msdbench {

// Fails the test with the names that nothing read, the first few of them;
// silent where the test has ended early anyway.
inline void FailOnUnread(const std::filesystem::path& file,
                         const std::vector<std::string>& unread) {
  if (unread.empty() || std::uncaught_exceptions() > 0 ||
      testing::Test::HasFatalFailure() || testing::Test::IsSkipped()) {
    return;
  }
  const auto shown =
      static_cast<std::ptrdiff_t>(std::min<std::size_t>(unread.size(), 8));
  ADD_FAILURE() << fmt::format(
      "{}: {} fields that the test does not use: {}{}", file.string(),
      unread.size(), fmt::join(unread.begin(), unread.begin() + shown, ", "),
      unread.size() > 8 ? ", ..." : "");
}

// A value of a golden file. Reading it as a C++ value is using it, with all
// that is in it; going into it is not.
class GoldenJson {
 public:
  GoldenJson(const Json& json, std::shared_ptr<std::set<const Json*>> read)
      : json_(&json), read_(std::move(read)) {}

  GoldenJson at(const std::string& key) const {
    return {json_->at(key), read_};
  }
  GoldenJson at(std::size_t place) const { return {json_->at(place), read_}; }
  bool contains(const std::string& key) const { return json_->contains(key); }
  std::size_t size() const { return json_->size(); }
  std::vector<std::string> Keys() const {
    std::vector<std::string> keys;
    for (const auto& item : json_->items()) keys.push_back(item.key());
    return keys;
  }

  const Json& json() const {
    read_->insert(json_);
    return *json_;
  }
  template <class Value>
  Value get() const {
    return json().get<Value>();
  }
  template <class Value, class = std::enable_if_t<!std::is_same_v<Value, Json>>>
  operator Value() const {
    return get<Value>();
  }
  template <class Value>
  Value value(const std::string& key, const Value& otherwise) const {
    return contains(key) ? at(key).get<Value>() : otherwise;
  }
  std::string text() const { return get<std::string>(); }
  double number() const { return get<double>(); }

  // Known, and not compared here; fields that are absent are no error.
  void Leave(std::initializer_list<const char*> keys) const {
    for (const char* key : keys) {
      if (contains(key)) at(key).json();
    }
  }
  // The same for the whole value: another test's case.
  void Leave() const { json(); }

  std::vector<GoldenJson> items() const {
    std::vector<GoldenJson> items;
    for (const Json& item : *json_) items.emplace_back(item, read_);
    return items;
  }

 private:
  const Json* json_;
  std::shared_ptr<std::set<const Json*>> read_;
};

// A golden file; when it goes, fields that nothing has used fail the test. What
// only describes the file (`source`, `tolerance`, `notes`, `layout`) is free.
class GoldenFile : public GoldenJson {
 public:
  explicit GoldenFile(const std::filesystem::path& file)
      : GoldenFile(file, std::make_shared<const Json>(ReadJsonFile(file)),
                   std::make_shared<std::set<const Json*>>()) {}
  GoldenFile(const GoldenFile&) = delete;
  GoldenFile& operator=(const GoldenFile&) = delete;
  ~GoldenFile() {
    std::vector<std::string> unread;
    Collect(*root_, "", unread);
    FailOnUnread(file_, unread);
  }

 private:
  GoldenFile(const std::filesystem::path& file,
             std::shared_ptr<const Json> root,
             std::shared_ptr<std::set<const Json*>> read)
      : GoldenJson(*root, read), file_(file), root_(root), read_(read) {
    Leave({"source", "tolerance", "notes", "layout"});
  }

  void Collect(const Json& json, const std::string& pointer,
               std::vector<std::string>& unread) const {
    if (read_->count(&json) > 0) return;
    if (!json.is_structured()) {
      unread.push_back(pointer);
      return;
    }
    // Of an empty one there is nothing to use.
    for (const auto& item : json.items()) {
      Collect(item.value(), pointer + "/" + item.key(), unread);
    }
  }

  std::filesystem::path file_;
  std::shared_ptr<const Json> root_;
  std::shared_ptr<std::set<const Json*>> read_;
};

// The same for the arrays of a safetensors file.
class GoldenArrays {
 public:
  explicit GoldenArrays(const std::filesystem::path& file)
      : path_(file), file_(file) {}
  GoldenArrays(const GoldenArrays&) = delete;
  GoldenArrays& operator=(const GoldenArrays&) = delete;
  ~GoldenArrays() {
    std::vector<std::string> unread;
    for (const NamedArray& array : file_.arrays()) {
      if (read_.count(array.name) == 0) unread.push_back(array.name);
    }
    FailOnUnread(path_, unread);
  }

  bool Has(const std::string& name) const {
    for (const NamedArray& array : file_.arrays()) {
      if (array.name == name) return true;
    }
    return false;
  }
  const NamedArray& Get(const std::string& name) const {
    read_.insert(name);
    return file_.Get(name);
  }
  // Not compared here: arrays whose name has this end, or this start.
  void LeaveEnding(const std::string& end) const {
    for (const NamedArray& array : file_.arrays()) {
      const std::string& name = array.name;
      if (name.size() >= end.size() &&
          name.compare(name.size() - end.size(), end.npos, end) == 0) {
        read_.insert(name);
      }
    }
  }
  void LeaveStarting(const std::string& start) const {
    for (const NamedArray& array : file_.arrays()) {
      if (array.name.rfind(start, 0) == 0) read_.insert(array.name);
    }
  }

 private:
  std::filesystem::path path_;
  SafetensorsFile file_;
  mutable std::set<std::string> read_;
};

}  // namespace msdbench
