#include "database/cql/confine.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "database/cql/copy.hpp"
#include "database/scratch.hpp"
#include "sql/classify.hpp"
#include "sql/token_cursor.hpp"

namespace sterna::cql {
namespace {

/// GRANT … ON [TABLE] t: a privilege that goes with the scratch keyspace.
bool is_privilege_on_own_table(const std::string& sql) {
  sql::TokenCursor cursor(sql, Language::cql);
  if (!cursor.skip_to({"ON"})) return false;
  cursor.take();
  if (!cursor.accept("TABLE") && cursor.at_any({"ALL", "KEYSPACE", "ROLE", "FUNCTION", "MBEAN"}))
    return false;
  return cursor.name().schema.empty();
}

/// What exists once for a whole cluster.
bool acts_on_cluster(const StatementSummary& summary, const std::string& sql) {
  if (summary.verb == Verb::grant || summary.verb == Verb::revoke)
    return !is_privilege_on_own_table(sql);
  const std::string& object = summary.object;
  return object == "KEYSPACE" || object == "SCHEMA" || object == "ROLE" || object == "USER";
}

/// Sterna's own: a scratch keyspace beside this one, and its end. No script knows such a name.
bool is_scratch(const StatementSummary& summary) {
  return summary.object == "KEYSPACE" && summary.name.name.starts_with(scratch_prefix) &&
         (summary.verb == Verb::create || summary.verb == Verb::drop);
}

bool changes(Verb verb) { return verb != Verb::select && verb != Verb::explain; }

/// The tables that the statements of a batch write to.
std::vector<ObjectName> tables_of_batch(const std::string& sql) {
  std::vector<ObjectName> tables;
  sql::TokenCursor cursor(sql, Language::cql);
  while (!cursor.at_end()) {
    if (cursor.accept({"INSERT", "INTO"}) || cursor.accept("UPDATE") || cursor.accept("FROM"))
      tables.push_back(cursor.name());
    else
      cursor.skip();
  }
  return tables;
}

bool acts_elsewhere(std::string_view keyspace, const Statement& statement) {
  const auto elsewhere = [&](const auto& name) {
    return !name.schema.empty() && name.schema != keyspace;
  };
  if (is_copy(statement.sql)) {
    const CopyRequest copy = read_copy(statement);
    return elsewhere(copy.from) || elsewhere(copy.to);
  }
  const StatementSummary summary = classify(statement.sql, Language::cql);
  if (!changes(summary.verb)) return false;
  if (summary.verb == Verb::use && summary.name.name != keyspace) return true;
  if (is_scratch(summary)) return false;
  if (acts_on_cluster(summary, statement.sql)) return true;
  if (summary.object == "BATCH") {
    const std::vector<ObjectName> tables = tables_of_batch(statement.sql);
    return std::any_of(tables.begin(), tables.end(), elsewhere);
  }
  return elsewhere(summary.name) || elsewhere(summary.table);
}

}  // namespace

void confine(std::string_view keyspace, const Statement& statement) {
  if (!keyspace.starts_with(scratch_prefix) || !acts_elsewhere(keyspace, statement)) return;
  throw Error(ErrorKind::refused,
              "this statement acts outside of the scratch keyspace into which it is loaded")
      .with_statement(statement.sql)
      .at(statement.position)
      .with_state("nothing was changed")
      .suggest("leave names without a keyspace: the URL names it")
      .suggest("make keyspaces, roles and privileges by a migration of their own connection");
}

}  // namespace sterna::cql
