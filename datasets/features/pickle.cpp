#include "datasets/features/pickle.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <unordered_map>

#include "datasets/text/utf8.h"
#include "reports/error.h"

namespace msdbench {

using Kind = PickleValue::Kind;

namespace {

constexpr std::size_t kMostNameBytes = 1000;

}  // namespace

// The stack machine of CPython's pickletools, without its effects.
class PickleMachine {
 public:
  PickleMachine(PickleDocument& document, std::string_view bytes,
                const std::string& source)
      : document_(document), bytes_(bytes), source_(source) {}

  void Run() {
    while (Step()) {
    }
    document_.size_ = place_;
  }

 private:
  Error Broken(const std::string& what) const {
    return DataError(fmt::format("{}: not a sound pickle: {} at byte {}",
                                 source_, what, start_));
  }

  std::string_view Take(std::uint64_t count) {
    if (count > bytes_.size() - place_) throw Broken("it is cut short");
    const std::string_view taken = bytes_.substr(place_, count);
    place_ += count;
    return taken;
  }

  template <typename T>
  T Number() {
    T value;
    std::memcpy(&value, Take(sizeof(T)).data(), sizeof(T));
    return value;
  }

  std::string_view Line() {
    const std::size_t end = bytes_.find('\n', place_);
    if (end == std::string_view::npos) throw Broken("it is cut short");
    const std::string_view line = bytes_.substr(place_, end - place_);
    place_ = end + 1;
    return line;
  }

  PickleValue* New(Kind kind) {
    document_.values_.emplace_back();
    document_.values_.back().kind = kind;
    return &document_.values_.back();
  }

  void Push(PickleValue* value) { stack_.push_back(value); }
  PickleValue* Push(Kind kind) {
    Push(New(kind));
    return stack_.back();
  }
  void PushText(Kind kind, std::string_view text) {
    Push(kind)->text = std::string(text);
  }
  void PushInteger(Kind kind, std::int64_t integer) {
    Push(kind)->integer = integer;
  }

  PickleValue* Top() {
    if (stack_.size() <= Floor()) throw Broken("its stack runs empty");
    return stack_.back();
  }
  PickleValue* Pop() {
    PickleValue* value = Top();
    stack_.pop_back();
    return value;
  }
  std::size_t Floor() const { return marks_.empty() ? 0 : marks_.back(); }

  // Everything above the last mark, which goes too.
  std::vector<const PickleValue*> PopToMark() {
    if (marks_.empty()) throw Broken("a mark is missing");
    const auto first =
        stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<const PickleValue*> taken(first, stack_.end());
    stack_.erase(first, stack_.end());
    marks_.pop_back();
    return taken;
  }

  void PushTuple(std::size_t count) {
    std::vector<const PickleValue*> items(count);
    for (std::size_t i = count; i > 0; --i) items[i - 1] = Pop();
    Push(Kind::kTuple)->items = std::move(items);
  }

  void Append(const std::vector<const PickleValue*>& items) {
    PickleValue* target = Top();
    auto& list = target->kind == Kind::kCall ? target->appended : target->items;
    if (target->kind != Kind::kCall && target->kind != Kind::kList &&
        target->kind != Kind::kSet) {
      throw Broken("it appends to no list");
    }
    list.insert(list.end(), items.begin(), items.end());
  }

  void SetItems(const std::vector<const PickleValue*>& items) {
    PickleValue* target = Top();
    if (target->kind != Kind::kDict && target->kind != Kind::kCall) {
      throw Broken("it sets items of no dictionary");
    }
    if (items.size() % 2 != 0) throw Broken("a key has no value");
    for (std::size_t i = 0; i < items.size(); i += 2) {
      target->entries.emplace_back(items[i], items[i + 1]);
    }
  }

  void Call() {
    const PickleValue* arguments = Pop();
    const PickleValue* callee = Pop();
    // A class may be stored as a persistent object (torch.save before 1.6).
    if (callee->kind != Kind::kGlobal && callee->kind != Kind::kPersistent) {
      throw Broken("it calls no function");
    }
    Push(Kind::kCall)->items = {callee, arguments};
  }

