// Tests of migrations and of code that uses them: a throw-away database of any kind, and a
// migration taken up, down and up again on tables that hold rows.
//
//   TEST(Migrations, GoBothWays) {
//     sterna::ScratchDatabase database{"postgres://localhost/app_test"};
//     EXPECT_TRUE(sterna::round_trip(database, sterna::make_migration("001_users", up, down)));
//   }
//
// Nothing of it is for production, and nothing here touches the database whose URL is given: it
// says where the throw-away one is made.
#pragma once

#include <sterna/database.hpp>
#include <sterna/export.hpp>
#include <sterna/runner.hpp>

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// An empty database of its own beside the given one, dropped at the end. Of the same server,
/// version, encoding and collation; on SQLite a file in the folder for temporary files.
class STERNA_API ScratchDatabase {
 public:
  /// `url`: a database on the server to use, or "sqlite:". @throws Error(connection);
  /// Error(permission) when the role may not make databases.
  explicit ScratchDatabase(std::string_view url);
  ScratchDatabase(ScratchDatabase&&) noexcept;
  ScratchDatabase& operator=(ScratchDatabase&&) noexcept;
  ~ScratchDatabase();

  /// With its password, for programs under test.
  const std::string& url() const noexcept;
  /// A runner on it. Its history is in it, too, and it waits for no replica, whatever `options`
  /// say.
  Runner runner(std::vector<MigrationDefinition> migrations = {}, RunnerOptions options = {}) const;
  /// A session on it, opened at the first call. Not safe for concurrent use.
  Database& database();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What came of taking migrations up, down and up again. True when nothing was lost and everything
/// came back.
struct STERNA_API RoundTrip {
  std::vector<std::string> failures;
  std::vector<std::string> notes;  ///< worth knowing: columns that are dropped with their values
  std::size_t rows = 0;            ///< that lay in the tables
  explicit operator bool() const noexcept { return failures.empty(); }
  std::string text() const;
};
STERNA_API std::ostream& operator<<(std::ostream& out, const RoundTrip& trip);
/// For GoogleTest's messages.
STERNA_API void PrintTo(const RoundTrip& trip, std::ostream* out);

/// Takes the last of `migrations` up, down and up again, behind those before it and on tables full
/// of made-up rows (docs/testing.md), on databases made beside `database`. Other migrations that
/// this program registers take no part.
STERNA_API RoundTrip round_trip(const ScratchDatabase& database,
                                std::vector<MigrationDefinition> migrations);
STERNA_API RoundTrip round_trip(const ScratchDatabase& database, MigrationDefinition migration);
/// Every migration of a folder.
STERNA_API RoundTrip round_trip_all(const ScratchDatabase& database, std::string_view folder);

}  // namespace sterna
