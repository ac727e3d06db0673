#include "database/sqlite/alter.hpp"

#include <map>

#include "base/text.hpp"
#include "database/connection.hpp"
#include "database/sqlite/dialect.hpp"

namespace sterna::sqlite {
namespace {

/// "main.sqlite_master" of the table's own schema.
std::string catalog(const SqlDialect& dialect, const model::Name& table) {
  return (table.schema.empty() ? "" : dialect.quote(table.schema) + ".") + "sqlite_master";
}

bool in_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80U;
}

/// How often `word` stands in `text` as a whole word, whatever its case.
int mentions(std::string_view text, std::string_view word) {
  const std::string in = to_lower(text);
  const std::string what = to_lower(word);
  int count = 0;
  for (std::size_t at = in.find(what); at != std::string::npos; at = in.find(what, at + 1)) {
    const std::size_t end = at + what.size();
    const bool whole = (at == 0 || !in_word(in[at - 1])) && (end == in.size() || !in_word(in[end]));
    count += whole ? 1 : 0;
  }
  return count;
}

/// ALTER TABLE ADD COLUMN takes no key, no stored generated column, and fills the rows there are
/// with the default, which must be a constant then.
bool addable(const AddColumn& action) {
  const model::Column& column = action.column;
  if (column.auto_increment || column.identity != model::Identity::none) return false;
  if (column.generated) return !column.generated->stored;
  const auto& value = column.default_value;
  if (!value) return column.nullable;
  if (value->kind != model::Default::Kind::literal) return false;
  return column.nullable || value->literal != model::Default::Literal::null;
}

class LiveTable {
 public:
  LiveTable(const SqlDialect& dialect, const model::Name& table, Connection& connection)
      : dialect_(dialect), table_(table), connection_(connection) {}

  /// A column on which nothing else depends: no key, index, check, generated column, trigger or
  /// view. Read from the texts, so that a mere mention in doubt means a rebuild, which is always
  /// right.
  bool droppable(const std::string& column) {
    const std::string table = dialect_.string_literal(table_.name);
    const std::string name = dialect_.string_literal(column);
    const Rows keyed = connection_.query(
        "SELECT 1 FROM pragma_table_xinfo(" + table + ") WHERE name = " + name +
        " COLLATE NOCASE AND pk > 0 UNION ALL SELECT 1 FROM pragma_foreign_key_list(" + table +
        ") WHERE \"from\" = " + name +
        " COLLATE NOCASE UNION ALL SELECT 1 FROM pragma_index_list(" + table +
        ") l, pragma_index_xinfo(l.name) x WHERE x.name = " + name + " COLLATE NOCASE");
    if (!keyed.empty()) return false;
    for (const Row& row : connection_.query("SELECT type, name, sql FROM " +
                                            catalog(dialect_, table_) + " WHERE sql IS NOT NULL")) {
      const bool own = row.get<std::string>(0) == "table" &&
                       equals_ignoring_case(row.get<std::string>(1), table_.name);
      const bool other_table = !own && row.get<std::string>(0) == "table";
      if (other_table) continue;
      if (mentions(row.get<std::string>(2), column) > (own ? 1 : 0)) return false;
    }
    return true;
  }

  bool has_index(const std::string& index) {
    return !connection_
                .query("SELECT 1 FROM " + catalog(dialect_, table_) +
                       " WHERE type = 'index' AND name = " + dialect_.string_literal(index) +
                       " COLLATE NOCASE AND tbl_name = " + dialect_.string_literal(table_.name) +
                       " COLLATE NOCASE")
                .empty();
  }

 private:
  const SqlDialect& dialect_;
  const model::Name& table_;
  Connection& connection_;
};

struct BeyondAlter {
  const ServerInfo& server;
  std::optional<LiveTable> live;
  std::map<std::string, std::string> live_names = {};  ///< of columns renamed by earlier actions

