#include "database/postgres/options.hpp"

#include "base/text.hpp"
#include "database/postgres/dialect.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace sterna::postgres {
namespace {

using Options = std::map<std::string, std::string>;
using model::TypeKind;

/// Options of a table that are no storage parameters.
constexpr std::array<std::string_view, 11> table_words{
    "unlogged",         "tablespace",         "access method",
    "replica identity", "row level security", "partition by",
    "partition of",     "inherits",           "of",
    "partition bound",  "cluster on"};
/// Options of a column that its definition says, or that only tell where it comes from.
constexpr std::array<std::string_view, 8> column_words{
    "serial",   "identity",           "inherited",           "options",
    "not null", "not null not valid", "not null no inherit", "not null comment"};
/// Those that say how rows are numbered, which is changed with all of the numbering.
constexpr std::array<std::string_view, 2> numbering_words{"serial", "identity"};
constexpr std::array<std::string_view, 4> index_words{"tablespace", "attached to", "invalid",
                                                      "statistics"};

template <class Words>
bool is_word_of(const Words& words, std::string_view key) {
  return std::find(words.begin(), words.end(), key) != words.end();
}

std::string option(const Options& options, const std::string& key) {
  const auto found = options.find(key);
  return found == options.end() ? std::string() : found->second;
}

/// "fillfactor = 70": a value that is more than a word or number is quoted.
std::string parameter(const SqlDialect& dialect, const std::string& key, const std::string& value) {
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-' || c == '+';
  });
  return key + " = " +
         (!value.empty() && (plain || value.front() == '\'') ? value
                                                             : dialect.string_literal(value));
}

template <class Words>
std::string with_parameters(const SqlDialect& dialect, const Options& options,
                            const Words& but_not) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : options) {
    if (!is_word_of(but_not, key)) parts.push_back(parameter(dialect, key, value));
  }
  return parts.empty() ? "" : " WITH (" + join(parts, ", ") + ")";
}

std::string alter(const SqlDialect& dialect, const TableScope& scope) {
  return "ALTER TABLE " + dialect.quote(scope.table) + " ";
}

/// The name that version 18 gives the constraint (ChooseConstraintName).
std::string not_null_name(const model::Name& table, const std::string& column) {
  return table.name + "_" + column + "_not_null";
}

std::string row_security(const std::string& value) {
  const bool enabled = value == "enabled" || value == "forced";
  const bool forced = value.starts_with("forced");
  return std::string(enabled ? "ENABLE" : "DISABLE") + " ROW LEVEL SECURITY, " +
         (forced ? "FORCE" : "NO FORCE") + " ROW LEVEL SECURITY";
}

std::string replica_identity(const SqlDialect& dialect, const std::string& value) {
  constexpr std::string_view index = "index ";
  if (value.starts_with(index)) {
    return "REPLICA IDENTITY USING INDEX " + dialect.quote(value.substr(index.size()));
  }
  return "REPLICA IDENTITY " + (value.empty() ? "DEFAULT" : to_upper(value));
}

/// NO INHERIT for the parents that go, INHERIT for those that come.
std::string inheritance(const SetTableOption& option) {
  const auto parents = [](const std::string& list) {
    std::vector<std::string> names;
    for (const std::string& name : split(list, ',')) {
      if (!trim(name).empty()) names.emplace_back(trim(name));
    }
    return names;
  };
  const std::vector<std::string> before = parents(option.was.value_or(""));
  const std::vector<std::string> now = parents(option.value);
  std::vector<std::string> clauses;
  for (const std::string& name : before) {
    if (!is_word_of(now, name)) clauses.push_back("NO INHERIT " + name);
  }
  for (const std::string& name : now) {
    if (!is_word_of(before, name)) clauses.push_back("INHERIT " + name);
  }
  return join(clauses, ", ");
}

/// The storage that values of the type have by themselves (manual, "TOAST").
std::string_view usual_storage(const model::Type& type) {
  switch (type.kind) {
    case TypeKind::decimal:
    case TypeKind::inet:
    case TypeKind::cidr:
      return "main";
    case TypeKind::boolean:
    case TypeKind::small_integer:
    case TypeKind::integer:
    case TypeKind::big_integer:
    case TypeKind::real:
    case TypeKind::double_precision:
    case TypeKind::uuid:
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::interval:
    case TypeKind::mac_address:
      return "plain";
    default:
      return "extended";
  }
}

