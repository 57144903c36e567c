// One generator a data set; MakeMiniature calls them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "datasets/image/image.h"
#include "datasets/miniature/miniature.h"
#include "reports/json_file.h"

namespace msdbench {

// Each writes its folder and returns what planted.json holds.
Json MakeMiniatureMemes(const MiniatureOptions& options,
                        const std::filesystem::path& folder);
Json MakeMiniatureMovies(const MiniatureOptions& options,
                         const std::filesystem::path& folder);
Json MakeMiniatureEntailment(const MiniatureOptions& options,
                             const std::filesystem::path& folder);
Json MakeMiniatureQuestions(const MiniatureOptions& options,
                            const std::filesystem::path& folder);

// {"rule", "bayes": {view: value}, "informative": {}}.
Json PlantedRule(const std::string& rule, double multimodal, double text,
                 double image);

}  // namespace msdbench
