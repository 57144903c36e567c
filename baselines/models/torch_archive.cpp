#include "baselines/models/torch_archive.h"

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <caffe2/serialize/inline_container.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "datasets/features/pickle.h"
#include "reports/error.h"
#include "reports/input_file.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

using Kind = PickleValue::Kind;

// Bytes of a storage, and what keeps them alive.
struct Storage {
  std::string_view bytes;
  std::shared_ptr<const void> owner;
};

at::ScalarType TypeOfStorage(const std::string& name) {
  static const std::map<std::string, at::ScalarType> kTypes = {
      {"torch.DoubleStorage", at::kDouble},
      {"torch.FloatStorage", at::kFloat},
      {"torch.HalfStorage", at::kHalf},
      {"torch.BFloat16Storage", at::kBFloat16},
      {"torch.LongStorage", at::kLong},
      {"torch.IntStorage", at::kInt},
      {"torch.ShortStorage", at::kShort},
      {"torch.CharStorage", at::kChar},
      {"torch.ByteStorage", at::kByte},
      {"torch.BoolStorage", at::kBool}};
  const auto place = kTypes.find(name);
  return place == kTypes.end() ? at::ScalarType::Undefined : place->second;
}

// 0 for a type that no tensor is read in, though it may lie beside one.
std::size_t ElementSize(const std::string& storage) {
  if (storage == "torch.ComplexFloatStorage") return 8;
  if (storage == "torch.ComplexDoubleStorage") return 16;
  const at::ScalarType type = TypeOfStorage(storage);
  return type == at::ScalarType::Undefined ? 0 : at::elementSize(type);
}

// Views that repeat elements (Tensor.expand) are written out; a few bytes of
// file could ask for any memory.
constexpr std::uint64_t kMostRepeated = std::uint64_t{1} << 26;

// Turns the pickle's description into tensors.
class StateReader {
 public:
  StateReader(std::string source,
              std::function<Storage(const std::string&)> find)
      : source_(std::move(source)), find_(std::move(find)) {}

  StateDict Read(const PickleValue& root) const {
    const PickleValue* dictionary = Unwrapped(root);
    if (!IsDictionary(*dictionary)) {
      throw Broken(
          "it holds no dictionary of tensors (a whole model, saved "
          "with its code? save its state_dict() instead)");
    }
    StateDict state;
    for (const auto& [key, value] : dictionary->entries) {
      if (!key->IsText()) throw Broken("a name is no text");
      if (value->Calls("torch._utils._rebuild_parameter")) {
        state[key->text] = Tensor(*Argument(*value, 0), key->text);
      } else if (value->kind == Kind::kCall) {
        state[key->text] = Tensor(*value, key->text);
      }
      // Anything else (an epoch number beside the weights) is no tensor.
    }
    if (state.empty()) throw Broken("it holds no tensors");
    return state;
  }

 private:
  Error Broken(const std::string& what) const {
    return DataError(source_ + ": not a readable state dictionary: " + what);
  }

  static bool IsDictionary(const PickleValue& value) {
    return value.kind == Kind::kDict || value.Calls("collections.OrderedDict");
  }

  // C++ saves a dictionary with its type beside it.
  static const PickleValue* Untagged(const PickleValue* value) {
    constexpr const char* kTag = "torch.jit._pickle.restore_type_tag";
    if (!value->Calls(kTag) || value->items.size() < 2) return value;
    const PickleValue* arguments = value->items[1];
    const bool is_tagged =
        arguments->kind == Kind::kTuple && !arguments->items.empty();
    return is_tagged ? arguments->items[0] : value;
  }

  static bool IsTensor(const PickleValue& value) {
    return value.Calls("torch._utils._rebuild_tensor_v2") ||
           value.Calls("torch._utils._rebuild_parameter");
  }

  static bool HoldsTensors(const PickleValue& value) {
    return IsDictionary(value) &&
           std::any_of(
               value.entries.begin(), value.entries.end(),
               [](const auto& entry) { return IsTensor(*entry.second); });
  }

  // `seen`: one dictionary may be named by thousands of others.
  static bool LeadsToTensors(const PickleValue& value, int depth,
                             std::set<const PickleValue*>& seen) {
    if (!IsDictionary(value) || !seen.insert(&value).second) return false;
    return HoldsTensors(value) ||
           (depth > 0 && std::any_of(value.entries.begin(), value.entries.end(),
                                     [&](const auto& entry) {
                                       return LeadsToTensors(
                                           *Untagged(entry.second), depth - 1,
                                           seen);
                                     }));
  }

