// Whether a mean has fallen: values of now against values of before.
#pragma once

#include <optional>

#include "reports/statistics.h"

namespace msdbench {

// p-value of Student's two-sample t-test with a pooled variance (Student 1908),
// one-sided: small when the mean of `after` lies below that of `before`. The
// pooled deviation counts as at least `least_sd`. None for fewer than one value
// on a side or three in all, which leave no spread to judge by.
std::optional<double> FallTest(const Summary& before, const Summary& after,
                               double least_sd);

}  // namespace msdbench
