// MMF's two forms of stored features, and packing them.

#include "datasets/features/feature_source.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "datasets/features/pack.h"
#include "reports/json_file.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

const fs::path kFiles = "tests/datasets/features/files";

NumpyArray Array(std::vector<std::int64_t> shape,
                 const std::vector<float>& values) {
  NumpyArray array;
  array.dtype = "f4";
  array.shape = std::move(shape);
  array.decoded = std::make_shared<std::string>(
      reinterpret_cast<const char*>(values.data()),
      values.size() * sizeof(float));
  array.bytes = *array.decoded;
  return array;
}

TEST(ImageFeatures, AnyShapeThatStoresUse) {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const auto of = [&](std::vector<std::int64_t> shape) {
    return FeaturesOf(Array(std::move(shape), values), 0, "x");
  };
  EXPECT_EQ(of({4, 3}).tokens, 4);
  EXPECT_EQ(of({1, 4, 3}).width, 3);
  EXPECT_EQ(of({12}).tokens, 1);
  EXPECT_EQ(of({2, 2, 3}).values, values);  // a grid, its width last
  // Width first: cell c of channel w lies at 4 w + c.
  const ImageFeatures grid = of({1, 3, 2, 2});
  EXPECT_EQ(grid.tokens, 4);
  EXPECT_THAT(grid.values, ElementsAre(1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12));
}

TEST(ImageFeatures, OthersAreRefused) {
  const auto error = [](std::vector<std::int64_t> shape,
                        std::vector<float> values) {
    return ErrorOf([&] { FeaturesOf(Array(shape, values), 0, "x"); });
  };
  EXPECT_THAT(error({2, 2, 2}, std::vector<float>(8)), HasSubstr("[2, 2, 2]"));
  EXPECT_THAT(error({2, 3, 4}, std::vector<float>(24)), HasSubstr("allowed"));
  EXPECT_THAT(error({0, 4}, {}), HasSubstr("allowed"));
  EXPECT_THAT(ErrorOf([&] {
                FeaturesOf(Array({1, 2}, {1, 2}), 2, "x");
              }),
              HasSubstr("num_boxes is 2, but there are 1 tokens"));
  EXPECT_THAT(error({1, 2}, {1, std::numeric_limits<float>::quiet_NaN()}),
              HasSubstr("not finite"));
}

TEST(NpyFolder, BoxesAreCountedAndPaddingLeftOut) {
  const Tree tree;
  fs::create_directories(tree.root() / "train");
  fs::copy(kFiles / "regions.npy", tree.root() / "train/a.npy");
  fs::copy(kFiles / "regions_info.npy", tree.root() / "train/a_info.npy");
  fs::copy(kFiles / "half.npy", tree.root() / "b.npy");
  const auto source = OpenFeatureSource(tree.root());
  EXPECT_THAT(source->Names(), ElementsAre("b", "train/a"));
  ImageFeatures features;
  ASSERT_TRUE(source->Read("train/a", &features));
  EXPECT_EQ(features.tokens, 2);  // of 3, as the info says
  EXPECT_EQ(features.padded, 3);
  EXPECT_FLOAT_EQ(features.values.back(), 7.0F / 4);
  ASSERT_TRUE(source->Read("b", &features));
  EXPECT_EQ(features.tokens, 3);
  EXPECT_FALSE(source->Read("c", &features));
}

TEST(NpyFolder, WhatItHoldsIsKnownByTheInfoToo) {
  const Tree tree;
  fs::copy(kFiles / "regions.npy", tree.root() / "a.npy");
  const std::string without = OpenFeatureSource(tree.root())->State();
  EXPECT_EQ(OpenFeatureSource(tree.root())->State(), without);
  fs::copy(kFiles / "regions_info.npy", tree.root() / "a_info.npy");
  EXPECT_NE(OpenFeatureSource(tree.root())->State(), without);
}

TEST(NumBoxes, AreAWholeNumberAboveZero) {
  const auto boxes = [](const std::string& value) {
    // {'num_boxes': value} in protocol 0.
    const PickleDocument document("(dVnum_boxes\n" + value + "s.", "x");
    return BoxesIn(document.root(), "x");
  };
  EXPECT_EQ(boxes("I36\n"), 36);
  for (const char* other : {"I0\n", "I-1\n", "F36.0\n", "N", "I01\n"}) {
    EXPECT_THAT(ErrorOf([&] { boxes(other); }), HasSubstr("num_boxes is not"))
        << other;
  }
  EXPECT_EQ(BoxesIn(PickleDocument("(d.", "x").root(), "x"), 0);
}

