#include "benchmarks/suite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "benchmarks/suite_overrides.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string MessageOf(const std::function<void(Json&)>& change) {
  Json json = TinySuiteJson();
  change(json);
  try {
    ParseSuite(json, "s.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    return error.what();
  }
  return "accepted";
}

TEST(Suite, EveryBuiltInOneParsesAndSaysWhatItIs) {
  for (const BuiltInSuite& suite : BuiltInSuites()) {
    const Suite parsed = ParseSuite(LoadSuiteJson(suite.name), suite.name);
    EXPECT_EQ(parsed.name, suite.name);
    EXPECT_FALSE(suite.description.empty());
  }
  // aa, ci, openclipart, paper, quick, real, real-pretrained
  EXPECT_EQ(BuiltInSuites().size(), 7);
}

TEST(Suite, ADataSetsOwnSectionsWinAndTheRestStays) {
  Json json = TinySuiteJson();
  json["datasets"][0]["student"] = {{"training", {{"epochs", 5}}}};
  json["datasets"][0]["removal"] = "mask";
  const Suite suite = ParseSuite(json, "s.json");
  EXPECT_EQ(suite.datasets[0].student.training.epochs, 5);
  EXPECT_EQ(suite.datasets[0].student.model.bert.hidden, 8);
  EXPECT_EQ(suite.datasets[0].removal, Removal::kMask);
  EXPECT_EQ(suite.datasets[1].student.training.epochs, 2);
  EXPECT_EQ(suite.datasets[1].removal, Removal::kDrop);
}

TEST(Suite, DistillationReachesEveryMethodWithATeacher) {
  Json json = TinySuiteJson();
  json["distillation"] = {{"temperature", 7}};
  json["methods"].push_back({{"name", "kd-hot"},
                             {"method", "kd"},
                             {"options", {{"temperature", 9}}}});
  const Suite suite = ParseSuite(json, "s.json");
  for (const MethodPlan& method : suite.datasets[0].methods) {
    if (method.kind == "none") {
      EXPECT_FALSE(method.options.values.contains("temperature"));
    } else {
      EXPECT_EQ(method.options.values["temperature"],
                method.name == "kd-hot" ? 9.0 : 7.0);
    }
  }
}

TEST(Suite, ErrorsNameThePlaceAndWhatIsAllowed) {
  EXPECT_THAT(MessageOf([](Json& s) { s["student"]["modle"] = 1; }),
              AllOf(HasSubstr("s.json: /student/modle"), HasSubstr("model")));
  EXPECT_THAT(
      MessageOf([](Json& s) { s["student"]["training"]["epochs"] = "many"; }),
      HasSubstr("/student/training/epochs"));
  EXPECT_THAT(
      MessageOf([](Json& s) { s["student"]["model"]["heads"] = 3; }),
      HasSubstr("/student/model/heads: must divide hidden, which is 8"));
  EXPECT_THAT(MessageOf([](Json& s) { s["methods"].push_back("magic"); }),
              HasSubstr("/methods/4: \"magic\" is not a method; known: none"));
  EXPECT_THAT(MessageOf([](Json& s) { s["methods"].push_back("kd"); }),
              HasSubstr("/methods/4/name: \"kd\" is taken"));
  EXPECT_THAT(MessageOf([](Json& s) {
                s["methods"].push_back(
                    {{"name", "x"}, {"method", "kd"}, {"options", {{"T", 2}}}});
              }),
              HasSubstr("/methods/4/options/T: unknown option; known here: "
                        "lambda, temperature, divergence"));
  EXPECT_THAT(MessageOf([](Json& s) { s["datasets"].push_back("coco"); }),
              HasSubstr("/datasets/2/format: \"coco\" is not one of "
                        "hateful_memes, mm_imdb, snli_ve, vqa_v2"));
  EXPECT_THAT(MessageOf([](Json& s) { s["datasets"].push_back("mm_imdb"); }),
              HasSubstr("/datasets/2/name: \"mm_imdb\" is taken"));
  EXPECT_THAT(MessageOf([](Json& s) {
                s["seeds"] = {4, 4};
              }),
              HasSubstr("/seeds: 4 stands twice"));
  EXPECT_THAT(MessageOf([](Json& s) { s.erase("seeds"); }), HasSubstr("seeds"));
  // std::regex would run out of stack in an unbounded pattern.
  EXPECT_THAT(
      MessageOf([](Json& s) { s["name"] = std::string(1'000'000, 'a'); }),
      AllOf(HasSubstr("/name: "), HasSubstr("{0,99}")));
}

