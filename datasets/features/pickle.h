// A reader of Python pickles (protocols 0 to 5, what Python 3 stores tensors
// with) that runs nothing: calls and classes stay descriptions for the caller
// to recognise or refuse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msdbench {

struct PickleValue {
  enum class Kind {
    kNone,
    kBool,        // integer
    kInteger,     // integer
    kBigInteger,  // text: little-endian two's complement, over 8 bytes
    kFloat,       // number
    kText,        // text, UTF-8
    kBytes,       // text
    kList,        // items
    kTuple,       // items
    kSet,         // items
    kDict,        // entries
    kGlobal,      // text: "module.name"
    kCall,        // items: callee, arguments; entries and items set later
    kPersistent,  // items: the identifier
  };
  using Value = const PickleValue*;

  Kind kind = Kind::kNone;
  std::int64_t integer = 0;
  double number = 0;
  std::string text;
  std::vector<Value> items;
  std::vector<std::pair<Value, Value>> entries;
  Value state = nullptr;        // what __setstate__ would be given
  std::vector<Value> appended;  // to a called object: list items

  bool IsGlobal(std::string_view name) const {
    return kind == Kind::kGlobal && text == name;
  }
  // A call of that callee.
  bool Calls(std::string_view name) const {
    return kind == Kind::kCall && items[0]->IsGlobal(name);
  }
  bool IsText() const { return kind == Kind::kText; }
  bool IsInteger() const { return kind == Kind::kInteger; }
};

class PickleDocument {
 public:
  // Reads the one pickle at the start of `bytes`; `source` names it in errors.
  // Throws DataError where it is broken, cut short or of an unknown opcode.
  // Memory is bounded by a multiple of the bytes (at most one PickleValue
  // each).
  PickleDocument(std::string_view bytes, const std::string& source);
  PickleDocument(PickleDocument&&) = default;
  PickleDocument(const PickleDocument&) = delete;

  const PickleValue& root() const { return *root_; }
  std::size_t size() const { return size_; }  // bytes read, STOP included
  // Everything that was described, used or not.
  const std::deque<PickleValue>& values() const { return values_; }

 private:
  friend class PickleMachine;
  // Owns every value, so that deep nesting is not freed by recursion.
  std::deque<PickleValue> values_;
  const PickleValue* root_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace msdbench
