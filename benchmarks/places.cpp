#include "benchmarks/places.h"

#include <fmt/format.h>

#include "reports/error.h"

namespace msdbench {

std::filesystem::path Places::Weights(const std::string& name) const {
  for (const std::filesystem::path& place :
       {std::filesystem::path(name), weights_root / name}) {
    if (std::filesystem::exists(place)) return place;
  }
  throw DataError(fmt::format(
      "weights \"{}\": neither {} nor {} is there (msdbench weights import "
      "makes such folders, --weights-root says where they are)",
      name, name, (weights_root / name).string()));
}

}  // namespace msdbench
