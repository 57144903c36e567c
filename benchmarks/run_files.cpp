#include "benchmarks/run_files.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "benchmarks/run_record.h"
#include "reports/digest.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNamedFiles[] = {"predictions", "submission"};

bool IsRegular(const fs::path& file) {
  std::error_code unreadable;
  return fs::is_regular_file(file, unreadable);
}

bool IsOfModel(const std::string& name) {
  return name.rfind(std::string(kModelFolder) + "/", 0) == 0;
}

}  // namespace

void PutFiles(Json& record, const fs::path& folder) {
  Json files = Json::object();
  for (const char* key : kNamedFiles) {
    const Json name = record.value(key, Json());
    if (name.is_null()) continue;
    files[name.get<std::string>()] =
        Sha256OfFile(folder / name.get<std::string>());
  }
  std::vector<std::string> model;
  std::error_code absent;
  for (const auto& entry :
       fs::directory_iterator(folder / kModelFolder, absent)) {
    if (entry.is_regular_file()) {
      model.push_back(entry.path().lexically_relative(folder).string());
    }
  }
  std::sort(model.begin(), model.end());
  for (const std::string& name : model) {
    files[name] = Sha256OfFile(folder / name);
  }
  record["files"] = files;
}

bool HasItsFiles(const Json& record, const fs::path& folder, bool model) {
  for (const char* key : kNamedFiles) {
    const Json name = record.value(key, Json());
    if (!name.is_null() && !IsRegular(folder / name.get<std::string>())) {
      return false;
    }
  }
  bool has_model = false;
  const Json files = record.value("files", Json::object());
  for (const auto& file : files.items()) {
    const bool of_model = IsOfModel(file.key());
    has_model |= of_model;
    if (of_model && !model) continue;
    const fs::path path = folder / file.key();
    if (!IsRegular(path) || Sha256OfFile(path) != file.value()) return false;
  }
  return has_model || !model;
}

}  // namespace msdbench
