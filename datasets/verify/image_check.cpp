#include "datasets/verify/image_check.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "datasets/image/stored_image.h"
#include "reports/digest.h"

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
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < names.size(); i = next++) {
      checks[i] = CheckImage(root, names[i], decode);
    }
  };
  constexpr int kMostThreads = 256;
  const auto useful = static_cast<int>(
      std::min<std::size_t>(names.size(), std::min(threads, kMostThreads)));
  std::vector<std::thread> pool;
  for (int t = 1; t < useful; ++t) pool.emplace_back(work);
  work();
  for (std::thread& thread : pool) thread.join();
  return checks;
}

}  // namespace msdbench
