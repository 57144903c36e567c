// What a reader process and its owner tell each other: texts through a socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "datasets/reader_process/reader_process.h"

namespace msdbench {

// The first text of an answer: what the others are.
inline constexpr char kFine[] = "fine";           // the answer itself
inline constexpr char kError[] = "error";         // exit code and message
inline constexpr char kNoMemory[] = "no memory";  // nothing

// Its length in bytes, then each text behind its own length.
std::string Packed(const ReaderProcess::Message& message);
// A message without the length. Nothing where the lengths do not fit: a child
// may have lost its mind before it crashes.
std::optional<ReaderProcess::Message> Unpacked(std::string_view bytes);

// Whether all went out.
bool Send(int socket, std::string_view bytes);

enum class Received { kWhole, kEnd, kTooLate, kTooLong };

// The bytes behind the length of the next message, of at most `most`. Takes
// what it waited from `waiting`, in whole seconds; time in which the program
// was stopped or asleep does not count.
Received Receive(int socket, std::uint64_t most, std::chrono::seconds& waiting,
                 std::string* body);

}  // namespace msdbench
