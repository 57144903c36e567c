// Attention of one head, with small products kept in registers. See kernels.inl.
// A stretch of `rows` x `columns` vectors of c = a b, kept in registers.
template <class R, int rows, int columns>
inline void ProductTile(const R* a, Index a_row, Index a_next, const R* b,
                        Index b_row, R* c, Index c_row, Index depth) {
  using V = typename VectorOf<R>::type;
  V sums[rows][columns];
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < columns; ++j) sums[i][j] = V{};
  }
  for (Index k = 0; k < depth; ++k) {
    V right[columns];
#pragma GCC unroll 8
    for (int j = 0; j < columns; ++j) {
      right[j] =
          *reinterpret_cast<const V*>(b + k * b_row + j * kLanes<R>);
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const R left = a[i * a_row + k * a_next];
#pragma GCC unroll 8
      for (int j = 0; j < columns; ++j) sums[i][j] += left * right[j];
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < columns; ++j) {
      *reinterpret_cast<V*>(c + i * c_row + j * kLanes<R>) = sums[i][j];
    }
  }
}

template <class R, int columns>
inline void ProductColumns(const R* a, Index a_row, Index a_next, const R* b,
                           Index b_row, R* c, Index c_row, Index rows,
                           Index depth) {
  Index i = 0;
  for (; i + 6 <= rows; i += 6) {
    ProductTile<R, 6, columns>(a + i * a_row, a_row, a_next, b, b_row,
                               c + i * c_row, c_row, depth);
  }
  for (; i + 2 <= rows; i += 2) {
    ProductTile<R, 2, columns>(a + i * a_row, a_row, a_next, b, b_row,
                               c + i * c_row, c_row, depth);
  }
  if (i < rows) {
    ProductTile<R, 1, columns>(a + i * a_row, a_row, a_next, b, b_row,
                               c + i * c_row, c_row, depth);
  }
}

// c [rows, columns] = a b. Element (i, k) of a lies at i * a_row + k * a_next;
// columns is a multiple of kLanes, and b and c have room for that.
template <class R>
void Product(const R* a, Index a_row, Index a_next, const R* b, Index b_row,
             R* c, Index c_row, Index rows, Index columns, Index depth) {
  Index j = 0;
  for (; j + 2 * kLanes<R> <= columns; j += 2 * kLanes<R>) {
    ProductColumns<R, 2>(a, a_row, a_next, b + j, b_row, c + j, c_row, rows,
                         depth);
  }
  if (j < columns) {
    ProductColumns<R, 1>(a, a_row, a_next, b + j, b_row, c + j, c_row, rows,
                         depth);
  }
}

// to [rows, padded] = (from + bias) * scale, the padding 0.
template <class T>
inline void LoadHead(const T* from, Index stride, const Real<T>* bias,
                     Real<T> scale, Index rows, Index width, Index padded,
                     Real<T>* to) {
  for (Index i = 0; i < rows; ++i) {
    const T* in = from + i * stride;
    Real<T>* out = to + i * padded;
    if (bias != nullptr) {
      for (Index c = 0; c < width; ++c) out[c] = (Load(in[c]) + bias[c]) * scale;
    } else {
      for (Index c = 0; c < width; ++c) out[c] = Load(in[c]) * scale;
    }
    for (Index c = width; c < padded; ++c) out[c] = 0;
  }
}

template <class R>
inline void Transpose(const R* from, Index rows, Index width, Index from_row,
                      R* to, Index to_row) {
  for (Index c = 0; c < width; ++c) {
    for (Index i = 0; i < rows; ++i) to[c * to_row + i] = from[i * from_row + c];
    for (Index i = rows; i < to_row; ++i) to[c * to_row + i] = 0;
  }
}

template <class T>
inline void StoreHead(const Real<T>* from, Index padded, Real<T> scale,
                      Index rows, Index width, Index stride, T* to) {
  for (Index i = 0; i < rows; ++i) {
    for (Index c = 0; c < width; ++c) {
      Store(from[i * padded + c] * scale, to + i * stride + c);
    }
  }
}

// The buffers of one head, one after another.
template <class R>
struct HeadBuffers {
  Index wide, tall;       // width and length, padded
  R *q, *k, *v, *out;     // [length, wide]
  R *transposed;          // [width, tall]
  R *scores, *d_scores;   // [length, tall]

  HeadBuffers(Index length, Index width, void* scratch)
      : wide(RoundUp<R>(width)), tall(RoundUp<R>(length)) {
    R* next = static_cast<R*>(scratch);
    const auto take = [&](Index count) {
      R* here = next;
      next += count;
      return here;
    };
    q = take(length * wide);
    k = take(length * wide);
    v = take(length * wide);
    out = take(length * wide);
    transposed = take(wide * tall);
    scores = take(length * tall);
    d_scores = take(length * tall);
  }
  static std::size_t Bytes(Index length, Index width) {
    const Index wide = RoundUp<R>(width), tall = RoundUp<R>(length);
    return sizeof(R) * static_cast<std::size_t>(4 * length * wide + wide * tall +
                                                2 * length * tall);
  }
};

