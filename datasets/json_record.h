// One JSON object of an annotation file, read field by field with checks.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "reports/json_file.h"

namespace msdbench {

// Told in one line what is wrong with a record, where reading goes on all the
// same; the loaders stop instead.
using OnFault = std::function<void(const std::string& what)>;

// A view: the JSON and the file name must outlive it. Every method throws
// DataError "FILE: PLACE: what is wrong, what is allowed".
class JsonRecord {
 public:
  // `place` and `number` name the record inside the file: ("line ", 12) or
  // ("/annotations/", 3); a null place means that the file is the record.
  // Throws when `json` is not an object.
  JsonRecord(const Json& json, const std::string& file,
             const char* place = nullptr, std::int64_t number = 0);

  // Null when the field is missing or JSON null.
  const Json* Find(const char* key) const;

  const std::string& Text(const char* key) const;
  std::int64_t Integer(const char* key) const;
  // A string as it is or an integer in decimal; neither may be empty.
  std::string Id(const char* key) const;
  std::vector<std::string> Texts(const char* key) const;
  // A file name below the data set's root: relative, without "..".
  const std::string& RelativePath(const char* key) const;

  std::string Where() const;
  [[noreturn]] void Fail(const std::string& what) const;
  // Fails with the field's value and what it should have been.
  [[noreturn]] void FailField(const char* key,
                              const std::string& expected) const;

 private:
  const Json& json_;
  const std::string& file_;
  const char* place_;
  std::int64_t number_;
};

}  // namespace msdbench
