#include "datasets/mm_imdb_hdf5.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "datasets/dataset.h"
#include "datasets/encoded.h"
#include "datasets/image/image.h"
#include "datasets/verify/verify.h"
#include "reports/json_file.h"
#include "reports/random.h"
#include "tests/datasets/tree.h"
#ifdef MSDBENCH_HDF5
#include "tests/datasets/hdf5_editor.h"
#endif

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

// Written by h5py as the authors' script does: see make_mm_imdb_hdf5.py there.
const fs::path kFixtures = "tests/datasets/fixtures/mm_imdb_hdf5";

void CopyRelease(const fs::path& folder,
                 const std::string& file = kMmImdbHdf5) {
  fs::create_directories(folder);
  fs::copy_file(kFixtures / file, folder / kMmImdbHdf5);
  fs::copy_file(kFixtures / kMmImdbWords, folder / kMmImdbWords);
}

DatasetOptions In(const fs::path& folder) {
  DatasetOptions options;
  options.root = folder;
  return options;
}

VerifyReport VerifyFolder(const fs::path& folder, bool decode = true) {
  VerifyOptions options;
  options.format = "mm_imdb";
  options.root = folder;
  options.decode = decode;
  options.threads = 2;
  return Verify(options);
}

std::vector<std::string> Texts(const VerifyReport& report, Verdict verdict) {
  std::vector<std::string> texts;
  for (const VerifyFinding& finding : report.findings) {
    if (finding.verdict == verdict) texts.push_back(finding.text);
  }
  return texts;
}

TEST(MmImdbWithoutHdf5, SaysThatTheBuildLacksIt) {
  if (HasHdf5()) GTEST_SKIP() << "this build has HDF5";
  Tree tree;
  CopyRelease(tree.root());
  const std::string what =
      tree.Path(kMmImdbHdf5) + ": cannot be read: this msdbench was built " +
      "without HDF5 (install libhdf5-dev, then configure and build again)";
  EXPECT_EQ(LoadError("mm_imdb", tree.Options()), what);
  EXPECT_THAT(Texts(VerifyFolder(tree.root()), Verdict::kUnusable),
              Contains(what));
}

class MmImdbHdf5Test : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasHdf5()) GTEST_SKIP() << "built without HDF5";
  }
  // A fresh copy of the release in a folder of its own: a file stays open once
  // a picture of it was looked for.
  fs::path Fresh(const std::string& file = kMmImdbHdf5) {
    const fs::path folder = tree_.root() / std::to_string(copies_++);
    CopyRelease(folder, file);
    return folder;
  }
  Tree tree_;

 private:
  int copies_ = 0;
};

TEST_F(MmImdbHdf5Test, ReadsWhatTheAuthorsScriptWrites) {
  const fs::path folder = Fresh();
  const Dataset data = LoadDataset("mm_imdb", In(folder));
  EXPECT_EQ(data.format, "mm_imdb");
  EXPECT_EQ(data.head, Head::kMultiLabel);
  EXPECT_EQ(data.labels, MmImdbGenres());
  const auto& train = data.train.examples;
  ASSERT_EQ(train.size(), 3U);
  EXPECT_EQ(train[0].id, "0000005");
  EXPECT_EQ(train[0].text, "the caf\u00e9 is open .");
  EXPECT_EQ(Shown(train[0].targets), "21:1000");
  EXPECT_EQ(train[0].image, folder / "multimodal_imdb.hdf5/images/00000");
  EXPECT_EQ(train[1].id, "0068646");
  EXPECT_EQ(train[1].text, "N caf\u00e9");
  EXPECT_EQ(Shown(train[1].targets), "0:1000 4:1000");
  EXPECT_EQ(train[2].text, "\" \u96e8 \" _UNK_");
  ASSERT_EQ(data.dev.examples.size(), 1U);
  EXPECT_EQ(data.dev.examples[0].id, "0000439");
  EXPECT_THAT(data.dev.examples[0].targets, IsEmpty());
  ASSERT_EQ(data.test.examples.size(), 2U);
  EXPECT_EQ(data.test.examples[0].text, "");
  EXPECT_EQ(Shown(data.test.examples[0].targets), "1:1000 22:1000");
  EXPECT_EQ(data.test.examples[1].image,
            folder / "multimodal_imdb.hdf5/images/00005");
  EXPECT_THAT(
      data.notes,
      ElementsAre("dev: 1 films have no genre among the labels (empty targets)",
                  "test: 1 films without a plot keep an empty text",
                  HasSubstr("longest plot (plot does not apply)"),
                  HasSubstr("104 (blue), 117 (green) and 124 (red)")));
}

