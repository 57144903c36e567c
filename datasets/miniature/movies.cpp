// MM-IMDB in miniature: the plot is strong, the poster weak. Each genre of a
// film puts a cue word in the plot with high probability; the poster shows the
// emblem of one of its genres, but often of any genre.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "datasets/made_folder.h"
#include "datasets/miniature/drawing.h"
#include "datasets/miniature/generators.h"
#include "datasets/miniature/sentences.h"
#include "datasets/written_records.h"

namespace msdbench {
namespace {

constexpr int kGenres = 8;
// Names of the official label set; genre g's emblem is colour g % 4 with shape
// g / 4.
const std::array<const char*, kGenres> kGenreNames = {
    "Drama",  "Comedy",  "Romance", "Crime",
    "Horror", "Mystery", "War",     "Western"};
const std::array<std::array<const char*, 3>, kGenres> kCues = {{
    {"grief", "family", "illness"},
    {"joke", "clumsy", "prank"},
    {"love", "wedding", "kiss"},
    {"heist", "gangster", "robbery"},
    {"ghost", "curse", "scream"},
    {"clue", "riddle", "vanished"},
    {"soldier", "battle", "trench"},
    {"cowboy", "sheriff", "saloon"},
}};
const std::vector<std::string> kOpenings = {
    "a _ _ story", "the _ town of _ people", "one _ in _", "a _ friend"};

constexpr double kCueGiven = 0.8;     // a genre of the film leaves its cue
constexpr double kCueAmiss = 0.05;    // another genre does
constexpr double kEmblemTrue = 0.75;  // the poster shows a genre of the film
const std::vector<double> kGenreCounts = {0.4, 0.4, 0.2};  // 1, 2 or 3

// Every possible set of genres with its prior, for exact posteriors.
struct GenreSet {
  unsigned members;
  int size;
  double prior;
};

std::vector<GenreSet> AllGenreSets() {
  std::vector<GenreSet> sets;
  std::array<int, 4> of_size = {};
  for (unsigned members = 1; members < 1U << kGenres; ++members) {
    const int size = __builtin_popcount(members);
    if (size > 3) continue;
    sets.push_back({members, size, 0});
    ++of_size[size];
  }
  for (GenreSet& set : sets) {
    set.prior = kGenreCounts[set.size - 1] / of_size[set.size];
  }
  return sets;
}

struct Film {
  unsigned genres = 0, cues = 0;
  int emblem = 0;
};

using Posterior = std::array<double, kGenres>;

// P(genre | plot, poster), of whichever of the two is seen.
Posterior Infer(const std::vector<GenreSet>& sets, const Film& film,
                bool see_plot, bool see_poster) {
  Posterior posterior = {};
  double total = 0;
  for (const GenreSet& set : sets) {
    double weight = set.prior;
    for (int g = 0; see_plot && g < kGenres; ++g) {
      const double given = (set.members >> g & 1U) != 0 ? kCueGiven : kCueAmiss;
      weight *= (film.cues >> g & 1U) != 0 ? given : 1 - given;
    }
    if (see_poster) {
      const bool member = (set.members >> film.emblem & 1U) != 0;
      weight *=
          (1 - kEmblemTrue) / kGenres + (member ? kEmblemTrue / set.size : 0);
    }
    total += weight;
    for (int g = 0; g < kGenres; ++g) {
      if ((set.members >> g & 1U) != 0) posterior[g] += weight;
    }
  }
  for (double& p : posterior) p /= total;
  return posterior;
}

// Sum over genres of the Bernoulli KL from the full posterior.
double Change(const Posterior& without, const Posterior& full) {
  double sum = 0;
  const auto term = [](double p, double q) {
    return p > 0 ? p * std::log(p / q) : 0;
  };
  for (int g = 0; g < kGenres; ++g) {
    sum += term(without[g], full[g]) + term(1 - without[g], 1 - full[g]);
  }
  return sum;
}

const char* Informative(double text, double image) {
  constexpr double kClearly = 2, kNothing = 0.05;
  if (text < kNothing && image < kNothing) return "none";
  if (text > kClearly * image) return "text";
  if (image > kClearly * text) return "image";
  return "both";
}

// Micro-averaged F1 of the labels that are likelier than not.
class MicroF1 {
 public:
  void Add(const Posterior& posterior, unsigned genres) {
    for (int g = 0; g < kGenres; ++g) {
      const bool guessed = posterior[g] > 0.5;
      const bool actual = (genres >> g & 1U) != 0;
      hit_ += guessed && actual;
      total_ += static_cast<int>(guessed) + static_cast<int>(actual);
    }
  }
  double Value() const { return total_ > 0 ? 2.0 * hit_ / total_ : 0; }

