#include "benchmarks/cli/cli.h"
#include "benchmarks/cli/standard_streams.h"
#include "benchmarks/machine/allocator.h"

int main(int argc, char** argv) {
  msdbench::PrepareStandardStreams();
  msdbench::KeepFreedMemory();
  return msdbench::FinishStandardOutput(msdbench::RunCommandLine(argc, argv));
}
