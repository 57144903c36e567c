#include "benchmarks/suite.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <set>

#include "baselines/kernels/kernels.h"
#include "baselines/methods/method.h"
#include "reports/config_reader.h"
#include "reports/digest.h"
#include "reports/embedded.h"
#include "reports/exact_integer.h"
#include "reports/input_file.h"
#include "reports/near_name.h"
#include "reports/numerics.h"

namespace msdbench {

extern const std::vector<EmbeddedFile> k_msdbench_benchmarks_files;

namespace {

constexpr std::string_view kSchemaName = "suite.schema.json";

std::string_view EmbeddedText(std::string_view name) {
  for (const EmbeddedFile& file : k_msdbench_benchmarks_files) {
    if (file.name == name) return file.text;
  }
  return {};
}

Json MergeSections(const Json& suite, const Json& dataset) {
  Json merged = Json::object();
  for (const char* key : kSuiteSections) {
    if (suite.contains(key)) merged[key] = suite[key];
    if (!dataset.contains(key)) continue;
    if (merged.contains(key) && merged[key].is_object()) {
      merged[key].merge_patch(dataset[key]);
    } else {
      merged[key] = dataset[key];
    }
  }
  return merged;
}

ResolvedOptions ReadInit(ConfigReader reader, bool is_student,
                         Initialization& init) {
  init.from = reader.Text("from", "");
  init.layers = reader.Integers("layers", {}, 0, 1000);
  if (init.from == "teacher" && !is_student) {
    reader.Fail("from", "a teacher cannot start from itself");
  }
  if (init.from.empty() && !init.layers.empty()) {
    reader.Fail("layers", "of what? init.from is missing");
  }
  init.new_parts = reader.Texts("new", {});
  for (const std::string& part : init.new_parts) {
    if (part.empty()) reader.Fail("new", "a part's name is empty");
    if (!init.from.empty() && init.from != "teacher") continue;
    reader.Fail("new", init.from.empty() ? "all parts are, init.from is missing"
                                         : "a teacher has every part");
  }
  return reader.Finish();
}

ResolvedOptions ReadModel(ConfigReader reader, const DatasetPlan& plan,
                          ClassifierOptions& model) {
  const InputOptions& input = plan.input;
  VisualBertOptions& bert = model.bert;
  bert.layers = reader.Integer("layers", 2, 1, 1000);
  bert.hidden = reader.Integer("hidden", 64, 1, kernels::kWidestRow);
  bert.heads = reader.Integer("heads", 4, 1, 10000);
  if (bert.hidden % bert.heads != 0) {
    reader.Fail("heads",
                fmt::format("must divide hidden, which is {}", bert.hidden));
  }
  bert.intermediate =
      reader.Integer("intermediate", 2 * bert.hidden, 1, 1000000);
  bert.dropout = reader.Number("dropout", 0, 0, 0.99);
  bert.precision =
      reader.Choice("precision", Precision::kFp32,
                    {{"fp32", Precision::kFp32}, {"bf16", Precision::kBf16}});
  bert.positions = std::max<std::int64_t>(
      reader.Integer("positions", input.max_text_tokens, 2, 1000000),
      input.max_text_tokens);
  model.initializer_range = reader.Number("initializer_range", 0, 0, 10);
  model.image.image_size = input.image_size;
  const bool from_pixels = plan.features.FromPixels();
  model.image.channels =
      reader.Integers("image_channels",
                      from_pixels ? std::vector<std::int64_t>{16, 32, 64}
                                  : std::vector<std::int64_t>{},
                      1, 100000);
  if (model.image.channels.empty() == from_pixels) {
    reader.Fail("image_channels",
                from_pixels ? "at least one convolution is needed"
                            : "none is run where input.features names "
                              "pretrained weights or a store");
  }
  return reader.Finish();
}

void CheckLayerCount(const ConfigReader& init, const Learner& learner) {
  const std::int64_t layers = learner.model.bert.layers;
  const auto taken = static_cast<std::int64_t>(learner.init.layers.size());
  if (taken == 0 || taken == layers) return;
  init.Fail("layers", fmt::format("{} are named, and model.layers is {}; as "
                                  "many are wanted",
                                  taken, layers));
}

// A student that starts from its teacher takes its tensors as they are.
void CheckStartFromTeacher(const ConfigReader& student,
                           const DatasetPlan& plan) {
  const Initialization& init = plan.student.init;
  if (init.from != "teacher") return;
  const ClassifierOptions &from = plan.teacher.model, &to = plan.student.model;
  const auto same = [&](const char* what, std::int64_t teachers,
                        std::int64_t students) {
    if (teachers == students) return;
    student.Fail("init", fmt::format("from \"teacher\" wants the teacher's "
                                     "model.{}, which is {}; the student's is "
                                     "{}",
                                     what, teachers, students));
  };
  same("hidden", from.bert.hidden, to.bert.hidden);
  same("heads", from.bert.heads, to.bert.heads);
  same("intermediate", from.bert.intermediate, to.bert.intermediate);
  same("positions", from.bert.positions, to.bert.positions);
  if (from.image.channels != to.image.channels) {
    student.Fail("init", fmt::format("from \"teacher\" wants the teacher's "
                                     "model.image_channels, which are [{}]; "
                                     "the student's are [{}]",
                                     fmt::join(from.image.channels, ", "),
                                     fmt::join(to.image.channels, ", ")));
  }
  if (init.layers.empty()) same("layers", from.bert.layers, to.bert.layers);
  for (const std::int64_t layer : init.layers) {
    if (layer < from.bert.layers) continue;
    student.Fail("init", fmt::format("layers names layer {} of the teacher's "
                                     "{} (counted from 0)",
                                     layer, from.bert.layers));
  }
}

void ReadLearner(ConfigReader& reader, const DatasetPlan& plan, bool is_student,
                 Learner& learner) {
  const ConfigReader init = reader.Section("init");
  reader.Put("init", ReadInit(init, is_student, learner.init));
  reader.Put("model", ReadModel(reader.Section("model"), plan, learner.model));
  CheckLayerCount(init, learner);
  ConfigReader training = reader.Section("training");
  learner.training = ReadTrainingOptions(training);
  reader.Put("training", training.Finish());
}

// An empty name is no way to ask for pixels, which is what it would mean.
void RefuseEmptyNames(const Json& sections, const std::string& source) {
  for (const char* key : {"weights", "store"}) {
    const std::string pointer = std::string("/input/features/") + key;
    const Json::json_pointer place(pointer);
    if (sections.contains(place) && sections[place] == "") {
      throw UsageError(fmt::format(
          "{}: {}: a name is wanted, or the key left out for pixels; got \"\"",
          source, pointer));
    }
  }
}

ResolvedOptions ReadInput(ConfigReader reader, DatasetPlan& plan) {
  InputOptions& input = plan.input;
  input.max_text_tokens = reader.Integer("max_text_tokens", 32, 3, 100000);
  input.image_size = reader.Integer("image_size", 32, 4, 4096);
  const auto three = [&](const char* key, double fallback,
                         std::array<float, 3>& out) {
    const auto values = reader.Numbers(key, {fallback, fallback, fallback});
    if (values.size() != 3) reader.Fail(key, "three numbers are wanted");
    for (int c = 0; c < 3; ++c) out[c] = static_cast<float>(values[c]);
  };
  three("mean", 0.5, input.mean);
  three("deviation", 0.5, input.deviation);
  for (float deviation : input.deviation) {
    if (!(deviation > 0)) reader.Fail("deviation", "must be above 0");
  }
  ConfigReader features = reader.Section("features");
  plan.features.weights = features.Text("weights", "");
  plan.features.store = features.Text("store", "");
  if (!plan.features.weights.empty() && !plan.features.store.empty()) {
    features.Fail("store", "either weights or a store gives the features");
  }
  plan.features.grid = features.Integer("grid", 0, 0, 64);
  plan.features.tokens = features.Integer("tokens", 0, 0, 100000);
  plan.features.precision = features.Choice<std::optional<FeaturePrecision>>(
      "precision", std::nullopt,
      {{"stored", std::nullopt},
       {"fp32", FeaturePrecision::kFp32},
       {"fp16", FeaturePrecision::kFp16}});
  if (plan.features.grid > 0 && plan.features.weights.empty()) {
    features.Fail("grid", "only weights make a grid");
  }
  if (plan.features.tokens > 0 && plan.features.store.empty()) {
    features.Fail("tokens", "only a store is cut (weights take a grid)");
  }
  plan.options.images = plan.features.store.empty();
  reader.Put("features", features.Finish());
  plan.vocabulary_file = reader.Text("vocabulary", "");
  plan.vocabulary_size = reader.Integer("vocabulary_size", 4000, 10, 10000000);
  return reader.Finish();
}

ResolvedOptions ReadDatasetEntry(ConfigReader& reader, DatasetPlan& plan) {
  DatasetOptions& options = plan.options;
  options.name = reader.Text("name", "");
  plan.format = reader.Text("format", options.name);
  std::vector<std::string> formats;
  for (const DatasetFormat& format : DatasetFormats()) {
    formats.push_back(format.name);
  }
  if (std::find(formats.begin(), formats.end(), plan.format) == formats.end()) {
    reader.Fail("format", fmt::format("\"{}\" is not one of {}", plan.format,
                                      fmt::join(formats, ", ")));
  }
  plan.path = reader.Text("path", options.name);
  ConfigReader splits = reader.Section("splits");
  options.train_split = splits.Text("train", "");
  options.dev_split = splits.Text("dev", "");
  options.test_split = splits.Text("test", "");
  reader.Put("splits", splits.Finish());
  options.labels = reader.Texts("labels", {});
  options.dev_fraction = reader.Number("dev_fraction", 0.1, 1e-6, 0.99);
  options.split_seed = static_cast<std::uint64_t>(
      reader.Integer("split_seed", 0, 0, kLargestExactInteger));
  if (plan.format == "mm_imdb") {
    options.plot =
        reader.Choice("plot", Plot::kFirst,
                      {{"first", Plot::kFirst}, {"longest", Plot::kLongest}});
    plan.threshold_rule = reader.Choice(
        "threshold", ThresholdRule::kFixed,
        {{"fixed", ThresholdRule::kFixed}, {"dev", ThresholdRule::kDev}});
  }
  if (plan.format == "snli_ve") {
    options.premise = reader.Flag("premise", false);
  }
  if (plan.format == "vqa_v2") {
    options.answers_from = reader.Texts("answers_from", {});
  }
  ConfigReader limit = reader.Section("limit");
  for (const char* split : {"train", "dev", "test"}) {
    options.limit[split] = limit.Integer(split, 0, 0, kLargestExactInteger);
  }
  reader.Put("limit", limit.Finish());
  const std::string gate = reader.Choice<std::string>(
      "teacher_gate", "refuse", {{"refuse", "refuse"}, {"warn", "warn"}});
  plan.gate = gate == "warn" ? TeacherGate::kWarn : TeacherGate::kRefuse;
  return reader.Finish();
}

std::vector<View> ReadViews(ConfigReader& reader) {
  std::vector<View> views;
  for (const std::string& name :
       reader.Texts("views", {"multimodal", "text", "image"})) {
    for (View view : kViews) {
      if (Name(view) != name) continue;
      if (std::find(views.begin(), views.end(), view) != views.end()) {
        reader.Fail("views", "each view once");
      }
      views.push_back(view);
    }
  }
  if (views.empty()) reader.Fail("views", "of multimodal, text, image");
  return views;
}

// KD's options, given once for all methods that have a teacher.
Json WithDistillation(const std::string& kind, const Json& distillation,
                      const Json& own) {
  Json options = kind == "none" ? Json::object() : distillation;
  if (!own.is_null()) options.merge_patch(own);
  return options;
}

// The same with plain KD's defaults for what is not given.
Json ResolvedDistillation(const Json& distillation, const std::string& source) {
  Json known = Json::object();
  for (const char* key : {"lambda", "temperature", "divergence"}) {
    if (distillation.contains(key)) known[key] = distillation[key];
  }
  Json resolved =
      MakeMethod("kd", known, {}, source, "/distillation").options.values;
  resolved.update(distillation);
  return resolved;
}

std::vector<MethodPlan> ReadMethods(const Json& methods,
                                    const Json& distillation,
                                    const std::string& source) {
  std::vector<MethodPlan> plans;
  std::set<std::string> names;
  for (std::size_t i = 0; i < methods.size(); ++i) {
    const Json entry =
        methods[i].is_string() ? Json{{"name", methods[i]}} : methods[i];
    const std::string pointer = fmt::format("/methods/{}", i);
    MethodPlan plan;
    plan.name = entry.at("name").get<std::string>();
    plan.kind = entry.value("method", plan.name);
    if (!names.insert(plan.name).second || plan.name == "teacher") {
      throw UsageError(fmt::format(
          "{}: {}/name: \"{}\" is taken; each row needs a name of its own",
          source, pointer, plan.name));
    }
    plan.options =
        MakeMethod(plan.kind,
                   WithDistillation(plan.kind, distillation,
                                    entry.value("options", Json::object())),
                   {}, source, pointer)
            .options;
    plans.push_back(std::move(plan));
  }
  return plans;
}

DatasetPlan ReadDataset(const Json& suite, std::size_t index,
                        const std::string& source) {
  const std::string pointer = fmt::format("/datasets/{}", index);
  const Json& given = suite["datasets"][index];
  Json entry = given.is_string() ? Json{{"name", given}} : given;
  const Json sections = MergeSections(suite, entry);
  for (const char* key : kSuiteSections) entry.erase(key);

  DatasetPlan plan;
  ConfigReader dataset(entry, source, pointer);
  plan.config.Put("dataset", ReadDatasetEntry(dataset, plan));
  // Sections are merged from two places; the pointer names the section.
  ConfigReader reader(sections, source, "");
  RefuseEmptyNames(sections, source);
  plan.config.Put("input", ReadInput(reader.Section("input"), plan));
  plan.removal = reader.Choice("removal", Removal::kDrop,
                               {{"drop", Removal::kDrop},
                                {"zero", Removal::kZero},
                                {"mask", Removal::kMask}});
  plan.meta_fraction = reader.Number("meta_fraction", 0.1, 1e-6, 0.9);

  ConfigReader teacher = reader.Section("teacher");
  plan.teacher_seed = static_cast<std::uint64_t>(
      teacher.Integer("seed", 1000, 0, kLargestExactInteger));
  plan.teacher_views = ReadViews(teacher);
  ReadLearner(teacher, plan, /*is_student=*/false, plan.teacher);
  reader.Put("teacher", teacher.Finish());
  ConfigReader student = reader.Section("student");
  ReadLearner(student, plan, /*is_student=*/true, plan.student);
  CheckStartFromTeacher(student, plan);
  reader.Put("student", student.Finish());
  reader.Section("distillation");  // read with each method's own

  const ResolvedOptions resolved = reader.Finish();
  for (const char* key : {"removal", "meta_fraction", "teacher", "student"}) {
    plan.config.values[key] = resolved.values[key];
    if (resolved.changes.contains(key)) {
      plan.config.changes[key] = resolved.changes[key];
    }
  }
  const Json distillation = sections.value("distillation", Json::object());
  plan.methods = ReadMethods(suite["methods"], distillation, source);
  plan.distillation = ResolvedDistillation(distillation, source);
  return plan;
}

// `left_out`: options of the data set.
std::string TextOf(const Json& changes,
                   const std::vector<std::string>& left_out) {
  nlohmann::json sorted = changes;  // by name, whatever the order of reading
  if (sorted.contains("dataset")) {
    for (const std::string& key : left_out) sorted["dataset"].erase(key);
    if (sorted["dataset"].empty()) sorted.erase("dataset");
  }
  return fmt::format("numerics {}\n{}\n", kNumericsVersion, sorted.dump());
}

}  // namespace

bool NeedsTeacher(const DatasetPlan& plan, const MethodPlan& method) {
  return method.kind != "none" || plan.student.init.from == "teacher";
}

std::string HashedText(const ResolvedOptions& config) {
  return TextOf(config.changes, {"path", "teacher_gate"});
}

std::string InputText(const ResolvedOptions& config) {
  Json input = Json::object();
  for (const char* key : {"dataset", "input"}) {
    if (config.changes.contains(key)) input[key] = config.changes[key];
  }
  return TextOf(input, {"path", "teacher_gate", "threshold"});
}

void CheckSuiteJson(const Json& suite, const std::string& source) {
  CheckJson(suite, EmbeddedText(kSchemaName), source, ExitCode::kUsage);
}

Suite ParseSuite(const Json& json, const std::string& source) {
  CheckSuiteJson(json, source);
  Suite suite;
  suite.name = json["name"].get<std::string>();
  suite.description = json.value("description", "");
  suite.hash = Sha256OfText(json.dump());
  for (const Json& method : json["methods"]) {
    if (method.is_string()) {
      suite.own_options[method.get<std::string>()] = Json::object();
    } else {
      suite.own_options[method["name"].get<std::string>()] =
          method.value("options", Json::object());
    }
  }
  std::set<std::uint64_t> seeds;
  for (const Json& seed : json["seeds"]) {
    suite.seeds.push_back(seed.get<std::uint64_t>());
    if (!seeds.insert(suite.seeds.back()).second) {
      throw UsageError(fmt::format("{}: /seeds: {} stands twice", source,
                                   suite.seeds.back()));
    }
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < json["datasets"].size(); ++i) {
    suite.datasets.push_back(ReadDataset(json, i, source));
    if (!names.insert(suite.datasets.back().name()).second) {
      throw UsageError(fmt::format("{}: /datasets/{}/name: \"{}\" is taken",
                                   source, i, suite.datasets.back().name()));
    }
  }
  return suite;
}

Json LoadSuiteJson(const std::string& path_or_name) {
  const std::string_view built_in = EmbeddedText(path_or_name + ".json");
  if (!built_in.empty()) {
    return ParseJson(built_in, path_or_name, ExitCode::kUsage);
  }
  if (KindOf(path_or_name, ExitCode::kUsage) == PathKind::kNothing) {
    std::vector<std::string> names;
    for (const BuiltInSuite& suite : BuiltInSuites()) {
      names.push_back(suite.name);
    }
    throw UsageError(fmt::format(
        "{}: no such file, and not a built-in suite{} ({})", path_or_name,
        DidYouMean(path_or_name, names), fmt::join(names, ", ")));
  }
  return ReadJsonFile(path_or_name, ExitCode::kUsage);
}

std::vector<BuiltInSuite> BuiltInSuites() {
  std::vector<BuiltInSuite> suites;
  for (const EmbeddedFile& file : k_msdbench_benchmarks_files) {
    if (file.name == kSchemaName) continue;
    const Json json = ParseJson(file.text, std::string(file.name));
    suites.push_back(
        {json["name"].get<std::string>(), json.value("description", "")});
  }
  return suites;
}

}  // namespace msdbench
