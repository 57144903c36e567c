#include "datasets/image/decode_png.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstring>

#include "datasets/image/image_size.h"
#include "reports/error.h"

namespace msdbench {
namespace {

// libpng reports through a jump. Only frames of C and the two guarded
// functions below are jumped over, and those hold nothing with a destructor.
class Decoder {
 public:
  Decoder(std::string_view bytes, const std::string& source, Alpha alpha)
      : bytes_(bytes), source_(source), alpha_(alpha) {}
  ~Decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  Image Decode() {
    if (!ReadHeader()) Throw();
    Image image;
    image.width = png_get_image_width(png_, info_);
    image.height = png_get_image_height(png_, info_);
    CheckImageSize(image.width, image.height, source_);
    // Deflate makes at most 1,032 bytes of one (zlib's technical notes).
    const std::size_t rows =
        png_get_rowbytes(png_, info_) * static_cast<std::size_t>(image.height);
    CheckFileHolds(bytes_.size(), rows / 1032, source_);
    const auto pixels = static_cast<std::size_t>(image.width * image.height);
    image.rgb.resize(3 * pixels);
    if (png_get_color_type(png_, info_) != PNG_COLOR_TYPE_PALETTE) {
      if (!ReadRows(image.rgb.data(), 3)) Throw();
      return image;
    }
    // Indices wait in the last third: LookUp writes three bytes for each one
    // it reads and so never overtakes them.
    std::uint8_t* const indices = image.rgb.data() + 2 * pixels;
    if (!ReadRows(indices, 1)) Throw();
    LookUp(indices, pixels, image.rgb.data());
    return image;
  }

 private:
  [[noreturn]] void Throw() const {
    throw DataError(fmt::format("{}: damaged or unreadable PNG (libpng: {})",
                                source_, message_));
  }

  static void Read(png_structp png, png_bytep target, std::size_t size) {
    auto* self = static_cast<Decoder*>(png_get_io_ptr(png));
    if (size > self->bytes_.size() - self->position_) {
      png_error(png, "the file ends early");
    }
    std::memcpy(target, self->bytes_.data() + self->position_, size);
    self->position_ += size;
  }

  [[noreturn]] static void Fail(png_structp png, png_const_charp message) {
    auto* self = static_cast<Decoder*>(png_get_error_ptr(png));
    const std::size_t size =
        std::min(std::strlen(message), sizeof(self->message_) - 1);
    std::memcpy(self->message_, message, size);
    self->message_[size] = '\0';
    std::longjmp(self->jump_, 1);
  }

  static void Ignore(png_structp, png_const_charp) {}

  bool ReadHeader() {
    if (setjmp(jump_) != 0) return false;
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, Fail, Ignore);
    if (png_ == nullptr) return false;
    info_ = png_create_info_struct(png_);
    if (info_ == nullptr) return false;
    png_set_read_fn(png_, this, Read);
    png_set_crc_action(png_, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    // Colour profiles, texts and dropped transparency change no byte of the
    // result: not to parse them is faster and safer.
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_set_keep_unknown_chunks(png_,
                                alpha_ == Alpha::kDropped
                                    ? PNG_HANDLE_CHUNK_NEVER
                                    : PNG_HANDLE_CHUNK_AS_DEFAULT,
                                reinterpret_cast<png_const_bytep>("tRNS"), 1);
    png_read_info(png_, info_);
    return true;
  }

  // Writes `channels` bytes a pixel, rows without gaps.
  bool ReadRows(std::uint8_t* target, std::size_t channels) {
    if (setjmp(jump_) != 0) return false;
    png_set_strip_16(png_);
    if (alpha_ == Alpha::kDropped) {
      png_set_strip_alpha(png_);
    } else if (channels == 3) {
      png_color_16 white = {};
      white.red = white.green = white.blue = white.gray = 255;
      if (png_get_valid(png_, info_, PNG_INFO_tRNS) != 0) {
        png_set_tRNS_to_alpha(png_);
      }
      png_set_background(png_, &white, PNG_BACKGROUND_GAMMA_SCREEN,
                         /*need_expand=*/0, /*background_gamma=*/1.0);
    }
    png_set_packing(png_);
    if (channels == 3) {
      png_set_expand_gray_1_2_4_to_8(png_);
      png_set_gray_to_rgb(png_);
    }
    const int passes = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    const std::size_t stride = png_get_rowbytes(png_, info_);
    if (stride != channels * png_get_image_width(png_, info_)) {
      png_error(png_, "unexpected row length");
    }
    const std::size_t height = png_get_image_height(png_, info_);
    for (int pass = 0; pass < passes; ++pass) {
      for (std::size_t y = 0; y < height; ++y) {
        png_read_row(png_, target + y * stride, nullptr);
      }
    }
    return true;
  }

  void LookUp(const std::uint8_t* indices, std::size_t pixels,
              std::uint8_t* rgb) const {
    png_colorp palette = nullptr;
    int colours = 0;
    png_get_PLTE(png_, info_, &palette, &colours);
    std::array<png_color, 256> shown = {};
    std::copy_n(palette, colours, shown.begin());
    if (alpha_ == Alpha::kOnWhite) PutOnWhite(shown);
    for (std::size_t i = 0; i < pixels; ++i) {
      const int index = indices[i];
      if (index >= colours) {
        throw DataError(fmt::format(
            "{}: damaged PNG: a pixel has colour {}, but the palette has {}",
            source_, index, colours));
      }
      const png_color& colour = shown[static_cast<std::size_t>(index)];
      rgb[3 * i] = colour.red;
      rgb[3 * i + 1] = colour.green;
      rgb[3 * i + 2] = colour.blue;
    }
  }

  void PutOnWhite(std::array<png_color, 256>& palette) const {
    png_bytep alphas = nullptr;
    int count = 0;
    png_get_tRNS(png_, info_, &alphas, &count, nullptr);
    for (int i = 0; i < count; ++i) {
      const auto mix = [&](png_byte sample) {
        return static_cast<png_byte>(
            (sample * alphas[i] + 255 * (255 - alphas[i]) + 127) / 255);
      };
      png_color& colour = palette[static_cast<std::size_t>(i)];
      colour = {mix(colour.red), mix(colour.green), mix(colour.blue)};
    }
  }

  const std::string_view bytes_;
  const std::string& source_;
  const Alpha alpha_;
  std::size_t position_ = 0;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::jmp_buf jump_ = {};
  char message_[128] = "out of memory";
};

}  // namespace

Image DecodePng(std::string_view bytes, const std::string& source,
                Alpha alpha) {
  return Decoder(bytes, source, alpha).Decode();
}

}  // namespace msdbench
