// Schema: structured types, keyspaces, materialized views and privileges.
#include <sterna/error.hpp>
#include <sterna/schema.hpp>

#include <set>

#include "base/text.hpp"
#include "builder/target.hpp"

namespace sterna {

namespace detail {

/// What TypeBuilder fills.
struct TypeDraft {
  model::Name name;
  bool altering = false;
  std::vector<TypeAction> actions = {};

  [[noreturn]] void refuse(const std::string& message) const {
    throw Error(ErrorKind::validation, "type '" + name.text() + "': " + message)
        .with_object(name.text());
  }
};

}  // namespace detail

namespace {

using detail::TypeDraft;

model::Name named(std::string_view name, const char* what) {
  model::Name result(name);
  if (result.name.empty())
    throw Error(ErrorKind::validation, std::string(what) + " without a name");
  return result;
}

TypeDraft draft_of(std::string_view name, bool altering, const char* what,
                   const Schema::TypeDefinition& definition) {
  TypeDraft draft{named(name, what), altering};
  TypeBuilder builder(draft);
  definition(builder);
  if (draft.actions.empty()) draft.refuse(std::string(what) + " without a field");
  return draft;
}

model::UserType described(std::string_view name, const char* what,
                          const Schema::TypeDefinition& definition) {
  const TypeDraft draft = draft_of(name, false, what, definition);
  model::UserType type;
  type.name = draft.name;
  std::set<std::string_view> seen;
  for (const TypeAction& action : draft.actions) {
    const model::TypeField& field = std::get<AddTypeField>(action).field;
    if (!seen.insert(field.name).second)
      draft.refuse("the field '" + field.name + "' is described twice");
    type.fields.push_back(field);
  }
  return type;
}

std::string map_words(const Dialect& dialect, const std::map<std::string, std::string>& entries) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : entries)
    parts.push_back(dialect.literal(Value(key)) + ": " + dialect.literal(Value(value)));
  return "{" + join(parts, ", ") + "}";
}

/// The strategy, and a factor for at least one data centre.
model::Object keyspace(const SchemaTarget& target, std::string_view name,
                       const KeyspaceOptions& options) {
  model::Object object;
  object.kind = "keyspace";
  object.name = model::Name(std::string(), std::string(name));
  if (name.empty()) throw Error(ErrorKind::validation, "a keyspace without a name");
  if (!options.replication.contains("class") || options.replication.size() < 2) {
    throw Error(ErrorKind::validation,
                "keyspace '" + std::string(name) +
                    "': its replication needs a strategy (class) and a factor")
        .with_object(std::string(name))
        .suggest("for instance {{\"class\", \"NetworkTopologyStrategy\"}, {\"dc1\", \"3\"}}")
        .suggest(
            "in development {{\"class\", \"SimpleStrategy\"}, {\"replication_factor\", \"1\"}}");
  }
  const Dialect& dialect = target.dialect();
  object.definition = "CREATE KEYSPACE " + dialect.quote(name) +
                      " WITH replication = " + map_words(dialect, options.replication) +
                      " AND durable_writes = " + (options.durable_writes ? "true" : "false");
  if (options.tablets) {
    object.definition +=
        std::string(" AND tablets = {'enabled': ") + (*options.tablets ? "true" : "false") + "}";
  }
  return object;
}

model::Object privilege(const SchemaTarget& target, std::string_view privileges,
                        std::string_view on, std::string_view role) {
  if (privileges.empty() || on.empty() || role.empty())
    throw Error(ErrorKind::validation,
                "a privilege needs what is granted, on what, and to which role");
  const std::string words = std::string(privileges) + " ON " + std::string(on);
  const std::string to = target.dialect().quote(role);
  model::Object object;
  object.kind = "grant";
  object.name = model::Name(std::string(), words + " TO " + std::string(role));
  object.definition = "GRANT " + words + " TO " + to;
  object.drop = "REVOKE " + words + " FROM " + to;
  return object;
}

}  // namespace

TypeBuilder& TypeBuilder::field(std::string_view name, const ColumnType& type) {
  if (name.empty()) draft_->refuse("a field without a name");
  draft_->actions.emplace_back(AddTypeField{{std::string(name), type.get()}});
  return *this;
}

