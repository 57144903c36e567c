// The files beside a record, known by their SHA-256, so that a record is never
// taken to be done beside those of another run.
#pragma once

#include <filesystem>

#include "reports/json_file.h"

namespace msdbench {

// Fills /files: predictions and submission that the record names, and the model
// where one was saved. Call it when all of them are written.
void PutFiles(Json& record, const std::filesystem::path& folder);

// Are all files beside the record the ones that it was written with, a model
// among them if `model` is wanted? Records of before do not tell sums: theirs
// need only be there, and a model of theirs is not known.
bool HasItsFiles(const Json& record, const std::filesystem::path& folder,
                 bool model);

}  // namespace msdbench