TEST_F(MmImdbHdf5Test, TheRootMayHoldTheFolderAndSplitJsonComesFirst) {
  CopyRelease(tree_.root() / "mmimdb");
  const Dataset data = LoadDataset("mm_imdb", tree_.Options());
  EXPECT_EQ(data.train.examples[2].image,
            tree_.root() / "mmimdb/multimodal_imdb.hdf5/images/00002");
  EXPECT_EQ(LoadDataset("mm_imdb", In(tree_.root() / "mmimdb")).fingerprint,
            data.fingerprint);
  EXPECT_EQ(LoadDataset("mm_imdb", In(Fresh())).fingerprint, data.fingerprint);
  tree_.Write("split.json", "{}");
  EXPECT_THAT(LoadError("mm_imdb", tree_.Options()),
              HasSubstr("split.json: no split \"train\""));
}

TEST_F(MmImdbHdf5Test, LabelsAndSplitsMayBeChosen) {
  const fs::path folder = Fresh();
  DatasetOptions options = In(folder);
  options.labels = {"Western", "Short"};
  options.dev_split = "test";
  options.limit = {{"train", 1}};
  const Dataset data = LoadDataset("mm_imdb", options);
  EXPECT_THAT(data.labels, ElementsAre("Western", "Short"));
  EXPECT_EQ(data.train.examples.size(), 1U);
  EXPECT_EQ(Shown(data.dev.examples[1].targets), "0:1000");
  EXPECT_THAT(data.notes, Contains("test and test share 2 ids"));
  EXPECT_THAT(data.notes, Contains(HasSubstr("Drama 2")));
  options.test_split = "test2";
  EXPECT_THAT(LoadError("mm_imdb", options),
              HasSubstr("hdf5: no split \"test2\", allowed: train, dev, test"));
  std::ofstream(folder / "labels.json") << R"(["Drama"])";
  EXPECT_THAT(LoadDataset("mm_imdb", In(folder)).labels, ElementsAre("Drama"));
}

// As the script draws them; a byte below its channel's mean comes back as the
// one above.
std::vector<std::uint8_t> Picture(int film) {
  if (film == 0) {
    return {0,   0,   0,   255, 255, 255, 124, 117, 104,
            124, 117, 104, 10,  200, 100, 122, 115, 102};
  }
  constexpr int kBelow[] = {123, 116, 103};
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < 18; ++i) {
    const int byte = (i * 7 + film * 50) % 256;
    bytes.push_back(
        static_cast<std::uint8_t>(byte == kBelow[i % 3] ? byte + 1 : byte));
  }
  return bytes;
}

TEST_F(MmImdbHdf5Test, PicturesComeBackInRgb) {
  const Dataset data = LoadDataset("mm_imdb", In(Fresh()));
  int film = 0;
  for (const Split* split : {&data.train, &data.dev, &data.test}) {
    for (const Example& example : split->examples) {
      const Image image = ReadImage(example.image);
      EXPECT_EQ(image.width, 3);
      EXPECT_EQ(image.height, 2);
      EXPECT_EQ(image.rgb, Picture(film)) << film;
      ++film;
    }
  }
  EXPECT_EQ(film, 6);
}

TEST_F(MmImdbHdf5Test, ManyThreadsDecodeWhatOneDoes) {
  const fs::path folder = Fresh();
  std::vector<fs::path> images;
  for (int i = 0; i < 600; ++i) {
    images.push_back(folder / kMmImdbHdf5 / "images" /
                     ("0000" + std::to_string(i % 6)));
  }
  EXPECT_TRUE(DecodeImages(images, 4, 8).equal(DecodeImages(images, 4, 1)));
  images[5] = folder / kMmImdbHdf5 / "images/00006";
  EXPECT_THAT(ErrorOf([&] { DecodeImages(images, 4, 8); }),
              HasSubstr("multimodal_imdb.hdf5: data set \"images\": is 6 x 3 x "
                        "2 x 3, and rows 6 to 7 are asked for"));
}

