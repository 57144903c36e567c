// Every method's first steps against stored ones, and every option's default:
// what moves without a new kNumericsVersion would be mixed with what was
// computed before. MSDBENCH_APPROVE=1 stores what is new, and all of it once
// the version was raised.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "baselines/methods/method.h"
#include "benchmarks/runner.h"
#include "reports/numerics.h"
#include "reports/record_store.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

const std::filesystem::path kStored =
    "tests/golden/trajectories/trajectories.json";

// Two epochs of four steps of every method on every data set. No dropout: its
// draws are LibTorch's and differ from build to build.
Json ShortSuite() {
  Json json = TinySuiteJson();
  json["name"] = "trajectories";
  json["datasets"] = Json::array();
  for (const DatasetFormat& format : DatasetFormats()) {
    json["datasets"].push_back(
        {{"name", format.name}, {"teacher_gate", "warn"}});
  }
  json["methods"] = Json::array();
  for (const MethodKind& kind : MethodKinds()) {
    json["methods"].push_back(kind.name);
  }
  json["teacher"]["training"]["epochs"] = 8;
  return json;
}

// Losses and weights of each epoch, by "data set/method/epoch/...".
Json Trajectories(const Json& suite, const std::string& folder) {
  RunnerOptions options;
  options.places.data_root = TinyDataRoot();
  options.out = FreshFolder(folder);
  options.jobs = options.threads = 1;
  options.progress = ProgressStyle::kQuiet;
  EXPECT_EQ(RunSuite(ParseSuite(suite, "trajectories"), options).failed, 0);
  Json numbers = Json::object();
  for (const Record& record : LoadRecords(options.out).records) {
    for (const Json& epoch : record.json["epochs"]) {
      const std::string place =
          record.dataset + "/" + record.method + "/" + epoch["epoch"].dump();
      for (const auto& [name, value] : epoch["losses"].items()) {
        numbers[place + "/" + name] = value;
      }
      if (epoch["weights"].is_null()) continue;
      for (const auto& [modality, weight] : epoch["weights"].items()) {
        numbers[place + "/weight of " + modality] = weight["mean"];
      }
    }
  }
  return numbers;
}

// Of every data set's and every method's options, by JSON pointer.
Json Defaults() {
  Json defaults = Json::object();
  const Suite suite =
      ParseSuite({{"name", "defaults"},
                  {"seeds", {1}},
                  {"datasets",
                   [] {
                     Json names = Json::array();
                     for (const DatasetFormat& format : DatasetFormats()) {
                       names.push_back(format.name);
                     }
                     return names;
                   }()},
                  {"methods",
                   [] {
                     Json names = Json::array();
                     for (const MethodKind& kind : MethodKinds()) {
                       names.push_back(kind.name);
                     }
                     return names;
                   }()}},
                 "defaults");
  for (const DatasetPlan& plan : suite.datasets) {
    defaults["data sets"][plan.name()] = plan.config.values;
  }
  for (const MethodPlan& method : suite.datasets[0].methods) {
    defaults["methods"][method.name] = method.options.values;
  }
  return defaults.flatten();
}

Json Stored() {
  return std::filesystem::exists(kStored) ? ReadJsonFile(kStored)
                                          : Json{{"numerics", 0},
                                                 {"defaults", Json::object()},
                                                 {"numbers", Json::object()}};
}

// Sums of floats differ by processor and library. After eight small steps the
// most was 4e-5, relative, between AVX2 and no vectors
// (ATEN_CPU_CAPABILITY=default).
constexpr double kTolerance = 2e-4;

double Distance(const Json& one, const Json& other) {
  const double a = one.get<double>(), b = other.get<double>();
  return std::abs(a - b) / std::max({std::abs(a), std::abs(b), 1e-3});
}

// Names of what the stored numbers say otherwise, or no longer.
std::vector<std::string> Moved(const Json& stored, const Json& now) {
  std::vector<std::string> moved;
  for (const auto& [name, value] : stored.items()) {
    if (!now.contains(name)) {
      moved.push_back(name + " is gone");
    } else if (Distance(value, now[name]) > kTolerance) {
      moved.push_back(name + ": " + value.dump() + " is now " +
                      now[name].dump());
    }
  }
  return moved;
}

TEST(NumericsVersion, IsRaisedWhenNumbersMove) {
  const Json stored = Stored();
  const Json numbers = Trajectories(ShortSuite(), "trajectories"),
             defaults = Defaults();
  std::vector<std::string> moved = Moved(stored["numbers"], numbers);
  for (const auto& [pointer, value] : stored["defaults"].items()) {
    if (!defaults.contains(pointer)) {
      moved.push_back("the option " + pointer + " is gone");
    } else if (defaults[pointer] != value) {
      moved.push_back("the default of " + pointer + ", " + value.dump() +
                      ", is now " + defaults[pointer].dump());
    }
  }
  const bool raised = stored["numerics"] != kNumericsVersion;
  if (std::getenv("MSDBENCH_APPROVE") != nullptr && (raised || moved.empty())) {
    const Json accepted = {{"numerics", kNumericsVersion},
                           {"defaults", defaults},
                           {"numbers", numbers}};
    WriteFileAtomically(kStored, accepted.dump(1) + "\n");
    return;
  }
  EXPECT_FALSE(raised) << "stored numbers are of numerics version "
                       << stored["numerics"] << ", the code's is "
                       << kNumericsVersion
                       << ": accept them with MSDBENCH_APPROVE=1";
  EXPECT_THAT(moved, testing::IsEmpty())
      << "raise kNumericsVersion in reports/numerics.h, then accept the new "
         "numbers with MSDBENCH_APPROVE=1";
  std::vector<std::string> added;
  for (const auto& [name, value] : numbers.items()) {
    if (!stored["numbers"].contains(name)) added.push_back(name);
  }
  EXPECT_THAT(added, testing::IsEmpty())
      << "accept what is new with MSDBENCH_APPROVE=1";
}

// The tolerance is one that a small change does not pass: another temperature
// moves every student that learns from the teacher, and nobody else.
TEST(NumericsVersion, WouldSeeAHotterTeacher) {
  Json suite = ShortSuite();
  const Json kept = Trajectories(suite, "trajectories_kept");
  const double temperature = Defaults()["/methods/kd/temperature"];
  suite["distillation"] = {{"temperature", 1.1 * temperature}};
  const Json hotter = Trajectories(suite, "trajectories_hotter");
  std::map<std::string, double> moved;  // by run: the most that a number moved
  for (const auto& [name, value] : kept.items()) {
    double& most = moved[name.substr(0, name.find('/', name.find('/') + 1))];
    most = std::max(most, Distance(value, hotter[name]));
  }
  EXPECT_EQ(moved.size(), DatasetFormats().size() * (MethodKinds().size() + 1));
  for (const auto& [run, most] : moved) {
    const bool learns_from_teacher = run.find("/none") == std::string::npos &&
                                     run.find("/teacher") == std::string::npos;
    EXPECT_EQ(most > kTolerance, learns_from_teacher) << run << " " << most;
  }
}

}  // namespace
}  // namespace msdbench
