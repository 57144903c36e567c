// A suite: data sets x methods x seeds, read from JSON and resolved, so that
// every option has its value and nothing is left to defaults later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baselines/models/classifier_options.h"
#include "baselines/models/view.h"
#include "benchmarks/thresholds.h"
#include "benchmarks/training_options.h"
#include "datasets/dataset.h"
#include "datasets/features/packed_features.h"
#include "datasets/input_options.h"
#include "reports/config_reader.h"
#include "reports/json_file.h"

namespace msdbench {

// Where a model's first weights come from.
struct Initialization {
  std::string from;  // a folder of weights, "teacher", or empty = drawn
  std::vector<std::int64_t> layers;  // of the source's encoder; empty = all
  // Parts that may begin anew where the folder has none; see PretrainedChoice.
  std::vector<std::string> new_parts;
};

// Visual tokens from a pretrained network instead of pixels: a backbone that is
// run here, or what a store below the data set's folder holds.
struct FeatureOptions {
  std::string weights;      // a folder of image weights
  std::int64_t grid = 0;    // cells a side after pooling; 0 = as the net has
  std::string store;        // a path, see feature_source.h
  std::int64_t tokens = 0;  // of a store, at most so many an image; 0 = all
  // Kept in; none = as a store of ours has it, else fp32.
  std::optional<FeaturePrecision> precision;

  bool FromPixels() const { return weights.empty() && store.empty(); }
};

// Shape and schedule of a teacher or a student.
struct Learner {
  Initialization init;
  ClassifierOptions model;  // vocabulary and labels come with the data
  TrainingOptions training;
};

// What to do with a teacher that is not clearly above the best constant
// prediction on dev.
enum class TeacherGate { kRefuse, kWarn };

struct MethodPlan {
  std::string name;  // the row in the tables, unique in the suite
  std::string kind;  // MethodKind::name
  ResolvedOptions options;
};

struct DatasetPlan {
  std::string path;        // below the data root
  std::string format;      // DatasetFormat::name
  DatasetOptions options;  // all but the root
  InputOptions input;
  FeatureOptions features;
  std::string vocabulary_file;  // or a folder of weights with a vocab.txt;
                                // empty = built from the training texts
  std::int64_t vocabulary_size = 0;
  double meta_fraction = 0;  // of train's images, for learned weights
  Removal removal = Removal::kDrop;
  Learner teacher, student;
  std::uint64_t teacher_seed = 0;
  std::vector<View> teacher_views;  // trained on
  TeacherGate gate = TeacherGate::kRefuse;
  ThresholdRule threshold_rule = ThresholdRule::kFixed;
  std::vector<MethodPlan> methods;
  Json distillation;       // what all methods have that do not say otherwise
  ResolvedOptions config;  // without methods: for records and hashes

  const std::string& name() const { return options.name; }
};

// Whether a student of this method depends on the teacher in any way.
bool NeedsTeacher(const DatasetPlan& plan, const MethodPlan& method);

// What hashes of a configuration are made of: the numerics version and every
// option that is not the default and can change a number (not where the data
// lies, nor what to do with a weak teacher), in the order of their names.
std::string HashedText(const ResolvedOptions& config);
// Of that the data set's and the input's options, without the threshold: what
// encoded data depend on.
std::string InputText(const ResolvedOptions& config);

struct Suite {
  std::string name, description;
  std::vector<std::uint64_t> seeds;
  std::vector<DatasetPlan> datasets;
  std::string hash;  // SHA-256 of the suite's JSON as it is used
  Json own_options = Json::object();  // row -> the options that it alone has
};

// Sections that a data set may refine; its own values win.
inline constexpr const char* kSuiteSections[] = {
    "input", "teacher", "student", "distillation", "removal", "meta_fraction"};

// Checks against the schema, merges each data set's own sections over the
// suite's, resolves every option. Throws UsageError with the JSON pointer.
Suite ParseSuite(const Json& suite, const std::string& source);

// The schema's part of that check. Throws UsageError.
void CheckSuiteJson(const Json& suite, const std::string& source);

// A path, or the name of a suite that is built in ("quick"). Throws UsageError.
Json LoadSuiteJson(const std::string& path_or_name);

struct BuiltInSuite {
  std::string name, description;
};
std::vector<BuiltInSuite> BuiltInSuites();

}  // namespace msdbench