  bool operator()(const AddColumn& a) const { return !addable(a); }
  bool operator()(const DropColumn& a) {
    constexpr int drop_column_since = 33500;
    if (server.version != 0 && server.version < drop_column_since) return true;
    const auto renamed = live_names.find(a.name);
    return live && !live->droppable(renamed == live_names.end() ? a.name : renamed->second);
  }
  bool operator()(const RenameColumn& a) {
    live_names[a.to] = a.from;
    return false;
  }
  bool operator()(const ModifyColumn& a) const {
    return (a.parts & ~static_cast<unsigned>(ModifyColumn::comment)) != 0;
  }
  bool operator()(const AddPrimaryKey&) const { return true; }
  bool operator()(const DropPrimaryKey&) const { return true; }
  bool operator()(const AddUnique& a) const { return !sql_dialect().unique_is_index(a.unique); }
  bool operator()(const AddForeignKey&) const { return true; }
  bool operator()(const AddCheck&) const { return true; }
  bool operator()(const AddExclusion&) const { return false; }        // refused
  bool operator()(const ValidateConstraint&) const { return false; }  // refused
  bool operator()(const RenameConstraint&) const { return false; }    // refused
  /// A UNIQUE that Sterna made is an index; one in the table's own text goes only with it.
  bool operator()(const DropConstraint& a) {
    if (a.kind == DropConstraint::Kind::exclusion) return false;
    if (a.kind == DropConstraint::Kind::unique) {
      return live && !a.name.empty() && !a.if_exists && !live->has_index(a.name);
    }
    return true;
  }
  bool operator()(const AddIndex&) const { return false; }
  bool operator()(const DropIndex&) const { return false; }
  bool operator()(const RenameIndex&) const { return false; }
  bool operator()(const SetTableComment&) const { return false; }
  bool operator()(const SetTableOption&) const { return true; }  // STRICT, WITHOUT ROWID
};

}  // namespace

bool needs_rebuild(const SqlDialect& dialect, const AlterTable& change,
                   const RenderContext& context) {
  BeyondAlter beyond{context.server, std::nullopt, {}};
  if (context.connection != nullptr) beyond.live.emplace(dialect, change.name, *context.connection);
  for (const TableAction& action : change.actions) {
    if (std::visit(beyond, action)) return true;
  }
  return false;
}

std::string create_renamed_index(const SqlDialect& dialect, const RenameIndex& change,
                                 const TableScope& scope) {
  if (scope.context.connection == nullptr) {
    dialect.refuse(
        "index " + change.from,
        "renames an index only by creating it anew from the live schema; connect to it, or "
        "drop the index and add it again",
        scope.server());
  }
  const Rows rows = scope.context.connection->query(
      "SELECT sql FROM " + catalog(dialect, scope.table) + " WHERE type = 'index' AND name = " +
      dialect.string_literal(change.from) + " COLLATE NOCASE AND sql IS NOT NULL");
  if (rows.empty()) {
    throw Error(ErrorKind::schema, "there is no index " + change.from + " to rename")
        .with_object(change.from);
  }
  // The catalog keeps the text as it was typed, from the name on: CREATE [UNIQUE] INDEX name ON …
  const auto sql = rows.front().get<std::string>(0);
  const std::string_view unique = "CREATE UNIQUE INDEX ";
  const bool is_unique = sql.starts_with(unique);
  std::size_t at = is_unique ? unique.size() : std::string_view("CREATE INDEX ").size();
  const char open = sql[at];
  const char close = open == '[' ? ']' : open;
  if (open == '"' || open == '`' || open == '[' || open == '\'') {
    for (++at; at < sql.size(); ++at) {
      if (sql[at] != close) continue;
      if (at + 1 >= sql.size() || sql[at + 1] != close) break;
      ++at;
    }
    ++at;
  } else {
    while (at < sql.size() && in_word(sql[at])) ++at;
  }
  return std::string(is_unique ? unique : "CREATE INDEX ") +
         dialect.quote(model::Name(scope.table.schema, change.to)) + sql.substr(at);
}

}  // namespace sterna::sqlite
