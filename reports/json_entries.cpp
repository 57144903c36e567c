#include "reports/json_entries.h"

#include <fmt/format.h>

#include <cstdint>

#include "reports/json_builder.h"

namespace msdbench {
namespace {

constexpr std::size_t kMostParts = 10000;

using Use = std::function<void(const std::string&, const Json&)>;

// The parser's events: the object itself, or those of the entry being built.
class Reader {
 public:
  explicit Reader(const Use& use) : use_(use) {}

  std::string Fault() const {
    return fault_.empty() ? builder_.fault() : fault_;
  }

  bool null() {
    return Part([&] { return builder_.null(); });
  }
  bool boolean(bool value) {
    return Part([&] { return builder_.boolean(value); });
  }
  bool number_integer(std::int64_t value) {
    return Part([&] { return builder_.number_integer(value); });
  }
  bool number_unsigned(std::uint64_t value) {
    return Part([&] { return builder_.number_unsigned(value); });
  }
  bool number_float(double value, const std::string& text) {
    return Part([&] { return builder_.number_float(value, text); });
  }
  bool string(std::string& value) {
    return Part([&] { return builder_.string(value); });
  }
  bool binary(Json::binary_t&) { return false; }  // never in text
  bool start_object(std::size_t size) {
    if (!inside_) return inside_ = true;
    return Part([&] { return builder_.start_object(size); });
  }
  bool start_array(std::size_t size) {
    return Part([&] { return builder_.start_array(size); });
  }
  bool end_object() {
    if (!in_entry_) return true;  // the object's own end
    return Part([&] { return builder_.end_object(); });
  }
  bool end_array() {
    return Part([&] { return builder_.end_array(); });
  }
  bool key(std::string& key) {
    if (in_entry_) return builder_.key(key);
    key_ = std::move(key);
    builder_.Clear();
    parts_ = 0;
    return true;
  }
  bool parse_error(std::size_t byte, const std::string& token,
                   const Json::exception& error) {
    builder_.parse_error(byte, token, error);
    fault_ =
        fmt::format("not valid JSON at byte {}: {}", byte, builder_.fault());
    return false;
  }

 private:
  template <typename Add>
  bool Part(const Add& add) {
    if (!inside_) {
      fault_ = "not a JSON object";
      return false;
    }
    if (++parts_ > kMostParts) {
      fault_ = fmt::format("more than {} parts in one entry", kMostParts);
      return false;
    }
    in_entry_ = true;
    if (!add()) return false;
    if (!builder_.complete()) return true;
    in_entry_ = false;
    use_(key_, builder_.value());
    return true;
  }

  const Use& use_;
  JsonBuilder builder_;
  std::string key_, fault_;
  std::size_t parts_ = 0;
  bool inside_ = false, in_entry_ = false;
};

}  // namespace

std::string ForEachEntry(std::string_view text, const Use& use) {
  Reader reader(use);
  return Json::sax_parse(text, &reader) ? "" : reader.Fault();
}

}  // namespace msdbench
