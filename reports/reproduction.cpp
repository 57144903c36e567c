#include "reports/reproduction.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "reports/aggregate.h"
#include "reports/json_file.h"
#include "reports/titles.h"

namespace msdbench {
namespace {

// A word for a POSIX shell.
std::string Quoted(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) {
    return text;
  }
  std::string out = "'";
  for (char c : text)
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

void Flatten(const Json& json, const std::string& path, Environment& to) {
  for (const auto& item : json.items()) {
    const std::string at =
        path.empty() ? item.key() : path + " / " + item.key();
    const Json& value = item.value();
    if (value.is_object()) {
      Flatten(value, at, to);
      continue;
    }
    std::string text =
        value.is_string() ? value.get<std::string>() : value.dump();
    if (value.is_array()) {
      text.clear();
      for (const Json& part : value) {
        text += (text.empty() ? "" : ", ") +
                (part.is_string() ? part.get<std::string>() : part.dump());
      }
      if (text.empty()) text = "none";
    }
    if (value.is_null()) text = "not set";
    to.entries.emplace_back(at, text);
  }
}

}  // namespace

std::vector<RunCommand> RunCommands(const RunMatrix& matrix) {
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  std::vector<RunCommand> commands;
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
      if (matrix.methods()[m].teacher) continue;
      std::map<Key, std::vector<std::uint64_t>> groups;
      const RunMatrix::Runs& runs = matrix.At(d, m);
      for (const auto* records : {&runs.ok, &runs.failed}) {
        for (const Record* record : *records) {
          groups[{record->suite, record->suite_hash,
                  record->version + " (" + record->revision + ")",
                  record->device}]
              .push_back(record->seed);
        }
      }
      for (auto& [key, seeds] : groups) {
        const auto& [suite, hash, code, device] = key;
        std::sort(seeds.begin(), seeds.end());
        commands.push_back(
            {DatasetTitle(matrix.datasets()[d]),
             MethodTitle(matrix.methods()[m]), suite, hash, code,
             fmt::format("msdbench run {} --data-root DATA --datasets {} "
                         "--methods {} --seeds {}{}",
                         Quoted(suite), Quoted(matrix.datasets()[d].name),
                         Quoted(matrix.methods()[m].name),
                         fmt::join(seeds, ","),
                         device.empty() ? "" : " --device " + Quoted(device))});
      }
    }
  }
  return commands;
}

std::vector<Environment> Environments(const std::vector<Record>& records) {
  std::map<std::string, std::size_t> counts;
  for (const Record& record : records) ++counts[record.environment];
  std::vector<Environment> environments;
  for (const auto& [text, count] : counts) {
    Environment environment;
    environment.runs = count;
    Flatten(ParseJson(text, "environment"), "", environment);
    environments.push_back(std::move(environment));
  }
  std::stable_sort(environments.begin(), environments.end(),
                   [](const Environment& a, const Environment& b) {
                     return a.runs > b.runs;
                   });
  return environments;
}

}  // namespace msdbench
