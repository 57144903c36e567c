// Numpy arrays in foreign bytes: the .npy format (numpy.lib.format, versions 1
// to 3) and arrays that Python pickled. Nothing in a file is run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/features/pickle.h"

namespace msdbench {

struct NumpyArray {
  std::string dtype;  // kind and bytes an element: "f4", "i8"; "O" = objects
  std::vector<std::int64_t> shape;
  bool column_major = false;
  // The elements, little-endian, as many as the shape says; of objects, the
  // pickle that holds them.
  std::string_view bytes;
  std::shared_ptr<const std::string> decoded;  // owns `bytes` where not null
};

// A whole .npy file. `source` names it in errors. Throws DataError where the
// header is broken, the shape does not fit the bytes, or the type is one that
// is not read (structures, complex numbers, big-endian).
NumpyArray ReadNpy(std::string_view file, const std::string& source);

// The one object in a .npy file of an object array without dimensions
// (numpy.save of a dictionary). Throws DataError.
class NpyObject {
 public:
  NpyObject(std::string_view file, const std::string& source);
  const PickleValue& value() const { return *value_; }

 private:
  PickleDocument document_;
  const PickleValue* value_ = nullptr;
};

// The array that a pickled value describes, its bytes in the value; none where
// it describes something else. Throws DataError where the array is broken.
std::optional<NumpyArray> ArrayOf(const PickleValue& value,
                                  const std::string& source);

// A whole number, Python's or numpy's own; none where it is something else.
std::optional<std::int64_t> IntegerOf(const PickleValue& value,
                                      const std::string& source);

// A key of a dictionary, as text or, by Python 2, bytes. Null without it.
const PickleValue* Find(const PickleValue& dictionary, std::string_view key);

// Elements of dtype f2, f4 or f8, row-major. Throws DataError for others.
std::vector<float> FloatsOf(const NumpyArray& array, const std::string& source);

}  // namespace msdbench
