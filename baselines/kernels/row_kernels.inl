// Kernels that treat each row or column by itself. See kernels.inl.
// The normal distribution's density times sqrt(2 pi), and its distribution
// function.
inline void Normal(float x, float* density, float* below) {
  const float z = std::fabs(x) * 0.70710678F;
  const float e = ExpOfNegative(-0.5F * x * x);
  // erfc(z) after Abramowitz and Stegun 7.1.26.
  const float t = 1 / (1 + 0.3275911F * z);
  float p = 1.061405429F;
  p = p * t - 1.453152027F;
  p = p * t + 1.421413741F;
  p = p * t - 0.284496736F;
  p = p * t + 0.254829592F;
  const float tail = 0.5F * p * t * e;
  *density = e;
  *below = x < 0 ? tail : 1 - tail;
}
inline void Normal(double x, double* density, double* below) {
  *density = std::exp(-0.5 * x * x);
  *below = 0.5 * std::erfc(-x * 0.70710678118654752440);
}

template <class T>
void ResidualNormRows(const ResidualNorm<T>& op, Index begin, Index end) {
  using R = Real<T>;
  const Index width = op.width;
  alignas(kBytes) R sum[kWidestRow];
  for (Index row = begin; row < end; ++row) {
    const T* x = op.x + row * width;
    for (Index c = 0; c < width; ++c) sum[c] = Load(x[c]);
    if (op.bias != nullptr) {
      for (Index c = 0; c < width; ++c) sum[c] += op.bias[c];
    }
    Drop(op.drop, static_cast<std::uint64_t>(row * width), width, sum);
    if (op.residual != nullptr) {
      const T* residual = op.residual + row * width;
      for (Index c = 0; c < width; ++c) sum[c] += Load(residual[c]);
    }
    R total = 0;
    for (Index c = 0; c < width; ++c) total += sum[c];
    const R mean = total / static_cast<R>(width);
    R squares = 0;
    for (Index c = 0; c < width; ++c) {
      sum[c] -= mean;
      squares += sum[c] * sum[c];
    }
    const R rstd = 1 / std::sqrt(squares / static_cast<R>(width) + op.epsilon);
    T* normed = op.normed + row * width;
    for (Index c = 0; c < width; ++c) {
      sum[c] *= rstd;
      Store(sum[c] * op.gamma[c] + op.beta[c], normed + c);
    }
    if (op.hat != nullptr) {
      T* hat = op.hat + row * width;
      for (Index c = 0; c < width; ++c) Store(sum[c], hat + c);
      op.rstd[row] = rstd;
    }
  }
}

template <class T>
void ResidualNormBackwardRows(const ResidualNormBackward<T>& op, Index begin,
                              Index end) {
  using R = Real<T>;
  const Index width = op.width;
  alignas(kBytes) R g[kWidestRow];
  for (Index row = begin; row < end; ++row) {
    const T* d_normed = op.d_normed + row * width;
    const T* hat = op.hat + row * width;
    R total = 0, along = 0;
    for (Index c = 0; c < width; ++c) {
      g[c] = Load(d_normed[c]) * op.gamma[c];
      total += g[c];
      along += g[c] * Load(hat[c]);
    }
    const R mean = total / static_cast<R>(width);
    const R mean_along = along / static_cast<R>(width);
    const R rstd = op.rstd[row];
    T* d_sum = op.d_sum + row * width;
    for (Index c = 0; c < width; ++c) {
      g[c] = (g[c] - mean - Load(hat[c]) * mean_along) * rstd;
      Store(g[c], d_sum + c);
    }
    if (op.d_x == nullptr) continue;
    Drop(op.drop, static_cast<std::uint64_t>(row * width), width, g);
    T* d_x = op.d_x + row * width;
    for (Index c = 0; c < width; ++c) Store(g[c], d_x + c);
  }
}

template <class T>
void GeluRows(const Gelu<T>& op, Index begin, Index end) {
  using R = Real<T>;
  for (Index row = begin; row < end; ++row) {
    const T* from = op.x + row * op.width;
    T* active = op.active + row * op.width;
    T* slope = op.slope == nullptr ? nullptr : op.slope + row * op.width;
    if (slope == nullptr) {
      for (Index c = 0; c < op.width; ++c) {
        const R x = Load(from[c]) + op.bias[c];
        R density, below;
        Normal(x, &density, &below);
        Store(x * below, active + c);
      }
      continue;
    }
    for (Index c = 0; c < op.width; ++c) {
      const R x = Load(from[c]) + op.bias[c];
      R density, below;
      Normal(x, &density, &below);
      Store(x * below, active + c);
      Store(below + x * density * R(0.39894228040143267794), slope + c);
    }
  }
}

template <class T>
void DropRow(const DropMask& mask, T* values, Index count) {
  using R = Real<T>;
  alignas(kBytes) R part[1024];
  for (Index first = 0; first < count; first += 1024) {
    const Index n = Smaller(1024, count - first);
    for (Index c = 0; c < n; ++c) part[c] = Load(values[first + c]);
    Drop(mask, static_cast<std::uint64_t>(first), n, part);
    for (Index c = 0; c < n; ++c) Store(part[c], values + first + c);
  }
}

template <class T>
void Multiply(const T* a, const T* b, T* out, Index begin, Index end) {
  for (Index i = begin; i < end; ++i) Store(Load(a[i]) * Load(b[i]), out + i);
}

template <class T>
void ColumnSums(const T* a, const T* b, const Real<T>* scale, Index rows,
                Index width, Real<T>* sums, Index begin, Index end) {
  using R = Real<T>;
  for (Index c = begin; c < end; ++c) sums[c] = 0;
  for (Index row = 0; row < rows; ++row) {
    const T* x = a + row * width;
    const R s = scale == nullptr ? R(1) : scale[row];
    if (b != nullptr) {
      const T* y = b + row * width;
      for (Index c = begin; c < end; ++c) sums[c] += s * Load(x[c]) * Load(y[c]);
    } else {
      for (Index c = begin; c < end; ++c) sums[c] += s * Load(x[c]);
    }
  }
}

template <class T>
void ScaleRows(const T* a, const Real<T>* scale, Index width, T* out,
               Index begin, Index end) {
  for (Index row = begin; row < end; ++row) {
    for (Index c = row * width; c < (row + 1) * width; ++c) {
      Store(Load(a[c]) * scale[row], out + c);
    }
  }
}

template <class T>
void AddRowProducts(const T* a, const T* b, const Real<T>* b_scale,
                    const Real<T>* bias, Index width, double* sums, Index begin,
                    Index end) {
  using R = Real<T>;
  for (Index row = begin; row < end; ++row) {
    const T* x = a + row * width;
    const T* y = b + row * width;
    R sum = 0;
    if (b_scale == nullptr) {
      for (Index c = 0; c < width; ++c) sum += Load(x[c]) * (Load(y[c]) + bias[c]);
    } else {
      for (Index c = 0; c < width; ++c) {
        sum += Load(x[c]) * (Load(y[c]) * b_scale[c] + bias[c]);
      }
    }
    sums[row] += sum;
  }
}
