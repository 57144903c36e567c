#include "reports/safetensors.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "reports/input_file.h"
#include "reports/json_entries.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

constexpr std::uint64_t kMostHeaderBytes = 100'000'000;  // the format's own

// What a seal is while the file is hashed.
const std::string kNoSeal(64, '0');

// Where the seal's value begins in a file's first bytes; npos without one.
std::size_t PlaceOfSeal(std::string_view start, std::string_view value) {
  const std::string entry = fmt::format("\"{}\":\"{}\"", kSeal, value);
  const std::size_t place = start.find(entry);
  return place == start.npos ? place : place + entry.size() - 1 - value.size();
}

// Product of the shape and the element size; false when it overflows.
bool ByteSize(const std::vector<std::int64_t>& shape, std::size_t element,
              std::size_t* bytes) {
  std::size_t total = element;
  for (std::int64_t extent : shape) {
    if (extent < 0 || __builtin_mul_overflow(
                          total, static_cast<std::size_t>(extent), &total)) {
      return false;
    }
  }
  *bytes = total;
  return true;
}

// The JSON library would read 2.5 as 2 and true as 1.
bool AreWholeNumbers(const Json& list) {
  return list.is_array() &&
         std::all_of(list.begin(), list.end(), [](const Json& entry) {
           return entry.is_number_integer();
         });
}

}  // namespace

std::size_t DtypeBytes(std::string_view dtype) {
  static const std::map<std::string_view, std::size_t> kBytes = {
      {"F64", 8}, {"I64", 8}, {"U64", 8},  {"F32", 4},     {"I32", 4},
      {"U32", 4}, {"F16", 2}, {"BF16", 2}, {"I16", 2},     {"U16", 2},
      {"I8", 1},  {"U8", 1},  {"BOOL", 1}, {"F8_E4M3", 1}, {"F8_E5M2", 1}};
  const auto place = kBytes.find(dtype);
  return place == kBytes.end() ? 0 : place->second;
}

struct SafetensorsFile::Map {
  const char* data = nullptr;
  std::size_t size = 0;

  explicit Map(const std::filesystem::path& file) {
    const InputFile opened(file);
    size = opened.size();
    void* mapped = size == 0 ? MAP_FAILED
                             : mmap(nullptr, size, PROT_READ, MAP_PRIVATE,
                                    opened.handle(), 0);
    if (mapped == MAP_FAILED) {
      throw DataError(file.string() + ": empty or cannot be mapped");
    }
    data = static_cast<const char*>(mapped);
  }
  ~Map() { munmap(const_cast<char*>(data), size); }
  Map(const Map&) = delete;
  Map& operator=(const Map&) = delete;
};

SafetensorsFile::SafetensorsFile(const std::filesystem::path& file)
    : map_(std::make_shared<Map>(file)), source_(file.string()) {
  const auto fail = [&](const std::string& what) {
    return DataError(source_ + ": not a sound safetensors file: " + what);
  };
  if (map_->size < 8) throw fail("shorter than its 8-byte header length");
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, map_->data, 8);
  if (header_bytes >
      std::min<std::uint64_t>(kMostHeaderBytes, map_->size - 8)) {
    throw fail(fmt::format("header of {} bytes in a file of {}", header_bytes,
                           map_->size));
  }
  const std::size_t start = 8 + static_cast<std::size_t>(header_bytes);
  const std::size_t room = map_->size - start;
  struct Range {
    std::size_t begin, end;
    std::string name;
  };
  std::vector<Range> ranges;
  std::set<std::string> names;
  const auto read = [&](const std::string& name, const Json& entry) {
    if (!names.insert(name).second) {
      throw fail("its header names an array twice: \"" + name + "\"");
    }
    if (name == "__metadata__") {
      if (!entry.is_object()) throw fail("its metadata is not an object");
      for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) throw fail("metadata " + key + " is no text");
        metadata_[key] = value.get<std::string>();
      }
      return;
    }
    NamedArray array;
    array.name = name;
    std::vector<std::size_t> offsets;
    try {
      array.dtype = entry.at("dtype").get<std::string>();
      if (!AreWholeNumbers(entry.at("shape")) ||
          !AreWholeNumbers(entry.at("data_offsets"))) {
        throw fail(name +
                   ": its shape and data_offsets must be lists of whole "
                   "numbers");
      }
      array.shape = entry.at("shape").get<std::vector<std::int64_t>>();
      offsets = entry.at("data_offsets").get<std::vector<std::size_t>>();
    } catch (const nlohmann::json::exception&) {
      throw fail(name + " lacks dtype, shape or data_offsets");
    }
    const std::size_t element = DtypeBytes(array.dtype);
    if (element == 0) throw fail(name + " has unknown dtype " + array.dtype);
    if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > room) {
      throw fail(name + " lies outside the file");
    }
    if (!ByteSize(array.shape, element, &array.bytes) ||
        array.bytes != offsets[1] - offsets[0]) {
      throw fail(name + ": its shape does not fit its bytes");
    }
    array.data = map_->data + start + offsets[0];
    if (array.bytes > 0) ranges.push_back({offsets[0], offsets[1], name});
    places_[name] = arrays_.size();
    arrays_.push_back(std::move(array));
  };
  const std::string fault = ForEachEntry(
      {map_->data + 8, static_cast<std::size_t>(header_bytes)}, read);
  if (!fault.empty()) throw fail("its header is not a JSON object: " + fault);
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.begin < b.begin; });
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].begin < ranges[i - 1].end) {
      throw fail("arrays overlap: " + ranges[i - 1].name + " and " +
                 ranges[i].name);
    }
  }
}