TEST(NpyFolder, EntriesAreThePathsBelowIt) {
  const Tree tree;
  for (const char* folder : {"train", "val", ".cache"}) {
    fs::create_directories(tree.root() / folder);
    fs::copy(kFiles / "half.npy", tree.root() / folder / "1.npy");
  }
  tree.Write("train/._1.npy", "AppleDouble");
  EXPECT_THAT(OpenFeatureSource(tree.root())->Names(),
              ElementsAre("train/1", "val/1"));
}

// A program may write over a file and set its time back.
TEST(NpyFolder, WhatItHoldsIsKnownByTheTimeOfChangeToo) {
  const Tree tree;
  fs::copy(kFiles / "half.npy", tree.root() / "a.npy");
  const fs::path file = tree.root() / "a.npy";
  const std::string before = OpenFeatureSource(tree.root())->State();
  const auto time = fs::last_write_time(file);
  std::string bytes = ReadTextFile(file);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  // Clocks of file systems are coarser than a test is short.
  for (int tries = 0; tries < 200; ++tries) {
    std::ofstream(file, std::ios::binary) << bytes;
    fs::last_write_time(file, time);
    if (OpenFeatureSource(tree.root())->State() != before) break;
    usleep(10000);
  }
  EXPECT_EQ(fs::last_write_time(file), time);
  EXPECT_NE(OpenFeatureSource(tree.root())->State(), before);
}

TEST(FeatureLmdb, IsReadByKey) {
  if (!HasLmdb()) GTEST_SKIP() << "built without LMDB";
  const auto source = OpenFeatureSource(kFiles / "regions.lmdb");
  EXPECT_THAT(source->Names(), ElementsAre("01235", "458752", "plain_name"));
  ImageFeatures features;
  const auto second_value = [&](const std::string& name) {
    return source->Read(name, &features) ? features.values[1] : -1;
  };
  EXPECT_FLOAT_EQ(second_value("458752"), 0.25F);
  EXPECT_FLOAT_EQ(second_value("01235"), 0.5F);
  EXPECT_FLOAT_EQ(second_value("plain_name"), 0.75F);
  EXPECT_FLOAT_EQ(second_value("1235"), -1);
  EXPECT_FLOAT_EQ(second_value(""), -1);
  EXPECT_FLOAT_EQ(second_value(std::string(600, 'x')), -1);
  EXPECT_EQ(features.tokens, 2);
  EXPECT_EQ(features.width, 4);
  // The file itself may be named, too.
  EXPECT_TRUE(OpenFeatureSource(kFiles / "regions.lmdb/data.mdb")
                  ->Read("01235", &features));
}

TEST(FeatureSource, OtherKindsOfFilesAreNamed) {
  const Tree tree;
  const auto error = [&](const std::string& start) {
    tree.Write("file", start + std::string(5000, 'x'));
    return ErrorOf([&] { OpenFeatureSource(tree.root() / "file"); });
  };
  EXPECT_THAT(error("\x89HDF\r\n\x1a\n"), HasSubstr("an HDF5 file"));
  EXPECT_THAT(error("300104\t640\t480\t36\tAAAA\n"), HasSubstr(".tsv"));
  EXPECT_THAT(error("PK\x03\x04"), HasSubstr(".npz"));
  EXPECT_THAT(error(ReadTextFile(kFiles / "half.npy")),
              HasSubstr("one .npy file"));
  EXPECT_THAT(error(""), HasSubstr("of another kind; expected an LMDB"));
  tree.Write("file", "");
  EXPECT_THAT(ErrorOf([&] { OpenFeatureSource(tree.root() / "file"); }),
              HasSubstr("but empty; expected"));
  tree.Write("folder/a.npz", "x");
  EXPECT_THAT(ErrorOf([&] { OpenFeatureSource(tree.root() / "folder"); }),
              HasSubstr("expected NAME.npy files; found: a.npz"));
}

