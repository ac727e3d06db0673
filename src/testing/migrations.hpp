// Tests of migrations: each runs up, down and up again on a scratch database whose tables are full,
// and what became of rows and schema is compared. Tests that people wrote run behind them. Touches
// no other database than scratch ones.
#pragma once

#include "database/scratch.hpp"
#include "migration/engine.hpp"
#include "testing/report.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sterna::trial {

struct TestOptions {
  std::size_t rows = 25;  ///< made for each table
  /// Ids, versions or names; empty: all.
  std::vector<std::string> only = {};
  std::optional<std::size_t> last = {};  ///< the newest so many
  bool pending = false;                  ///< those that the database has not
  std::function<std::unique_ptr<Scratch>()> make_scratch;
  /// Called as each test begins.
  std::function<void(const std::string& name)> begins = {};
};

class MigrationTests {
 public:
  /// `engine`: whose migrations, and beside which scratch databases are made.
  MigrationTests(MigrationEngine& engine, TestOptions options);
  ~MigrationTests();
  MigrationTests(const MigrationTests&) = delete;
  MigrationTests& operator=(const MigrationTests&) = delete;

  /// One outcome for each chosen migration. @throws Error(plan) for a name that is none; what
  /// making a scratch database throws.
  std::vector<Outcome> run();
  /// One outcome for each test of a file that a person wrote (docs/testing.md).
  /// @throws Error(validation) when the file cannot be read.
  std::vector<Outcome> run_file(const std::string& path);

 private:
  struct Place;
  Outcome test(const Source& source);
  void up_and_down(const Source& source, Outcome& outcome);
  Place& at(const std::string& version);
  std::unique_ptr<Place> fresh();

  MigrationEngine& engine_;
  TestOptions options_;
  std::vector<Source> sources_;
  std::unique_ptr<Place> place_;  // a scratch database, with what the last test left
  std::string version_;           // that it has
};

}  // namespace sterna::trial
