#include <gtest/gtest.h>
TEST(Placeholder, Remove) {}
