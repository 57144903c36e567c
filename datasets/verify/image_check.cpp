#include "datasets/verify/image_check.h"

#include "datasets/image/stored_image.h"
#include "reports/digest.h"
#include "reports/parallel_for.h"

namespace msdbench {
namespace {

ImageCheck CheckImage(const std::filesystem::path& root,
                      const std::string& name, bool decode) {
  ImageCheck check;
  const std::string prefix = "picture: ";
  try {
    if (!StoredImageSize(root / name)) return check;
    check.state = ImageCheck::State::kFine;
    if (!decode) return check;
    const StoredImage image(root / name);
    check.sha256 = Sha256OfText(image.bytes());
    check.format = image.format();
    image.Decode("picture");
  } catch (const std::exception& problem) {
    check.state = ImageCheck::State::kUnreadable;
    check.reason = problem.what();
    if (check.reason.rfind(prefix, 0) == 0)
      check.reason.erase(0, prefix.size());
  }
  return check;
}

}  // namespace

std::vector<ImageCheck> CheckImages(const std::filesystem::path& root,
                                    const std::vector<std::string>& names,
                                    bool decode, int threads) {
  std::vector<ImageCheck> checks(names.size());
  ParallelFor(names.size(), threads, [&](std::size_t i) {
    checks[i] = CheckImage(root, names[i], decode);
  });
  return checks;
}

}  // namespace msdbench