TEST(FeatureLmdb, BrokenOnesAreRefused) {
  if (!HasLmdb()) GTEST_SKIP() << "built without LMDB";
  const Tree tree;
  tree.Write("text/data.mdb", std::string(20000, 'x'));
  EXPECT_THAT(ErrorOf([&] { OpenFeatureSource(tree.root() / "text"); }),
              HasSubstr("not a readable LMDB"));
  const std::string whole = ReadTextFile(kFiles / "regions.lmdb/data.mdb");
  tree.Write("cut/data.mdb", whole.substr(0, 8192));
  EXPECT_THAT(ErrorOf([&] { OpenFeatureSource(tree.root() / "cut"); }),
              HasSubstr("cut short"));
  EXPECT_THAT(ErrorOf([&] { OpenFeatureSource(tree.root() / "absent"); }),
              HasSubstr("no features there"));
  fs::create_directories(tree.root() / "empty");
  EXPECT_THAT(ErrorOf([&] { OpenFeatureSource(tree.root() / "empty"); }),
              HasSubstr("expected NAME.npy"));
}

// A source at hand.
class Planted : public FeatureSource {
 public:
  explicit Planted(std::map<std::string, ImageFeatures> all)
      : all_(std::move(all)) {}
  std::string Path() const override { return "planted"; }
  std::vector<std::string> Names() const override {
    std::vector<std::string> names;
    for (const auto& one : all_) names.push_back(one.first);
    return names;
  }
  bool Read(const std::string& name, ImageFeatures* features) const override {
    const auto place = all_.find(name);
    if (place == all_.end()) return false;
    *features = place->second;
    return true;
  }
  std::string State() const override { return "planted"; }

 private:
  std::map<std::string, ImageFeatures> all_;
};

// `count` images of two to five tokens; every value tells its place.
Planted ManyImages(int count) {
  std::map<std::string, ImageFeatures> all;
  for (int i = 0; i < count; ++i) {
    ImageFeatures& features = all["image" + std::to_string(i)];
    features.tokens = 2 + i % 4;
    features.width = 3;
    features.padded = 5;
    for (int v = 0; v < features.tokens * 3; ++v) {
      features.values.push_back(static_cast<float>(i) +
                                static_cast<float>(v) / 16);
    }
  }
  return Planted(std::move(all));
}

TEST(PackedFeatures, HoldWhatWasPacked) {
  const Tree tree;
  const fs::path file = tree.root() / "sub/store.safetensors";
  const Planted source = ManyImages(150);
  for (const auto precision :
       {FeaturePrecision::kFp32, FeaturePrecision::kFp16}) {
    PackOptions options;
    options.precision = precision;
    options.threads = 2;
    EXPECT_EQ(PackFeatures(source, source.Names(), file, options), 0);
    EXPECT_TRUE(PackedFeatures::Is(file));
    const PackedFeatures store(file);
    EXPECT_EQ(store.shape().images, 150);
    EXPECT_EQ(store.shape().tokens, 5);
    EXPECT_TRUE(store.Damaged(2).empty());
    const bool half = precision == FeaturePrecision::kFp16;
    const at::Tensor all =
        at::from_blob(const_cast<void*>(store.data()), {150, 5, 3},
                      half ? at::kHalf : at::kFloat)
            .to(at::kFloat);
    for (const std::string& name : source.Names()) {
      ImageFeatures features;
      source.Read(name, &features);
      const std::int64_t row = store.Row(name).value();
      EXPECT_EQ(store.Count(row), features.tokens);
      const at::Tensor stored = all[row].contiguous();
      for (std::int64_t v = 0; v < 15; ++v) {
        const float expected = v < features.tokens * 3 ? features.values[v] : 0;
        // Half precision keeps 11 bits.
        const float error = half ? expected / 1024 : 0;
        ASSERT_NEAR(stored.data_ptr<float>()[v], expected, error) << name;
      }
    }
    EXPECT_EQ(store.Row("image150"), std::nullopt);
  }
}

TEST(PackedFeatures, MayBePackedAnew) {
  const Tree tree;
  const fs::path file = tree.root() / "store.safetensors";
  const fs::path half = tree.root() / "half.safetensors";
  const Planted source = ManyImages(20);
  PackFeatures(source, source.Names(), file, {});
  PackOptions options;
  options.precision = FeaturePrecision::kFp16;
  const auto packed = OpenFeatureSource(file);
  EXPECT_EQ(packed->Names().size(), 20U);
  PackFeatures(*packed, packed->Names(), half, options);
  const auto again = OpenFeatureSource(half);
  for (const std::string& name : source.Names()) {
    ImageFeatures first, second;
    ASSERT_TRUE(source.Read(name, &first) && again->Read(name, &second));
    EXPECT_EQ(second.tokens, first.tokens);
    EXPECT_EQ(second.padded, 5);
    ASSERT_EQ(second.values.size(), first.values.size());
    for (std::size_t v = 0; v < first.values.size(); ++v) {
      EXPECT_NEAR(second.values[v], first.values[v], first.values[v] / 1024);
    }
  }
}

