// Which msdbench this is. Defined in a file that every build brings up to
// date: see cmake/WriteVersion.cmake.
#pragma once

#include <string_view>

namespace msdbench {

std::string_view Version();  // "0.1.0"

// Short commit hash, "+changes" behind it when sources differ from that
// commit, "unknown" outside git.
std::string_view Revision();

}  // namespace msdbench
