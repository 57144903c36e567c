#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>

#include "datasets/image/codec.h"
#include "reports/error.h"

namespace msdbench {
namespace {

struct Source {
  std::string_view bytes;
  std::size_t place = 0;
  char message[200] = "";
};

[[noreturn]] void Escape(png_structp png, png_const_charp message) {
  auto* source = static_cast<Source*>(png_get_error_ptr(png));
  std::strncpy(source->message, message, sizeof(source->message) - 1);
  png_longjmp(png, 1);
}

void Ignore(png_structp, png_const_charp) {}

void ReadBytes(png_structp png, png_bytep out, png_size_t count) {
  auto* source = static_cast<Source*>(png_get_io_ptr(png));
  if (count > source->bytes.size() - source->place) {
    png_error(png, "the file ends too early");
  }
  std::memcpy(out, source->bytes.data() + source->place, count);
  source->place += count;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) {
    source_.bytes = bytes;
    png_ =
        png_create_read_struct(PNG_LIBPNG_VER_STRING, &source_, Escape, Ignore);
    info_ = png_create_info_struct(png_);
    png_set_read_fn(png_, &source_, ReadBytes);
  }
  ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // The calls below hold no object with a destructor across the longjmp. Each
  // is false after an error, which `message` tells.
  bool ReadHeader() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_info(png_, info_);
    return true;
  }

  // rows: width * height * 3 bytes.
  bool ReadRows(std::uint8_t* rows) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    // Everything becomes 8-bit RGB: palettes looked up, few-bit grey spread,
    // the high byte of 16 bits kept, transparency dropped, grey repeated.
    png_set_expand(png_);
    png_set_strip_16(png_);
    png_set_strip_alpha(png_);
    png_set_gray_to_rgb(png_);
    const int passes = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    const std::size_t stride = png_get_rowbytes(png_, info_);
    if (stride != 3 * static_cast<std::size_t>(width())) {
      png_error(png_, "unexpected row length");
    }
    for (int pass = 0; pass < passes; ++pass) {
      for (std::int64_t y = 0; y < height(); ++y) {
        png_read_row(png_, rows + static_cast<std::size_t>(y) * stride,
                     nullptr);
      }
    }
    png_read_end(png_, nullptr);
    return true;
  }

  std::int64_t width() const { return png_get_image_width(png_, info_); }
  std::int64_t height() const { return png_get_image_height(png_, info_); }
  const char* message() const { return source_.message; }

 private:
  Source source_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

Image DecodePng(std::string_view bytes, const std::string& source) {
  Reader reader(bytes);
  const auto fail = [&] {
    return DataError(source + ": damaged PNG: " + reader.message());
  };
  if (!reader.ReadHeader()) throw fail();
  Image image;
  image.width = reader.width();
  image.height = reader.height();
  CheckSize(image.width, image.height, source);
  image.rgb.resize(static_cast<std::size_t>(3 * image.width * image.height));
  if (!reader.ReadRows(image.rgb.data())) throw fail();
  return image;
}

}  // namespace msdbench