TEST_F(MmImdbHdf5Test, VerifySaysThatItIsWhole) {
  const fs::path folder = Fresh();
  const VerifyReport report = VerifyFolder(folder);
  EXPECT_TRUE(report.usable());
  EXPECT_THAT(Texts(report, Verdict::kWarning), IsEmpty());
  EXPECT_THAT(Texts(report, Verdict::kNote),
              ElementsAre("test: 1 texts without a word",
                          "not the published set: train has 3 of 15552 "
                          "examples, dev has 1 of 2608 examples, test has 2 of "
                          "7799 examples",
                          HasSubstr("longest plot"), HasSubstr("104 (blue)")));
  EXPECT_THAT(report.image_formats, ElementsAre(Pair("HDF5 row", 6)));
  EXPECT_THAT(report.scan.splits[0].labels,
              UnorderedElementsAre(Pair("Drama", 2), Pair("Crime", 1),
                                   Pair("Short", 1)));
  EXPECT_EQ(report.splits[2].words.most, 40);
  // By sha256sum.
  ASSERT_EQ(report.files.size(), 3U);
  EXPECT_EQ(report.files[0].name, "metadata.npy");
  EXPECT_EQ(report.files[1].name, "multimodal_imdb.hdf5");
  EXPECT_EQ(report.files[1].bytes, 9138);
  EXPECT_EQ(report.files[1].sha256,
            "902209f7bc9b1161c506bd951a5dbaee97f3291c1d4e247e0c8318bc761e17b0");
  EXPECT_EQ(report.files[2].name, "(images)");
  EXPECT_EQ(report.files[2].files, 6);
  EXPECT_EQ(report.files[2].bytes, 6 * 3 * 2 * 3 * 4);
}

TEST_F(MmImdbHdf5Test, QuickReadsNoPictureAndHashesNone) {
  const VerifyReport report = VerifyFolder(Fresh("damaged.hdf5"), false);
  ASSERT_EQ(report.files.size(), 1U);
  EXPECT_EQ(report.files[0].name, "metadata.npy");
  EXPECT_THAT(report.image_formats, IsEmpty());
  EXPECT_EQ(report.splits[0].images, 3);
  EXPECT_THAT(report.splits[0].unreadable, IsEmpty());
}

TEST_F(MmImdbHdf5Test, RowsThatCannotBeReadAreNamed) {
  const fs::path folder = Fresh("damaged.hdf5");
  const std::string file = (folder / kMmImdbHdf5).string();
  const VerifyReport report = VerifyFolder(folder);
  EXPECT_THAT(Texts(report, Verdict::kUnusable),
              ElementsAre("train: 1 unreadable images",
                          "dev: 1 faults in its files, no examples"));
  ASSERT_EQ(report.splits[0].unreadable.size(), 1U);
  EXPECT_EQ(report.splits[0].unreadable[0].name,
            "multimodal_imdb.hdf5/images/00001");
  EXPECT_THAT(report.splits[0].unreadable[0].reason,
              HasSubstr("data set \"images\": row 1 cannot be read: data error "
                        "detected by Fletcher32 checksum"));
  EXPECT_THAT(report.scan.splits[1].faults,
              ElementsAre(file + ": data set \"sequences\": row 3 cannot be "
                                 "read: inflate() failed"));
  EXPECT_EQ(report.splits[2].examples, 2) << "the rows behind are read";
  EXPECT_THAT(LoadError("mm_imdb", In(folder)), HasSubstr("row 3 cannot"));
}

