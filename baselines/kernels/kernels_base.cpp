#define LEVEL base
#include "baselines/kernels/kernels.inl"
