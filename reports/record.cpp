#include "reports/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "reports/embedded.h"

namespace msdbench {

extern const std::vector<EmbeddedFile> k_msdbench_reports_files;

namespace {

constexpr const char* kSplits[] = {"dev", "test", "test_last_epoch"};
constexpr const char* kViews[] = {"multimodal", "text", "image"};

// One part of a JSON pointer, RFC 6901.
void AppendEscaped(const std::string& key, std::string& text) {
  for (char c : key) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
}

// Calls visit(pointer, value) for every value that holds no others.
template <typename Visit>
void ForEachLeaf(const Json& value, std::string& pointer, const Visit& visit) {
  if (!value.is_structured()) {
    visit(pointer, value);
    return;
  }
  const std::size_t length = pointer.size();
  std::size_t index = 0;
  for (auto item = value.begin(); item != value.end(); ++item, ++index) {
    pointer += '/';
    if (value.is_object()) {
      AppendEscaped(item.key(), pointer);
    } else {
      pointer += std::to_string(index);
    }
    ForEachLeaf(*item, pointer, visit);
    pointer.resize(length);
  }
}

// Is a null here a number that could not be computed, rather than a part that
// the run does not have?
bool IsNumberPlace(const std::string& pointer) {
  const auto starts = [&](const char* text) {
    return pointer.rfind(text, 0) == 0;
  };
  if (starts("/epochs/")) {
    const auto field = pointer.find('/', 8);
    return field != std::string::npos && pointer.substr(field) != "/weights";
  }
  return (starts("/results/") && pointer != "/results/test_last_epoch") ||
         starts("/saliency/") || starts("/dataset/floor/") ||
         starts("/teacher/");
}

class Checker {
 public:
  Checker(const Json& json, const std::string& source, ExitCode code)
      : json_(json), source_(source), code_(code) {}

  void Check() const {
    CheckError();
    CheckRole();
    CheckNumbers();
    if (json_["status"] == "ok") CheckMetrics();
  }

 private:
  [[noreturn]] void Fail(const std::string& pointer,
                         const std::string& what) const {
    throw Error(code_, fmt::format("{}: {}: {}", source_, pointer, what));
  }

  void CheckError() const {
    if (!json_["error"].is_string()) return;
    const auto& error = json_["error"].get_ref<const std::string&>();
    if (error.find_first_of("\r\n") != std::string::npos) {
      Fail("/error", "holds a line break; allowed: one line");
    }
  }

  void CheckRole() const {
    const bool role = json_["role"] == "teacher";
    const bool kind = json_["method"]["kind"] == "teacher";
    if (role == kind) return;
    Fail("/method/kind",
         fmt::format("{} does not go with the role {}; allowed: \"teacher\" "
                     "for teachers and only for them",
                     json_["method"]["kind"].dump(), json_["role"].dump()));
  }

  void CheckNumbers() const {
    std::set<std::string> reasons;
    for (const Json& entry : json_["undefined"]) {
      reasons.insert(entry["pointer"].get<std::string>());
    }
    std::set<std::string> nulls;
    std::string pointer;
    ForEachLeaf(json_, pointer, [&](const std::string& at, const Json& value) {
      if (value.is_number_float() && !std::isfinite(value.get<double>())) {
        Fail(at,
             "is not finite; allowed: a finite number, or null with an "
             "entry in /undefined");
      }
      if (!value.is_null() || !IsNumberPlace(at)) return;
      if (reasons.count(at) == 0) {
        Fail(at,
             "is null without a reason; allowed: a number, or null with "
             "an entry in /undefined");
      }
      nulls.insert(at);
    });
    for (std::size_t i = 0; i < json_["undefined"].size(); ++i) {
      const std::string at = json_["undefined"][i]["pointer"];
      if (nulls.count(at) > 0) continue;
      Fail(fmt::format("/undefined/{}/pointer", i),
           fmt::format("\"{}\" is not a null number of this record; allowed: "
                       "pointers to those only",
                       at));
    }
  }

