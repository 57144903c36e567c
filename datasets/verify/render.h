// A verification for people and for machines.
#pragma once

#include <string>

#include "datasets/verify/verify.h"
#include "reports/json_file.h"

namespace msdbench {

// Markdown tables, then the findings, then the verdict; of long lists the
// first 20 and how many more there are. Ends with a newline.
std::string VerifyText(const VerifyReport& report);

// {"dataset", "root", "usable", "findings": [{"verdict", "text"}],
//  "splits": [{"name", "examples", "published", ...}], "shared", "labels",
//  "image_formats", "files"}, with every list whole.
Json VerifyJson(const VerifyReport& report);

}  // namespace msdbench
