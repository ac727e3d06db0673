// What a statement does, as far as its leading tokens tell: verb, kind of object, name. Used to
// find statements that cannot run in a transaction, to probe whether an interrupted one took
// effect, and for messages. Tolerant: unknown syntax gives Verb::other.
#pragma once

#include "sql/language.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

enum class Verb {
  create,
  alter,
  drop,
  rename,
  truncate,
  comment,  // definitions
  insert,
  update,
  remove,
  replace,
  merge,
  select,
  copy,
  call,  // data (`remove` is DELETE)
  grant,
  revoke,
  set,
  use,
  lock,
  begin,
  commit,
  rollback,
  savepoint,  // transaction control
  vacuum,
  analyze,
  reindex,
  cluster,
  refresh,
  explain,
  pragma,
  attach,
  do_block,
  other,
};

/// One dotted name, unquoted and unfolded ("public"."Users" → {"public","Users"}); empty schema
/// when not given.
struct ObjectName {
  std::string schema;
  std::string name;
  bool operator==(const ObjectName&) const = default;
};

/// One action of ALTER TABLE (a comma-separated item).
struct AlterAction {
  enum class Kind {
    add_column,
    drop_column,
    rename_column,
    modify_column /* MODIFY, or CHANGE with the same name, ALTER COLUMN */,
    add_index /* INDEX|KEY|UNIQUE|FULLTEXT|SPATIAL */,
    drop_index,
    rename_index,
    add_primary_key,
    drop_primary_key,
    add_foreign_key,
    add_check,
    add_constraint_other,
    drop_constraint /* also FOREIGN KEY, CHECK */,
    rename_table,
    option /* ENGINE=, COMMENT=, … : setting the same value again is harmless */,
    partition,
    other,
  };
  Kind kind = Kind::other;
  std::string name;        ///< column, index or constraint; empty when the statement gives none
  std::string new_name;    ///< of a rename
  bool if_exists = false;  ///< IF EXISTS / IF NOT EXISTS in the action
  bool operator==(const AlterAction&) const = default;
};

struct StatementSummary {
  Verb verb = Verb::other;
  std::string object;   ///< upper-case kind: "TABLE", "INDEX", "VIEW", "FUNCTION", "TRIGGER",
                        ///< "DATABASE", "TYPE", "MATERIALIZED VIEW" …
  ObjectName name;      ///< the object that the verb acts on
  ObjectName table;     ///< for indexes and triggers: the table (ON t); else empty
  ObjectName new_name;  ///< RENAME TABLE a TO b / ALTER TABLE a RENAME TO b as the only action
  std::vector<ObjectName>
      more_names;  ///< DROP TABLE a, b, c: b, c; RENAME TABLE: further old names
  std::vector<ObjectName> more_new_names;
  std::vector<AlterAction> actions;  ///< of ALTER TABLE
  bool or_replace = false;
  bool if_exists = false;  ///< IF EXISTS or IF NOT EXISTS
  bool temporary = false;
  bool concurrently = false;  ///< CREATE/DROP INDEX, REINDEX, REFRESH, DETACH PARTITION
  bool has_where = false;     ///< UPDATE/DELETE with a WHERE at the top level
};

StatementSummary classify(std::string_view statement, Language language);

/// Why a statement cannot run inside a transaction block ("CREATE INDEX CONCURRENTLY cannot run
/// inside a transaction block"), or nothing when it can. PostgreSQL: the list of
/// PreventInTransactionBlock in its manual (CREATE/DROP/ALTER … DATABASE, TABLESPACE, CONCURRENTLY
/// forms, VACUUM, CLUSTER without table, ALTER SYSTEM, REINDEX DATABASE/SYSTEM, CREATE/DROP
/// SUBSCRIPTION …); SQLite: VACUUM, ATTACH/DETACH, PRAGMA journal_mode/foreign_keys …; MySQL:
/// nothing (DDL commits implicitly, see `commits_implicitly`).
std::optional<std::string> refuses_transaction(const StatementSummary& summary,
                                               std::string_view statement, Language language);

/// True when the server commits the open transaction before this statement (MySQL manual
/// "Statements That Cause an Implicit Commit").
bool commits_implicitly(const StatementSummary& summary, Language language);

/// True for BEGIN/START TRANSACTION/COMMIT/ROLLBACK/END/SAVEPOINT/SET autocommit: a migration must
/// not steer the transaction itself.
bool controls_transaction(const StatementSummary& summary, std::string_view statement,
                          Language language);

}  // namespace sterna
