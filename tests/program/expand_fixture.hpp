// A column of a table on a real server that is expanded and contracted by the written files.
#pragma once

#include "program/expand.hpp"

#include "base/text.hpp"
#include "migration/scenario.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace sterna::test {

class ExpandingColumns : public testing::Test {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::postgres);
    scenario = std::make_unique<Scenario>(Kind::postgres);
    session = scenario->connect();
  }

  void run(const std::vector<std::string>& statements) {
    for (const std::string& statement : statements) session->execute(statement);
  }

  struct Wanted {
    std::string type, name, value, back;
  };
  ExpandedColumn expanded(const std::string& column, const Wanted& how) {
    ColumnExpansion wanted = parse_expansion(column);
    wanted.type = how.type;
    wanted.name = how.name;
    wanted.value = how.value;
    wanted.back = how.back;
    return expand_column(session->inspect({}), wanted, *session);
  }

  /// Writes both files of `column` and applies the first.
  ExpandedColumn expand(const std::string& column, const Wanted& how) {
    ExpandedColumn made = expanded(column, how);
    scenario->write("001_expand.sql", made.expand);
    scenario->engine()->up({});
    return made;
  }
  void contract(const ExpandedColumn& made) {
    scenario->write("002_contract.sql", made.contract);
    scenario->engine()->up({});
  }
  std::string failure_of_contract(const ExpandedColumn& made) {
    try {
      contract(made);
    } catch (const Error& error) {
      return error.what();
    }
    return "applied";
  }

  std::string refusal(const std::string& column, const Wanted& how = {"bigint", "", "", ""}) {
    try {
      expanded(column, how);
    } catch (const Error& error) {
      EXPECT_FALSE(error.suggestions().empty());
      return error.what();
    }
    return "accepted";
  }

  /// The first column of all rows, a line each.
  std::string text(const std::string& sql) {
    std::vector<std::string> lines;
    for (const Row& row : session->query(sql))
      lines.push_back(row[0].is_null() ? "NULL" : row.get<std::string>(0));
    return join(lines, "\n");
  }
  std::string indexes() {
    return text(
        "SELECT pg_get_indexdef(i.indexrelid) || format(' %s %s %s', i.indisclustered, "
        "i.indisreplident, obj_description(i.indexrelid, 'pg_class')) FROM pg_index i WHERE "
        "i.indrelid = 't'::regclass AND i.indisvalid ORDER BY 1");
  }
  std::string constraints() {
    return text(
        "SELECT conname || ': ' || pg_get_constraintdef(oid) || coalesce(' ' || "
        "obj_description(oid, 'pg_constraint'), '') FROM pg_constraint WHERE conrelid = "
        "'t'::regclass ORDER BY 1");
  }
  std::string triggers() {
    return text(
        "SELECT pg_get_triggerdef(oid) || tgenabled::text || coalesce(obj_description(oid, "
        "'pg_trigger'), '') FROM pg_trigger WHERE tgrelid = 't'::regclass AND NOT tgisinternal "
        "ORDER BY tgname");
  }
  std::string policies() {
    return text(
        "SELECT format('%s %s %s %s', policyname, roles, qual, with_check) FROM pg_policies WHERE "
        "tablename = 't' ORDER BY 1");
  }

  std::unique_ptr<Scenario> scenario;
  std::unique_ptr<Connection> session;
};

}  // namespace sterna::test