// Equal rows, of which more are real.
TEST(PackedFeatures, ChecksumsKnowTheCounts) {
  const Tree tree;
  const fs::path file = tree.root() / "store.safetensors";
  const auto checksum = [&](std::int64_t tokens) {
    std::vector<float> values(static_cast<std::size_t>(tokens) * 2, 0.0F);
    const Planted source({{"a", {tokens, 2, 3, std::move(values)}}});
    PackFeatures(source, {"a"}, file, {});
    return std::string(PackedFeatures(file).Checksum(0));
  };
  EXPECT_NE(checksum(2), checksum(3));
}

TEST(PackedFeatures, TokensBeyondThoseAskedForAreCutAndCounted) {
  const Tree tree;
  const fs::path file = tree.root() / "store.safetensors";
  const Planted source = ManyImages(40);
  PackOptions options;
  options.tokens = 3;
  EXPECT_EQ(PackFeatures(source, source.Names(), file, options), 20);
  EXPECT_EQ(PackedFeatures(file).shape().tokens, 3);
  EXPECT_EQ(PackedFeatures(file).Count(3), 3);
  EXPECT_EQ(PackedFeatures(file).cut().images, 20);
  EXPECT_EQ(PackedFeatures(file).cut().longest, 5);
  options.tokens = 5;
  EXPECT_EQ(PackFeatures(source, source.Names(), file, options), 0);
  EXPECT_EQ(PackedFeatures(file).cut().images, 0);
}

TEST(PackedFeatures, PackingNamesWhatIsWrongAndLeavesNoFile) {
  const Tree tree;
  const fs::path file = tree.root() / "store.safetensors";
  const auto error = [&](const Planted& source,
                         const std::vector<std::string>& names,
                         FeaturePrecision precision) {
    PackOptions options;
    options.precision = precision;
    const std::string what =
        ErrorOf([&] { PackFeatures(source, names, file, options); });
    EXPECT_TRUE(fs::is_empty(tree.root()));
    return what;
  };
  EXPECT_EQ(error(ManyImages(100), {"image99", "b", "image5", "a"},
                  FeaturePrecision::kFp32),
            "planted: no features of 2 of 4 images, the first: a");
  const auto with = [](ImageFeatures odd) {
    return Planted({{"a", {1, 2, 1, {1, 2}}}, {"b", std::move(odd)}});
  };
  const std::vector<std::string> both = {"a", "b"};
  EXPECT_THAT(error(with({1, 3, 1, {1, 2, 3}}), both, FeaturePrecision::kFp32),
              HasSubstr("planted: b: features of width 3 beside others of 2"));
  EXPECT_THAT(error(with({1, 2, 1, {1, 1e6F}}), both, FeaturePrecision::kFp16),
              HasSubstr("too large for fp16"));
  EXPECT_THAT(
      error(with({2, 2, 2, {1, 2, 3, 4}}), both, FeaturePrecision::kFp32),
      HasSubstr("planted: b: 2 tokens, a has 1"));
}

// Every damaged byte is found: in features by Damaged, elsewhere at once.
TEST(PackedFeatures, DamageIsFound) {
  const Tree tree;
  const fs::path file = tree.root() / "store.safetensors";
  const Planted source = ManyImages(12);
  PackFeatures(source, source.Names(), file, {});
  const std::string whole = ReadTextFile(file);
  std::uint64_t header = 0;
  std::memcpy(&header, whole.data(), 8);
  const std::size_t start = 8 + header, features = 12 * 5 * 3 * sizeof(float);
  for (std::size_t place = start; place < whole.size(); ++place) {
    std::string bytes = whole;
    bytes[place] = static_cast<char>(bytes[place] ^ 0x10);
    std::ofstream(file, std::ios::binary) << bytes;
    if (place < start + features) {
      const std::size_t row = (place - start) / (5 * 3 * sizeof(float));
      const PackedFeatures store(file);
      EXPECT_THAT(store.Damaged(1),
                  ElementsAre(std::string(store.names()[row])));
    } else {
      EXPECT_THAT(ErrorOf([&] { PackedFeatures store(file); }),
                  HasSubstr("not a sound"));
    }
  }
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    std::ofstream(file, std::ios::binary) << whole.substr(0, length);
    ErrorOf([&] { PackedFeatures store(file); });
  }
}

}  // namespace
}  // namespace msdbench
