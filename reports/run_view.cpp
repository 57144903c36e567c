#include "reports/run_view.h"

#include <fmt/format.h>

#include <utility>

#include "reports/comparison_cells.h"
#include "reports/platform.h"
#include "reports/render_markdown.h"
#include "reports/titles.h"

namespace msdbench {
namespace {

constexpr std::pair<const char*, const char*> kSplits[] = {
    {"dev", "dev"}, {"test", "test"}, {"test_last_epoch", "test, last epoch"}};
constexpr const char* kViews[] = {"multimodal", "text", "image"};

void AddRow(Table& table, const std::vector<std::string>& texts) {
  table.rows.emplace_back();
  for (const std::string& text : texts) {
    table.rows.back().push_back({text, {}, {}});
  }
}

std::string PercentText(const std::optional<double>* value) {
  if (value == nullptr) return "-";
  return *value ? NumberText(100 * **value, 2) : "undefined";
}

// A number of the record in full, or "-".
std::string NumberAt(const Json& json, const std::string& pointer,
                     const char* format) {
  const Json::json_pointer place(pointer);
  if (!json.contains(place) || !json[place].is_number()) return "-";
  return fmt::format(fmt::runtime(format), json[place].get<double>());
}

// A number of an object by its name, whatever characters that has.
std::string NumberIn(const Json& object, const std::string& name, double scale,
                     int decimals) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return "-";
  return NumberText(scale * found->get<double>(), decimals);
}

std::string TitleOf(const Record& record) {
  return fmt::format("{}, {}, seed {}", record.dataset, record.method,
                     record.seed);
}

Table Scores(const Record& record) {
  Table table;
  table.title = "Scores";
  table.caption = "In percent; dev chose the epoch.";
  table.columns = {{"Split", false}, {"View", false}};
  for (const RecordMetric& metric : record.metrics) {
    table.columns.push_back({MetricTitle(metric)});
  }
  for (const auto& [split, title] : kSplits) {
    if (record.results.count(split) == 0) continue;
    for (const char* view : kViews) {
      std::vector<std::string> texts = {title, view};
      for (const RecordMetric& metric : record.metrics) {
        texts.push_back(PercentText(record.Find(split, view, metric.name)));
      }
      AddRow(table, texts);
    }
  }
  for (const char* split : {"dev", "test"}) {
    const auto floor = record.floor.find(split);
    if (floor == record.floor.end()) continue;
    std::vector<std::string> texts = {split, "constant prediction"};
    for (const RecordMetric& metric : record.metrics) {
      const auto value = floor->second.find(metric.name);
      texts.push_back(
          PercentText(value == floor->second.end() ? nullptr : &value->second));
    }
    AddRow(table, texts);
  }
  return table;
}

Table Epochs(const Record& record) {
  const Json& epochs = record.json["epochs"];
  Table table;
  table.title = "Epochs";
  table.columns = {{"Epoch"}, {"Rate"}};
  std::vector<std::string> losses, metrics;
  for (const auto& item : epochs[0]["losses"].items()) {
    losses.push_back(item.key());
  }
  for (const auto& item : epochs[0]["dev"].items()) {
    metrics.push_back(item.key());
  }
  bool weights = false;
  for (const Json& epoch : epochs) weights |= !epoch["weights"].is_null();
  for (const auto& name : losses) table.columns.push_back({name});
  for (const auto& name : metrics) {
    table.columns.push_back({"dev " + MetricTitle({name, true})});
  }
  if (weights) {
    table.columns.push_back({"text weight"});
    table.columns.push_back({"image weight"});
  }
  const Json& selection = record.json["selection"];
  for (const Json& epoch : epochs) {
    const bool chosen =
        selection.is_object() && selection["epoch"] == epoch["epoch"];
    std::vector<std::string> texts = {
        epoch["epoch"].dump() + (chosen ? " (chosen)" : ""),
        NumberAt(epoch, "/learning_rate", "{:.3g}")};
    for (const auto& name : losses) {
      texts.push_back(NumberIn(epoch["losses"], name, 1, 4));
    }
    for (const auto& name : metrics) {
      texts.push_back(NumberIn(epoch["dev"], name, 100, 2));
    }
    for (const char* modality : {"text", "image"}) {
      if (!weights) break;
      const std::string at = std::string("/weights/") + modality;
      texts.push_back(NumberAt(epoch, at + "/mean", "{:.3f}") + " ± " +
                      NumberAt(epoch, at + "/sd", "{:.3f}"));
    }
    AddRow(table, texts);
  }
  return table;
}

std::string List(const std::string& title,
                 const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string text = "\n## " + title + "\n\n";
  for (const std::string& line : lines) {
    text += "- " + EscapeMarkdown(line) + "\n";
  }
  return text;
}

std::vector<std::string> WhatRan(const Record& record) {
  std::vector<std::string> lines = {
      fmt::format("status: {}", record.ok ? "ok" : "failed: " + record.error),
      fmt::format("suite: {} ({})", record.suite,
                  record.suite_hash.substr(0, 8)),
      fmt::format("code: {} ({})", record.version, record.revision),
      fmt::format("method: {}", record.kind)};
  if (record.numerics) {
    lines[2] += fmt::format(", numerics version {}", *record.numerics);
  }
  const Json& options = record.json["method"]["options"];
  if (!options.empty()) lines.back() += " " + options.dump();
  if (!record.fingerprint.empty()) {
    lines.push_back(fmt::format(
        "data: {} labels, dev {} ({} examples), test {} ({} examples), "
        "fingerprint {}",
        record.labels, record.dev_split, record.dev_examples, record.test_split,
        record.test_examples, record.fingerprint.substr(0, 8)));
  }
  if (record.parameters) {
    lines.push_back(fmt::format("parameters: {:.0f}", *record.parameters));
  }
  if (record.json.contains("first_weights")) {
    lines.push_back("first weights: " +
                    record.json["first_weights"]["source"].get<std::string>());
  }
  return lines;
}

std::vector<std::string> Problems(const Record& record) {
  std::vector<std::string> lines = record.notes;
  for (const auto& [pointer, reason] : record.undefined) {
    lines.push_back(pointer + " is undefined: " + reason);
  }
  return lines;
}

}  // namespace