TEST(Overrides, SetValuesByPath) {
  Json json = TinySuiteJson();
  ApplyOverrides(json, {"student.training.epochs=9", "removal=zero",
                        "datasets.0.name=mine", "seeds=[5,6]"});
  EXPECT_EQ(json["student"]["training"]["epochs"], 9);
  EXPECT_EQ(json["removal"], "zero");
  EXPECT_EQ(json["datasets"][0]["name"], "mine");
  EXPECT_EQ(json["seeds"].dump(), "[5,6]");
  EXPECT_THROW(ApplyOverrides(json, {"epochs"}), Error);
  EXPECT_THROW(ApplyOverrides(json, {"methods.first=kd"}), Error);
  // Not a list of that length filled with nulls.
  EXPECT_THROW(ApplyOverrides(json, {"seeds.3000000000=1"}), Error);
  EXPECT_THROW(ApplyOverrides(json, {"name=\xff"}), Error);
}

TEST(ApplyOverrides, GoBeforeADataSetsOwnEntry) {
  Json json = TinySuiteJson();
  json["datasets"][0]["student"]["training"] = {{"epochs", 7},
                                                {"warmup", 0.25}};
  ApplyOverrides(json, {"student.training.epochs=9"});
  const DatasetPlan all = ParseSuite(json, "s").datasets[0];
  EXPECT_EQ(all.student.training.epochs, 9);
  EXPECT_EQ(all.student.training.warmup, 0.25);
  ApplyOverrides(json, {"datasets.0.student.training.epochs=5"});
  EXPECT_EQ(ParseSuite(json, "s").datasets[0].student.training.epochs, 5);
  // A place in a list.
  json["teacher"]["views"] = {"multimodal", "text"};
  json["datasets"][0]["teacher"]["views"] = {"multimodal", "image"};
  ApplyOverrides(json, {"teacher.views.1=text"});
  EXPECT_EQ(ParseSuite(json, "s").datasets[0].teacher_views,
            (std::vector<View>{View::kMultimodal, View::kText}));
  // Not a section: the suite's name is none of the data sets'.
  const Json name = json["datasets"][0]["name"];
  ApplyOverrides(json, {"name=mine"});
  EXPECT_EQ(json["datasets"][0]["name"], name);
}

TEST(HashedText, LeavesOutWhatChangesNoNumber) {
  Json moved = TinySuiteJson();
  moved["datasets"][0]["path"] = "elsewhere";
  moved["datasets"][0]["teacher_gate"] = "refuse";
  Json slower = TinySuiteJson();
  slower["student"]["training"]["epochs"] = 3;
  const auto hashed = [](const Json& json) {
    return HashedText(ParseSuite(json, "s").datasets[0].config);
  };
  EXPECT_EQ(hashed(moved), hashed(TinySuiteJson()));
  EXPECT_NE(hashed(slower), hashed(TinySuiteJson()));
}