TypeBuilder& TypeBuilder::rename_field(std::string_view from, std::string_view to) {
  if (!draft_->altering) draft_->refuse("rename_field() belongs to alter_type");
  if (from.empty() || to.empty()) draft_->refuse("rename_field() needs both names");
  draft_->actions.emplace_back(RenameTypeField{std::string(from), std::string(to)});
  return *this;
}

void Schema::create_type(std::string_view name, const TypeDefinition& definition) {
  target_.apply(CreateType{described(name, "create_type()", definition), false});
}

void Schema::alter_type(std::string_view name, const TypeDefinition& definition) {
  TypeDraft draft = draft_of(name, true, "alter_type()", definition);
  target_.apply(AlterType{draft.name, std::move(draft.actions)});
}

void Schema::drop_type(std::string_view name, const TypeDefinition& definition) {
  DropType change{named(name, "drop_type()"), false, std::nullopt};
  if (definition) change.was = described(name, "drop_type()", definition);
  target_.apply(std::move(change));
}

void Schema::drop_type_if_exists(std::string_view name) {
  target_.apply(DropType{named(name, "drop_type_if_exists()"), true, std::nullopt});
}

bool Schema::has_type(std::string_view name) const {
  return target_.has_type(named(name, "has_type()"));
}

void Schema::create_keyspace(std::string_view name, const KeyspaceOptions& options) {
  target_.apply(CreateObject{keyspace(target_, name, options), false});
}

void Schema::alter_keyspace(std::string_view name, const KeyspaceOptions& options) {
  target_.apply(CreateObject{keyspace(target_, name, options), true});
}

void Schema::drop_keyspace(std::string_view name) {
  target_.apply(DropObject{"keyspace", named(name, "drop_keyspace()"), false, false, std::nullopt});
}

void Schema::drop_keyspace_if_exists(std::string_view name) {
  target_.apply(
      DropObject{"keyspace", named(name, "drop_keyspace_if_exists()"), true, false, std::nullopt});
}

void Schema::create_materialized_view(std::string_view name, std::string_view select_sql) {
  model::Object object;
  object.kind = "materialized view";
  object.name = named(name, "create_materialized_view()");
  if (select_sql.empty())
    throw Error(ErrorKind::validation,
                "materialized view '" + std::string(name) + "' without a SELECT");
  object.definition = "CREATE MATERIALIZED VIEW " + target_.dialect().quote(object.name) + " AS " +
                      std::string(select_sql);
  target_.apply(CreateObject{std::move(object), false});
}

void Schema::drop_materialized_view(std::string_view name) {
  target_.apply(DropObject{"materialized view", named(name, "drop_materialized_view()"), false,
                           false, std::nullopt});
}

void Schema::grant(std::string_view privileges, std::string_view on, std::string_view role) {
  target_.apply(CreateObject{privilege(target_, privileges, on, role), false});
}

void Schema::revoke(std::string_view privileges, std::string_view on, std::string_view role) {
  const model::Object was = privilege(target_, privileges, on, role);
  target_.apply(DropObject{was.kind, was.name, false, false, was});
}

void Schema::truncate(std::string_view table) {
  const model::Name name = named(table, "truncate()");
  Statement statement;
  statement.sql = target_.dialect().truncate(name);
  target_.apply(RawSql{std::move(statement), std::nullopt});
}

void Schema::copy_rows(std::string_view from, std::string_view to,
                       const std::vector<std::string>& without) {
  Statement statement;
  statement.sql =
      target_.dialect().copy_rows(named(from, "copy_rows()"), named(to, "copy_rows()"), without);
  if (statement.sql.empty()) {
    throw Error(ErrorKind::validation, "copy_rows() from '" + std::string(from) +
                                           "' is for Cassandra and ScyllaDB; this database copies "
                                           "rows in a statement of its own")
        .with_object(std::string(from))
        .suggest("use table(…).insert_select(…)");
  }
  target_.apply(RawSql{std::move(statement), std::nullopt});
}

}  // namespace sterna
