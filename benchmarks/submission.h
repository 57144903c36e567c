// Predictions on a test split that only its authors can score, in the form that
// they take.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>

#include "datasets/encoded.h"

namespace msdbench {

// Writes the predictions of one view's logits [examples, labels] into `folder`
// and returns the file's name:
//   VQA           submission.json  [{"question_id": 1, "answer": "net"}, ...]
//   two labels    submission.csv   id,proba,label (P and number of label 1)
//   more labels   submission.csv   id,label (its name)
// Throws UsageError for several labels an example: nobody takes those.
std::string WriteSubmission(const std::filesystem::path& folder,
                            const std::vector<std::string>& labels,
                            const EncodedSplit& test, const at::Tensor& logits);

}  // namespace msdbench