const NamedArray& SafetensorsFile::Get(const std::string& name) const {
  const auto place = places_.find(name);
  if (place == places_.end()) {
    throw DataError(source_ + ": has no array \"" + name + "\"");
  }
  return arrays_[place->second];
}

void SafetensorsFile::CheckSeal(
    const std::function<void(std::size_t)>& progress) const {
  const auto seal = metadata_.find(kSeal);
  const std::string_view whole(map_->data, map_->size);
  const std::size_t place =
      seal == metadata_.end() || seal->second.size() != kNoSeal.size()
          ? whole.npos
          : PlaceOfSeal(whole.substr(0, kMostHeaderBytes), seal->second);
  if (place == whole.npos) {
    throw DataError(source_ + ": has no checksum of its own");
  }
  Sha256 digest;
  digest.Update(whole.substr(0, place)).Update(kNoSeal);
  constexpr std::size_t kPiece = std::size_t{16} << 20;
  for (std::size_t from = place + kNoSeal.size(); from < whole.size();
       from += kPiece) {
    digest.Update(whole.substr(from, kPiece));
    if (progress) progress(std::min(from + kPiece, whole.size()));
  }
  if (digest.Hex() != seal->second) {
    throw DataError(source_ + ": its bytes are not what was written");
  }
}

std::string SafetensorsHeader(
    const std::vector<NamedArray>& arrays,
    const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (const NamedArray& array : arrays) {
    header[array.name] = {{"dtype", array.dtype},
                          {"shape", array.shape},
                          {"data_offsets", {offset, offset + array.bytes}}};
    offset += array.bytes;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  std::string start(reinterpret_cast<const char*>(&length), 8);
  return start + text;
}

SafetensorsWriter::SafetensorsWriter(
    const std::filesystem::path& file, const std::vector<NamedArray>& arrays,
    const std::map<std::string, std::string>& metadata)
    : out_(file) {
  auto with_place = metadata;
  const auto seal = with_place.find(kSeal);
  if (seal != with_place.end()) seal->second = kNoSeal;
  const std::string start = SafetensorsHeader(arrays, with_place);
  if (seal != with_place.end()) seal_at_ = PlaceOfSeal(start, kNoSeal);
  Write(start);
}

void SafetensorsWriter::Write(std::string_view bytes) {
  out_.Write(bytes);
  if (seal_at_ > 0) digest_.Update(bytes);
}

void SafetensorsWriter::Commit() {
  if (seal_at_ > 0) out_.Replace(seal_at_, digest_.Hex());
  out_.Commit();
}

void WriteSafetensors(const std::filesystem::path& file,
                      const std::vector<NamedArray>& arrays,
                      const std::map<std::string, std::string>& metadata) {
  SafetensorsWriter writer(file, arrays, metadata);
  for (const NamedArray& array : arrays) {
    writer.Write({static_cast<const char*>(array.data), array.bytes});
  }
  writer.Commit();
}

}  // namespace msdbench
