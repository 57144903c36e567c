#include "datasets/reader_process/message.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace msdbench {
namespace {

using Message = ReaderProcess::Message;

void AddNumber(std::string& bytes, std::uint64_t number) {
  std::array<char, sizeof(number)> raw;
  std::memcpy(raw.data(), &number, sizeof(number));
  bytes.append(raw.data(), raw.size());
}

std::uint64_t NumberAt(std::string_view bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof(number));
  return number;
}
constexpr std::size_t kNumberBytes = sizeof(std::uint64_t);

Received ReceiveBytes(int socket, char* out, std::size_t size,
                      std::chrono::seconds& waiting) {
  while (size > 0) {
    pollfd ready = {socket, POLLIN, 0};
    const int count = poll(&ready, 1, 1000);
    if (count == 0 && --waiting <= std::chrono::seconds(0)) {
      return Received::kTooLate;
    }
    if (count <= 0) continue;
    const ssize_t received = recv(socket, out, size, 0);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return Received::kEnd;
    out += received;
    size -= static_cast<std::size_t>(received);
  }
  return Received::kWhole;
}

}  // namespace

std::string Packed(const Message& message) {
  std::uint64_t size = 0;
  for (const std::string& text : message) size += kNumberBytes + text.size();
  std::string bytes;
  bytes.reserve(kNumberBytes + size);
  AddNumber(bytes, size);
  for (const std::string& text : message) {
    AddNumber(bytes, text.size());
    bytes += text;
  }
  return bytes;
}

std::optional<Message> Unpacked(std::string_view bytes) {
  Message message;
  while (!bytes.empty()) {
    if (bytes.size() < kNumberBytes) return std::nullopt;
    const std::uint64_t size = NumberAt(bytes);
    bytes.remove_prefix(kNumberBytes);
    if (size > bytes.size()) return std::nullopt;
    message.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return message;
}

bool Send(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

Received Receive(int socket, std::uint64_t most, std::chrono::seconds& waiting,
                 std::string* body) {
  std::array<char, kNumberBytes> head;
  const Received received =
      ReceiveBytes(socket, head.data(), head.size(), waiting);
  if (received != Received::kWhole) return received;
  const std::uint64_t size = NumberAt({head.data(), head.size()});
  if (size > most) return Received::kTooLong;
  body->resize(size);
  return ReceiveBytes(socket, body->data(), size, waiting);
}

}  // namespace msdbench
