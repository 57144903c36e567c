#include "benchmarks/cli/cli.h"
#include "benchmarks/machine/allocator.h"

int main(int argc, char** argv) {
  msdbench::KeepFreedMemory();
  return msdbench::RunCommandLine(argc, argv);
}