/// What follows "ALTER COLUMN x " to give the option its value; empty `value`: back to the default.
std::string column_option(const SqlDialect& dialect, const model::Column& column,
                          const std::string& key, const std::string& value) {
  if (key == "storage") {
    return "SET STORAGE " + to_upper(value.empty() ? usual_storage(column.type) : value);
  }
  if (key == "compression") return "SET COMPRESSION " + (value.empty() ? "default" : value);
  if (key == "statistics") return "SET STATISTICS " + (value.empty() ? "-1" : value);
  return value.empty() ? "RESET (" + key + ")" : "SET (" + parameter(dialect, key, value) + ")";
}

}  // namespace

void change_column_options(Clauses& clauses, const std::string& column, const ModifyColumn& change,
                           const SqlDialect& dialect, const TableScope& scope) {
  static const Options none;
  const Options& was = change.was ? change.was->options : none;
  const auto set = [&](const std::string& key, const std::string& value) {
    if (is_word_of(numbering_words, key) || key == "inherited") return;
    if (key == "not null") {
      // Where NOT NULL itself comes or goes, so does the name.
      if (!change.was || change.was->nullable || change.to.nullable) return;
      const auto name = [&](const std::string& chosen) {
        return dialect.quote(chosen.empty() ? not_null_name(scope.table, change.to.name) : chosen);
      };
      clauses.after.push_back(alter(dialect, scope) + "RENAME CONSTRAINT " +
                              name(option(was, key)) + " TO " + name(value));
      return;
    }
    if (is_word_of(column_words, key)) {
      dialect.refuse(scope.object(change.to.name),
                     "cannot change \"" + key +
                         "\" of a column in place; drop the column and add "
                         "it again",
                     scope.server());
    }
    clauses.clauses.push_back(column + column_option(dialect, change.to, key, value));
  };
  // Another type brings its own storage.
  const bool retyped = (change.parts & ModifyColumn::type) != 0;
  const auto brought = [&](const std::string& key) { return retyped && key == "storage"; };
  for (const auto& [key, value] : change.to.options) {
    if (option(was, key) != value || brought(key)) set(key, value);
  }
  for (const auto& [key, value] : was) {
    if (!change.to.options.contains(key) && !brought(key)) set(key, {});
  }
}

// ---- columns ----

std::string PostgresDialect::nullability(const model::Column& column,
                                         const ServerInfo& server) const {
  if (column.options.contains("not null not valid")) return {};
  const std::string words = SqlDialect::nullability(column, server);
  const std::string name = option(column.options, "not null");
  if (words.empty()) return words;
  return (name.empty() ? "" : " CONSTRAINT " + quote(name)) + words +
         (column.options.contains("not null no inherit") ? " NO INHERIT" : "");
}

/// Only serial columns of the inspector say how they are numbered; the builder's are identities.
std::string PostgresDialect::identity_words(const model::Column& column,
                                            const TableScope& /*scope*/) const {
  if (column.options.contains("serial")) return {};
  const std::string words = column.identity == model::Identity::always
                                ? " GENERATED ALWAYS AS IDENTITY"
                                : " GENERATED BY DEFAULT AS IDENTITY";
  const std::string sequence = option(column.options, "identity");
  return sequence.empty() ? words : words + " (" + sequence + ")";
}

/// They are statements: the grammar of a column has only some of them, and only since version 16.
std::string PostgresDialect::column_options(const model::Column& /*column*/) const { return {}; }

bool PostgresDialect::writes_column(const model::Column& column) const {
  return !column.options.contains("inherited");
}

