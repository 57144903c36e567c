#include "datasets/hdf5/hdf5_file.h"

#ifdef MSDBENCH_HDF5

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "datasets/hdf5/hdf5_reader.h"
#include "datasets/reader_process/reader_process.h"
#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {
namespace {

using Message = ReaderProcess::Message;

// The first text of a request: which method of the reader.
constexpr char kExpect[] = "expect", kIntegers[] = "integers",
               kLists[] = "lists", kTexts[] = "texts", kText[] = "text",
               kSplits[] = "splits";

std::int64_t Number(const std::string& text) {
  return std::strtoll(text.c_str(), nullptr, 10);
}

// In the child.
Message Answer(Hdf5Reader& reader, const Message& request) {
  const std::string& method = request.at(0);
  const auto number = [&](std::size_t i) { return Number(request.at(i)); };
  if (method == kExpect) {
    Message answer;
    for (const std::int64_t size :
         reader.Expect(request.at(1), static_cast<Hdf5File::Kind>(number(2)),
                       static_cast<std::size_t>(number(3)))) {
      answer.push_back(std::to_string(size));
    }
    return answer;
  }
  if (method == kIntegers) {
    return {reader.ReadIntegers(request.at(1), number(2), number(3))};
  }
  if (method == kLists) {
    return reader.ReadLists(request.at(1), number(2), number(3));
  }
  if (method == kTexts) {
    return reader.ReadTexts(request.at(1), number(2), number(3));
  }
  Message answer;
  if (method == kText) {
    if (auto text = reader.TextAttribute(request.at(1), request.at(2))) {
      answer.push_back(*std::move(text));
    }
  } else if (auto splits = reader.FuelSplits()) {
    for (Hdf5File::FuelSplit& split : *splits) {
      answer.push_back(std::move(split.split));
      answer.push_back(std::move(split.source));
      answer.push_back(std::to_string(split.start));
      answer.push_back(std::to_string(split.stop));
      answer.push_back(split.has_indices ? "1" : "0");
    }
  }
  return answer;
}

std::string RowsText(const std::string& set, std::int64_t first,
                     std::int64_t rows) {
  return fmt::format("data set \"{}\": row{} {} cannot be read", set,
                     rows == 1 ? "" : "s from", first);
}

std::vector<std::int32_t> IntegersIn(const std::string& bytes) {
  std::vector<std::int32_t> integers(bytes.size() / sizeof(std::int32_t));
  std::memcpy(integers.data(), bytes.data(),
              integers.size() * sizeof(std::int32_t));
  return integers;
}

}  // namespace

bool HasHdf5() { return true; }

struct Hdf5File::State {
  explicit State(const std::string& name)
      : file(name),
        process(name, "the HDF5 library", [name]() -> ReaderProcess::Answer {
          auto reader = std::make_shared<Hdf5Reader>(name);
          return [reader](const Message& request) {
            return Answer(*reader, request);
          };
        }) {}

  // As many texts as rows are asked for.
  Message Rows(const char* method, const std::string& set, std::int64_t first,
               std::int64_t rows, std::size_t texts) {
    const std::string what = RowsText(set, first, rows);
    Message answer = process.Ask(
        {method, set, std::to_string(first), std::to_string(rows)}, what);
    if (answer.size() != texts) throw OtherThanBefore(what);
    return answer;
  }

  // As of a file that was changed while it was read.
  Error OtherThanBefore(const std::string& what) const {
    return DataError(
        fmt::format("{}: {}: it is not as large as before", file, what));
  }

  std::string file;
  ReaderProcess process;
};

Hdf5File::Hdf5File(const std::filesystem::path& file) : name_(file.string()) {
  // The library would wait for a FIFO, and says little of what it cannot open.
  InputFile{file};
  state_ = std::make_unique<State>(name_);
}
Hdf5File::~Hdf5File() = default;
Hdf5File::Hdf5File(Hdf5File&&) noexcept = default;
Hdf5File& Hdf5File::operator=(Hdf5File&&) noexcept = default;

Hdf5File::Shape Hdf5File::Expect(const std::string& set, Kind kind,
                                 std::size_t rank) {
  const Message answer = state_->process.Ask(
      {kExpect, set, std::to_string(static_cast<int>(kind)),
       std::to_string(rank)},
      fmt::format("data set \"{}\": cannot be opened", set));
  Shape shape;
  for (const std::string& size : answer) shape.push_back(Number(size));
  return shape;
}

void Hdf5File::ReadIntegers(const std::string& set, std::int64_t first,
                            std::int64_t rows, std::size_t values,
                            std::int32_t* out) {
  const std::string bytes = state_->Rows(kIntegers, set, first, rows, 1)[0];
  if (bytes.size() != values * sizeof(*out)) {
    throw state_->OtherThanBefore(RowsText(set, first, rows));
  }
  std::memcpy(out, bytes.data(), bytes.size());
}

std::vector<std::vector<std::int32_t>> Hdf5File::ReadLists(
    const std::string& set, std::int64_t first, std::int64_t rows) {
  std::vector<std::vector<std::int32_t>> lists;
  for (const std::string& bytes :
       state_->Rows(kLists, set, first, rows, static_cast<std::size_t>(rows))) {
    lists.push_back(IntegersIn(bytes));
  }
  return lists;
}

std::vector<std::string> Hdf5File::ReadTexts(const std::string& set,
                                             std::int64_t first,
                                             std::int64_t rows) {
  return state_->Rows(kTexts, set, first, rows, static_cast<std::size_t>(rows));
}

std::optional<std::string> Hdf5File::TextAttribute(
    const std::string& set, const std::string& attribute) {
  Message answer = state_->process.Ask(
      {kText, set, attribute},
      fmt::format("data set \"{}\": its attribute \"{}\" cannot be read", set,
                  attribute));
  if (answer.empty()) return std::nullopt;
  return std::move(answer[0]);
}

std::optional<std::vector<Hdf5File::FuelSplit>> Hdf5File::FuelSplits() {
  Message answer = state_->process.Ask(
      {kSplits}, "the root's attribute \"split\" cannot be read");
  if (answer.empty()) return std::nullopt;
  std::vector<FuelSplit> splits;
  for (std::size_t at = 0; at + 4 < answer.size(); at += 5) {
    splits.push_back({std::move(answer[at]), std::move(answer[at + 1]),
                      Number(answer[at + 2]), Number(answer[at + 3]),
                      answer[at + 4] == "1"});
  }
  return splits;
}

}  // namespace msdbench

#endif  // MSDBENCH_HDF5
