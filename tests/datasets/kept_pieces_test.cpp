#include "datasets/kept_pieces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace msdbench {
namespace {

using testing::ElementsAre;

EncodedSplit Tokens(std::vector<std::int32_t> ids) {
  EncodedSplit split;
  split.pad = 0;
  split.cls = 5;
  split.sep = 3;
  split.token_ids = std::move(ids);
  return split;
}

TEST(KeptPieces, RenumbersInTheVocabularysOrder) {
  EncodedSplit train = Tokens({5, 9, 2, 9, 3}), dev = Tokens({5, 7, 3});
  const KeptPieces kept = KeepOccurringPieces({&train, &dev}, 11);
  EXPECT_EQ(kept.total, 11);
  EXPECT_THAT(kept.ids, ElementsAre(0, 2, 3, 5, 7, 9));
  EXPECT_THAT(train.token_ids, ElementsAre(3, 5, 1, 5, 2));
  EXPECT_THAT(dev.token_ids, ElementsAre(3, 4, 2));
  for (const EncodedSplit* split : {&train, &dev}) {
    EXPECT_EQ(split->pad, 0);
    EXPECT_EQ(split->cls, 3);
    EXPECT_EQ(split->sep, 2);
  }
}

TEST(KeptPieces, SpecialPiecesStayWithoutOccurring) {
  EncodedSplit empty = Tokens({});
  const KeptPieces kept = KeepOccurringPieces({&empty}, 6);
  EXPECT_THAT(kept.ids, ElementsAre(0, 3, 5));
  EXPECT_THAT(empty.token_ids, ElementsAre());
  EXPECT_EQ(empty.cls, 2);
  EXPECT_EQ(empty.sep, 1);
}

TEST(KeptPieces, AWholeVocabularyStaysAsItIs) {
  EncodedSplit split = Tokens({5, 4, 2, 1, 3});
  const KeptPieces kept = KeepOccurringPieces({&split}, 6);
  EXPECT_THAT(kept.ids, ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(split.token_ids, ElementsAre(5, 4, 2, 1, 3));
}

TEST(KeptPieces, IdsTurnBackIntoTheOldOnes) {
  const std::vector<std::int32_t> before = {5, 10, 8, 10, 6, 3};
  EncodedSplit split = Tokens(before);
  const KeptPieces kept = KeepOccurringPieces({&split}, 100);
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(kept.ids.at(split.token_ids[i]), before[i]);
  }
}

}  // namespace
}  // namespace msdbench
