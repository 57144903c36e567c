// Arrays that numpy itself wrote (make_files.py), and broken ones.

#include "datasets/features/numpy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <string>

#include "reports/json_file.h"
#include "reports/random.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::filesystem::path kFiles = "tests/datasets/features/files";

std::vector<float> Quarters() {
  std::vector<float> values;
  for (int i = 0; i < 12; ++i) values.push_back(static_cast<float>(i) / 4);
  return values;
}

std::string NpyError(const std::string& bytes) {
  return ErrorOf([&] { FloatsOf(ReadNpy(bytes, "x.npy"), "x.npy"); });
}

TEST(Npy, FloatsOfAnyWidth) {
  for (const char* name : {"regions.npy", "half.npy", "double.npy"}) {
    const std::string bytes = ReadTextFile(kFiles / name);
    const NumpyArray array = ReadNpy(bytes, name);
    EXPECT_THAT(array.shape, ElementsAre(3, 4)) << name;
    EXPECT_EQ(FloatsOf(array, name), Quarters()) << name;
  }
}

TEST(Npy, WhatIsNotReadIsNamed) {
  const auto error = [](const char* name) {
    return NpyError(ReadTextFile(kFiles / name));
  };
  EXPECT_THAT(error("big.npy"), HasSubstr("big-endian"));
  EXPECT_THAT(error("complex.npy"), HasSubstr("\"c8\""));
  EXPECT_THAT(error("structured.npy"), HasSubstr("plain array"));
  EXPECT_THAT(error("fortran.npy"), HasSubstr("ascontiguousarray"));
  EXPECT_THAT(error("regions_info.npy"), HasSubstr("\"O\""));
  EXPECT_EQ(NpyError("no such thing"), "x.npy: not a .npy file");
}

TEST(Npy, ObjectsAreDescribed) {
  const std::string bytes = ReadTextFile(kFiles / "regions_info.npy");
  const NpyObject object(bytes, "info");
  const PickleValue* boxes = Find(object.value(), "num_boxes");
  ASSERT_NE(boxes, nullptr);
  EXPECT_EQ(IntegerOf(*boxes, "info"), 2);
  EXPECT_EQ(IntegerOf(*Find(object.value(), "image_width"), "info"), 640);
  const auto places = ArrayOf(*Find(object.value(), "bbox"), "info");
  ASSERT_TRUE(places.has_value());
  EXPECT_THAT(places->shape, ElementsAre(3, 4));
  EXPECT_EQ(Find(object.value(), "no such key"), nullptr);
  EXPECT_EQ(IntegerOf(*Find(object.value(), "bbox"), "info"), std::nullopt);
}

// Protocols differ in how they write bytes and calls; numpy 2 in names.
TEST(PickledArray, OfEveryProtocolIsTheSame) {
  for (const char* numpy : {"", "2"}) {
    for (int protocol = 0; protocol <= 5; ++protocol) {
      const std::string name = std::string("entry") + numpy + "_protocol" +
                               std::to_string(protocol) + ".pickle";
      const PickleDocument document(ReadTextFile(kFiles / name), name);
      const PickleValue* features = Find(document.root(), "features");
      ASSERT_NE(features, nullptr) << name;
      const auto array = ArrayOf(*features, name);
      ASSERT_TRUE(array.has_value()) << name;
      EXPECT_THAT(array->shape, ElementsAre(3, 4)) << name;
      EXPECT_EQ(FloatsOf(*array, name), Quarters()) << name;
      EXPECT_EQ(IntegerOf(*Find(document.root(), "num_boxes"), name), 2);
    }
  }
}

// "N_FORTRAN"-like slips of a writer: every header must be refused or fit.
TEST(Npy, HeadersThatLieAreRefused) {
  const auto with = [](const std::string& header, std::size_t bytes) {
    std::string file("\x93NUMPY\x01\x00", 8);
    file += static_cast<char>(header.size());
    file += '\0';
    return file + header + std::string(bytes, '\0');
  };
  const auto shape = [](const std::string& text) {
    return "{'descr': '<f4', 'fortran_order': False, 'shape': " + text + ", }";
  };
  EXPECT_EQ(FloatsOf(ReadNpy(with(shape("(2,)"), 8), ""), "").size(), 2u);
  EXPECT_EQ(FloatsOf(ReadNpy(with(shape("()"), 4), ""), "").size(), 1u);
  EXPECT_EQ(FloatsOf(ReadNpy(with(shape("(0, 5)"), 0), ""), "").size(), 0u);
  EXPECT_THAT(NpyError(with(shape("(3,)"), 8)), HasSubstr("8 bytes"));
  EXPECT_THAT(NpyError(with(shape("(2,)"), 9)), HasSubstr("9 bytes"));
  EXPECT_THAT(
      NpyError(with(shape("(4611686018427387904, 4611686018427387904)"), 8)),
      HasSubstr("overflows"));
  for (const char* broken :
       {"(-1,)", "(99999999999999999999,)", "(1, 2", "2", "('a',)", "(,)"}) {
    EXPECT_THAT(NpyError(with(shape(broken), 8)), HasSubstr("plain array"))
        << broken;
  }
  EXPECT_THAT(NpyError(with("{'descr': '<f4'}", 8)), HasSubstr("plain array"));
  std::string cut = with(shape("(2,)"), 8);
  cut[8] = static_cast<char>(200);
  EXPECT_THAT(NpyError(cut), HasSubstr("cut short"));
}

// Any single byte changed or the end cut off: refused or read, never a crash.
TEST(Npy, DamagedFilesDoNoHarm) {
  Random random(3, "npy");
  for (const char* name : {"regions.npy", "regions_info.npy"}) {
    const std::string whole = ReadTextFile(kFiles / name);
    for (int round = 0; round < 2000; ++round) {
      std::string bytes = whole;
      if (round % 4 == 0) {
        bytes.resize(random.Below(bytes.size()));
      } else {
        bytes[random.Below(bytes.size())] =
            static_cast<char>(random.Below(256));
      }
      try {
        const NpyObject object(bytes, name);
        for (const auto& [key, value] : object.value().entries) {
          ArrayOf(*value, name);
          IntegerOf(*value, name);
        }
      } catch (const Error&) {
      }
      try {
        FloatsOf(ReadNpy(bytes, name), name);
      } catch (const Error&) {
      }
    }
  }
}

}  // namespace
}  // namespace msdbench
