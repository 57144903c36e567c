// Paths that lead to no regular file, for tests of what is said of them.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace msdbench {

inline void MakeFifo(const std::filesystem::path& path) {
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0) << path;
}

// Permissions do not bind root: while this lives, the process is nobody's.
class WithoutPrivileges {
 public:
  WithoutPrivileges() : was_(geteuid()) {
    constexpr uid_t kNobody = 65534;
    if (was_ == 0 && seteuid(kNobody) != 0) ADD_FAILURE() << "seteuid";
  }
  ~WithoutPrivileges() {
    if (was_ == 0 && seteuid(0) != 0) ADD_FAILURE() << "seteuid";
  }
  WithoutPrivileges(const WithoutPrivileges&) = delete;
  WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;

 private:
  uid_t was_;
};

}  // namespace msdbench
