#include "datasets/made_folder.h"

#include <fmt/format.h>

#include <fstream>

#include "reports/error.h"

namespace msdbench {
namespace fs = std::filesystem;

bool IsMade(const MadeFolder& made, const Json& options) {
  const fs::path marker = made.folder / made.options_file;
  if (fs::exists(marker)) {
    const Json found = ReadJsonFile(marker);
    if (found == options) return true;
    throw UsageError(fmt::format(
        "{}: holds {} of other options ({}); name another --out, or remove the "
        "folder",
        made.folder.string(), made.kind, found.dump()));
  }
  if (fs::exists(made.folder) && !fs::is_empty(made.folder) &&
      !fs::exists(made.folder / made.about_file)) {
    throw UsageError(fmt::format(
        "{}: is not empty and was not made by this command; name another --out",
        made.folder.string()));
  }
  return false;
}

void MakeFolder(const MadeFolder& made, const Json& options,
                const std::function<Json()>& make) {
  if (IsMade(made, options)) return;
  const fs::path about = made.folder / made.about_file;
  fs::remove_all(made.folder);
  fs::create_directories(made.folder);
  WriteFileAtomically(about, "{}\n");
  WriteFileAtomically(about, make().dump(1) + "\n");
  WriteFileAtomically(made.folder / made.options_file, options.dump(2) + "\n");
}

void WritePicture(const fs::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw RunError(file.string() + ": cannot be written");
}

}  // namespace msdbench
