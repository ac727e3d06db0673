#include <sterna/schema.hpp>

#include <sterna/error.hpp>

#include <exception>

#include "builder/draft.hpp"
#include "builder/session.hpp"
#include "bulk/directive.hpp"
#include "sql/splitter.hpp"

namespace sterna {

using detail::TableDraft;

namespace {

model::Name checked(std::string_view name, const char* what) {
  model::Name result(name);
  if (result.name.empty())
    throw Error(ErrorKind::validation, std::string(what) + " without a name");
  return result;
}

TableDraft draft_for(const SchemaTarget& target, std::string_view name, bool altering) {
  return TableDraft(name, altering, target.dialect(), target.server());
}

model::Table described(const SchemaTarget& target, std::string_view name,
                       const Schema::Definition& definition) {
  TableDraft draft = draft_for(target, name, false);
  TableBuilder builder(draft);
  definition(builder);
  return finish_table(draft);
}

void drop(SchemaTarget& target, std::string_view name, bool if_exists, bool cascade,
          const Schema::Definition& definition) {
  DropTable change{checked(name, "drop_table()"), if_exists, cascade, std::nullopt};
  if (definition) change.was = described(target, name, definition);
  target.apply(std::move(change));
}

std::string default_index(const SchemaTarget& target, std::string_view table,
                          const std::vector<std::string>& columns) {
  if (columns.empty())
    throw Error(ErrorKind::validation,
                "an index of table '" + std::string(table) + "' without columns");
  return model::default_name(model::Name(table), columns, "index",
                             target.dialect().capabilities(target.server()).max_identifier_length);
}

void alter(SchemaTarget& target, std::string_view table, TableAction action) {
  AlterTable change{checked(table, "drop_index()"), {}};
  change.actions.push_back(std::move(action));
  target.apply(std::move(change));
}

model::Object object(std::string_view kind, std::string_view name, std::string_view definition,
                     std::string_view table) {
  model::Object result;
  result.kind = kind;
  result.name = checked(name, "an object");
  result.definition = definition;
  if (!table.empty()) result.table = model::Name(table);
  return result;
}

model::Object view(const SchemaTarget& target, std::string_view name, std::string_view select_sql) {
  if (select_sql.empty())
    throw Error(ErrorKind::validation, "view '" + std::string(name) + "' without a SELECT");
  return object(
      "view", name,
      "CREATE VIEW " + target.dialect().quote(model::Name(name)) + " AS " + std::string(select_sql),
      {});
}

void add_value(SchemaTarget& target, std::string_view name, std::string_view value,
               std::string_view before, std::string_view after) {
  target.apply(AddEnumValue{checked(name, "add_enum_value()"), std::string(value),
                            std::string(before), std::string(after)});
}

}  // namespace

Backfill Schema::backfill(std::string_view table) { return Backfill(target_, table); }

// ---- RawStatement ----

RawStatement::RawStatement(SchemaTarget& target, Expression sql)
    : target_(target), sql_(std::move(sql)), exceptions_(std::uncaught_exceptions()) {}

RawStatement::~RawStatement() noexcept(false) {
  if (std::uncaught_exceptions() > exceptions_) return;
  const Dialect& dialect = target_.dialect();
  const auto single = [&](const Expression& sql) {
    Statement statement = detail::statement_of(sql, dialect);
    if (split_statements(statement.sql, dialect.language()).size() > 1) {
      throw Error(ErrorKind::validation,
                  "raw() with bound values or an undo() takes one statement each way")
          .with_statement(statement.sql)
          .suggest("call raw() once for each statement");
    }
    return statement;
  };
  if (undo_ || !sql_.parameters().empty()) {
    RawSql change{single(sql_), std::nullopt};
    if (undo_) change.undo = single(*undo_);
    target_.apply(std::move(change));
    return;
  }
  std::vector<Statement> statements = split_statements(sql_.sql(), dialect.language());
  if (statements.empty()) throw Error(ErrorKind::validation, "raw() without a statement");
  for (Statement& statement : statements) {
    statement.position = {};  // a line within the literal says nothing of the migration's file
    target_.apply(RawSql{std::move(statement), std::nullopt});
  }
}

// ---- IndexStatement ----

IndexStatement::IndexStatement(SchemaTarget& target, std::unique_ptr<TableDraft> draft,
                               detail::KeyDraft* key)
    : IndexBuilder(key),
      target_(target),
      table_(std::move(draft)),
      exceptions_(std::uncaught_exceptions()) {}

IndexStatement::~IndexStatement() noexcept(false) {
  if (std::uncaught_exceptions() > exceptions_) return;
  target_.apply(AlterTable{table_->name, finish_actions(*table_)});
}

// ---- Schema ----

Schema::Schema(SchemaTarget& target)
    : DataAccess(std::make_shared<detail::Session>(target)), target_(target) {}
Schema::~Schema() = default;

void Schema::create_table(std::string_view name, const Definition& definition) {
  target_.apply(CreateTable{described(target_, name, definition), false});
}

void Schema::create_table_if_missing(std::string_view name, const Definition& definition) {
  target_.apply(CreateTable{described(target_, name, definition), true});
}

void Schema::alter_table(std::string_view name, const Definition& definition) {
  TableDraft draft = draft_for(target_, name, true);
  TableBuilder builder(draft);
  definition(builder);
  AlterTable change{draft.name, finish_actions(draft)};
  if (!change.actions.empty()) target_.apply(std::move(change));
}

void Schema::alter_table_online(std::string_view name, const Definition& definition) {
  TableDraft draft = draft_for(target_, name, true);
  TableBuilder builder(draft);
  definition(builder);
  AlterTable change{draft.name, finish_actions(draft)};
  if (change.actions.empty()) return;
  for (Statement& statement :
       target_.dialect().render(std::move(change), {target_.server(), nullptr}).statements) {
    if (classify(statement.sql, target_.dialect().language()).verb == Verb::alter)
      statement.sql = bulk::with_directive("online", {}, statement.sql);
    target_.execute(std::move(statement));
  }
}

void Schema::rename_table(std::string_view from, std::string_view to) {
  const model::Name target = checked(to, "rename_table()");
  const model::Name source = checked(from, "rename_table()");
  if (!target.schema.empty() && target.schema != source.schema) {
    throw Error(ErrorKind::validation, "rename_table() renames; it does not move '" +
                                           source.text() + "' to the schema '" + target.schema +
                                           "'")
        .with_object(source.text())
        .suggest("use raw(\"ALTER TABLE … SET SCHEMA …\")");
  }
  target_.apply(RenameTable{source, target.name});
}

void Schema::drop_table(std::string_view name, const Definition& definition) {
  drop(target_, name, false, false, definition);
}
void Schema::drop_table_if_exists(std::string_view name, const Definition& definition) {
  drop(target_, name, true, false, definition);
}
void Schema::drop_table_cascade(std::string_view name) {
  drop(target_, name, false, true, nullptr);
}

IndexStatement Schema::create_index(std::string_view table, IndexColumns columns,
                                    std::string_view name) {
  auto draft = std::make_unique<TableDraft>(table, true, target_.dialect(), target_.server());
  TableBuilder(*draft).index(std::move(columns), name);
  auto* key = &std::get<detail::KeyDraft>(draft->items.back());
  return IndexStatement(target_, std::move(draft), key);
}

void Schema::drop_index(std::string_view table, std::string_view name) {
  alter(target_, table,
        DropIndex{checked(name, "drop_index()").text(), false, false, std::nullopt});
}
void Schema::drop_index(std::string_view table, const std::vector<std::string>& columns) {
  drop_index(table, std::string_view(default_index(target_, table, columns)));
}
void Schema::drop_index(std::string_view table, std::initializer_list<std::string_view> columns) {
  drop_index(table, std::vector<std::string>(columns.begin(), columns.end()));
}
void Schema::drop_index_concurrently(std::string_view table, std::string_view name) {
  alter(target_, table, DropIndex{checked(name, "drop_index()").text(), false, true, std::nullopt});
}

bool Schema::has_table(std::string_view name) const {
  return target_.has_table(checked(name, "has_table()"));
}
bool Schema::has_column(std::string_view table, std::string_view column) const {
  return target_.has_column(checked(table, "has_column()"), column);
}
bool Schema::has_columns(std::string_view table, Names columns) const {
  for (const std::string& column : columns.list()) {
    if (!has_column(table, column)) return false;
  }
  return true;
}
bool Schema::has_index(std::string_view table, std::string_view name) const {
  return target_.has_index(checked(table, "has_index()"), name);
}
bool Schema::has_index(std::string_view table,
                       std::initializer_list<std::string_view> columns) const {
  return has_index(table,
                   std::string_view(default_index(
                       target_, table, std::vector<std::string>(columns.begin(), columns.end()))));
}

void Schema::create_view(std::string_view name, std::string_view select_sql) {
  target_.apply(CreateObject{view(target_, name, select_sql), false});
}
void Schema::create_or_replace_view(std::string_view name, std::string_view select_sql) {
  target_.apply(CreateObject{view(target_, name, select_sql), true});
}
void Schema::drop_view(std::string_view name) {
  target_.apply(DropObject{"view", checked(name, "drop_view()"), false, false, std::nullopt});
}
void Schema::drop_view_if_exists(std::string_view name) {
  target_.apply(
      DropObject{"view", checked(name, "drop_view_if_exists()"), true, false, std::nullopt});
}

void Schema::create_object(std::string_view kind, std::string_view name,
                           std::string_view definition, std::string_view table) {
  if (kind.empty() || definition.empty())
    throw Error(ErrorKind::validation, "create_object() needs the kind and the CREATE statement");
  target_.apply(CreateObject{object(kind, name, definition, table), false});
}

void Schema::drop_object(std::string_view kind, std::string_view name, std::string_view definition,
                         std::string_view table) {
  if (kind.empty()) throw Error(ErrorKind::validation, "drop_object() without a kind");
  DropObject change{std::string(kind), checked(name, "drop_object()"), false, false, std::nullopt};
  if (!definition.empty() || !table.empty()) change.was = object(kind, name, definition, table);
  target_.apply(std::move(change));
}

void Schema::create_enum(std::string_view name, std::vector<std::string> values) {
  const std::vector<std::string> checked_values = types::enum_(std::move(values)).get().values;
  target_.apply(CreateEnum{checked(name, "create_enum()"), checked_values});
}
void Schema::add_enum_value(std::string_view name, std::string_view value) {
  add_value(target_, name, value, {}, {});
}
void Schema::add_enum_value_before(std::string_view name, std::string_view value,
                                   std::string_view before) {
  add_value(target_, name, value, before, {});
}
void Schema::add_enum_value_after(std::string_view name, std::string_view value,
                                  std::string_view after) {
  add_value(target_, name, value, {}, after);
}
void Schema::drop_enum(std::string_view name) {
  target_.apply(DropObject{"enum", checked(name, "drop_enum()"), false, false, std::nullopt});
}
void Schema::drop_enum_if_exists(std::string_view name) {
  target_.apply(
      DropObject{"enum", checked(name, "drop_enum_if_exists()"), true, false, std::nullopt});
}

std::string Schema::environment() const { return target_.environment(); }
std::string Schema::connection_name() const { return target_.connection_name(); }

}  // namespace sterna
