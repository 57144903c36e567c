// The child of a reader process.
#pragma once

#include <string>

#include "datasets/reader_process/reader_process.h"

namespace msdbench {

// Called in a process that was just forked, with its end of the socket: gives
// back what it inherited, answers until its owner closes the other end, and
// ends. The first request opens, and is answered by nothing.
[[noreturn]] void ServeAsChild(int socket, const std::string& file,
                               const ReaderProcess::Open& open,
                               const ReaderLimits& limits);

}  // namespace msdbench
