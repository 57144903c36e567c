// msdbench data pack and data features: stores of visual tokens.
#pragma once

#include "benchmarks/cli/cli.h"

namespace msdbench {

void AddPack(CLI::App& data, const Chosen& chosen);
void AddFeatures(CLI::App& data, const Chosen& chosen);

}  // namespace msdbench