  // Trainers put the weights beside an epoch, an optimizer's state and more,
  // under one of a few names, or another that alone holds tensors.
  const PickleValue* Unwrapped(const PickleValue& root) const {
    constexpr int kDeepest = 4;
    const PickleValue* at = Untagged(&root);
    for (int depth = 0; depth < kDeepest; ++depth) {
      const PickleValue* inner = nullptr;
      for (const char* wrapper :
           {"model", "state_dict", "model_state_dict", "model_state",
            "modelstate", "module", "net", "network", "weights"}) {
        for (const auto& [key, value] : at->entries) {
          std::set<const PickleValue*> seen;
          if (inner == nullptr && key->IsText() && key->text == wrapper &&
              LeadsToTensors(*Untagged(value), kDeepest, seen)) {
            inner = Untagged(value);
          }
        }
      }
      if (inner == nullptr && !HoldsTensors(*at)) inner = OnlyTensors(*at);
      if (inner == nullptr) return at;
      at = inner;
    }
    return at;
  }

  const PickleValue* OnlyTensors(const PickleValue& root) const {
    const PickleValue* found = nullptr;
    std::string names;
    for (const auto& [key, value] : root.entries) {
      if (!key->IsText() || !HoldsTensors(*Untagged(value))) continue;
      names += (found != nullptr ? ", " : "") + key->text;
      if (found != nullptr) {
        throw Broken("several dictionaries of tensors are in it (" + names +
                     "); save the model's alone");
      }
      found = Untagged(value);
    }
    return found;
  }

  const PickleValue* Argument(const PickleValue& call,
                              std::size_t index) const {
    const PickleValue* arguments = call.items.at(1);
    if (arguments->kind != Kind::kTuple || arguments->items.size() <= index) {
      throw Broken("a call has too few arguments");
    }
    return arguments->items[index];
  }

  std::vector<std::int64_t> Integers(const PickleValue& tuple) const {
    std::vector<std::int64_t> out;
    for (const PickleValue* item : tuple.items) {
      if (!item->IsInteger() || item->integer < 0) {
        throw Broken("a size or stride is no whole number");
      }
      out.push_back(item->integer);
    }
    return out;
  }

  // _rebuild_tensor_v2(storage, offset, size, stride, ...).
  at::Tensor Tensor(const PickleValue& call, const std::string& name) const {
    if (!call.Calls("torch._utils._rebuild_tensor_v2")) {
      const bool named =
          call.kind == Kind::kCall && call.items[0]->kind == Kind::kGlobal;
      throw Broken(fmt::format("{} is built by {}, which is not run", name,
                               named ? call.items[0]->text : "something else"));
    }
    const PickleValue& place = *Argument(call, 0);
    const PickleValue& offset = *Argument(call, 1);
    const auto sizes = Integers(*Argument(call, 2));
    const auto strides = Integers(*Argument(call, 3));
    // ("storage", type, key, device, elements).
    if (place.kind != Kind::kPersistent || place.items[0]->items.size() < 5 ||
        !place.items[0]->items[2]->IsText() || !offset.IsInteger() ||
        offset.integer < 0 || sizes.size() != strides.size()) {
      throw Broken(name + " is described in an unknown way");
    }
    const auto& identifier = place.items[0]->items;
    const at::ScalarType type = TypeOfStorage(identifier[1]->text);
    if (type == at::ScalarType::Undefined) {
      throw Broken(name + " has storage " + identifier[1]->text);
    }
    const Storage storage = find_(identifier[2]->text);
    const std::size_t element = at::elementSize(type);
    // The last element that sizes and strides reach, overflow included.
    std::uint64_t reach = static_cast<std::uint64_t>(offset.integer) + 1;
    std::uint64_t count = 1;
    bool empty = false, overflow = false;
    for (std::size_t d = 0; d < sizes.size(); ++d) {
      // Zero sizes aside, so that [0, 2^40, 2^40] overflows as well.
      const auto size = static_cast<std::uint64_t>(sizes[d]);
      overflow |= __builtin_mul_overflow(
          count, std::max<std::uint64_t>(size, 1), &count);
      empty |= size == 0;
      std::uint64_t step = 0;
      overflow |= __builtin_mul_overflow(static_cast<std::uint64_t>(strides[d]),
                                         size - (size > 0 ? 1 : 0), &step) ||
                  __builtin_add_overflow(reach, step, &reach);
    }
    if (overflow ||
        count > std::numeric_limits<std::int64_t>::max() / element) {
      throw Broken(name + " is larger than any memory");
    }
    if (empty) return at::empty(sizes, type);
    if (reach > storage.bytes.size() / element) {
      throw Broken(name + " reaches outside its storage");
    }
    if (count > std::max<std::uint64_t>(storage.bytes.size() / element,
                                        kMostRepeated)) {
      throw Broken(name + " repeats its storage too often");
    }
    auto* data = const_cast<char*>(storage.bytes.data()) +
                 static_cast<std::size_t>(offset.integer) * element;
    // A copy, since the older format does not align its storages.
    at::Tensor tensor =
        at::empty(static_cast<std::int64_t>(reach) - offset.integer, type);
    std::memcpy(tensor.data_ptr(), data, tensor.nbytes());
    return tensor.as_strided(sizes, strides).contiguous();
  }

