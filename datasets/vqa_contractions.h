// The contraction table of the official VQA evaluation.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace msdbench {

// 120 pairs (word, what it becomes), from vqaEval.py of GT-Vision-Lab/VQA at
// a013f004, mistakes and all: four keys have capitals that lower-cased words
// never match, and "somebody'd" loses its apostrophe.
const std::vector<std::pair<std::string_view, std::string_view>>&
VqaContractions();

}  // namespace msdbench