 private:
  int hit_ = 0, total_ = 0;
};

Film DrawFilm(Random& random) {
  Film film;
  const int count = 1 + DrawIndex(kGenreCounts, random);
  while (__builtin_popcount(film.genres) < count) {
    film.genres |= 1U << random.Below(kGenres);
  }
  for (int g = 0; g < kGenres; ++g) {
    const double given = (film.genres >> g & 1U) != 0 ? kCueGiven : kCueAmiss;
    if (random.Uniform() < given) film.cues |= 1U << g;
  }
  film.emblem = static_cast<int>(random.Below(kGenres));
  if (random.Uniform() < kEmblemTrue) {
    while ((film.genres >> film.emblem & 1U) == 0) {
      film.emblem = static_cast<int>(random.Below(kGenres));
    }
  }
  return film;
}

std::string Plot(const Film& film, Random& random) {
  std::vector<std::string> cues;
  for (int g = 0; g < kGenres; ++g) {
    if ((film.cues >> g & 1U) != 0)
      cues.emplace_back(PickOne(kCues[g], random));
  }
  random.Shuffle(cues);
  std::string plot = FillTemplate(kOpenings, "", random);
  for (const std::string& cue : cues) plot += " with a " + cue;
  return plot + ".";
}

}  // namespace

Json MakeMiniatureMovies(const MiniatureOptions& options,
                         const std::filesystem::path& folder) {
  const std::filesystem::path home = folder / "mmimdb";
  std::filesystem::create_directories(home / "dataset");
  const std::vector<GenreSet> sets = AllGenreSets();
  MicroF1 both, text, image;
  Json planted = PlantedRule(
      "a genre leaves its cue word in the plot with probability 0.8, another "
      "with 0.05; the poster shows the emblem of one of the genres with "
      "probability 0.75; multilabel_micro_f1 of the exact posterior on test",
      0, 0, 0);
  Json splits = Json::object();
  int id = 1;
  const auto write_split = [&](const std::string& name, std::int64_t count) {
    Random random(options.seed, "movies " + name);
    splits[name] = Json::array();
    for (std::int64_t i = 0; i < count; ++i, ++id) {
      const Film film = DrawFilm(random);
      const std::string key = fmt::format("{:07}", id);
      const Figure emblem{film.emblem % kColours, film.emblem / kColours};
      WritePicture(
          home / "dataset" / (key + ".jpeg"),
          EncodeJpeg(DrawFigures(emblem, 1, options.image_size, random),
                     /*quality=*/92));
      std::vector<std::string> genres;
      for (int g = 0; g < kGenres; ++g) {
        if ((film.genres >> g & 1U) != 0) genres.emplace_back(kGenreNames[g]);
      }
      WritePicture(home / "dataset" / (key + ".json"),
                   FilmRecord("Film " + key, genres, Plot(film, random)));
      splits[name].push_back(key);
      if (name != "test") continue;
      const Posterior full = Infer(sets, film, true, true);
      const Posterior plot = Infer(sets, film, true, false);
      const Posterior poster = Infer(sets, film, false, true);
      both.Add(full, film.genres);
      text.Add(plot, film.genres);
      image.Add(poster, film.genres);
      planted["informative"][key] =
          Informative(Change(poster, full), Change(plot, full));
    }
  };
  write_split("train", options.train);
  write_split("dev", options.dev);
  write_split("test", options.test);
  WriteFileAtomically(home / "split.json", splits.dump());
  WriteFileAtomically(folder / "labels.json", Json(kGenreNames).dump() + "\n");
  planted["bayes"] = {{"multimodal", both.Value()},
                      {"text", text.Value()},
                      {"image", image.Value()}};
  return planted;
}

}  // namespace msdbench
