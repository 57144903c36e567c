#include <fmt/format.h>

#include <array>
#include <string>

#include "datasets/verify/published.h"
#include "datasets/verify/render.h"

namespace msdbench {
namespace {

const char* NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kUnusable:
      return "unusable";
    case Verdict::kWarning:
      return "warning";
    default:
      return "note";
  }
}

Json WordsJson(const WordCounts& words) {
  Json json = {{"least", words.least}};
  for (std::size_t i = 0; i < kPercents.size(); ++i) {
    json[fmt::format("p{}", kPercents[i])] = words.at[i];
  }
  json["most"] = words.most;
  json["without"] = words.empty;
  return json;
}

Json PublishedJson(const PublishedSplit* published) {
  if (published == nullptr) return nullptr;
  Json json = {{"examples", published->examples},
               {"images", nullptr},
               {"labels", nullptr}};
  if (published->images > 0) json["images"] = published->images;
  if (!published->labels.empty()) json["labels"] = published->labels;
  return json;
}

Json SplitJson(const VerifyReport& report, std::size_t index) {
  const ScannedSplit& scanned = report.scan.splits[index];
  const SplitSummary& summary = report.splits[index];
  Json unreadable = Json::array();
  for (const UnreadableImage& image : summary.unreadable) {
    unreadable.push_back({{"name", image.name}, {"reason", image.reason}});
  }
  Json copied = Json::array();
  for (const CopiedPicture& picture : summary.copied) {
    copied.push_back(
        {{"images", picture.names}, {"labels_differ", picture.answers_differ}});
  }
  return {
      {"name", scanned.name},
      {"files", scanned.files},
      {"examples", summary.examples},
      {"published", PublishedJson(FindPublished(report.format, scanned.name))},
      {"unlabelled", scanned.unlabelled},
      {"skipped", scanned.skipped},
      {"labels", scanned.labels},
      {"words", WordsJson(summary.words)},
      {"images", summary.images},
      {"missing_images", summary.missing},
      {"unreadable_images", unreadable},
      {"repeated_ids", summary.repeated_ids},
      {"copied_pictures", copied},
      {"contradictions", summary.contradictions},
      {"faults", scanned.faults}};
}

// Of each picture the images and the number of examples, by split.
Json PicturesJson(const SharedItems& shared,
                  const std::array<std::string, 2>& splits) {
  Json pictures = Json::array();
  for (const SharedPicture& picture : shared.pictures) {
    pictures.push_back({{splits[0],
                         {{"images", picture.first_names},
                          {"examples", picture.first_examples}}},
                        {splits[1],
                         {{"images", picture.second_names},
                          {"examples", picture.second_examples}}}});
  }
  return pictures;
}

}  // namespace

Json VerifyJson(const VerifyReport& report) {
  const Scan& scan = report.scan;
  Json json = {{"dataset", report.format},
               {"root", scan.root.string()},
               {"usable", report.usable()},
               {"findings", Json::array()},
               {"labels", scan.label_names},
               {"splits", Json::array()},
               {"labels_that_cannot_score", scan.unscored_labels},
               {"labels_never_trained", scan.untrained_labels},
               {"shared", Json::array()},
               {"image_formats", report.image_formats},
               {"files", Json::array()}};
  for (const VerifyFinding& finding : report.findings) {
    json["findings"].push_back(
        {{"verdict", NameOf(finding.verdict)}, {"text", finding.text}});
  }
  for (std::size_t i = 0; i < report.splits.size(); ++i) {
    json["splits"].push_back(SplitJson(report, i));
  }
  for (const SharedItems& shared : report.shared) {
    const std::string &a = scan.splits[shared.first].name,
                      &b = scan.splits[shared.second].name;
    json["shared"].push_back({{"splits", {a, b}},
                              {"meant", OverlapIsMeant(report.format, a, b)},
                              {"ids", shared.ids},
                              {"pictures", PicturesJson(shared, {a, b})},
                              {"images", shared.SecondNames()},
                              {"examples", shared.SecondExamples()},
                              {"texts", shared.texts},
                              {"text_examples", shared.text_examples},
                              {"pairs", shared.pairs}});
  }
  for (const FileDigest& file : report.files) {
    json["files"].push_back({{"name", file.name},
                             {"files", file.files},
                             {"bytes", file.bytes},
                             {"sha256", file.sha256}});
  }
  return json;
}

}  // namespace msdbench