TEST(HashedText, AnOptionAtItsDefaultIsAnAbsentOne) {
  Json spelt = TinySuiteJson();
  spelt["datasets"][1]["threshold"] = "fixed";
  spelt["removal"] = "drop";
  spelt["student"]["training"]["warmup"] = TrainingOptions().warmup;
  const auto plan = [](const Json& json) {
    return ParseSuite(json, "s").datasets[1];
  };
  EXPECT_EQ(HashedText(plan(spelt).config),
            HashedText(plan(TinySuiteJson()).config));
  // The encoded data do not depend on the threshold.
  spelt["datasets"][1]["threshold"] = "dev";
  EXPECT_NE(HashedText(plan(spelt).config),
            HashedText(plan(TinySuiteJson()).config));
  EXPECT_EQ(InputText(plan(spelt).config),
            InputText(plan(TinySuiteJson()).config));
}

TEST(Suite, LayersThatAreTakenAreAsManyAsTheModelHas) {
  EXPECT_EQ(MessageOf([](Json& json) {
              json["student"]["init"] = {{"from", "x"}, {"layers", {0, 3}}};
            }),
            "s.json: /student/init/layers: 2 are named, and model.layers is 1; "
            "as many are wanted, got [0,3]");
  EXPECT_EQ(MessageOf([](Json& json) {
              json["teacher"]["init"] = {{"from", "x"}, {"layers", {3}}};
            }),
            "accepted");
}

TEST(Suite, AStudentFromItsTeacherIsShapedLikeIt) {
  const auto with = [](const char* key, const Json& value) {
    return MessageOf([&](Json& json) {
      json["teacher"]["model"]["layers"] = 2;
      json["student"]["model"] = json["teacher"]["model"];
      json["student"]["model"]["layers"] = 1;
      json["student"]["init"] = {{"from", "teacher"}, {"layers", {1}}};
      if (std::string(key) == "init") {
        json["student"]["init"]["layers"] = value;
      } else {
        json["student"]["model"][key] = value;
      }
    });
  };
  EXPECT_EQ(with("dropout", 0.5), "accepted");
  EXPECT_THAT(with("init", {2}),
              HasSubstr("layer 2 of the teacher's 2 (counted from 0)"));
  EXPECT_THAT(with("init", Json::array()),
              HasSubstr("model.layers, which is 2; the student's is 1"));
  const std::pair<const char*, int> others[] = {
      {"hidden", 64}, {"heads", 4}, {"intermediate", 64}, {"positions", 64}};
  for (const auto& [key, value] : others) {
    EXPECT_THAT(with(key, value), HasSubstr(std::string("model.") + key));
  }
  EXPECT_THAT(with("image_channels", {4, 4}),
              HasSubstr("model.image_channels"));
}

TEST(Suite, IntegersAreExactOrRefused) {
  const std::vector<const char*> places = {"/seeds/0", "/teacher/seed",
                                           "/datasets/0/split_seed",
                                           "/datasets/0/limit/train"};
  for (const char* place : places) {
    const auto with = [&](const Json& value) {
      return MessageOf(
          [&](Json& json) { json[Json::json_pointer(place)] = value; });
    };
    EXPECT_EQ(with(9007199254740991), "accepted") << place;
    for (const char* text :
         {"9007199254740992", "18446744073709551615", "18446744073709551616",
          "-1", "1.0", "1e3", "\"1\"", "null", "true", "[1]"}) {
      EXPECT_THAT(with(Json::parse(text)),
                  AllOf(HasSubstr("s.json: "), HasSubstr("9007199254740991")))
          << place << " " << text;
    }
  }
  EXPECT_THAT(MessageOf([](Json& json) { json["seeds"] = Json::array(); }),
              HasSubstr("/seeds"));
  EXPECT_THAT(MessageOf([](Json& json) {
                json["seeds"] = {3, 3};
              }),
              HasSubstr("3 stands twice"));
  for (const char* text : {"1.0", "1e1", "\"2\"", "-1", "1e300"}) {
    EXPECT_NE(MessageOf([&](Json& json) {
                json["student"]["training"]["epochs"] = Json::parse(text);
              }),
              "accepted")
        << text;
  }
}

}  // namespace
}  // namespace msdbench
