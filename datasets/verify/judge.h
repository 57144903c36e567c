// What the numbers of a verification mean for a run.
#pragma once

#include "datasets/verify/verify.h"

namespace msdbench {

// Adds the findings, the gravest first, to a report that is complete otherwise.
void JudgeReport(VerifyReport& report);

}  // namespace msdbench
