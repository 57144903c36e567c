// Libraries that crash, hang or ask for all memory on damaged files (HDF5,
// LMDB), called in a process of their own.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace msdbench {

// What one request may cost the child.
struct ReaderLimits {
  std::chrono::milliseconds computing{5'000};     // a slow disk does not count
  std::chrono::seconds waiting{600};              // everything counts
  std::uint64_t memory = std::uint64_t{2} << 30;  // bytes beyond the start's
  std::uint64_t answer = std::uint64_t{1} << 30;  // bytes
};

// A child that opened one file and answers one request after another. It is a
// fork of this process, so nothing needs to be installed and it starts in
// milliseconds; it ends with its owner. One that crashed is replaced at the
// next request. Any number of threads may call.
class ReaderProcess {
 public:
  using Message = std::vector<std::string>;
  // Both run in the child, where other threads do not exist: they may call the
  // library and allocate, but take no lock and print nothing. What they throw
  // is thrown by the request.
  using Answer = std::function<Message(const Message& request)>;
  using Open = std::function<Answer()>;

  // `library` as messages call it. Throws what `open` throws.
  ReaderProcess(std::string file, std::string library, Open open,
                const ReaderLimits& limits = {});
  ~ReaderProcess();
  ReaderProcess(const ReaderProcess&) = delete;
  ReaderProcess& operator=(const ReaderProcess&) = delete;

  // Throws what the child threw, or a DataError "FILE: WHAT: the library
  // crashed" when it died, took too long or too much memory. A file that was
  // the end of a few children, or on which one hung, is not tried again.
  Message Ask(const Message& request, const std::string& what);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace msdbench
