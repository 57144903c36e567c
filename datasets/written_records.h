// Records as the authors' files hold them, for data sets that we make.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/json_file.h"

namespace msdbench {

// A line of Hateful Memes. `picture`: relative to the root, "img/00001.png".
std::string MemeLine(std::int64_t id, const std::string& picture, int label,
                     const std::string& text);

// The content of MM-IMDb's dataset/ID.json.
std::string FilmRecord(const std::string& title,
                       const std::vector<std::string>& genres,
                       const std::string& plot);

// A line of SNLI-VE: the k-th hypothesis about `photo` ("1000.jpg").
std::string PairId(const std::string& photo, std::int64_t k);
std::string PairLine(const std::string& photo, std::int64_t k,
                     const std::string& label, const std::string& caption,
                     const std::string& hypothesis);

}  // namespace msdbench
