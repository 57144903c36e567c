// MM-IMDb's split.json and a film's JSON: the same bytes are taken for both.
#include "datasets/mm_imdb_files.h"
#include "tests/fuzz/below.h"
#include "tests/fuzz/fuzz_target.h"

namespace msdbench::fuzz {
namespace {

void ReadFilm(const JsonRecord& film) {
  const auto text = [&](Plot plot) {
    return ParseMmImdbFilm(film, "/films", "0000001", plot).text;
  };
  const std::string first = text(Plot::kFirst), longest = text(Plot::kLongest);
  Expect(first.empty() || !longest.empty(), "a longest plot");
}

void ReadSplits(const JsonRecord& splits) {
  for (const char* name : {"train", "dev"}) {
    for (const std::string& id : ReadMmImdbSplit(splits, name)) {
      for (const std::string& file :
           {MmImdbFilmFile(id), MmImdbImageFile(id)}) {
        Expect(LiesBelow("/films/" + file, "/films/dataset"),
               "a film below its folder");
      }
    }
  }
}

}  // namespace

FUZZ_TARGET(bytes) {
  const std::string name = "dataset/0000001.json";
  Json json;
  if (!Accepts([&] { json = ParseJson(bytes, name); })) return;
  Accepts([&] { ReadFilm(JsonRecord(json, name)); });
  Accepts([&] { ReadSplits(JsonRecord(json, name)); });
}

}  // namespace msdbench::fuzz
