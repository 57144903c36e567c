#include "datasets/features/feature_source.h"
#include "reports/error.h"
#include "reports/file_state.h"

#ifdef MSDBENCH_LMDB
#include <fmt/format.h>
#include <lmdb.h>

#include <string_view>
#endif

namespace msdbench {

#ifdef MSDBENCH_LMDB
namespace {
namespace fs = std::filesystem;

std::string_view TextOf(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

// Key of the list of keys, which MMF's converter adds.
constexpr std::string_view kKeys = "keys";

class FeatureLmdb : public FeatureSource {
 public:
  explicit FeatureLmdb(const fs::path& path) : path_(path) {
    MDB_env* made = nullptr;
    Check(mdb_env_create(&made));
    environment_.reset(made);
    const bool is_folder = fs::is_directory(path);
    file_ = is_folder ? path / "data.mdb" : path;
    // No lock file: stores are often on read-only disks, and nobody writes.
    unsigned flags = MDB_RDONLY | MDB_NOLOCK | MDB_NOTLS;
    if (!is_folder) flags |= MDB_NOSUBDIR;
    Check(mdb_env_open(made, path.c_str(), flags, 0));
    CheckLength();
    const Transaction transaction(*this);
    Check(mdb_dbi_open(transaction.handle, nullptr, 0, &table_));
  }

  std::string Path() const override { return path_.string(); }

  std::vector<std::string> Names() const override {
    const Transaction transaction(*this);
    MDB_cursor* made = nullptr;
    Check(mdb_cursor_open(transaction.handle, table_, &made));
    const std::unique_ptr<MDB_cursor, Close> cursor(made);
    std::vector<std::string> names;
    MDB_val key, value;
    int status = 0;
    while ((status = mdb_cursor_get(made, &key, &value, MDB_NEXT)) == 0) {
      if (TextOf(key) != kKeys) names.emplace_back(TextOf(key));
    }
    if (status != MDB_NOTFOUND) Check(status);
    return names;
  }

  bool Read(const std::string& name, ImageFeatures* features) const override {
    // LMDB takes keys of 1 to 511 bytes.
    if (name.empty() || name.size() > 511) return false;
    const Transaction transaction(*this);
    MDB_val wanted = {name.size(), const_cast<char*>(name.data())}, found;
    const int status = mdb_get(transaction.handle, table_, &wanted, &found);
    if (status == MDB_NOTFOUND) return false;
    Check(status);
    *features = FeaturesInPickle(TextOf(found), path_.string() + ": " + name);
    return true;
  }

  std::string State() const override {
    return fs::absolute(file_).string() + " " + FileState(file_);
  }

 private:
  struct Transaction {
    explicit Transaction(const FeatureLmdb& store) : handle(store.Begin()) {}
    ~Transaction() { mdb_txn_abort(handle); }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    MDB_txn* handle;
  };
  struct Close {
    void operator()(MDB_env* environment) const { mdb_env_close(environment); }
    void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
  };

  // LMDB reads through a map, where a file cut short ends the program.
  void CheckLength() const {
    MDB_envinfo info;
    MDB_stat stat;
    Check(mdb_env_info(environment_.get(), &info));
    Check(mdb_env_stat(environment_.get(), &stat));
    if (fs::file_size(file_) / stat.ms_psize <= info.me_last_pgno) {
      throw DataError(path_.string() + ": not a readable LMDB: cut short");
    }
  }

  MDB_txn* Begin() const {
    MDB_txn* transaction = nullptr;
    Check(mdb_txn_begin(environment_.get(), nullptr, MDB_RDONLY, &transaction));
    return transaction;
  }
  void Check(int status) const {
    if (status == 0) return;
    throw DataError(fmt::format("{}: not a readable LMDB: {}", path_.string(),
                                mdb_strerror(status)));
  }

  fs::path path_, file_;
  std::unique_ptr<MDB_env, Close> environment_;
  MDB_dbi table_ = 0;
};

}  // namespace

bool HasLmdb() { return true; }

std::unique_ptr<FeatureSource> OpenFeatureLmdb(const fs::path& path) {
  return std::make_unique<FeatureLmdb>(path);
}

#else

bool HasLmdb() { return false; }

std::unique_ptr<FeatureSource> OpenFeatureLmdb(
    const std::filesystem::path& path) {
  throw DataError(path.string() +
                  ": this msdbench was built without LMDB (liblmdb-dev)");
}

#endif

}  // namespace msdbench
