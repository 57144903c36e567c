// The optimizer's pass over a parameter. See kernels.inl.
void AdamW(const AdamWStep& step, float* parameter, const float* gradient,
           float* mean, float* square, Index begin, Index end) {
  const float shrink = 1 - step.rate * step.decay;
  const float stride = step.rate / step.correction1;
  const float root = 1 / std::sqrt(step.correction2);
  for (Index i = begin; i < end; ++i) {
    const float g = gradient[i] * step.gradient_scale;
    const float m = step.beta1 * mean[i] + step.rest1 * g;
    const float v = step.beta2 * square[i] + step.rest2 * g * g;
    mean[i] = m;
    square[i] = v;
    parameter[i] = parameter[i] * shrink -
                   stride * m / (std::sqrt(v) * root + step.epsilon);
  }
}

double SquareSum(const float* values, Index begin, Index end) {
  double sum = 0;
  // Stretches in float, so that it stays as wide as the vectors are.
  constexpr Index kStretch = 1024;
  for (Index first = begin; first < end; first += kStretch) {
    float part = 0;
    const Index last = Smaller(end, first + kStretch);
    for (Index i = first; i < last; ++i) part += values[i] * values[i];
    sum += part;
  }
  return sum;
}
