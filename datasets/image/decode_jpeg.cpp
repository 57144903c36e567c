#include "datasets/image/decode_jpeg.h"

#include <fmt/format.h>

#include <csetjmp>
#include <cstddef>
#include <cstdio>

// After <cstdio>, whose FILE it wants; jerror.h's list depends on it.
#include <jpeglib.h>
//
#include <jerror.h>

#include "datasets/image/image_size.h"
#include "reports/error.h"

namespace msdbench {
namespace {

// libjpeg reports through a jump. Only frames of C and the two guarded
// functions below are jumped over, and those hold nothing with a destructor.
struct Failure {
  jpeg_error_mgr manager;  // first, so that libjpeg's pointer is ours
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void Fail(j_common_ptr codec) {
  auto* failure = reinterpret_cast<Failure*>(codec->err);
  failure->manager.format_message(codec, failure->message);
  std::longjmp(failure->jump, 1);
}

void Warn(j_common_ptr codec, int level) {
  if (level >= 0) return;  // a trace
  switch (codec->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
      Fail(codec);
    default:
      ++codec->err->num_warnings;
  }
}

void Silent(j_common_ptr) {}

// A small progressive file can ask for scans without end, each over the whole
// picture; encoders make about ten.
void StopEndlessScans(j_common_ptr codec) {
  constexpr int kMaxScans = 500;
  if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number <=
      kMaxScans) {
    return;
  }
  auto* failure = reinterpret_cast<Failure*>(codec->err);
  std::snprintf(failure->message, sizeof(failure->message),
                "stopped after %d scans", kMaxScans);
  std::longjmp(failure->jump, 1);
}

class Decoder {
 public:
  Decoder(std::string_view bytes, const std::string& source)
      : bytes_(bytes), source_(source) {
    codec_.err = jpeg_std_error(&failure_.manager);
    failure_.manager.error_exit = Fail;
    failure_.manager.emit_message = Warn;
    failure_.manager.output_message = Silent;
  }
  ~Decoder() { jpeg_destroy_decompress(&codec_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  Image Decode() {
    if (!ReadHeader()) Throw();
    CheckImageSize(codec_.image_width, codec_.image_height, source_);
    // Huffman codes have a bit or more, and one is there for each block of the
    // finest component, which covers at most 32 x 32 pixels.
    if (!codec_.arith_code) {
      CheckFileHolds(
          bytes_.size(),
          std::size_t{codec_.image_width} * codec_.image_height / (8 * 32 * 32),
          source_);
    }
    const int inputs = codec_.num_components;
    if (inputs != 1 && inputs != 3 && inputs != 4) {
      throw DataError(fmt::format(
          "{}: a JPEG of {} components; 1 (grey), 3 (colour) or 4 (inks) are "
          "read",
          source_, inputs));
    }
    codec_.out_color_space = inputs == 4 ? JCS_CMYK : JCS_RGB;

    Image image;
    image.width = codec_.image_width;
    image.height = codec_.image_height;
    image.rgb.resize(static_cast<std::size_t>(3 * image.width * image.height));
    if (inputs == 4) inks_.resize(static_cast<std::size_t>(4 * image.width));
    if (!ReadRows(image.rgb.data(), inks_.empty() ? nullptr : inks_.data())) {
      Throw();
    }
    return image;
  }

 private:
  [[noreturn]] void Throw() const {
    throw DataError(fmt::format("{}: damaged or unreadable JPEG (libjpeg: {})",
                                source_, failure_.message));
  }

  bool ReadHeader() {
    if (setjmp(failure_.jump) != 0) return false;
    jpeg_create_decompress(&codec_);
    progress_.progress_monitor = StopEndlessScans;
    codec_.progress = &progress_;
    jpeg_mem_src(&codec_, reinterpret_cast<const unsigned char*>(bytes_.data()),
                 bytes_.size());
    jpeg_read_header(&codec_, TRUE);
    return true;
  }

  // `inks`: room for one row of CMYK, or null where libjpeg makes the RGB.
  bool ReadRows(std::uint8_t* rgb, std::uint8_t* inks) {
    if (setjmp(failure_.jump) != 0) return false;
    jpeg_start_decompress(&codec_);
    const std::size_t stride = std::size_t{3} * codec_.output_width;
    while (codec_.output_scanline < codec_.output_height) {
      std::uint8_t* const target = rgb + stride * codec_.output_scanline;
      JSAMPROW row = inks != nullptr ? inks : target;
      jpeg_read_scanlines(&codec_, &row, 1);
      if (inks != nullptr) InksToRgb(inks, codec_.output_width, target);
    }
    // Reads on to the end mark: a file without it was cut off.
    jpeg_finish_decompress(&codec_);
    return true;
  }

  // Inverted inks are amounts of light, so each is dimmed by K's.
  static void InksToRgb(const std::uint8_t* inks, std::size_t width,
                        std::uint8_t* rgb) {
    for (std::size_t i = 0; i < width; ++i, inks += 4, rgb += 3) {
      for (int c = 0; c < 3; ++c) {
        rgb[c] = static_cast<std::uint8_t>((inks[c] * inks[3] + 127) / 255);
      }
    }
  }

  const std::string_view bytes_;
  const std::string& source_;
  jpeg_decompress_struct codec_ = {};
  jpeg_progress_mgr progress_ = {};
  Failure failure_ = {};
  std::vector<std::uint8_t> inks_;
};

}  // namespace

Image DecodeJpeg(std::string_view bytes, const std::string& source) {
  return Decoder(bytes, source).Decode();
}

}  // namespace msdbench
