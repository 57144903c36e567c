#include "datasets/features/lmdb_file.h"

#ifdef MSDBENCH_LMDB

#include <fmt/format.h>
#include <lmdb.h>

#include <memory>
#include <string_view>
#include <utility>

#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using Message = ReaderProcess::Message;

// The first text of a request.
constexpr char kKeys[] = "keys", kFind[] = "find";
// Of one value: the features of an image are far smaller.
constexpr std::size_t kMostBytes = std::size_t{1} << 29;

std::string_view TextOf(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

// The library itself: only in the child.
class Reader {
 public:
  Reader(const fs::path& path, const fs::path& file) : path_(path.string()) {
    MDB_env* made = nullptr;
    Check(mdb_env_create(&made));
    environment_.reset(made);
    // No lock file: stores are often on read-only disks, and nobody writes.
    unsigned flags = MDB_RDONLY | MDB_NOLOCK | MDB_NOTLS;
    if (file == path) flags |= MDB_NOSUBDIR;
    Check(mdb_env_open(made, path.c_str(), flags, 0));
    CheckLength(file);
    const Transaction transaction = Begin();
    Check(mdb_dbi_open(transaction.get(), nullptr, 0, &table_));
  }

  Message Answer(const Message& request) const {
    // One of its own: a fault ends it.
    const Transaction transaction = Begin();
    return request.at(0) == kKeys ? Keys(transaction.get())
                                  : Find(transaction.get(), request.at(1));
  }

 private:
  struct Close {
    void operator()(MDB_env* environment) const { mdb_env_close(environment); }
    void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
    void operator()(MDB_txn* transaction) const { mdb_txn_abort(transaction); }
  };

  using Transaction = std::unique_ptr<MDB_txn, Close>;

  Transaction Begin() const {
    MDB_txn* made = nullptr;
    Check(mdb_txn_begin(environment_.get(), nullptr, MDB_RDONLY, &made));
    return Transaction(made);
  }

  Message Keys(MDB_txn* transaction) const {
    MDB_cursor* made = nullptr;
    Check(mdb_cursor_open(transaction, table_, &made));
    const std::unique_ptr<MDB_cursor, Close> cursor(made);
    unsigned flags = 0;
    Check(mdb_dbi_flags(transaction, table_, &flags));
    Message keys;
    MDB_val key, value;
    int status = 0;
    while ((status = mdb_cursor_get(made, &key, &value, MDB_NEXT)) == 0) {
      if (flags == 0 && !keys.empty() && TextOf(key) <= keys.back()) {
        throw Fault("its keys are out of order: damaged");
      }
      keys.emplace_back(TextOf(key));
    }
    if (status != MDB_NOTFOUND) Check(status);
    return keys;
  }

  Message Find(MDB_txn* transaction, const std::string& key) const {
    MDB_val wanted = {key.size(), const_cast<char*>(key.data())}, found;
    const int status = mdb_get(transaction, table_, &wanted, &found);
    if (status == MDB_NOTFOUND) return {};
    Check(status);
    if (found.mv_size > kMostBytes) {
      throw Fault(fmt::format("{}: {} bytes, allowed: {}", key, found.mv_size,
                              kMostBytes));
    }
    return {std::string(TextOf(found))};
  }

  // LMDB reads through a map, where a file cut short ends the program.
  void CheckLength(const fs::path& file) const {
    MDB_envinfo info;
    MDB_stat stat;
    Check(mdb_env_info(environment_.get(), &info));
    Check(mdb_env_stat(environment_.get(), &stat));
    if (fs::file_size(file) / stat.ms_psize <= info.me_last_pgno) {
      throw Fault("cut short");
    }
  }

  Error Fault(const std::string& what) const {
    return DataError(path_ + ": not a readable LMDB: " + what);
  }
  void Check(int status) const {
    if (status != 0) throw Fault(mdb_strerror(status));
  }

  std::string path_;
  std::unique_ptr<MDB_env, Close> environment_;
  MDB_dbi table_ = 0;
};

}  // namespace

LmdbFile::LmdbFile(const fs::path& path)
    : file_(IsFolder(path) ? path / "data.mdb" : path) {
  process_ = std::make_unique<ReaderProcess>(
      path.string(), "the LMDB library",
      [path, file = file_]() -> ReaderProcess::Answer {
        auto reader = std::make_shared<Reader>(path, file);
        return [reader](const Message& request) {
          return reader->Answer(request);
        };
      });
}

std::vector<std::string> LmdbFile::Keys() const {
  return process_->Ask({kKeys}, "its keys cannot be read");
}

std::optional<std::string> LmdbFile::Find(const std::string& key) const {
  // LMDB takes keys of 1 to 511 bytes.
  if (key.empty() || key.size() > 511) return std::nullopt;
  Message answer = process_->Ask({kFind, key}, key + " cannot be read");
  if (answer.empty()) return std::nullopt;
  return std::move(answer[0]);
}

}  // namespace msdbench

#endif  // MSDBENCH_LMDB
