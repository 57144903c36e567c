#define LEVEL avx512
#include "baselines/kernels/kernels.inl"
