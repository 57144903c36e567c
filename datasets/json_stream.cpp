#include "datasets/json_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <istream>
#include <streambuf>
#include <utility>
#include <vector>

#include "reports/digest.h"
#include "reports/input_file.h"
#include "reports/json_builder.h"

namespace msdbench {
namespace {

// A file's bytes in large pieces, hashed as they pass.
class HashedFile : public std::streambuf {
 public:
  explicit HashedFile(const std::filesystem::path& file) : in_(file) {
    constexpr std::uint64_t kMost = 1 << 18;
    buffer_.resize(std::clamp<std::uint64_t>(in_.size(), 1, kMost));
  }
  // After the last byte.
  std::string Hex() { return digest_.Hex(); }

 protected:
  int_type underflow() override {
    const std::size_t count = in_.Read(buffer_.data(), buffer_.size());
    if (count == 0) return traits_type::eof();
    digest_.Update(buffer_.data(), count);
    setg(buffer_.data(), buffer_.data(), buffer_.data() + count);
    return traits_type::to_int_type(buffer_.front());
  }

 private:
  InputFile in_;
  std::vector<char> buffer_;
  Sha256 digest_;
};

// The parser's events: those of an item of the array build that item, all
// others only move through the document.
class ArrayReader {
 public:
  ArrayReader(std::string file, const std::string& key,
              const std::function<void(const JsonRecord&)>& use,
              const OnFault& on_fault)
      : file_(std::move(file)),
        key_(key),
        place_("/" + key + "/"),
        use_(use),
        on_fault_(on_fault) {}

  bool found() const { return found_; }
  // Why the parser stopped.
  std::string Fault() const {
    if (syntax_.fault_byte() > 0) {
      return fmt::format("{}: not valid JSON at byte {}: {}", file_,
                         syntax_.fault_byte(), syntax_.fault());
    }
    return fmt::format("{}: {}{}: {}", file_, place_, number_, item_.fault());
  }

  bool null() { return in_item_ ? item_.null() : Pass(nullptr); }
  bool boolean(bool value) {
    return in_item_ ? item_.boolean(value) : Pass(value);
  }
  bool number_integer(std::int64_t value) {
    return in_item_ ? item_.number_integer(value) : Pass(value);
  }
  bool number_unsigned(std::uint64_t value) {
    return in_item_ ? item_.number_unsigned(value) : Pass(value);
  }
  bool number_float(double value, const std::string& text) {
    return in_item_ ? item_.number_float(value, text) : Pass(value);
  }
  bool string(std::string& value) {
    return in_item_ ? item_.string(value) : Pass(value);
  }
  bool binary(Json::binary_t&) { return false; }  // never in text
  bool key(std::string& key) {
    if (in_item_) return item_.key(key);
    if (depth_ == 1) under_key_ = key == key_;
    return true;
  }
  bool start_object(std::size_t size) {
    if (!in_item_ && AtItem()) {
      item_.Clear();
      in_item_ = true;
    }
    if (in_item_) return item_.start_object(size);
    ++depth_;
    return true;
  }
  bool end_object() {
    if (!in_item_) return Leave();
    item_.end_object();
    if (!item_.complete()) return true;
    in_item_ = false;
    Use(item_.value());
    return true;
  }
  bool start_array(std::size_t size) {
    if (in_item_) return item_.start_array(size);
    if (AtItem()) {
      Refuse(fmt::format("{}: {}{}: must be a JSON object, got an array", file_,
                         place_, number_));
      ++number_;
    }
    if (depth_ == 1 && under_key_) in_array_ = found_ = true;
    ++depth_;
    return true;
  }
  bool end_array() { return in_item_ ? item_.end_array() : Leave(); }
  bool parse_error(std::size_t byte, const std::string& token,
                   const Json::exception& error) {
    return syntax_.parse_error(byte, token, error);
  }

 private:
  bool AtItem() const { return in_array_ && depth_ == 2; }

  // A value that is no container, outside of any item.
  bool Pass(const Json& value) {
    if (AtItem()) Use(value);
    return true;
  }

  bool Leave() {
    if (--depth_ == 1) in_array_ = false;
    return true;
  }

  void Use(const Json& item) {
    try {
      use_(JsonRecord(item, file_, place_.c_str(), number_));
    } catch (const Error& error) {
      if (!on_fault_ || error.code() != ExitCode::kData) throw;
      on_fault_(error.what());
    }
    ++number_;
  }

  void Refuse(const std::string& what) const {
    if (!on_fault_) throw DataError(what);
    on_fault_(what);
  }

  const std::string file_;
  const std::string& key_;
  const std::string place_;
  const std::function<void(const JsonRecord&)>& use_;
  const OnFault& on_fault_;
  JsonBuilder item_, syntax_;
  bool in_item_ = false, under_key_ = false, in_array_ = false, found_ = false;
  std::int64_t depth_ = 0, number_ = 0;  // containers open outside of items
};

}  // namespace

std::string ReadJsonArray(const std::filesystem::path& file,
                          const std::string& key,
                          const std::function<void(const JsonRecord&)>& use,
                          const OnFault& on_fault) {
  HashedFile bytes(file);
  std::istream in(&bytes);
  ArrayReader reader(file.string(), key, use, on_fault);
  if (!Json::sax_parse(in, &reader)) throw DataError(reader.Fault());
  if (!reader.found()) {
    throw DataError(fmt::format("{}: expected an object with an array \"{}\"",
                                file.string(), key));
  }
  return bytes.Hex();
}

}  // namespace msdbench
