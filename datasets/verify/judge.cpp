#include "datasets/verify/judge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "datasets/verify/published.h"

namespace msdbench {
namespace {

// The part that a split plays in a run.
struct Role {
  const char* name;
  std::vector<std::string> defaults;  // the first that is there is taken
  std::vector<std::string> prefixes;  // of what a suite could name instead
  bool may_be_unlabelled = false;
};

std::vector<Role> RolesOf(const std::string& format) {
  if (format == "hateful_memes") {
    return {{"train", {"train"}, {"train"}},
            {"dev", {"dev_seen", "dev"}, {"dev", "val"}},
            {"test", {"test_seen", "test"}, {"test"}, true}};
  }
  if (format == "vqa_v2") {
    // Dev is cut from train.
    return {{"train", {"train2014"}, {"train"}},
            {"test", {"val2014"}, {"val", "test"}, true}};
  }
  return {{"train", {"train"}, {"train"}},
          {"dev", {"dev"}, {"dev", "val"}},
          {"test", {"test"}, {"test"}, format != "mm_imdb"}};
}

class Judge {
 public:
  explicit Judge(VerifyReport& report) : report_(report) {}

  void JudgeAll() {
    for (const std::string& fault : report_.scan.faults) {
      Add(Verdict::kUnusable, fault);
    }
    const std::vector<Role> roles = RolesOf(report_.format);
    for (const Role& role : roles) FindSplitOf(role);
    for (std::size_t i = 0; i < report_.splits.size(); ++i) JudgeSplit(i);
    for (const SharedItems& shared : report_.shared) JudgeShared(shared);
    JudgeLabelReach();
    ComparePublished();
    NoteOutsideLabels();
    for (const std::string& note : report_.scan.notes) {
      Add(Verdict::kNote, note);
    }
    std::stable_sort(report_.findings.begin(), report_.findings.end(),
                     [](const VerifyFinding& a, const VerifyFinding& b) {
                       return static_cast<int>(a.verdict) <
                              static_cast<int>(b.verdict);
                     });
  }

 private:
  const std::string& NameOf(std::size_t split) const {
    return report_.scan.splits[split].name;
  }

  void Add(Verdict verdict, std::string text) {
    report_.findings.push_back({verdict, std::move(text)});
  }

  void FindSplitOf(const Role& role) {
    for (const std::string& name : role.defaults) {
      for (std::size_t i = 0; i < report_.splits.size(); ++i) {
        if (NameOf(i) != name) continue;
        taken_.emplace(i, role);
        return;
      }
    }
    for (const std::string& prefix : role.prefixes) {
      for (std::size_t i = 0; i < report_.splits.size(); ++i) {
        if (NameOf(i).rfind(prefix, 0) != 0 || taken_.count(i) > 0) continue;
        taken_.emplace(i, role);
        Add(Verdict::kWarning,
            fmt::format("no split {}: a suite must name another as {}, as in "
                        "\"splits\": {{\"{}\": \"{}\"}}",
                        fmt::join(role.defaults, " or "), role.name, role.name,
                        NameOf(i)));
        return;
      }
    }
    Add(Verdict::kUnusable, fmt::format("no {} split (expected: {})", role.name,
                                        fmt::join(role.defaults, " or ")));
  }

  // Everything that a loader would refuse.
  void JudgeSplit(std::size_t index) {
    const ScannedSplit& scanned = report_.scan.splits[index];
    const SplitSummary& summary = report_.splits[index];
    const auto role = taken_.find(index);
    const bool needed = role != taken_.end();
    std::vector<std::string> problems;
    const auto problem = [&](std::size_t count, const char* what) {
      if (count > 0) problems.push_back(fmt::format("{} {}", count, what));
    };
    problem(scanned.faults.size(), "faults in its files");
    problem(summary.repeated_ids.size(), "ids that occur twice");
    problem(summary.missing.size(), "missing images");
    problem(summary.unreadable.size(), "unreadable images");
    if (summary.examples == 0) problems.emplace_back("no examples");
    const bool some_labelled = scanned.unlabelled < summary.examples;
    if (scanned.unlabelled > 0 && some_labelled) {
      problem(static_cast<std::size_t>(scanned.unlabelled),
              "examples without a label among labelled ones");
    } else if (scanned.unlabelled > 0 && needed &&
               !role->second.may_be_unlabelled) {
      problems.emplace_back("no labels");
    } else if (scanned.unlabelled > 0) {
      Add(Verdict::kNote,
          scanned.name + ": no labels, so it can be predicted but not scored");
    }
    if (!problems.empty()) {
      Add(needed ? Verdict::kUnusable : Verdict::kWarning,
          fmt::format("{}: {}", scanned.name, fmt::join(problems, ", ")));
    }
    for (const auto& [why, count] : scanned.skipped) {
      Add(Verdict::kNote,
          fmt::format("{}: {} records skipped: {}", scanned.name, count, why));
    }
    JudgeCopies(scanned.name, summary);
    if (summary.words.empty > 0) {
      Add(Verdict::kNote, fmt::format("{}: {} texts without a word",
                                      scanned.name, summary.words.empty));
    }
  }