Table RunTable(const std::vector<Record>& records) {
  Table table;
  table.columns = {{"Data set", false}, {"Method", false}, {"Seed"},
                   {"Status", false},   {"Metric", false}, {"Value"},
                   {"Seconds"}};
  for (const Record& record : records) {
    const bool scored = record.ok && !record.metrics.empty();
    AddRow(table,
           {record.dataset, record.method, std::to_string(record.seed),
            record.ok ? "ok" : "failed: " + record.error,
            scored ? record.metrics.front().name : "-",
            scored ? PercentText(record.Find("test", "multimodal",
                                             record.metrics.front().name))
                   : "-",
            NumberAt(record.json, "/timings/total_s", "{:.1f}")});
  }
  return table;
}

Json RunsJson(const std::vector<Record>& records) {
  Json runs = Json::array();
  for (const Record& record : records) {
    Json run = {{"dataset", record.dataset},
                {"method", record.method},
                {"seed", record.seed},
                {"status", record.ok ? "ok" : "failed"}};
    run["error"] = record.ok ? Json(nullptr) : Json(record.error);
    run["metric"] = nullptr;
    run["value"] = nullptr;
    if (record.ok && !record.metrics.empty()) {
      run["metric"] = record.metrics.front().name;
      const auto* value =
          record.Find("test", "multimodal", record.metrics.front().name);
      if (value != nullptr && *value) run["value"] = **value;
    }
    run["seconds"] = nullptr;
    const Json::json_pointer seconds("/timings/total_s");
    if (record.json.contains(seconds)) run["seconds"] = record.json[seconds];
    run["record"] = record.source;
    runs.push_back(std::move(run));
  }
  return runs;
}

std::string RunText(const Record& record) {
  std::string text = "# " + EscapeMarkdown(TitleOf(record)) + "\n\n";
  for (const std::string& line : WhatRan(record)) {
    text += "- " + EscapeMarkdown(line) + "\n";
  }
  text += List("Problems", Problems(record));
  if (!record.results.empty()) text += "\n" + RenderMarkdown(Scores(record));
  const Json::json_pointer epochs("/epochs/0");
  if (record.json.contains(epochs)) {
    text += "\n" + RenderMarkdown(Epochs(record));
  }
  if (record.json.contains("saliency") && record.json["saliency"].is_object()) {
    std::vector<std::string> lines;
    for (const auto& item : record.json["saliency"].items()) {
      lines.push_back(item.key() + ": " + item.value().dump());
    }
    text += List("Saliency and weights", lines);
  }
  if (record.json.contains("timings") && record.json["timings"].is_object()) {
    std::vector<std::string> lines;
    for (const auto& item : record.json["timings"].items()) {
      lines.push_back(item.key() + ": " +
                      (item.value().is_string()
                           ? item.value().get<std::string>()
                           : item.value().dump()));
    }
    text += List("Timings", lines);
  }
  std::vector<std::string> machine;
  for (const auto& [name, value] : PlatformOf(record).parts) {
    machine.push_back(name + ": " + value);
  }
  return text + List("Environment", machine);
}

}  // namespace msdbench