std::vector<std::string> PostgresDialect::after_column(const model::Column& column,
                                                       const TableScope& scope) const {
  std::vector<std::string> result;
  const std::string head = alter(*this, scope) + "ALTER COLUMN " + quote(column.name) + " ";
  if (!writes_column(column)) {
    // Since version 18 the inspector says whether the child has one of its own, by its name.
    const std::string own = option(column.options, "not null");
    if (!own.empty()) {
      result.push_back(alter(*this, scope) + "ADD CONSTRAINT " + quote(own) + " NOT NULL " +
                       quote(column.name));
    } else if (!column.nullable && scope.server().version < 180000) {
      result.push_back(head + "SET NOT NULL");
    }
    if (!column.generated) {
      result.push_back(head + (column.default_value
                                   ? "SET DEFAULT " + default_value(column, scope.server())
                                   : "DROP DEFAULT"));
    }
  }
  for (const auto& [key, value] : column.options) {
    if (!is_word_of(column_words, key)) {
      result.push_back(head + column_option(*this, column, key, value));
    }
  }
  std::string name = option(column.options, "not null");
  if (name.empty()) name = not_null_name(scope.table, column.name);
  if (column.options.contains("not null not valid")) {
    result.push_back(alter(*this, scope) + "ADD CONSTRAINT " + quote(name) + " NOT NULL " +
                     quote(column.name) + " NOT VALID");
  }
  if (const std::string text = option(column.options, "not null comment"); !text.empty()) {
    result.push_back("COMMENT ON CONSTRAINT " + quote(name) + " ON " + quote(scope.table) + " IS " +
                     string_literal(text));
  }
  return result;
}

std::vector<Change> PostgresDialect::rename_along(const model::Table& was, const model::Table& now,
                                                  const ServerInfo& server) const {
  constexpr std::size_t longest = 63;  // longer names are cut; the inspector tells those in full
  constexpr int named_not_null_since = 180000;
  std::vector<Change> changes;
  const auto follow = [&](const std::string& from, const std::string& to, const auto& statement) {
    if (from == to || from.size() > longest || to.size() > longest) return;
    changes.emplace_back(
        RawSql{{statement(from, to), {}, {}, {}}, Statement{statement(to, from), {}, {}, {}}});
  };
  for (std::size_t i = 0; i < now.columns.size(); ++i) {
    const model::Column& column = now.columns[i];
    const std::string& before = was.columns[i].name;
    const bool named_by_server =
        column.options.contains("serial") ||
        (column.identity != model::Identity::none &&
         option(column.options, "identity").find("SEQUENCE NAME ") == std::string::npos);
    if (named_by_server) {
      follow(was.name.name + "_" + before + "_seq", now.name.name + "_" + column.name + "_seq",
             [&](const std::string& from, const std::string& to) {
               return "ALTER SEQUENCE " + quote(model::Name(now.name.schema, from)) +
                      " RENAME TO " + quote(to);
             });
    }
    const bool own_not_null = !column.nullable && !column.options.contains("not null") &&
                              !column.options.contains("inherited");
    if (server.version >= named_not_null_since && own_not_null) {
      follow(not_null_name(was.name, before), not_null_name(now.name, column.name),
             [&](const std::string& from, const std::string& to) {
               return "ALTER TABLE " + quote(now.name) + " RENAME CONSTRAINT " + quote(from) +
                      " TO " + quote(to);
             });
    }
  }
  return changes;
}

/// A collation outside of the search path comes quoted and with its schema.
std::string PostgresDialect::collation(const std::string& name) const {
  return name.starts_with('"') ? name : quote(name);
}

// ---- tables ----

bool PostgresDialect::writes_unique(const model::Table& table, const model::Unique& unique) const {
  std::vector<std::string> key;
  if (table.primary_key) {
    for (const model::IndexPart& part : table.primary_key->parts) key.push_back(part.column);
  }
  if (key == unique.columns) return false;
  const auto first =
      std::find_if(table.uniques.begin(), table.uniques.end(),
                   [&](const model::Unique& other) { return other.columns == unique.columns; });
  return first == table.uniques.end() || &*first == &unique;
}

std::string PostgresDialect::create_table_words(const model::Table& table) const {
  return table.options.contains("unlogged") ? "CREATE UNLOGGED TABLE "
                                            : SqlDialect::create_table_words(table);
}

std::string PostgresDialect::table_suffix(const model::Table& table,
                                          const TableScope& /*scope*/) const {
  std::string text;
  const auto add = [&](const char* key, const std::string& before, const std::string& after) {
    const std::string value = option(table.options, key);
    if (!value.empty()) text += before + value + after;
  };
  add("inherits", " INHERITS (", ")");
  add("partition by", " PARTITION BY ", "");
  add("access method", " USING ", "");
  text += with_parameters(*this, table.options, table_words);
  const std::string space = option(table.options, "tablespace");
  return space.empty() ? text : text + " TABLESPACE " + quote(space);
}