  void CheckMetrics() const {
    std::vector<std::string> names;
    std::set<std::string> different;
    for (const Json& metric : json_["metrics"]) {
      names.push_back(metric["name"]);
      if (!different.insert(names.back()).second) {
        Fail(fmt::format("/metrics/{}/name", names.size() - 1),
             "\"" + names.back() + "\" is listed twice; allowed: once");
      }
    }
    const auto known = [&](const std::string& name) {
      return different.count(name) > 0;
    };
    const Json& selection = json_["selection"];
    if (selection.is_object() && !known(selection["metric"])) {
      Fail("/selection/metric",
           fmt::format("{} is not a metric of this record; allowed: {}",
                       selection["metric"].dump(), fmt::join(names, ", ")));
    }
    for (const char* split : kSplits) {
      if (json_["results"][split].is_null()) continue;
      for (const char* view : kViews) {
        const Json& values = json_["results"][split][view];
        std::string at = fmt::format("/results/{}/{}", split, view);
        for (const std::string& name : names) {
          if (values.contains(name)) continue;
          Fail(at, "the metric \"" + name + "\" is missing");
        }
        for (const auto& item : values.items()) {
          if (known(item.key())) continue;
          AppendEscaped(item.key(), at += '/');
          Fail(at, fmt::format("is not listed in /metrics; allowed: {}",
                               fmt::join(names, ", ")));
        }
      }
    }
  }

