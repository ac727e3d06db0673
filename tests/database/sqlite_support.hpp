// What the tests of SQLite share: a fresh file, a session with it, and short words for asking.
#pragma once

#include "builder/direct_target.hpp"
#include "database/registry.hpp"
#include "support/temp.hpp"

#include <sterna/schema.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sterna::test {

struct SqliteFile : testing::Test {
  SqliteFile() : connection(open()) {}

  std::string path() const { return (folder.path() / "test.db").string(); }
  std::unique_ptr<Connection> open(const std::string& parameters = {}) const {
    return connect(parse_url("sqlite:" + path() + parameters));
  }
  void run(const std::vector<std::string>& statements) {
    for (const std::string& sql : statements) connection->execute(sql);
  }
  /// Does one alter_table as a program would outside a migration, foreign keys and all.
  void alter(const std::string& table, std::function<void(TableBuilder&)> change) {
    DirectTarget target(*connection);
    Schema schema(target);
    schema.alter_table(table, std::move(change));
  }
  std::int64_t number(const std::string& sql) {
    return connection->query(sql).front().get<std::int64_t>(0);
  }
  std::string text(const std::string& sql) {
    return connection->query(sql).front().get<std::string>(0);
  }
  /// The definition of a table, index, view or trigger as the file has it.
  std::string definition(const std::string& name) {
    return connection
        ->query(Statement{"SELECT sql FROM sqlite_schema WHERE name = ?1", {name}, {}, {}})
        .front()
        .get<std::string>(0);
  }
  void expect_sound() {
    EXPECT_EQ(text("PRAGMA integrity_check"), "ok");
    EXPECT_THAT(connection->foreign_key_violations(), testing::IsEmpty());
    EXPECT_TRUE(connection->foreign_keys_enforced());
    EXPECT_FALSE(connection->in_transaction());
    EXPECT_EQ(number("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%sterna%'"), 0);
  }

  TempFolder folder;
  std::unique_ptr<Connection> connection;
};

/// The error that `act` throws; a failure of the test, and an empty error, when it throws none.
template <class Act>
Error error_from(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return {ErrorKind::unknown, ""};
}

}  // namespace sterna::test
