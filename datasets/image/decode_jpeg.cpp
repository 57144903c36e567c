#include <csetjmp>
#include <cstdio>
// jpeglib.h needs <cstdio> before it.
#include <jerror.h>
#include <jpeglib.h>

#include "datasets/image/codec.h"
#include "reports/error.h"

namespace msdbench {
namespace {

// libjpeg reports errors by a call that must not return: longjmp leaves it.
struct Errors {
  jpeg_error_mgr manager;
  std::jmp_buf escape;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void Escape(j_common_ptr info) {
  auto* errors = reinterpret_cast<Errors*>(info->err);
  info->err->format_message(info, errors->message);
  std::longjmp(errors->escape, 1);
}

void Emit(j_common_ptr info, int level) {
  // Other warnings (stray bytes between markers) leave the picture whole, and
  // Pillow reads such files too.
  if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) Escape(info);
}

class Decompressor {
 public:
  Decompressor() {
    info_.err = jpeg_std_error(&errors_.manager);
    errors_.manager.error_exit = Escape;
    errors_.manager.emit_message = Emit;
    errors_.message[0] = '\0';
  }
  ~Decompressor() { jpeg_destroy_decompress(&info_); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  // The calls below hold no object with a destructor across the longjmp. Each
  // is false after an error, which `message` tells.
  bool ReadHeader(std::string_view bytes) {
    if (setjmp(errors_.escape) != 0) return false;
    jpeg_create_decompress(&info_);
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
    jpeg_read_header(&info_, TRUE);
    if (info_.num_components == 1) {
      info_.out_color_space = JCS_GRAYSCALE;
    } else if (info_.num_components == 4) {
      info_.out_color_space = JCS_CMYK;
    } else {
      info_.out_color_space = JCS_RGB;
    }
    return true;
  }

  // rows: width * height * components() bytes.
  bool ReadRows(std::uint8_t* rows) {
    if (setjmp(errors_.escape) != 0) return false;
    jpeg_start_decompress(&info_);
    const std::size_t stride =
        static_cast<std::size_t>(info_.output_width) *
        static_cast<std::size_t>(info_.output_components);
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = rows + info_.output_scanline * stride;
      jpeg_read_scanlines(&info_, &row, 1);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

  std::int64_t width() const { return info_.image_width; }
  std::int64_t height() const { return info_.image_height; }
  int components() const {
    switch (info_.out_color_space) {
      case JCS_GRAYSCALE:
        return 1;
      case JCS_CMYK:
        return 4;
      default:
        return 3;
    }
  }
  const char* message() const { return errors_.message; }

 private:
  jpeg_decompress_struct info_ = {};
  Errors errors_;
};

// a * b / 255, rounded, in Pillow's arithmetic.
int MultiplyDivide255(int a, int b) {
  const int product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

std::vector<std::uint8_t> CmykToRgb(const std::vector<std::uint8_t>& cmyk) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(cmyk.size() / 4 * 3);
  for (std::size_t i = 0; i + 3 < cmyk.size(); i += 4) {
    // Files store ink inverted (Adobe's convention, which Pillow assumes), so
    // a stored value is the light that is left.
    const int light = cmyk[i + 3];
    for (int c = 0; c < 3; ++c) {
      const int ink = 255 - cmyk[i + c];
      rgb.push_back(
          static_cast<std::uint8_t>(light - MultiplyDivide255(ink, light)));
    }
  }
  return rgb;
}

std::vector<std::uint8_t> GreyToRgb(const std::vector<std::uint8_t>& grey) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(3 * grey.size());
  for (std::uint8_t value : grey) rgb.insert(rgb.end(), 3, value);
  return rgb;
}

}  // namespace

Image DecodeJpeg(std::string_view bytes, const std::string& source) {
  Decompressor decompressor;
  const auto fail = [&] {
    return DataError(source + ": damaged JPEG: " + decompressor.message());
  };
  if (!decompressor.ReadHeader(bytes)) throw fail();
  Image image;
  image.width = decompressor.width();
  image.height = decompressor.height();
  CheckSize(image.width, image.height, source);
  const int components = decompressor.components();
  std::vector<std::uint8_t> rows(
      static_cast<std::size_t>(image.width * image.height * components));
  if (!decompressor.ReadRows(rows.data())) throw fail();
  image.rgb = components == 3   ? std::move(rows)
              : components == 1 ? GreyToRgb(rows)
                                : CmykToRgb(rows);
  return image;
}

}  // namespace msdbench
