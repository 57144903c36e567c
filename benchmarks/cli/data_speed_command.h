// msdbench data speed.
#pragma once

#include "benchmarks/cli/cli.h"

namespace msdbench {

void AddSpeed(CLI::App& data, const Chosen& chosen);

}  // namespace msdbench
