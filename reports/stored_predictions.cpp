#include "reports/stored_predictions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "reports/error.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

constexpr char kLogits[] = "test/multimodal";
constexpr char kCredits[] = "test/multimodal/credit";
constexpr char kGold[] = "test/gold";

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path)
      : source_(path.string()), file_(path) {}

  StoredPredictions Read() const {
    StoredPredictions stored;
    const auto ids = file_.metadata().find("example_ids_sha256");
    if (ids == file_.metadata().end()) {
      throw Fault("has no example_ids_sha256: written by an older version");
    }
    stored.example_ids = ids->second;
    if (Find(kCredits) != nullptr) {
      ReadCredits(stored);
    } else {
      ReadLogits(stored);
      ReadGold(stored);
    }
    return stored;
  }

 private:
  Error Fault(const std::string& what) const {
    return DataError(source_ + ": " + what);
  }

  const NamedArray* Find(const std::string& name) const {
    const auto& arrays = file_.arrays();
    const auto found =
        std::find_if(arrays.begin(), arrays.end(),
                     [&](const NamedArray& a) { return a.name == name; });
    return found == arrays.end() ? nullptr : &*found;
  }

  const NamedArray& Get(const std::string& name, const std::string& dtype,
                        std::size_t dimensions) const {
    const NamedArray& array = file_.Get(name);
    if (array.dtype != dtype || array.shape.size() != dimensions) {
      throw Fault(fmt::format("{} is {} [{}]; allowed: {} of {} dimension{}",
                              name, array.dtype, fmt::join(array.shape, ", "),
                              dtype, dimensions, dimensions == 1 ? "" : "s"));
    }
    return array;
  }

  // Arrays start at any byte of the file, so numbers are copied out.
  template <typename T>
  std::vector<T> Numbers(const NamedArray& array) const {
    std::vector<T> numbers(array.bytes / sizeof(T));
    if (array.bytes > 0) std::memcpy(numbers.data(), array.data, array.bytes);
    return numbers;
  }

  std::vector<float> Floats(const NamedArray& array) const {
    std::vector<float> numbers = Numbers<float>(array);
    if (!std::all_of(numbers.begin(), numbers.end(),
                     [](float x) { return std::isfinite(x); })) {
      throw Fault(array.name + " holds a value that is not finite");
    }
    return numbers;
  }

  void ReadCredits(StoredPredictions& stored) const {
    const std::vector<float> credits = Floats(Get(kCredits, "F32", 1));
    stored.credits.assign(credits.begin(), credits.end());
    stored.examples = credits.size();
  }

  void ReadLogits(StoredPredictions& stored) const {
    const NamedArray& logits = Get(kLogits, "F32", 2);
    stored.examples = static_cast<std::size_t>(logits.shape[0]);
    stored.labels = static_cast<std::size_t>(logits.shape[1]);
    if (stored.labels == 0) throw Fault("test/multimodal has no labels");
    stored.logits = Floats(logits);
  }

  void ReadGold(StoredPredictions& stored) const {
    const NamedArray* gold = Find(kGold);
    if (gold == nullptr) {
      throw Fault(
          "has no test/gold: the test split has no labels, or an older version "
          "wrote it");
    }
    const bool single = gold->dtype == "I32";
    Get(kGold, single ? "I32" : "U8", single ? 1 : 2);
    const bool fits =
        static_cast<std::size_t>(gold->shape[0]) == stored.examples &&
        (single || static_cast<std::size_t>(gold->shape[1]) == stored.labels);
    if (!fits) {
      throw Fault(fmt::format(
          "test/gold has shape [{}] beside logits of shape [{}, {}]",
          fmt::join(gold->shape, ", "), stored.examples, stored.labels));
    }
    if (!single) {
      stored.gold_labels = Numbers<std::uint8_t>(*gold);
      return;
    }
    stored.gold_label = Numbers<std::int32_t>(*gold);
    for (std::int32_t label : stored.gold_label) {
      if (label >= 0 && static_cast<std::size_t>(label) < stored.labels) {
        continue;
      }
      throw Fault(fmt::format("test/gold holds the label {}; allowed: 0 to {}",
                              label, stored.labels - 1));
    }
  }

  std::string source_;
  SafetensorsFile file_;
};

}  // namespace

StoredPredictions ReadPredictions(const std::filesystem::path& file) {
  return Reader(file).Read();
}

std::string WhereExamplesDiffer(const StoredPredictions& a,
                                const StoredPredictions& b) {
  if (a.example_ids != b.example_ids || a.examples != b.examples) {
    return "predictions of other test examples than the reference's";
  }
  if (a.labels != b.labels || a.gold_label != b.gold_label ||
      a.gold_labels != b.gold_labels) {
    return "other gold labels than the reference's";
  }
  return "";
}

}  // namespace msdbench
