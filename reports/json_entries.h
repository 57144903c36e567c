// JSON objects of many keys, read one entry at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "reports/json_file.h"

namespace msdbench {

// Calls `use` with each key and value of the object that `text` is, in order,
// in memory and time that grow with the largest value and with the text alone.
// A value has at most 10,000 parts; its nesting and keys are limited as
// JsonBuilder does. Returns what is wrong with the text, in one line, or "".
std::string ForEachEntry(
    std::string_view text,
    const std::function<void(const std::string& key, const Json& value)>& use);

}  // namespace msdbench
