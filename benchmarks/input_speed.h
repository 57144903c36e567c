// How fast batches come from a data set, without a training that uses them.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <string>
#include <vector>

#include "benchmarks/prepared_data.h"
#include "reports/table.h"

namespace msdbench {

struct InputSpeed {
  std::string dataset;
  std::int64_t examples = 0;  // of train, of which an epoch is made
  double loading_s = 0;       // annotations, texts, cache
  double batches_s = 0;       // one epoch of shuffled batches
  // The images' or features' bytes of that epoch, and the time that reading as
  // many bytes from one end of the file to the other takes.
  double bytes = 0, plain_read_s = 0;
  double private_mib = 0, peak_mib = 0;  // see ProcessMemory
};

// Shuffled by the split seed. The plain read comes after, when what fits into
// the page cache is in there for both. Throws DataError.
InputSpeed MeasureInput(const DatasetPlan& plan, const Places& places,
                        int threads, c10::Device device);

Table InputSpeedTable(const std::vector<InputSpeed>& speeds);

}  // namespace msdbench
