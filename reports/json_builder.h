// One JSON value put together from the parser's events, with the limits that
// foreign files need.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "reports/json_file.h"

namespace msdbench {

// A SAX handler of nlohmann's parser: Json::sax_parse(input, &builder). It is
// stopped by a key given twice in one object, since the second value would
// silently win; by nesting deeper than 200 levels, since later walks are
// recursive; by more than 10,000 keys in one object, since Json searches them
// one by one.
class JsonBuilder {
 public:
  // Ready for the next value.
  void Clear();
  // A value is there and none of its containers is open.
  bool complete() const { return complete_; }
  const Json& value() const { return value_; }
  Json Take() { return std::move(value_); }
  // What stopped the parser, in one line, and the byte (from 1) where that is
  // known; empty and 0 while all is well.
  const std::string& fault() const { return fault_; }
  std::size_t fault_byte() const { return fault_byte_; }

  bool null() { return Put(nullptr); }
  bool boolean(bool value) { return Put(value); }
  bool number_integer(std::int64_t value) { return Put(value); }
  bool number_unsigned(std::uint64_t value) { return Put(value); }
  bool number_float(double value, const std::string&) { return Put(value); }
  bool string(std::string& value) { return Put(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }  // never in text
  bool start_object(std::size_t) { return Open(/*is_object=*/true); }
  bool start_array(std::size_t) { return Open(/*is_object=*/false); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }
  bool key(std::string& key);
  bool parse_error(std::size_t byte, const std::string& token,
                   const Json::exception& error);

 private:
  // An object or array that is not closed yet. Json's own objects copy all they
  // hold whenever they grow, so they are made last, at their full size.
  struct Container {
    bool is_object;
    std::string key;  // of the member that comes next
    std::vector<std::pair<std::string, Json>> members;
    Json::array_t items;
  };

  bool Put(Json value);
  bool Open(bool is_object);
  bool Close();

  Json value_;
  bool complete_ = false;
  std::vector<Container> open_;
  std::string fault_;
  std::size_t fault_byte_ = 0;
};

// The parser's own words without its prefix and position, cut to one line.
std::string ReasonOf(const Json::exception& error);

}  // namespace msdbench
