// Pretrained weights as others store them: config.json, a byte 0, a vocabulary
// (tokenizer.json where it begins with a brace, else vocab.txt), a byte 0, and
// the tensors' file.
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "baselines/models/weights_import.h"
#include "datasets/text/wordpiece.h"
#include "reports/json_file.h"
#include "tests/fuzz/fuzz_target.h"

namespace msdbench::fuzz {
namespace {

namespace fs = std::filesystem;

void Write(const fs::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

// Up to the next byte 0, which is taken away with it.
std::string_view Take(std::string_view& bytes) {
  const std::size_t end = std::min(bytes.find('\0'), bytes.size());
  const std::string_view part = bytes.substr(0, end);
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  return part;
}

}  // namespace

FUZZ_TARGET(bytes) {
  static const fs::path kFolder =
      fs::temp_directory_path() / ("msdbench-fuzz-" + std::to_string(getpid()));
  const fs::path from = kFolder / "from", out = kFolder / "out";
  fs::remove_all(kFolder);
  fs::create_directories(from);
  Write(from / "config.json", Take(bytes));
  const std::string_view vocabulary = Take(bytes);
  const bool is_json = !vocabulary.empty() && vocabulary[0] == '{';
  Write(from / (is_json ? "tokenizer.json" : "vocab.txt"), vocabulary);
  Write(from / "model.safetensors", bytes);
  ImportOptions options;
  options.from = from;
  options.out = out;
  Accepts([&] {
    const ImportedWeights imported = ImportWeights(options);
    Expect(imported.tensors > 0, "weights");
    // What was written can be read again.
    if (fs::exists(out / "vocab.txt")) {
      const auto written = Vocabulary::FromFile(out / "vocab.txt");
      Expect(!is_json || !written.tokens().empty(), "a vocabulary");
      ReadJsonFile(out / "config.json");
    }
    ImportOptions again;
    again.from = out;
    again.out = kFolder / "again";
    Expect(ImportWeights(again).tensors == imported.tensors,
           "the same weights again");
  });
  fs::remove_all(kFolder);
}

}  // namespace msdbench::fuzz
