#define LEVEL avx2
#include "baselines/kernels/kernels.inl"