  void PushLong(std::string_view digits) {
    if (digits.size() > 8) return PushText(Kind::kBigInteger, digits);
    // Sign-extended from the last byte.
    std::uint64_t value =
        !digits.empty() && (digits.back() & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = digits.size(); i > 0; --i) {
      value = value << 8 | static_cast<std::uint8_t>(digits[i - 1]);
    }
    PushInteger(Kind::kInteger, static_cast<std::int64_t>(value));
  }

  // Protocol 0's decimal forms.
  void PushDecimal(std::string_view text) {
    if (text == "00" || text == "01") {
      return PushInteger(Kind::kBool, text == "01");
    }
    if (!text.empty() && text.back() == 'L') text.remove_suffix(1);
    std::int64_t value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      throw Broken("an integer cannot be read");
    }
    PushInteger(Kind::kInteger, value);
  }

  void PushDecimalFloat(std::string_view text) {
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      throw Broken("a number cannot be read");
    }
    Push(Kind::kFloat)->number = value;
  }

  // Latin-1 with \uXXXX and \UXXXXXXXX for the rest.
  void PushEscapedText(std::string_view escaped) {
    std::string text;
    for (std::size_t i = 0; i < escaped.size(); ++i) {
      std::uint32_t point = static_cast<std::uint8_t>(escaped[i]);
      const char next = i + 1 < escaped.size() ? escaped[i + 1] : '\0';
      if (point == '\\' && (next == 'u' || next == 'U')) {
        const std::string_view digits =
            escaped.substr(i + 2, next == 'u' ? 4 : 8);
        const char* end = digits.data() + digits.size();
        if (digits.size() < 4 || (next == 'U' && digits.size() < 8) ||
            std::from_chars(digits.data(), end, point, 16).ptr != end ||
            point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
          throw Broken("an escape cannot be read");
        }
        i += 1 + digits.size();
      }
      AppendUtf8(static_cast<char32_t>(point), &text);
    }
    PushText(Kind::kText, text);
  }

  void Remember(std::uint64_t key) { memo_[key] = Top(); }
  void Recall(std::uint64_t key) {
    const auto place = memo_.find(key);
    if (place == memo_.end()) throw Broken("it recalls what was never kept");
    Push(place->second);
  }

  std::uint64_t LineKey() {
    PushDecimal(Line());
    return static_cast<std::uint64_t>(Pop()->integer);
  }

  bool Step() {
    start_ = place_;
    const auto code = static_cast<unsigned char>(Take(1)[0]);
    switch (code) {
      case '.':  // STOP
        document_.root_ = Pop();
        return false;
      case 0x80:  // PROTO
        if (Number<std::uint8_t>() > 5) throw Broken("protocol above 5");
        break;
      case 0x95:  // FRAME: only a hint of how much to read at once
        Take(8);
        break;
      case '(':
        marks_.push_back(stack_.size());
        break;
      case '0':
        Pop();
        break;
      case '1':
        PopToMark();
        break;
      case '2':
        Push(Top());
        break;
      case 'N':
        Push(Kind::kNone);
        break;
      case 0x88:
      case 0x89:
        PushInteger(Kind::kBool, code == 0x88);
        break;
      case 'J':
        PushInteger(Kind::kInteger, Number<std::int32_t>());
        break;
      case 'K':
        PushInteger(Kind::kInteger, Number<std::uint8_t>());
        break;
      case 'M':
        PushInteger(Kind::kInteger, Number<std::uint16_t>());
        break;
      case 'I':
      case 'L':
        PushDecimal(Line());
        break;
      case 0x8a:
        PushLong(Take(Number<std::uint8_t>()));
        break;
      case 0x8b:
        PushLong(Take(Number<std::uint32_t>()));
        break;
      case 'G':
        PushFloat();
        break;
      case 'F':
        PushDecimalFloat(Line());
        break;
      case 'V':
        PushEscapedText(Line());
        break;
      case 'X':
        PushText(Kind::kText, Take(Number<std::uint32_t>()));
        break;
      case 0x8c:
        PushText(Kind::kText, Take(Number<std::uint8_t>()));
        break;
      case 0x8d:
        PushText(Kind::kText, Take(Number<std::uint64_t>()));
        break;
      case 'T':
      case 'B':
        PushText(Kind::kBytes, Take(Number<std::uint32_t>()));
        break;
      case 'U':
      case 'C':
        PushText(Kind::kBytes, Take(Number<std::uint8_t>()));
        break;
      case 0x8e:
      case 0x96:
        PushText(Kind::kBytes, Take(Number<std::uint64_t>()));
        break;
      case ']':
        Push(Kind::kList);
        break;
      case 'l': {
        auto items = PopToMark();
        Push(Kind::kList)->items = std::move(items);
        break;
      }
      case 'a': {
        const PickleValue* item = Pop();
        Append({item});
        break;
      }
      case 'e':
        Append(PopToMark());
        break;
      case ')':
        Push(Kind::kTuple);
        break;
      case 't': {
        auto items = PopToMark();
        Push(Kind::kTuple)->items = std::move(items);
        break;
      }
      case 0x85:
      case 0x86:
      case 0x87:
        PushTuple(code - 0x84);
        break;
      case '}':
        Push(Kind::kDict);
        break;
      case 'd': {
        const auto items = PopToMark();
        Push(Kind::kDict);
        SetItems(items);
        break;
      }
      case 's': {
        const PickleValue* value = Pop();
        const PickleValue* key = Pop();
        SetItems({key, value});
        break;
      }
      case 'u':
        SetItems(PopToMark());
        break;
      case 0x8f:
        Push(Kind::kSet);
        break;
      case 0x90:
        Append(PopToMark());
        break;
      case 'q':
        Remember(Number<std::uint8_t>());
        break;
      case 'r':
        Remember(Number<std::uint32_t>());
        break;
      case 'p':
        Remember(LineKey());
        break;
      case 0x94:
        Remember(memo_.size());
        break;
      case 'h':
        Recall(Number<std::uint8_t>());
        break;
      case 'j':
        Recall(Number<std::uint32_t>());
        break;
      case 'g':
        Recall(LineKey());
        break;
      case 'c': {
        const std::string_view module = Line(), name = Line();
        PushText(Kind::kGlobal, fmt::format("{}.{}", module, name));
        break;
      }
      case 0x93: {
        const PickleValue* name = Pop();
        const PickleValue* module = Pop();
        if (!name->IsText() || !module->IsText()) {
          throw Broken("a name is no text");
        }
        // Two remembered texts, put together again and again, would ask for
        // any memory.
        if (name->text.size() + module->text.size() > kMostNameBytes) {
          throw Broken("a name is too long");
        }
        PushText(Kind::kGlobal, module->text + "." + name->text);
        break;
      }
      case 'R':
      case 0x81:  // NEWOBJ: cls.__new__(cls, *args), described as a call
        Call();
        break;
      case 'b': {
        const PickleValue* state = Pop();
        Top()->state = state;
        break;
      }
      case 'Q': {
        const PickleValue* identifier = Pop();
        Push(Kind::kPersistent)->items = {identifier};
        break;
      }
      default:
        throw Broken(fmt::format("opcode 0x{:02x} is not supported", code));
    }
    return true;
  }

  void PushFloat() {  // big-endian
    std::uint64_t bits = 0;
    for (char byte : Take(8)) {
      bits = bits << 8 | static_cast<std::uint8_t>(byte);
    }
    std::memcpy(&Push(Kind::kFloat)->number, &bits, sizeof(bits));
  }

  PickleDocument& document_;
  std::string_view bytes_;
  const std::string& source_;
  std::size_t place_ = 0, start_ = 0;
  std::vector<PickleValue*> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, PickleValue*> memo_;
};

PickleDocument::PickleDocument(std::string_view bytes,
                               const std::string& source) {
  PickleMachine(*this, bytes, source).Run();
}

}  // namespace msdbench