TEST_F(MmImdbHdf5Test, WithoutTheWordsThereIsNoText) {
  const fs::path folder = Fresh();
  fs::remove(folder / kMmImdbWords);
  const std::string what = (folder / kMmImdbHdf5).string() +
                           ": metadata.npy must lie beside it: the words of "
                           "the texts are there";
  EXPECT_EQ(LoadError("mm_imdb", In(folder)), what);
  EXPECT_THAT(Texts(VerifyFolder(folder), Verdict::kUnusable), Contains(what));
  fs::copy_file(kFixtures / "metadata_protocol2.npy", folder / kMmImdbWords);
  EXPECT_EQ(LoadDataset("mm_imdb", In(folder)).train.examples[1].text,
            "N caf\u00e9");
}

TEST_F(MmImdbHdf5Test, OtherAndCutFilesAreRefused) {
  const std::string whole = ReadTextFile(kFixtures / kMmImdbHdf5);
  const auto error = [&](const std::string& bytes) {
    const fs::path folder = Fresh();
    std::ofstream(folder / kMmImdbHdf5, std::ios::binary) << bytes;
    const std::string what = LoadError("mm_imdb", In(folder));
    EXPECT_THAT(what,
                testing::StartsWith((folder / kMmImdbHdf5).string() + ": "));
    return what;
  };
  EXPECT_THAT(error("<html>not found</html>"),
              HasSubstr("not an HDF5 file by its first bytes"));
  EXPECT_THAT(error(""), HasSubstr("not an HDF5 file"));
  EXPECT_THAT(error(whole.substr(0, 5000)),
              AllOf(HasSubstr("cannot be opened as HDF5, damaged or not whole"),
                    HasSubstr("truncated file")));
  for (std::size_t size = 1; size < whole.size(); size += 211) {
    error(whole.substr(0, size));
  }
}

#ifdef MSDBENCH_HDF5

