// The order of rows and columns in every table of the command line.
#pragma once

#include "reports/run_matrix.h"

namespace msdbench {

// Methods and data sets as they are registered.
MatrixOrder TableOrder();

}  // namespace msdbench
