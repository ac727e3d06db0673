// What the tests of the engine share: a folder of migrations, an engine on a database of a given
// kind, and a picture of a database that can be compared.
#pragma once

#include "base/file.hpp"
#include "database/registry.hpp"
#include "migration/engine.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace sterna::test {

struct Scenario {
  explicit Scenario(Kind kind_) : kind(kind_), database(kind_) {}

  Kind kind;
  TestDatabase database;
  TempFolder folder;
  RunnerOptions run;

  void write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder.path() / "migrations" / name).parent_path());
    write_file_atomically(folder.path() / "migrations" / name, spelled(std::string(text)));
  }

  /// The statements that these tests share, as CQL says them: every table has a key, every INSERT
  /// names its columns.
  std::string spelled(std::string text) const {
    if (kind != Kind::cql) return text;
    for (const auto& [sql, cql] :
         {std::pair{R"(INSERT INTO (\w+) VALUES \((\d+)\))", "INSERT INTO $1 (id) VALUES ($2)"},
          std::pair{R"(INSERT INTO users VALUES \((\d+), )",
                    "INSERT INTO users (id, name) VALUES ($1, "},
          std::pair{R"(varchar\(50\))", "text"}, std::pair{R"(\(id int\))", "(id int PRIMARY KEY)"},
          std::pair{R"(SELECT 1;)", "SELECT key FROM system.local;"}})
      text = std::regex_replace(text, std::regex(sql), cql);
    return text;
  }
  /// A statement that goes on until it is cancelled. On MySQL, SLEEP() answers a KILL QUERY as if
  /// it had ended by itself.
  static std::string endless(Kind kind) {
    if (kind == Kind::postgres) return "SELECT pg_sleep(600)";
    if (kind == Kind::mysql)
      return "SELECT count(*) FROM information_schema.columns a, information_schema.columns b, "
             "information_schema.columns c";
    return "CREATE TABLE slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
           "SELECT max(i) FROM n";
  }
  /// A statement that failed leaves those before it.
  bool commits_one_by_one() const { return !connect()->capabilities().transactional_ddl; }
  /// Views, renamed tables, numbered rows.
  bool is_relational() const { return connect()->capabilities().relational; }

  EngineOptions options() const {
    EngineOptions result;
    result.url = parse_url(database.url());
    result.base = folder.path();
    result.run = run;
    result.run.directories = {"migrations"};
    result.run.registered = false;
    return result;
  }
  std::unique_ptr<MigrationEngine> engine() const {
    return std::make_unique<MigrationEngine>(options());
  }
  std::unique_ptr<Connection> connect() const { return sterna::connect(parse_url(database.url())); }

  std::vector<std::string> applied() const {
    std::vector<std::string> ids;
    for (const HistoryRow& row : engine()->history())
      ids.push_back(row.id() + (row.state == RowState::applied ? "" : " (in flight)"));
    return ids;
  }

  /// A run that was killed holds its lease to the end: this is the end. Locks that go with their
  /// session need it not.
  void end_lease() const {
    if (kind != Kind::cql) return;
    const std::unique_ptr<Connection> session = connect();
    if (session->has_table(model::Name("sterna_migrations")))
      session->execute(
          "UPDATE sterna_migrations SET lock_owner = null WHERE run = 'all' IF EXISTS");
  }

  std::string cql_picture(Connection& session) const {
    std::string text;
    const auto dump = [&](const std::string& heading, const std::string& cql) {
      std::multiset<std::string> lines;
      for (const Row& row : session.query(cql)) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
          line += (row[i].is_null() ? "NULL" : row.get<std::string>(i)) + "|";
        lines.insert(line);
      }
      text += "== " + heading + "\n";
      for (const std::string& line : lines) text += line + "\n";
    };
    const std::string here = " WHERE keyspace_name = '" + database.name() + "'";
    const Rows tables =
        session.query("SELECT table_name, comment FROM system_schema.tables" + here);
    dump("tables", "SELECT table_name, comment FROM system_schema.tables" + here);
    dump("columns",
         "SELECT table_name, column_name, kind, position, type FROM system_schema.columns" + here);
    dump("indexes", "SELECT table_name, index_name, options FROM system_schema.indexes" + here);
    dump("types", "SELECT type_name, field_names, field_types FROM system_schema.types" + here);
    for (const Row& table : tables) {
      const auto name = table.get<std::string>(0);
      if (!name.starts_with("sterna_")) dump("rows of " + name, "SELECT * FROM " + name);
    }
    if (session.has_table(model::Name("sterna_migrations"))) {
      dump("history",
           "SELECT version, name, kind, state, hash_up, hash_down, step, step_sql FROM "
           "sterna_migrations WHERE run = 'all' AND scope >= ''");
    }
    return text;
  }

  /// Tables with their columns, indexes and rows, and the history without times: equal exactly when
  /// two databases are.
  std::string picture() const {
    const std::unique_ptr<Connection> session = connect();
    std::string text;
    const auto dump = [&](const std::string& heading, const std::string& sql) {
      text += "== " + heading + "\n";
      for (const Row& row : session->query(sql)) {
        for (std::size_t i = 0; i < row.size(); ++i)
          text += (row[i].is_null() ? "NULL" : row.get<std::string>(i)) + "|";
        text += "\n";
      }
    };
    std::vector<std::string> tables;
    switch (kind) {
      case Kind::sqlite:
        dump("schema",
             "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' "
             "ORDER BY type, name");
        for (const Row& row : session->query("SELECT name FROM sqlite_schema WHERE type = 'table' "
                                             "AND name NOT LIKE 'sqlite_%' ORDER BY name")) {
          tables.push_back(row.get<std::string>(0));
        }
        break;
      case Kind::postgres:
        dump("columns",
             "SELECT table_name, column_name, data_type, is_nullable, column_default FROM "
             "information_schema.columns "
             "WHERE table_schema = 'public' ORDER BY 1, ordinal_position");
        dump("indexes",
             "SELECT c.relname, i.indisvalid, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN "
             "pg_class c ON c.oid = i.indexrelid "
             "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' ORDER BY 1");
        dump("constraints",
             "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = "
             "'public'::regnamespace ORDER BY 1");
        for (const Row& row : session->query(
                 "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")) {
          tables.push_back(row.get<std::string>(0));
        }
        break;
      case Kind::mysql:
        for (const Row& row : session->query("SELECT table_name FROM information_schema.tables "
                                             "WHERE table_schema = DATABASE() AND table_type = "
                                             "'BASE TABLE' ORDER BY 1")) {
          tables.push_back(row.get<std::string>(0));
          if (tables.back() == "sterna_migrations") continue;
          text += session->query("SHOW CREATE TABLE `" + tables.back() + "`")
                      .front()
                      .get<std::string>(1) +
                  "\n";
        }
        dump("routines",
             "SELECT routine_type, routine_name, routine_definition FROM "
             "information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 2");
        dump("views",
             "SELECT table_name, view_definition FROM information_schema.views WHERE table_schema "
             "= DATABASE() ORDER BY 1");
        break;
      case Kind::cql:
        return cql_picture(*session);
    }
    for (const std::string& table : tables) {
      if (table.starts_with("sterna_")) continue;
      dump("rows of " + table, "SELECT * FROM " + table + " ORDER BY 1, 2");
    }
    if (session->has_table(model::Name("sterna_migrations"))) {
      dump("history",
           "SELECT version, name, kind, state, hash_up, hash_down, step, step_sql, fingerprint "
           "FROM sterna_migrations ORDER BY sequence");
    }
    // MySQL writes the database's own name into the text of views.
    for (std::size_t at = 0; (at = text.find(database.name(), at)) != std::string::npos;)
      text.replace(at, database.name().size(), "DATABASE");
    return text;
  }
};

}  // namespace sterna::test
