// Batches made ahead are the same batches in the same order.

#include "benchmarks/batch_stream.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <numeric>

#include "benchmarks/prepared_data.h"
#include "reports/random.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

class BatchStreamTest : public testing::Test {
 protected:
  BatchStreamTest()
      : data_(PrepareData(ParseSuite(TinySuiteJson(), "tiny").datasets[0],
                          {TinyDataRoot(), {}, {}}, 1)),
        order_(data_.all_rows) {
    Random(5, "order").Shuffle(order_);
  }

  PreparedData data_;
  std::vector<std::int64_t> order_;
};

TEST_F(BatchStreamTest, EveryBatchInOrderTheLastOneShorter) {
  const auto rows = static_cast<std::int64_t>(order_.size());
  for (const std::int64_t size :
       {std::int64_t{1}, std::int64_t{7}, rows, rows + 1}) {
    BatchStream stream(data_.train, order_, size, c10::kCPU);
    for (std::int64_t first = 0; first < rows; first += size) {
      const std::int64_t last = std::min(first + size, rows);
      const Batch expected =
          Collate(data_.train, {order_.begin() + first, order_.begin() + last});
      const std::optional<Batch> batch = stream.Next();
      ASSERT_TRUE(batch.has_value());
      EXPECT_TRUE(at::equal(batch->rows, expected.rows));
      EXPECT_TRUE(at::equal(batch->token_ids, expected.token_ids));
      EXPECT_TRUE(at::equal(batch->images, expected.images));
      EXPECT_TRUE(at::equal(batch->targets, expected.targets));
    }
    EXPECT_FALSE(stream.Next().has_value());
    EXPECT_FALSE(stream.Next().has_value());
  }
}

TEST_F(BatchStreamTest, WhatGoesWrongIsThrownToTheTaker) {
  EncodedSplit broken = data_.train;
  broken.pixels = at::Tensor();
  BatchStream stream(broken, order_, 3, c10::kCPU);
  EXPECT_THROW(stream.Next(), std::exception);
  EXPECT_THROW(stream.Next(), std::exception);
}

TEST_F(BatchStreamTest, MayBeLeftAtAnyPlace) {
  for (int taken = 0; taken < 4; ++taken) {
    BatchStream stream(data_.train, order_, 3, c10::kCPU);
    for (int i = 0; i < taken; ++i) stream.Next();
  }
}

}  // namespace
}  // namespace msdbench
