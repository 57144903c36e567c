#include "datasets/features/numpy.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "datasets/features/half.h"
#include "datasets/features/npy_header.h"
#include "datasets/text/utf8.h"
#include "reports/error.h"

namespace msdbench {
namespace {

using Kind = PickleValue::Kind;

Error Broken(const std::string& source, const std::string& what) {
  return DataError(
      fmt::format("{}: not a readable numpy array: {}", source, what));
}

// Bytes an element of "f4", "S7"; 0 for a type that is not read.
std::size_t ElementBytes(std::string_view dtype) {
  if (dtype.size() < 2) return 0;
  std::size_t bytes = 0;
  const char* end = dtype.data() + dtype.size();
  if (std::from_chars(dtype.data() + 1, end, bytes).ptr != end) return 0;
  switch (dtype[0]) {
    case 'f':
      return bytes == 2 || bytes == 4 || bytes == 8 ? bytes : 0;
    case 'i':
    case 'u':
      return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8 ? bytes : 0;
    case 'b':
      return bytes == 1 ? 1 : 0;
    case 'S':
      return bytes;
    default:
      return 0;
  }
}

void CheckSize(const NumpyArray& array, const std::string& source) {
  const std::size_t element = ElementBytes(array.dtype);
  if (element == 0) {
    throw Broken(source, fmt::format("elements of type \"{}\"", array.dtype));
  }
  std::size_t bytes = element;
  for (std::int64_t extent : array.shape) {
    if (extent < 0 || __builtin_mul_overflow(
                          bytes, static_cast<std::size_t>(extent), &bytes)) {
      throw Broken(source, "its shape overflows");
    }
  }
  if (bytes != array.bytes.size()) {
    throw Broken(source, fmt::format("{} bytes, its shape takes {}",
                                     array.bytes.size(), bytes));
  }
}

// "<f4" -> "f4". One-byte types and texts have no order.
std::string WithoutOrder(std::string_view descr, const std::string& source) {
  const char order = descr.empty() ? '\0' : descr[0];
  if (order == '>') throw Broken(source, "it is big-endian");
  if (order == '<' || order == '|' || order == '=') descr.remove_prefix(1);
  return std::string(descr);
}

bool IsNamed(const PickleValue& value, std::string_view module,
             std::string_view name) {
  // numpy 2 moved numpy.core to numpy._core.
  return value.IsGlobal(fmt::format("numpy.core.{}.{}", module, name)) ||
         value.IsGlobal(fmt::format("numpy._core.{}.{}", module, name));
}

const std::vector<const PickleValue*>& Arguments(const PickleValue& call,
                                                 std::size_t least,
                                                 const std::string& source) {
  const PickleValue& arguments = *call.items.at(1);
  if (arguments.kind != Kind::kTuple || arguments.items.size() < least) {
    throw Broken(source, "a call has too few arguments");
  }
  return arguments.items;
}

bool IsTrue(const PickleValue& value) {
  return (value.kind == Kind::kBool || value.IsInteger()) && value.integer != 0;
}

// numpy.dtype("f4", False, True) with its byte order in the state.
std::string DtypeOf(const PickleValue& value, const std::string& source) {
  if (!value.Calls("numpy.dtype")) throw Broken(source, "it has no dtype");
  const PickleValue& name = *Arguments(value, 1, source)[0];
  if (!name.IsText() && name.kind != Kind::kBytes) {
    throw Broken(source, "its dtype has no name");
  }
  std::string order;
  if (value.state != nullptr && value.state->kind == Kind::kTuple &&
      value.state->items.size() > 1) {
    order = value.state->items[1]->text;
  }
  return WithoutOrder(order + name.text, source);
}

std::vector<std::int64_t> ShapeOf(const PickleValue& value,
                                  const std::string& source) {
  if (value.kind != Kind::kTuple) throw Broken(source, "its shape is no tuple");
  std::vector<std::int64_t> shape;
  for (const PickleValue* extent : value.items) {
    if (!extent->IsInteger()) throw Broken(source, "its shape is no numbers");
    shape.push_back(extent->integer);
  }
  return shape;
}

// Protocol 2 has no bytes: _codecs.encode(text, "latin1") makes them.
void TakeBytes(const PickleValue& value, NumpyArray& array,
               const std::string& source) {
  if (value.kind == Kind::kBytes) {
    array.bytes = value.text;
    return;
  }
  if (!value.Calls("_codecs.encode")) {
    throw Broken(source, "its elements are no bytes");
  }
  const auto& arguments = Arguments(value, 2, source);
  if (!arguments[0]->IsText() || arguments[1]->text != "latin1") {
    throw Broken(source, "its elements are no bytes");
  }
  auto bytes = std::make_shared<std::string>();
  for (char32_t point : DecodeUtf8(arguments[0]->text)) {
    if (point > 0xff) throw Broken(source, "its elements are no bytes");
    bytes->push_back(static_cast<char>(point));
  }
  array.bytes = *bytes;
  array.decoded = std::move(bytes);
}

}  // namespace

NumpyArray ReadNpy(std::string_view file, const std::string& source) {
  const NpyHeader header = ReadNpyHeader(file, source);
  NumpyArray array;
  array.dtype = WithoutOrder(header.descr, source);
  array.shape = header.shape;
  array.column_major = header.fortran_order;
  array.bytes = file.substr(header.bytes);
  if (array.dtype != "O") CheckSize(array, source);
  return array;
}

NpyObject::NpyObject(std::string_view file, const std::string& source)
    : document_(
          [&] {
            const NumpyArray array = ReadNpy(file, source);
            if (array.dtype != "O" || !array.shape.empty()) {
              throw Broken(source, "one stored object is wanted");
            }
            return array.bytes;
          }(),
          source) {
  // An object array is pickled as any array, its elements in a list.
  const PickleValue& root = document_.root();
  const bool reconstructed =
      root.kind == Kind::kCall &&
      IsNamed(*root.items[0], "multiarray", "_reconstruct");
  if (!reconstructed || root.state == nullptr ||
      root.state->kind != Kind::kTuple || root.state->items.size() < 5 ||
      root.state->items[4]->items.size() != 1) {
    throw Broken(source, "one stored object is wanted");
  }
  value_ = root.state->items[4]->items[0];
}

std::optional<NumpyArray> ArrayOf(const PickleValue& value,
                                  const std::string& source) {
  if (value.kind != Kind::kCall) return std::nullopt;
  NumpyArray array;
  if (IsNamed(*value.items[0], "multiarray", "_reconstruct")) {
    // State: (version, shape, dtype, column-major, bytes).
    if (value.state == nullptr || value.state->kind != Kind::kTuple ||
        value.state->items.size() < 5) {
      throw Broken(source, "it has no state");
    }
    const auto& state = value.state->items;
    array.shape = ShapeOf(*state[1], source);
    array.dtype = DtypeOf(*state[2], source);
    array.column_major = IsTrue(*state[3]);
    TakeBytes(*state[4], array, source);
  } else if (IsNamed(*value.items[0], "numeric", "_frombuffer")) {
    // Protocol 5: (bytes, dtype, shape, order).
    const auto& arguments = Arguments(value, 4, source);
    TakeBytes(*arguments[0], array, source);
    array.dtype = DtypeOf(*arguments[1], source);
    array.shape = ShapeOf(*arguments[2], source);
    array.column_major = arguments[3]->text == "F";
  } else {
    return std::nullopt;
  }
  CheckSize(array, source);
  return array;
}

std::optional<std::int64_t> IntegerOf(const PickleValue& value,
                                      const std::string& source) {
  if (value.IsInteger()) return value.integer;
  if (value.kind != Kind::kCall ||
      !IsNamed(*value.items[0], "multiarray", "scalar")) {
    return std::nullopt;
  }
  const auto& arguments = Arguments(value, 2, source);
  NumpyArray scalar;
  scalar.dtype = DtypeOf(*arguments[0], source);
  if (scalar.dtype[0] != 'i' && scalar.dtype[0] != 'u') return std::nullopt;
  TakeBytes(*arguments[1], scalar, source);
  CheckSize(scalar, source);
  std::uint64_t bits = 0;
  std::memcpy(&bits, scalar.bytes.data(), scalar.bytes.size());
  const unsigned unused = 64 - 8 * static_cast<unsigned>(scalar.bytes.size());
  bits <<= unused;
  return scalar.dtype[0] == 'i' ? static_cast<std::int64_t>(bits) >> unused
                                : static_cast<std::int64_t>(bits >> unused);
}

const PickleValue* Find(const PickleValue& dictionary, std::string_view key) {
  for (const auto& [name, value] : dictionary.entries) {
    if ((name->IsText() || name->kind == Kind::kBytes) && name->text == key) {
      return value;
    }
  }
  return nullptr;
}

std::vector<float> FloatsOf(const NumpyArray& array,
                            const std::string& source) {
  if (array.column_major && array.shape.size() > 1) {
    throw Broken(source,
                 "it is stored column by column; save "
                 "numpy.ascontiguousarray of it");
  }
  const auto convert = [&](auto element, auto to_float) {
    constexpr std::size_t kBytes = sizeof(element);
    std::vector<float> values(array.bytes.size() / kBytes);
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::memcpy(&element, array.bytes.data() + i * kBytes, kBytes);
      values[i] = to_float(element);
    }
    return values;
  };
  const auto narrow = [](auto value) { return static_cast<float>(value); };
  if (array.dtype == "f4") return convert(float{}, narrow);
  if (array.dtype == "f2") return convert(std::uint16_t{}, HalfToFloat);
  if (array.dtype == "f8") return convert(double{}, narrow);
  throw Broken(source, fmt::format("elements of type \"{}\", allowed: f2, f4, "
                                   "f8",
                                   array.dtype));
}

}  // namespace msdbench