  // Pictures that a split holds more than once.
  void JudgeCopies(const std::string& name, const SplitSummary& summary) {
    std::size_t names = 0, differ = 0;
    for (const CopiedPicture& picture : summary.copied) {
      names += picture.names.size();
      differ += picture.answers_differ ? 1 : 0;
    }
    if (!summary.copied.empty()) {
      const auto& first =
          *std::max_element(summary.copied.begin(), summary.copied.end(),
                            [](const CopiedPicture& a, const CopiedPicture& b) {
                              return a.answers_differ < b.answers_differ;
                            });
      std::string text =
          fmt::format("{}: {} pictures stand under several names, {} in all",
                      name, summary.copied.size(), names);
      if (differ > 0) text += fmt::format(", {} with different labels", differ);
      text += fmt::format(" (first: {})", fmt::join(first.names, " = "));
      Add(differ > 0 ? Verdict::kWarning : Verdict::kNote, text);
    }
    if (!summary.contradictions.empty()) {
      Add(Verdict::kWarning,
          fmt::format("{}: {} times the same picture and text have different "
                      "labels (first: {})",
                      name, summary.contradictions.size(),
                      summary.contradictions.front()));
    }
  }

  void JudgeLabelReach() {
    const Scan& scan = report_.scan;
    const auto tell = [&](const std::vector<std::string>& labels,
                          const char* what) {
      if (labels.empty()) return;
      const auto shown = std::min<std::size_t>(labels.size(), 5);
      Add(Verdict::kWarning,
          fmt::format(
              "{} of {} labels {}: {}{}", labels.size(), scan.checked_labels,
              what,
              fmt::join(labels.begin(),
                        labels.begin() + static_cast<std::ptrdiff_t>(shown),
                        ", "),
              shown < labels.size() ? ", ..." : ""));
    };
    tell(
        scan.unscored_labels,
        "can score nowhere, since no reference of any split is taken for them");
    tell(scan.untrained_labels,
         "are never trained, since no reference of train2014 is spelt so");
  }

  void NoteOutsideLabels() {
    const Scan& scan = report_.scan;
    if (scan.label_names.empty()) return;
    const std::set<std::string> known(scan.label_names.begin(),
                                      scan.label_names.end());
    std::map<std::string, std::int64_t> outside;
    for (const ScannedSplit& split : scan.splits) {
      for (const auto& [label, count] : split.labels) {
        if (known.count(label) == 0) outside[label] += count;
      }
    }
    std::string list;
    for (const auto& [label, count] : outside) {
      list += fmt::format("{}{} {}", list.empty() ? "" : ", ", label, count);
    }
    if (!list.empty()) {
      Add(Verdict::kNote, "outside the labels, so dropped: " + list);
    }
  }

  void JudgeShared(const SharedItems& shared) {
    const std::string &a = NameOf(shared.first), &b = NameOf(shared.second);
    const SplitSummary& later = report_.splits[shared.second];
    std::vector<std::string> what;
    if (!shared.ids.empty()) {
      what.push_back(fmt::format("{} ids", shared.ids.size()));
    }
    if (!shared.pictures.empty()) {
      what.push_back(fmt::format(
          "{} pictures ({} of {} images and {} of {} examples of {})",
          shared.pictures.size(), shared.SecondNames(), later.images,
          shared.SecondExamples(), later.examples, b));
    }
    if (!shared.pairs.empty()) {
      what.push_back(fmt::format("{} examples with picture and text alike",
                                 shared.pairs.size()));
    }
    const bool meant = OverlapIsMeant(report_.format, a, b);
    if (!what.empty()) {
      Add(meant ? Verdict::kNote : Verdict::kWarning,
          fmt::format("{} and {} share {}{}", a, b, fmt::join(what, ", "),
                      meant ? " (as published)" : ": scores may be too high"));
    }
    if (!shared.texts.empty()) {
      Add(Verdict::kNote,
          fmt::format("{} and {} share {} texts ({} of {} examples of {})", a,
                      b, shared.texts.size(), shared.text_examples,
                      later.examples, b));
    }
  }

  void ComparePublished() {
    std::vector<std::string> differences;
    std::size_t known = 0;
    for (std::size_t i = 0; i < report_.splits.size(); ++i) {
      const PublishedSplit* published =
          FindPublished(report_.format, NameOf(i));
      if (published == nullptr) continue;
      ++known;
      const SplitSummary& summary = report_.splits[i];
      const auto& labels = report_.scan.splits[i].labels;
      if (summary.examples != published->examples) {
        differences.push_back(fmt::format("{} has {} of {} examples", NameOf(i),
                                          summary.examples,
                                          published->examples));
      } else if (published->images > 0 && summary.images != published->images) {
        differences.push_back(fmt::format("{} has {} of {} images", NameOf(i),
                                          summary.images, published->images));
      } else if (!published->labels.empty() && !labels.empty() &&
                 labels != published->labels) {
        differences.push_back(NameOf(i) + " has other numbers of its labels");
      }
    }
    if (!differences.empty()) {
      Add(Verdict::kNote, fmt::format("not the published set: {}",
                                      fmt::join(differences, ", ")));
    } else if (known > 0) {
      Add(Verdict::kNote,
          "the sizes are those of " + PublishedSource(report_.format));
    }
  }

  VerifyReport& report_;
  std::map<std::size_t, Role> taken_;
};

}  // namespace

bool OverlapIsMeant(const std::string& format, const std::string& a,
                    const std::string& b) {
  const auto both_of = [&](const std::set<std::string>& names) {
    return names.count(a) > 0 && names.count(b) > 0;
  };
  if (format == "hateful_memes") {
    return both_of({"dev", "dev_seen", "dev_unseen"}) ||
           both_of({"test", "test_seen"});
  }
  return format == "vqa_v2" && both_of({"test2015", "test-dev2015"});
}

void JudgeReport(VerifyReport& report) { Judge(report).JudgeAll(); }

}  // namespace msdbench
