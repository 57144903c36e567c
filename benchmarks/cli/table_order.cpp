#include "benchmarks/cli/table_order.h"

#include "baselines/methods/method.h"
#include "datasets/dataset.h"

namespace msdbench {

MatrixOrder TableOrder() {
  MatrixOrder order;
  for (const MethodKind& kind : MethodKinds()) {
    order.methods.push_back(kind.name);
  }
  for (const DatasetFormat& format : DatasetFormats()) {
    order.datasets.push_back(format.name);
  }
  return order;
}

}  // namespace msdbench