std::string PostgresDialect::table_option_clause(const SetTableOption& change,
                                                 const TableScope& scope) const {
  const std::string& value = change.value;
  if (change.key == "tablespace") {
    return "SET TABLESPACE " + quote(value.empty() ? "pg_default" : value);
  }
  if (change.key == "unlogged") return value.empty() ? "SET LOGGED" : "SET UNLOGGED";
  if (change.key == "access method") return "SET ACCESS METHOD " + (value.empty() ? "heap" : value);
  if (change.key == "replica identity") return replica_identity(*this, value);
  if (change.key == "row level security") return row_security(value);
  if (change.key == "cluster on") {
    return value.empty() ? "SET WITHOUT CLUSTER" : "CLUSTER ON " + quote(value);
  }
  if (change.key == "of") return value.empty() ? "NOT OF" : "OF " + value;
  if (change.key == "inherits") return inheritance(change);
  if (is_word_of(table_words, change.key)) {
    refuse(scope.table.text(),
           "cannot change \"" + change.key +
               "\" of a table in place; attach or detach the "
               "partition at its parent, or create the table again",
           scope.server());
  }
  if (value.empty()) return "RESET (" + change.key + ")";
  return "SET (" + parameter(*this, change.key, value) + ")";
}

std::vector<std::string> PostgresDialect::after_table(const model::Table& table,
                                                      const TableScope& scope) const {
  std::vector<std::string> result;
  for (const char* key : {"of", "replica identity", "row level security", "cluster on"}) {
    const std::string value = option(table.options, key);
    if (value.empty()) continue;
    result.push_back(alter(*this, scope) +
                     table_option_clause(SetTableOption{key, value, std::nullopt}, scope));
  }
  if (const std::string parent = option(table.options, "partition of"); !parent.empty()) {
    result.push_back("ALTER TABLE " + parent + " ATTACH PARTITION " + quote(table.name) + " " +
                     option(table.options, "partition bound"));
  }
  return result;
}

// ---- keys and indexes ----

std::string PostgresDialect::index_suffix(const model::Index& index) const {
  const std::string space = option(index.options, "tablespace");
  return with_parameters(*this, index.options, index_words) +
         (space.empty() ? "" : " TABLESPACE " + quote(space));
}

std::vector<std::string> PostgresDialect::after_index(const model::Index& index,
                                                      const TableScope& scope) const {
  std::vector<std::string> result;
  for (const std::string& part : split(option(index.options, "statistics"), ',')) {
    const std::string_view target = trim(part);
    const std::size_t space = target.find(' ');
    if (space == std::string_view::npos) continue;
    result.push_back("ALTER INDEX " + quote(model::Name(scope.table.schema, index.name)) +
                     " ALTER COLUMN " + std::string(target.substr(0, space)) + " SET STATISTICS " +
                     std::string(target.substr(space + 1)));
  }
  return result;
}

std::vector<std::string> PostgresDialect::after_constraint(
    const std::string& name, const std::map<std::string, std::string>& options,
    const TableScope& scope) const {
  std::vector<std::string> result;
  const std::string index = "ALTER INDEX " + quote(model::Name(scope.table.schema, name)) + " ";
  if (const std::string with = option(options, "with"); !with.empty()) {
    result.push_back(index + "SET (" + with + ")");
  }
  if (const std::string space = option(options, "tablespace"); !space.empty()) {
    result.push_back(index + "SET TABLESPACE " + quote(space));
  }
  if (const std::string text = option(options, "comment"); !text.empty()) {
    result.push_back("COMMENT ON CONSTRAINT " + quote(name) + " ON " + quote(scope.table) + " IS " +
                     string_literal(text));
  }
  if (const std::string text = option(options, "index comment"); !text.empty()) {
    result.push_back("COMMENT ON INDEX " + quote(model::Name(scope.table.schema, name)) + " IS " +
                     string_literal(text));
  }
  return result;
}

}  // namespace sterna::postgres
