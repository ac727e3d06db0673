// A fresh MySQL or MariaDB database with a session on it, for the tests of this engine.
#pragma once

#include "database/registry.hpp"
#include "support/databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace sterna::test {

inline Statement at(std::string sql, int line, int column = 1, std::vector<Value> parameters = {}) {
  return {std::move(sql), std::move(parameters), {"001_test.sql", line, column}, {}};
}

struct MysqlSession : testing::Test {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::mysql);
    database = std::make_unique<TestDatabase>(Kind::mysql);
    connection = open();
  }
  bool mariadb() const { return connection->server().product == "MariaDB"; }
  /// From these versions on; 0: never.
  bool since(int mysql, int mariadb_version) const {
    const int first = mariadb() ? mariadb_version : mysql;
    return first != 0 && connection->server().version >= first;
  }
  /// The numbers from 1 on as the column `seq`, to stand behind FROM.
  static std::string numbers(int last) {
    const std::string digits =
        "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT "
        "4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL "
        "SELECT 9) ";
    return "(SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d AS seq FROM " +
           digits + "a, " + digits + "b, " + digits + "c, " + digits + "d, " + digits +
           "e HAVING seq <= " + std::to_string(last) + ") numbers";
  }
  std::unique_ptr<Connection> open() const { return connect(parse_url(database->url())); }
  void run(const std::vector<const char*>& statements) {
    for (const char* sql : statements) connection->execute(sql);
  }
  std::int64_t number(const std::string& sql) {
    return connection->query(sql).front().get<std::int64_t>(0);
  }
  std::int64_t id_of(Connection& session) const {
    return session.query("SELECT CONNECTION_ID()").front().get<std::int64_t>(0);
  }
  /// The error of one statement, at line 1 of a file.
  Error failure(const std::string& sql) { return failure(std::vector<Statement>{at(sql, 1)}); }
  Error failure(const std::vector<Statement>& batch,
                const std::function<void(std::size_t)>& done = {}) {
    try {
      connection->execute_batch(batch, done);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was thrown by " << batch.back().sql;
    return Error(ErrorKind::internal, "nothing was thrown");
  }
  /// The error of one statement with what the dialect has to add.
  Error explained(const std::string& sql) {
    Error error = failure(sql);
    connection->dialect().explain(error, *connection);
    return error;
  }

  std::unique_ptr<TestDatabase> database;
  std::unique_ptr<Connection> connection;
};

}  // namespace sterna::test