TEST_F(MmImdbHdf5Test, BrokenFilesAreRefusedInOneLine) {
  const std::vector<std::int32_t> zeros(6 * 24, 0);
  const std::vector<std::string> ids(6, "0000001");
  using Edit = std::function<void(const Hdf5Editor&)>;
  const std::vector<std::pair<Edit, const char*>> cases = {
      {[](auto& f) { f.Remove("images"); }, "data set \"images\": is missing"},
      {[](auto& f) { f.Remove("sequences"); },
       "data set \"sequences\": is missing"},
      {[](auto& f) { f.Remove("genres"); }, "data set \"genres\": is missing"},
      {[](auto& f) { f.Remove("imdb_ids"); },
       "data set \"imdb_ids\": is missing"},
      {[&](auto& f) {
         f.Integers("images", {6, 3, 2}, zeros);
       },
       "data set \"images\": is 6 x 3 x 2, expected 4 dimensions"},
      {[&](auto& f) {
         f.Integers("images", {6, 1, 2, 2}, zeros);
       },
       "data set \"images\" is 6 x 1 x 2 x 2, expected rows x 3 x height x "
       "width"},
      {[&](auto& f) {
         f.Integers("images", {5, 3, 2, 2}, zeros);
       },
       "data set \"images\" has 5 rows, \"imdb_ids\" 6"},
      {[&](auto& f) {
         f.Integers("images", {6, 3, 0, 2}, zeros);
       },
       "a picture of 2 x 0 pixels is empty"},
      {[&](auto& f) {
         f.Floats("images", {6, 3, 1, 1}, std::vector<float>(18));
       },
       "data set \"images\": holds something else than integers"},
      {[&](auto& f) { f.Integers("sequences", {6}, zeros); },
       "data set \"sequences\": holds something else than lists of integers"},
      {[&](auto& f) {
         f.Lists("sequences", {{1}, {2}});
       },
       "data set \"sequences\" has 2 rows, \"imdb_ids\" 6"},
      {[&](auto& f) {
         f.Lists("sequences", {{}, {0, 9}, {}, {}, {}, {}});
       },
       "data set \"sequences\": row 1: word 9 is not one of the 9 of "
       "metadata.npy"},
      {[&](auto& f) {
         f.Lists("sequences", {{}, {}, {-1}, {}, {}, {}});
       },
       "data set \"sequences\": row 2: word -1 is not one of the 9"},
      {[&](auto& f) { f.Integers("imdb_ids", {6}, zeros); },
       "data set \"imdb_ids\": holds something else than texts of a fixed "
       "width"},
      {[&](auto& f) { f.Texts("imdb_ids", std::vector<std::string>(6), 7); },
       "data set \"imdb_ids\": row 0: holds no id"},
      {[&](auto& f) { f.Texts("imdb_ids", ids, 7); },
       "split train: id \"0000001\" occurs twice"},
      {[&](auto& f) { f.Integers("genres", {6}, zeros); },
       "data set \"genres\": is 6, expected 2 dimensions"},
      {[&](auto& f) {
         f.Integers("genres", {6, 23}, zeros);
       },
       "attribute \"target_names\" of \"genres\" is missing"},
      {[&](auto& f) {
         f.Integers("genres", {6, 24}, zeros);
         f.TextAttribute("genres", "target_names", R"(["Drama"])");
       },
       "\"genres\": 1 names for the 24 columns of \"genres\""},
      {[&](auto& f) {
         f.Integers("genres", {6, 2}, {1, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0});
         f.TextAttribute("genres", "target_names", R"(["a", "b"])");
       },
       "data set \"genres\": row 1: 2 in column 1, expected 0 or 1"},
      {[](auto& f) { f.TextAttribute("genres", "target_names", "[\"a\","); },
       "attribute \"target_names\" of \"genres\": not valid JSON"},
      {[](auto& f) { f.TextAttribute("genres", "target_names", "[1]"); },
       "attribute \"target_names\" of \"genres\": must be an array of strings"},
      {[](auto& f) { f.TextAttribute("genres", "target_names", R"(["",""])"); },
       "attribute \"target_names\" of \"genres\": label 0 has an empty name"},
      {[](auto& f) { f.Announce(hsize_t{1} << 40); },
       "1099511627776 films of 2 genres, allowed: 1000000 of 100"},
      {[&](auto& f) {
         f.Texts("imdb_ids", {"1", "2", "3", "4", "5", "6"}, 101);
       },
       "holds texts of 101 bytes, allowed: 100"},
      {[](auto& f) { f.RemoveAttribute("/", "split"); },
       "6 films, not the release's 25959, and no attribute \"split\""},
      {[](auto& f) { f.TextAttribute("/", "split", "train"); },
       "the root's attribute \"split\" is not Fuel's"},
      // Rows of the table: train's features, genres, images, ...
      {[](auto& f) { f.FuelStop(1, 7); },
       "split train of \"genres\" is 0 to 7, expected a range of its 6 rows"},
      {[](auto& f) { f.FuelStop(1, -1); },
       "split train of \"genres\" is 0 to -1"},
      {[](auto& f) { f.FuelStop(1, 2); },
       "split train has no \"genres\" or other rows of it than of \"images\""},
  };
  for (const auto& [edit, expected] : cases) {
    const fs::path folder = Fresh();
    edit(Hdf5Editor(folder / kMmImdbHdf5));
    EXPECT_THAT(LoadError("mm_imdb", In(folder)), HasSubstr(expected));
    EXPECT_FALSE(VerifyFolder(folder).usable()) << expected;
  }
}

// Its split attribute has a type that HDF5 1.12 brought.
TEST_F(MmImdbHdf5Test, ANewerFileIsReadOrSaidToBeNewer) {
  const fs::path folder = Fresh("newer.hdf5");
#if H5_VERSION_GE(1, 12, 0)
  EXPECT_EQ(LoadDataset("mm_imdb", In(folder)).fingerprint,
            LoadDataset("mm_imdb", In(Fresh())).fingerprint);
#else
  EXPECT_THAT(
      LoadError("mm_imdb", In(folder)),
      AllOf(
          HasSubstr("hdf5: the root's attribute \"split\" cannot be read: bad "
                    "version number for datatype message (damaged, or "
                    "written for a newer HDF5 library than 1."),
          HasSubstr("h5py writes for this one with libver=\"v1")));
#endif
}

TEST_F(MmImdbHdf5Test, DataSetsThatAreNotReadMayBeAnything) {
  const fs::path folder = Fresh();
  {
    const Hdf5Editor editor(folder / kMmImdbHdf5);
    editor.Remove("features");
    editor.FuelStop(0, -5);
  }
  EXPECT_EQ(LoadDataset("mm_imdb", In(folder)).train.examples.size(), 3U);
}