template <class T>
std::size_t AttentionScratch(Index length, Index width) {
  return HeadBuffers<Real<T>>::Bytes(length, width);
}

template <class R>
inline R HeadScale(Index width) {
  return static_cast<R>(1 / std::sqrt(static_cast<double>(width)));
}

template <class R>
inline void Softmax(R* row, Index count, Index padded) {
  R most = row[0];
  for (Index j = 1; j < count; ++j) most = row[j] > most ? row[j] : most;
  R total = 0;
  for (Index j = 0; j < count; ++j) {
    row[j] = ExpOfNegative(row[j] - most);
    total += row[j];
  }
  const R inverse = 1 / total;
  for (Index j = 0; j < count; ++j) row[j] *= inverse;
  for (Index j = count; j < padded; ++j) row[j] = 0;
}

template <class T>
void AttendHead(const Attention<T>& op, void* scratch) {
  using R = Real<T>;
  const HeadBuffers<R> b(op.length, op.width, scratch);
  LoadHead(op.q, op.q_stride, op.q_bias, HeadScale<R>(op.width), op.asked,
           op.width, b.wide, b.q);
  LoadHead(op.k, op.kv_stride, op.k_bias, R(1), op.length, op.width, b.wide, b.k);
  LoadHead(op.v, op.kv_stride, op.v_bias, R(1), op.length, op.width, b.wide, b.v);
  Transpose(b.k, op.length, op.width, b.wide, b.transposed, b.tall);
  Product(b.q, b.wide, Index(1), b.transposed, b.tall, b.scores, b.tall,
          op.asked, b.tall, op.width);
  for (Index i = 0; i < op.asked; ++i) {
    R* row = b.scores + i * b.tall;
    if (op.key_bias != nullptr) {
      for (Index j = 0; j < op.length; ++j) row[j] += op.key_bias[j];
    }
    Softmax(row, op.length, b.tall);
    if (op.shares != nullptr) {
      T* shares = op.shares + i * op.length;
      for (Index j = 0; j < op.length; ++j) Store(row[j], shares + j);
    }
    Drop(op.drop, op.drop_index + static_cast<std::uint64_t>(i * op.length),
         op.length, row);
  }
  Product(b.scores, b.tall, Index(1), b.v, b.wide, b.out, b.wide, op.asked,
          b.wide, op.length);
  StoreHead(b.out, b.wide, R(1), op.asked, op.width, op.context_stride,
            op.context);
}

template <class T>
void AttendHeadBackward(const AttentionBackward<T>& op, void* scratch) {
  using R = Real<T>;
  const HeadBuffers<R> b(op.length, op.width, scratch);
  const R scale = HeadScale<R>(op.width);
  R* d_context = b.k;  // until the keys are needed
  LoadHead(op.d_context, op.context_stride, static_cast<const R*>(nullptr), R(1),
           op.asked, op.width, b.wide, d_context);
  LoadHead(op.v, op.kv_stride, op.v_bias, R(1), op.length, op.width, b.wide, b.v);
  Transpose(b.v, op.length, op.width, b.wide, b.transposed, b.tall);
  Product(d_context, b.wide, Index(1), b.transposed, b.tall, b.d_scores, b.tall,
          op.asked, b.tall, op.width);
  for (Index i = 0; i < op.asked; ++i) {
    const T* stored = op.shares + i * op.length;
    R* shares = b.scores + i * b.tall;
    R* d = b.d_scores + i * b.tall;
    const std::uint64_t first =
        op.drop_index + static_cast<std::uint64_t>(i * op.length);
    Drop(op.drop, first, op.length, d);
    R along = 0;
    for (Index j = 0; j < op.length; ++j) {
      shares[j] = Load(stored[j]);
      along += shares[j] * d[j];
    }
    for (Index j = 0; j < op.length; ++j) d[j] = shares[j] * (d[j] - along);
    for (Index j = op.length; j < b.tall; ++j) d[j] = 0;
    // What multiplied the values: shares after dropping.
    Drop(op.drop, first, op.length, shares);
  }
  // Gradients of values, then of queries and keys.
  Product(b.scores, Index(1), b.tall, d_context, b.wide, b.out, b.wide,
          op.length, b.wide, op.asked);
  StoreHead(b.out, b.wide, R(1), op.length, op.width, op.kv_stride, op.d_v);
  LoadHead(op.k, op.kv_stride, op.k_bias, R(1), op.length, op.width, b.wide, b.k);
  Product(b.d_scores, b.tall, Index(1), b.k, b.wide, b.out, b.wide, op.asked,
          b.wide, op.length);
  StoreHead(b.out, b.wide, scale, op.asked, op.width, op.q_stride, op.d_q);
  LoadHead(op.q, op.q_stride, op.q_bias, scale, op.asked, op.width, b.wide, b.q);
  Product(b.d_scores, Index(1), b.tall, b.q, b.wide, b.out, b.wide, op.length,
          b.wide, op.asked);
  StoreHead(b.out, b.wide, R(1), op.length, op.width, op.kv_stride, op.d_k);
}
