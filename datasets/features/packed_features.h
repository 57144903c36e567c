// Our own store of visual tokens: a safetensors file that training maps, so
// that memory stays flat however large it is.
//
//   features   F16 or F32 [images, tokens, width], padded with zeros
//   counts     I32 [images], real tokens
//   checksums  U8 [images + 1, 64], hexadecimal SHA-256 of each image's count
//              and row of features; the last row, of the other checksums, the
//              counts and the names
//   names      U8, each name and a line feed; ascending
//
// Its metadata say how many images had more tokens than were kept, and how many
// the longest had.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/features/image_features.h"
#include "reports/atomic_file.h"

namespace msdbench {

enum class FeaturePrecision { kFp16, kFp32 };

const char* NameOf(FeaturePrecision precision);  // "fp16"

struct PackedShape {
  std::int64_t images = 0, tokens = 0, width = 0;
  FeaturePrecision precision = FeaturePrecision::kFp32;

  std::size_t RowBytes() const;  // of an image
};

// What was left out when images were packed.
struct CutTokens {
  std::int64_t images = 0;   // with more tokens than were kept
  std::int64_t longest = 0;  // tokens of the longest image
};

class PackedFeatures {
 public:
  // Maps the file and checks its shape, names and counts, not the features
  // themselves (see Damaged). Throws DataError.
  explicit PackedFeatures(const std::filesystem::path& file);

  // Whether a file is such a store, by its first bytes.
  static bool Is(const std::filesystem::path& file);

  const PackedShape& shape() const { return shape_; }
  const std::vector<std::string_view>& names() const { return names_; }
  std::optional<std::int64_t> Row(std::string_view name) const;
  std::int64_t Count(std::int64_t row) const;
  const CutTokens& cut() const { return cut_; }
  // Of what the features of a row, and how many are real, were when they were
  // written.
  std::string_view Checksum(std::int64_t row) const;
  // [images, tokens, width], row-major: the map itself, alive as long as any
  // copy of this.
  const void* data() const;
  // Names whose features are not what was written. Reads the whole file;
  // `progress` is told rows done, from any of the threads.
  std::vector<std::string> Damaged(
      int threads,
      const std::function<void(std::size_t)>& progress = nullptr) const;

 private:
  struct File;
  std::shared_ptr<const File> file_;
  PackedShape shape_;
  CutTokens cut_;
  std::vector<std::string_view> names_;
};

// Writes a store image by image; nothing but one image's features is in memory.
class PackedWriter {
 public:
  // names: ascending, each once. The file appears under its name when Finish
  // returns, whole. Throws UsageError for names that cannot be stored,
  // RunError where writing fails.
  PackedWriter(const std::filesystem::path& file,
               const std::vector<std::string>& names, std::int64_t tokens,
               std::int64_t width, FeaturePrecision precision);

  // The next name's features; tokens beyond the store's are left out. Throws
  // DataError where the width is another or a value does not fit fp16.
  void Add(const ImageFeatures& features);
  const CutTokens& cut() const { return cut_; }
  void Finish();

 private:
  PackedShape shape_;
  std::string names_;  // as stored
  AtomicFile out_;
  CutTokens cut_;
  std::size_t cut_images_at_ = 0, longest_at_ = 0;  // in the header
  std::vector<std::int32_t> counts_;
  std::string checksums_;
};

}  // namespace msdbench
