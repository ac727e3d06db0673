// Writing a migration in C++: derive from sterna::Migration, override up and down (or change), and
// register the class with STERNA_MIGRATION at the end of the file. The file's name,
// VERSION_description.cpp, is the version of record.
//
//   struct CreatePosts : sterna::Migration {
//     void up(sterna::Schema& schema) override {
//       schema.create_table("posts", [](sterna::TableBuilder& table) { table.id();
//       table.string("title", 200); });
//     }
//     void down(sterna::Schema& schema) override { schema.drop_table("posts"); }
//   };
//   STERNA_MIGRATION(CreatePosts, sterna::Meta{.description = "Blog posts", .timeout = 60s});
//
// A migration must do the same again when it is run again from the start: after a crash on a
// database whose DDL is not transactional it is replayed, and the statements that are known to have
// taken effect are skipped.
#pragma once

#include <sterna/export.hpp>
#include <sterna/schema.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

using namespace std::chrono_literals;

/// How a migration's statements and its history row are committed.
enum class TransactionMode {
  automatic,  ///< what the connection is configured for: one transaction a migration where DDL is
              ///< transactional
  migration,  ///< one transaction for this migration
  none,       ///< statement by statement, with a journal (CREATE INDEX CONCURRENTLY, VACUUM, …)
};

/// What is known about a migration beside its code. Everything is optional.
struct Meta {
  std::string description = {};
  bool breaking = false;  ///< running code of the previous version may fail after it
  std::chrono::milliseconds estimated{0};  ///< expected duration; 0: not known
  std::chrono::milliseconds timeout{0};    ///< for the whole migration; 0: the connection's setting
  std::chrono::milliseconds lock_timeout{
      0};          ///< for locks inside the database; 0: the connection's setting
  int retry = -1;  ///< tries after a lock timeout; -1: the connection's setting
  TransactionMode transaction = TransactionMode::automatic;
  std::vector<std::string> environments = {};  ///< runs only in these; empty: everywhere
  std::string connection = {};                 ///< runs only on this named connection; empty: any
  std::vector<std::string> depends = {};       ///< versions that must be applied before
  /// A checkpoint: makes what these versions made. Where they are applied, so is it.
  std::vector<std::string> replaces = {};
  std::string irreversible = {};  ///< the reason why there is no way down; empty: there is one
  /// What the way down takes away with its values ("users.age"). Outside development it then needs
  /// RunnerOptions::allow_destructive. change() finds this out by itself.
  std::string down_loses = {};
};

class STERNA_API Migration {
 public:
  virtual ~Migration();
  virtual void up(Schema& schema);
  virtual void down(Schema& schema);
  /// Instead of up and down: one direction, inverted automatically for the way down. A step that
  /// cannot be inverted is refused with the reason.
  virtual void change(Schema& schema);

  /// Which of the three a class defines is found by calling; these are how the base class says "not
  /// overridden".
  class NotDefined {};
};

/// One migration as a value: for lists made in code, without files.
struct MigrationDefinition {
  std::string version;  ///< "001", "20260115143022"; compared by its digits
  std::string name;     ///< "create_users"
  Meta meta;
  std::function<std::unique_ptr<Migration>()> make;
  std::string source_file;  ///< where it was written, if known
};

/// A migration from two functions. `id` is "VERSION_name" ("001_create_users").
/// @throws Error(validation) when `id` does not begin with a version.
STERNA_API MigrationDefinition make_migration(std::string_view id, std::function<void(Schema&)> up,
                                              std::function<void(Schema&)> down = nullptr,
                                              Meta meta = {});
/// The same from one reversible function.
STERNA_API MigrationDefinition make_reversible_migration(std::string_view id,
                                                         std::function<void(Schema&)> change,
                                                         Meta meta = {});

namespace detail {
/// Adds a migration to the process-wide list that plug-ins, migrator programs and embedding
/// programs fill before main.
STERNA_API bool register_migration(const char* file, std::unique_ptr<Migration> (*make)(),
                                   Meta (*meta)()) noexcept;
}  // namespace detail

}  // namespace sterna

/// Registers a migration class; the version and name are those of the file. Once a file.
#define STERNA_MIGRATION(Class, ...)                                                            \
  namespace {                                                                                   \
  [[maybe_unused]] const bool sterna_registered_##Class = ::sterna::detail::register_migration( \
      __FILE__,                                                                                 \
      []() -> std::unique_ptr<::sterna::Migration> { return std::make_unique<Class>(); },       \
      []() -> ::sterna::Meta {                                                                  \
        using namespace ::std::chrono_literals;                                                 \
        return ::sterna::Meta(__VA_ARGS__);                                                     \
      });                                                                                       \
  }                                                                                             \
  static_assert(true, "STERNA_MIGRATION needs a semicolon")
