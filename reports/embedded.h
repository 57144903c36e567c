// Text files compiled into the program (JSON schemas, suites).
#pragma once

#include <string_view>
#include <vector>

namespace msdbench {

struct EmbeddedFile {
  std::string_view name;  // file name without folder, "record.schema.json"
  std::string_view text;
};

}  // namespace msdbench
