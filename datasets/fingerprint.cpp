#include "datasets/fingerprint.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/digest.h"

namespace msdbench {
namespace {

// Lengths go before texts, so that no two lists run together to one.
void Add(Sha256& digest, std::string_view text) {
  digest.Update(fmt::format("{}:", text.size())).Update(text);
}

}  // namespace

void Fingerprint::AddAnnotations(const std::string& name,
                                 std::string_view bytes) {
  annotations_.emplace(name, Sha256OfText(bytes));
}

void Fingerprint::AddAnnotationFile(const std::string& name,
                                    const std::filesystem::path& file) {
  if (annotations_.count(name) == 0) {
    annotations_.emplace(name, Sha256OfFile(file));
  }
}

void Fingerprint::AddHash(const std::string& name, std::string sha256) {
  annotations_.emplace(name, std::move(sha256));
}

void Fingerprint::AddImage(std::string name, std::string sha256) {
  images_.emplace_back(std::move(name), std::move(sha256));
}

std::string Fingerprint::Hex(const std::vector<std::string>& labels) const {
  auto images = images_;
  std::sort(images.begin(), images.end());
  Sha256 digest;
  digest.Update(fmt::format("annotations {}\n", annotations_.size()));
  for (const auto& [name, hash] : annotations_) {
    Add(digest, name);
    Add(digest, hash);
  }
  digest.Update(fmt::format("images {}\n", images.size()));
  for (const auto& [name, hash] : images) {
    Add(digest, name);
    Add(digest, hash);
  }
  digest.Update(fmt::format("labels {}\n", labels.size()));
  for (const std::string& label : labels) Add(digest, label);
  return digest.Hex();
}

}  // namespace msdbench
