#include "benchmarks/cli/cli.h"

int main(int argc, char** argv) { return msdbench::RunCommandLine(argc, argv); }
