#include "baselines/models/torch_archive.h"

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <caffe2/serialize/inline_container.h>
#include <fmt/format.h>

#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "datasets/features/pickle.h"
#include "reports/error.h"

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

// Turns the pickle's description into tensors.
class StateReader {
 public:
  StateReader(std::string source,
              std::function<Storage(const std::string&)> find)
      : source_(std::move(source)), find_(std::move(find)) {}

  StateDict Read(const PickleValue& root) const {
    const PickleValue* dictionary = &root;
    for (const char* wrapper : {"state_dict", "model"}) {
      for (const auto& [key, value] : root.entries) {
        if (key->IsText() && key->text == wrapper && IsDictionary(*value)) {
          dictionary = value;
        }
      }
    }
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
      throw Broken(fmt::format(
          "{} is built by {}, which is not run", name,
          call.kind == Kind::kCall ? call.items[0]->text : "something else"));
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
    bool empty = false, overflow = false;
    for (std::size_t d = 0; d < sizes.size(); ++d) {
      empty |= sizes[d] == 0;
      std::uint64_t step = 0;
      overflow |= __builtin_mul_overflow(static_cast<std::uint64_t>(strides[d]),
                                         static_cast<std::uint64_t>(sizes[d]) -
                                             (sizes[d] > 0 ? 1 : 0),
                                         &step) ||
                  __builtin_add_overflow(reach, step, &reach);
    }
    if (empty) return at::empty(sizes, type);
    if (overflow || reach > storage.bytes.size() / element) {
      throw Broken(name + " reaches outside its storage");
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
  try {
    caffe2::serialize::PyTorchStreamReader archive(file.string());
    auto [pickle, size] = archive.getRecord("data.pkl");
    const PickleDocument document(
        {static_cast<const char*>(pickle.get()), size}, file.string());
    return StateReader(
               file.string(),
               [&](const std::string& key) -> Storage {
                 auto [data, bytes] = archive.getRecord("data/" + key);
                 auto owner = std::make_shared<at::DataPtr>(std::move(data));
                 return {{static_cast<const char*>(owner->get()), bytes},
                         owner};
               })
        .Read(document.root());
  } catch (const c10::Error& error) {
    const std::string what = error.what_without_backtrace();
    throw DataError(file.string() + ": not a sound archive: " +
                    what.substr(0, what.find('\n')));
  }
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
  // The element size of a storage is told where a tensor names it.
  std::map<std::string, std::size_t> element;
  const auto note = [&](const PickleValue& call) {
    if (call.kind != Kind::kCall || call.items[1]->items.empty()) return;
    const PickleValue* storage = call.items[1]->items[0];
    if (storage->kind == Kind::kCall && !storage->items[1]->items.empty()) {
      storage = storage->items[1]->items[0];  // inside a parameter
    }
    if (storage->kind != Kind::kPersistent ||
        storage->items[0]->items.size() < 5) {
      return;
    }
    const auto& identifier = storage->items[0]->items;
    const at::ScalarType type = TypeOfStorage(identifier[1]->text);
    if (type != at::ScalarType::Undefined) {
      element[identifier[2]->text] = at::elementSize(type);
    }
  };
  for (const auto& [key, value] : object.root().entries) {
    note(*value);
    for (const auto& [inner_key, inner] : value->entries) note(*inner);
  }
  std::map<std::string, Storage> storages;
  for (const PickleValue* key : keys.root().items) {
    const auto size = element.find(key->text);
    if (size == element.end()) throw broken("a storage of unknown type");
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

StateDict ReadTorchArchive(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw DataError(file.string() + ": cannot be read (no such file?)");
  }
  char start[4] = {};
  stream.read(start, 4);
  if (std::memcmp(start, "PK\x03\x04", 4) == 0) return ReadZip(file);
  stream.seekg(0);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  return ReadOldFormat(file, bytes);
}

}  // namespace msdbench