  std::string source_;
  std::function<Storage(const std::string&)> find_;
};

// A zip archive: NAME/data.pkl and NAME/data/KEY for each storage.
StateDict ReadZip(const std::filesystem::path& file) {
  caffe2::serialize::PyTorchStreamReader archive(file.string());
  const auto record = [&](const std::string& name) -> Storage {
    auto [data, bytes] = archive.getRecord(name);
    auto owner = std::make_shared<at::DataPtr>(std::move(data));
    return {{static_cast<const char*>(owner->get()), bytes}, owner};
  };
  if (archive.hasRecord("byteorder") && record("byteorder").bytes != "little") {
    throw DataError(file.string() +
                    ": not a readable torch.save file: it is big-endian");
  }
  const Storage pickle = record("data.pkl");
  const PickleDocument document(pickle.bytes, file.string());
  return StateReader(
             file.string(),
             [&](const std::string& key) { return record("data/" + key); })
      .Read(document.root());
}

// Before PyTorch 1.6: pickles of a magic number, a version, the machine, the
// object and the storages' keys; then each storage's length and bytes.
StateDict ReadOldFormat(const std::filesystem::path& file,
                        std::string_view bytes) {
  std::size_t place = 0;
  const auto next = [&] {
    PickleDocument document(bytes.substr(place), file.string());
    place += document.size();
    return document;
  };
  const auto broken = [&](const std::string& what) {
    return DataError(file.string() + ": not a sound torch.save file: " + what);
  };
  constexpr std::string_view kMagic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19",
                                    10);
  const PickleDocument magic = next();
  if (magic.root().kind != Kind::kBigInteger || magic.root().text != kMagic) {
    throw broken("it has another magic number");
  }
  next();  // version
  const PickleDocument machine = next();
  for (const auto& [key, value] : machine.root().entries) {
    if (key->text == "little_endian" && value->integer == 0) {
      throw broken("it is big-endian");
    }
  }
  const PickleDocument object = next();
  const PickleDocument keys = next();
  // The element size of a storage is told where a tensor names it, which may
  // be anywhere (an optimizer's state beside the weights).
  std::map<std::string, std::size_t> element;
  for (const PickleValue& value : object.values()) {
    if (value.kind != Kind::kPersistent || value.items[0]->items.size() < 5) {
      continue;
    }
    const auto& identifier = value.items[0]->items;
    if (identifier.size() > 5 && identifier[5]->kind != Kind::kNone) {
      throw broken("it holds a view of a storage, as PyTorch before 0.4 wrote");
    }
    element[identifier[2]->text] = ElementSize(identifier[1]->text);
  }
  std::map<std::string, Storage> storages;
  for (const PickleValue* key : keys.root().items) {
    const auto size = element.find(key->text);
    if (size == element.end() || size->second == 0) {
      throw broken("a storage of unknown type");
    }
    std::uint64_t count = 0, wanted = 0;
    if (bytes.size() - place < sizeof(count)) throw broken("it is cut short");
    std::memcpy(&count, bytes.data() + place, sizeof(count));
    place += sizeof(count);
    if (__builtin_mul_overflow(count, size->second, &wanted) ||
        wanted > bytes.size() - place) {
      throw broken("it is cut short");
    }
    storages[key->text] = {bytes.substr(place, wanted), nullptr};
    place += wanted;
  }
  return StateReader(file.string(),
                     [&](const std::string& key) {
                       const auto found = storages.find(key);
                       if (found == storages.end()) {
                         throw broken("storage " + key + " is missing");
                       }
                       return found->second;
                     })
      .Read(object.root());
}

}  // namespace

StateDict ReadTorchArchive(const std::filesystem::path& file) try {
  char start[4] = {};
  {
    InputFile stream(file);
    stream.Read(start, sizeof start);
  }
  if (std::memcmp(start, "PK\x03\x04", 4) == 0) return ReadZip(file);
  const std::string bytes = ReadTextFile(file);
  return ReadOldFormat(file, bytes);
} catch (const Error&) {
  throw;
} catch (const std::exception& error) {  // the zip reader's, out of memory
  const auto* torch = dynamic_cast<const c10::Error*>(&error);
  const std::string what =
      torch != nullptr ? torch->what_without_backtrace() : error.what();
  throw DataError(file.string() + ": not a sound torch.save file: " +
                  what.substr(0, what.find('\n')));
}

}  // namespace msdbench