TEST_F(MmImdbHdf5Test, OtherGenresAreTakenWithANote) {
  const fs::path folder = Fresh();
  {
    const Hdf5Editor editor(folder / kMmImdbHdf5);
    editor.Integers("genres", {6, 2}, {1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0});
    editor.TextAttribute("genres", "target_names", R"(["News", "Drama"])");
  }
  const Dataset data = LoadDataset("mm_imdb", In(folder));
  EXPECT_THAT(data.labels, ElementsAre("News", "Drama"));
  EXPECT_EQ(Shown(data.train.examples[1].targets), "1:1000");
  const std::string note = "its genres are not the authors' 23: News, Drama";
  EXPECT_THAT(data.notes, Contains(note));
  EXPECT_THAT(Texts(VerifyFolder(folder), Verdict::kNote), Contains(note));
}

TEST_F(MmImdbHdf5Test, TheFingerprintKnowsWordsGenresAndIds) {
  using Edit = std::function<void(const Hdf5Editor&)>;
  const std::vector<Edit> edits = {
      [](auto& f) {
        f.Lists("sequences", {{2}, {6, 3}, {5}, {2}, {}, {1}});
      },
      [](auto& f) {
        f.Texts("imdb_ids", {"1", "2", "3", "4", "5", "6"}, 7);
      },
      [](auto& f) {
        std::vector<std::int32_t> marks(6 * 23, 0);
        marks[3] = 1;
        f.RemoveAttribute("genres", "target_names");
        f.Integers("genres", {6, 23}, marks);
        f.TextAttribute("genres", "target_names", Json(MmImdbGenres()).dump());
      },
  };
  std::set<std::string> fingerprints = {
      LoadDataset("mm_imdb", In(Fresh())).fingerprint};
  for (const Edit& edit : edits) {
    const fs::path folder = Fresh();
    edit(Hdf5Editor(folder / kMmImdbHdf5));
    fingerprints.insert(LoadDataset("mm_imdb", In(folder)).fingerprint);
  }
  EXPECT_EQ(fingerprints.size(), 4U);
}

// Pictures of one pixel, films without a word; no table of splits is needed.
TEST_F(MmImdbHdf5Test, TheReleaseIsSplitByItsOwnRows) {
  constexpr int kRows = 25959;
  const fs::path folder = Fresh();
  fs::remove(folder / kMmImdbHdf5);
  std::vector<std::string> ids;
  for (int i = 0; i < kRows; ++i) ids.push_back(std::to_string(1000000 + i));
  std::vector<std::int32_t> marks(kRows * 23, 0);
  for (int i = 0; i < kRows; ++i) marks[i * 23 + i % 23] = 1;
  {
    const Hdf5Editor editor(folder / kMmImdbHdf5);
    editor.Texts("imdb_ids", ids, 7);
    editor.Lists("sequences", std::vector<std::vector<std::int32_t>>(kRows));
    editor.Integers("images", {kRows, 3, 1, 1},
                    std::vector<std::int32_t>(3 * kRows));
    editor.Integers("genres", {kRows, 23}, marks);
    editor.TextAttribute("genres", "target_names", Json(MmImdbGenres()).dump());
  }
  const Dataset data = LoadDataset("mm_imdb", In(folder));
  EXPECT_EQ(data.train.examples.size(), 15552U);
  EXPECT_EQ(data.dev.examples.size(), 2608U);
  EXPECT_EQ(data.test.examples.size(), 7799U);
  EXPECT_EQ(data.dev.examples[0].id, "1015552");
  EXPECT_EQ(data.test.examples[0].id, "1018160");
  EXPECT_EQ(data.test.examples.back().id, "1025958");
  EXPECT_EQ(Shown(data.test.examples.back().targets), "14:1000");
  EXPECT_EQ(data.test.examples.back().image,
            folder / "multimodal_imdb.hdf5/images/25958");
  EXPECT_THAT(Texts(VerifyFolder(folder, false), Verdict::kNote),
              Contains(HasSubstr("the sizes are those of split.json")));
}

#endif  // MSDBENCH_HDF5

}  // namespace
}  // namespace msdbench