  const Json& json_;
  const std::string& source_;
  ExitCode code_;
};

MetricValues Values(const Json& json) {
  MetricValues values;
  for (const auto& item : json.items()) {
    values[item.key()] = item.value().is_null()
                             ? std::nullopt
                             : std::optional<double>(item.value());
  }
  return values;
}

// The value of a key that may be missing or null.
template <typename T>
void Read(const Json& object, const char* key, T& to) {
  const auto found = object.find(key);
  if (found != object.end() && !found->is_null()) found->get_to(to);
}

void Read(const Json& object, const char* key, std::optional<double>& to) {
  const auto found = object.find(key);
  if (found != object.end() && !found->is_null()) to = found->get<double>();
}

void ReadDataset(const Json& json, Record& record) {
  Read(json, "name", record.dataset);
  Read(json, "format", record.format);
  Read(json, "head", record.head);
  Read(json, "labels", record.labels);
  Read(json, "fingerprint", record.fingerprint);
  Read(json, "notes", record.notes);
  if (json.contains("splits")) {
    const Json& splits = json["splits"];
    Read(splits["dev"], "name", record.dev_split);
    Read(splits["dev"], "examples", record.dev_examples);
    Read(splits["test"], "name", record.test_split);
    Read(splits["test"], "examples", record.test_examples);
  }
  if (!json.contains("floor")) return;
  for (const auto& split : json["floor"].items()) {
    record.floor[split.key()] = Values(split.value());
  }
}

// The part `key`, or an empty object when the record does not have it.
const Json& Part(const Json& json, const char* key) {
  static const Json empty = Json::object();
  const auto found = json.find(key);
  return found == json.end() || found->is_null() ? empty : *found;
}

// What a plan is told by, without what runs of one plan may differ in.
std::string PlanText(Json config, bool teacher, bool keep_method) {
  const auto erase_in = [&](const char* section, const char* key) {
    const auto found = config.find(section);
    if (found != config.end() && found->is_object()) found->erase(key);
  };
  for (const char* key : {"seed", "device"}) config.erase(key);
  if (!keep_method) config.erase("method");
  for (const char* key : {"path", "teacher_gate"}) erase_in("dataset", key);
  if (teacher) erase_in("teacher", "seed");
  return config.dump();
}

void ReadSettings(const Json& json, Record& record) {
  record.config = PlanText(json["config"], record.teacher, false);
  if (json.contains("config_changes")) {
    Json changes = json["config_changes"];
    // A run that failed before its method was made does not tell its defaults.
    if (!record.teacher && !json["config"].contains("method")) {
      changes["method"] = {{"kind", record.kind},
                           {"options", json["method"]["options"]}};
    }
    record.config_changes = PlanText(std::move(changes), record.teacher, true);
  }
  record.options = json["method"]["options"].dump();
  if (json["suite"].contains("distillation")) {
    record.distillation = json["suite"]["distillation"].dump();
  }
  if (json["suite"].contains("methods")) {
    record.suite_methods = json["suite"]["methods"].dump();
  }
  if (json["code"].contains("numerics")) {
    record.numerics = json["code"]["numerics"].get<int>();
  }
  Read(Part(json, "teacher"), "hash", record.teacher_hash);
  Read(Part(json, "timings"), "started", record.started);
}

EpochWeights WeightsOf(const Json& epoch) {
  EpochWeights weights;
  Read(epoch, "epoch", weights.epoch);
  const Json& json = epoch["weights"];
  Read(json["text"], "mean", weights.text);
  Read(json["text"], "sd", weights.text_sd);
  Read(json["image"], "mean", weights.image);
  Read(json["image"], "sd", weights.image_sd);
  return weights;
}

// Numbers by their path below /saliency; lists are left to other readers.
void ReadNumbers(const Json& json, const std::string& path,
                 std::map<std::string, double, std::less<>>& numbers) {
  for (const auto& item : json.items()) {
    const std::string at = path.empty() ? item.key() : path + "/" + item.key();
    if (item.value().is_number()) numbers[at] = item.value();
    if (item.value().is_object()) ReadNumbers(item.value(), at, numbers);
  }
}

}  // namespace

std::string_view RecordSchema() {
  for (const EmbeddedFile& file : k_msdbench_reports_files) {
    if (file.name == "record.schema.json") return file.text;
  }
  throw RunError("record.schema.json was not compiled in");
}

const std::optional<double>* Record::Find(std::string_view split,
                                          std::string_view view,
                                          std::string_view metric) const {
  const auto in_split = results.find(split);
  if (in_split == results.end()) return nullptr;
  const auto in_view = in_split->second.find(view);
  if (in_view == in_split->second.end()) return nullptr;
  const auto value = in_view->second.find(metric);
  return value == in_view->second.end() ? nullptr : &value->second;
}

Record ParseRecord(Json json, const std::string& source, ExitCode code) {
  CheckJson(json, RecordSchema(), source, code);
  const Json& checked = json;  // operator[] of a non-const one adds keys
  Checker(checked, source, code).Check();

  Record record;
  record.source = source;
  record.ok = checked["status"] == "ok";
  Read(checked, "error", record.error);
  Read(checked["suite"], "name", record.suite);
  Read(checked["suite"], "hash", record.suite_hash);
  record.teacher = checked["role"] == "teacher";
  Read(checked["method"], "name", record.method);
  Read(checked["method"], "kind", record.kind);
  ReadDataset(checked["dataset"], record);
  Read(checked, "seed", record.seed);
  Read(checked, "config_hash", record.config_hash);
  Read(checked["code"], "version", record.version);
  Read(checked["code"], "revision", record.revision);
  for (const Json& metric : Part(checked, "metrics")) {
    record.metrics.push_back({metric["name"], metric["higher_is_better"]});
  }
  for (const auto& split : Part(checked, "results").items()) {
    if (split.value().is_null()) continue;
    for (const auto& view : split.value().items()) {
      record.results[split.key()][view.key()] = Values(view.value());
    }
  }
  for (const Json& entry : checked["undefined"]) {
    record.undefined[entry["pointer"]] = entry["reason"];
  }
  Read(checked, "parameters", record.parameters);
  Read(checked, "predictions", record.predictions);
  Read(Part(checked, "thresholds"), "multimodal", record.threshold);
  const Json& timings = Part(checked, "timings");
  Read(timings, "training_s", record.training_s);
  Read(timings, "examples_per_second", record.examples_per_second);
  Read(timings, "run_peak_memory_mib", record.run_peak_memory);
  Read(timings, "peak_memory_mb", record.process_peak_memory);
  Read(timings, "process_peak_memory_mib", record.process_peak_memory);
  record.epochs = Part(checked, "epochs").size();
  record.tied_epochs = Part(Part(checked, "selection"), "tied").size();
  record.environment = checked["environment"].dump();
  ReadSettings(checked, record);
  const auto device = checked["config"].find("device");
  if (device != checked["config"].end() && device->is_string()) {
    record.device = *device;
  }
  for (const Json& epoch : Part(checked, "epochs")) {
    if (!epoch["weights"].is_null()) {
      record.weights.push_back(WeightsOf(epoch));
    }
  }
  ReadNumbers(Part(checked, "saliency"), "", record.saliency);
  record.json = std::move(json);
  return record;
}

void WriteRecord(const std::filesystem::path& file, const Json& json) {
  ParseRecord(json, file.string(), ExitCode::kRunFailed);
  // An error line may quote bytes that are not UTF-8; it must not be lost.
  WriteFileAtomically(file, json.dump(2, ' ', /*ensure_ascii=*/false,
                                      Json::error_handler_t::replace) +
                                "\n");
}

void SetMetric(Json& record, const std::string& pointer, double value,
               const std::string& reason) {
  Json& undefined = record["undefined"];
  if (undefined.is_null()) undefined = Json::array();
  for (std::size_t i = 0; i < undefined.size(); ++i) {
    if (undefined[i]["pointer"] == pointer) undefined.erase(i--);
  }
  const bool finite = std::isfinite(value);
  if (!finite) {
    Json entry;
    entry["pointer"] = pointer;
    entry["reason"] =
        reason.empty() ? fmt::format("the value is {}", value) : reason;
    undefined.push_back(std::move(entry));
  }
  record[Json::json_pointer(pointer)] = finite ? Json(value) : Json(nullptr);
}

}  // namespace msdbench
