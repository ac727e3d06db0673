#include "oracle.hpp"

#include "base/text.hpp"
#include "sql/lexer.hpp"
#include "sql/token_cursor.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

#ifdef STERNA_HAS_PG_QUERY
#include <pg_query.h>
#endif

namespace sterna::test {
namespace {

using nlohmann::json;

const json& part(const json& node, const char* key) {
  static const json none;
  const auto found = node.find(key);
  return found == node.end() ? none : *found;
}
bool flag(const json& node, const char* key) { return node.value(key, false); }
std::string text(const json& node, const char* key) { return node.value(key, std::string()); }

std::string with(bool is, std::string_view word) {
  return is ? " " + std::string(word) : std::string();
}

/// The text of a String node, in a list or by itself.
std::string sval(const json& node) {
  return node.contains("String") ? text(node["String"], "sval") : std::string();
}
std::vector<std::string> svals(const json& list) {
  std::vector<std::string> result;
  for (const json& item : list) result.push_back(sval(item));
  return result;
}

std::string relation(const json& range) {
  const std::string schema = text(range, "schemaname");
  return (schema.empty() ? "" : schema + ".") + text(range, "relname");
}

/// Of a name as a list of strings: DROP, ALTER TYPE, CREATE FUNCTION.
std::string dotted(const json& list) { return join(svals(list), "."); }

std::string type(const json& type_name) {
  std::vector<std::string> names = svals(part(type_name, "names"));
  if (names.size() > 1 && names.front() == "pg_catalog") names.erase(names.begin());
  std::string result = join(names, ".");
  // bit, char: a length of one that was not written.
  std::vector<std::string> arguments;
  for (const json& argument : part(type_name, "typmods")) {
    const json& constant = part(argument, "A_Const");
    if (constant.contains("ival"))
      arguments.push_back(std::to_string(constant["ival"].value("ival", 0)));
  }
  // An interval's first modifier says which fields it has.
  const bool plain = result != "interval";
  if (plain && !arguments.empty()) result += "(" + join(arguments, ",") + ")";
  if (type_name.contains("arrayBounds")) result += "[]";
  return result;
}

std::string_view action_of(const std::string& letter) {
  static const std::map<std::string, std::string_view> words{
      {"c", "CASCADE"}, {"n", "SET NULL"}, {"d", "SET DEFAULT"}, {"r", "RESTRICT"}};
  const auto found = words.find(letter);
  return found == words.end() ? "" : found->second;
}

std::string constraint(const json& node) {
  static const std::map<std::string, std::string> kinds{{"CONSTR_PRIMARY", "primary key"},
                                                        {"CONSTR_UNIQUE", "unique"},
                                                        {"CONSTR_FOREIGN", "foreign key"},
                                                        {"CONSTR_CHECK", "check"},
                                                        {"CONSTR_EXCLUSION", "exclude"}};
  const auto kind = kinds.find(text(node, "contype"));
  if (kind == kinds.end()) return "constraint " + text(node, "contype");
  const bool foreign = kind->second == "foreign key";
  std::string result = "constraint " + kind->second + " " + text(node, "conname") + " (" +
                       join(svals(part(node, foreign ? "fk_attrs" : "keys")), ", ") + ")";
  if (foreign)
    result += " -> " + relation(part(node, "pktable")) + " (" +
              join(svals(part(node, "pk_attrs")), ", ") + ") " +
              std::string(action_of(text(node, "fk_del_action")));
  if (node.contains("indexname")) result += " by index " + text(node, "indexname");
  return result + with(flag(node, "skip_validation"), "not valid");
}

std::string column(const json& node) {
  std::string attributes, reference;
  const auto has = [&](const char* kind) {
    return std::any_of(
        part(node, "constraints").begin(), part(node, "constraints").end(),
        [&](const json& item) { return text(item["Constraint"], "contype") == kind; });
  };
  for (const json& item : part(node, "constraints")) {
    const json& one = item["Constraint"];
    if (text(one, "contype") == "CONSTR_FOREIGN")
      reference = " -> " + relation(part(one, "pktable")) + " (" +
                  join(svals(part(one, "pk_attrs")), ", ") + ") " +
                  std::string(action_of(text(one, "fk_del_action")));
  }
  return "column " + text(node, "colname") + " " + type(part(node, "typeName")) +
         with(has("CONSTR_NOTNULL"), "not-null") + with(has("CONSTR_DEFAULT"), "default") +
         with(has("CONSTR_IDENTITY"), "identity") + with(has("CONSTR_GENERATED"), "generated") +
         with(has("CONSTR_PRIMARY"), "primary") + with(has("CONSTR_UNIQUE"), "unique") +
         with(has("CONSTR_CHECK"), "check") + reference;
}

std::string alter_command(const json& node) {
  static const std::map<std::string, std::string> words{
      {"AT_DropColumn", "drop column"},
      {"AT_SetNotNull", "set not null"},
      {"AT_DropNotNull", "drop not null"},
      {"AT_ValidateConstraint", "validate"},
      {"AT_DropConstraint", "drop constraint"},
      {"AT_SetTableSpace", "set tablespace"},
      {"AT_SetLogged", "set logged"},
      {"AT_SetUnLogged", "set unlogged"},
      {"AT_SetAccessMethod", "set access method"}};
  const std::string kind = text(node, "subtype"), name = text(node, "name");
  const json& def = part(node, "def");
  const std::string tail = with(text(node, "behavior") == "DROP_CASCADE", "cascade") +
                           with(flag(node, "missing_ok"), "if");
  if (kind == "AT_AddColumn") return "add " + column(def["ColumnDef"]) + tail;
  if (kind == "AT_AlterColumnType")
    return "type " + name + " " + type(def["ColumnDef"]["typeName"]) +
           with(def["ColumnDef"].contains("raw_default"), "using");
  if (kind == "AT_ColumnDefault") return (def.is_null() ? "drop default " : "set default ") + name;
  if (kind == "AT_AddConstraint") return "add " + constraint(def["Constraint"]);
  if (kind == "AT_AddIdentity") return "add identity " + name;
  if (kind == "AT_AttachPartition" || kind == "AT_DetachPartition")
    return (kind == "AT_AttachPartition" ? "attach " : "detach ") +
           relation(def["PartitionCmd"]["name"]) +
           with(flag(def["PartitionCmd"], "concurrent"), "concurrently");
  if (kind.find("RowSecurity") != std::string::npos) return "row security";
  if (kind.starts_with("AT_EnableTrig") || kind == "AT_EnableAlwaysTrig" ||
      kind == "AT_EnableReplicaTrig")
    return "enable trigger";
  if (kind.starts_with("AT_DisableTrig")) return "disable trigger";
  const auto found = words.find(kind);
  if (found == words.end()) return "option";
  const bool named = found->second.find("set ") != 0 || found->second == "set not null";
  return found->second + (named ? " " + name : std::string()) + tail;
}

/// "OBJECT_MATVIEW" → "MATERIALIZED VIEW"
std::string object(const std::string& kind) {
  std::string word = kind.starts_with("OBJECT_") ? kind.substr(7) : kind;
  if (word == "MATVIEW") return "MATERIALIZED VIEW";
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}

using Lines = std::vector<std::string>;

Lines create_table(const json& node, const char* what = "create table ") {
  Lines lines{what + relation(part(node, "relation")) + with(flag(node, "if_not_exists"), "if") +
              with(text(node["relation"], "relpersistence") == "t", "temporary")};
  for (const json& item : part(node, "tableElts")) {
    if (item.contains("ColumnDef")) lines.push_back(column(item["ColumnDef"]));
    if (item.contains("Constraint")) lines.push_back(constraint(item["Constraint"]));
  }
  if (node.contains("partbound")) {
    for (const json& parent : part(node, "inhRelations"))
      lines.push_back("partition of " + relation(parent["RangeVar"]));
  }
  return lines;
}

Lines alter_table(const json& node) {
  Lines lines{"alter " + object(text(node, "objtype")) + " " + relation(part(node, "relation")) +
              with(flag(node, "missing_ok"), "if")};
  if (text(node, "objtype") != "OBJECT_TABLE") return lines;
  for (const json& item : part(node, "cmds")) lines.push_back(alter_command(item["AlterTableCmd"]));
  return lines;
}

Lines rename(const json& node) {
  const std::string kind = text(node, "renameType");
  const json& about = part(node, "relation");
  if (text(node, "relationType") != "OBJECT_TABLE" && kind == "OBJECT_COLUMN")
    return {"alter " + object(text(node, "relationType")) + " " + relation(about)};
  if (kind == "OBJECT_TABLE")
    return {"alter TABLE " + relation(about) + with(flag(node, "missing_ok"), "if"),
            "rename to " + text(node, "newname")};
  if (kind == "OBJECT_COLUMN" || kind == "OBJECT_TABCONSTRAINT")
    return {"alter TABLE " + relation(about) + with(flag(node, "missing_ok"), "if"),
            (kind == "OBJECT_COLUMN" ? "rename column " : "rename constraint ") +
                text(node, "subname") + " " + text(node, "newname")};
  return {"alter " + object(kind) + " " + relation(about)};
}

Lines create_index(const json& node) {
  Lines lines{"create index " + text(node, "idxname") + " on " + relation(part(node, "relation")) +
              with(flag(node, "unique"), "unique") +
              with(flag(node, "concurrent"), "concurrently") +
              with(flag(node, "if_not_exists"), "if") + " using " + text(node, "accessMethod") +
              with(node.contains("whereClause"), "where")};
  for (const json& item : part(node, "indexParams")) {
    const std::string name = text(item["IndexElem"], "name");
    lines.push_back("key " + (name.empty() ? "(expression)" : name));
  }
  return lines;
}

Lines drop(const json& node) {
  const std::string tail = with(flag(node, "missing_ok"), "if") +
                           with(text(node, "behavior") == "DROP_CASCADE", "cascade") +
                           with(flag(node, "concurrent"), "concurrently");
  const std::string kind = object(text(node, "removeType"));
  Lines lines{"drop " + kind + tail};
  if (kind != "TABLE" && kind != "INDEX" && kind != "VIEW" && kind != "MATERIALIZED VIEW" &&
      kind != "SEQUENCE")
    return lines;
  for (const json& item : part(node, "objects"))
    lines.push_back("name " + dotted(part(item["List"], "items")));
  return lines;
}

Lines rows(const char* verb, const json& node) {
  return {std::string(verb) + " " + relation(part(node, "relation")) +
          with(node.contains("whereClause"), "where")};
}

std::optional<Lines> statement(const std::string& kind, const json& node) {
  if (kind == "CreateStmt") return create_table(node);
  if (kind == "AlterTableStmt") return alter_table(node);
  if (kind == "RenameStmt") return rename(node);
  if (kind == "IndexStmt") return create_index(node);
  if (kind == "DropStmt") return drop(node);
  if (kind == "UpdateStmt") return rows("update", node);
  if (kind == "DeleteStmt") return rows("delete", node);
  if (kind == "InsertStmt") return Lines{"insert " + relation(part(node, "relation"))};
  if (kind == "TruncateStmt") {
    Lines lines{"truncate" + with(text(node, "behavior") == "DROP_CASCADE", "cascade")};
    for (const json& item : part(node, "relations"))
      lines.push_back("name " + relation(item["RangeVar"]));
    return lines;
  }
  if (kind == "CreateTableAsStmt") {
    const json& into = part(node, "into");
    return Lines{"create " + object(text(node, "objtype")) + " as " + relation(into["rel"])};
  }
  if (kind == "ViewStmt")
    return Lines{"create view " + relation(part(node, "view")) + with(flag(node, "replace"), "or")};
  if (kind == "AlterEnumStmt" && node.contains("oldVal"))
    return Lines{"alter TYPE " + dotted(part(node, "typeName"))};
  if (kind == "AlterEnumStmt")
    return Lines{"enum " + dotted(part(node, "typeName")) + " " + text(node, "newVal")};
  if (kind == "CreateTrigStmt")
    return Lines{"create trigger " + text(node, "trigname") + " on " +
                 relation(part(node, "relation"))};
  if (kind == "ReindexStmt" || kind == "RefreshMatViewStmt")
    return Lines{(kind == "ReindexStmt" ? "reindex " : "refresh ") +
                 (node.contains("relation") ? relation(node["relation"]) : text(node, "name"))};
  return std::nullopt;  // kinds of which the rules ask for words alone
}

// ---- the same from facts ----

using lint::ActionFact;
using lint::ColumnFact;
using lint::ConstraintFact;

std::string shown(const ObjectName& name) {
  return (name.schema.empty() ? "" : name.schema + ".") + name.name;
}

std::string reference(const lint::Reference& to) {
  return " -> " + shown(to.table) + " (" + join(to.columns, ", ") + ") " +
         (to.on_delete == "NO ACTION" ? "" : to.on_delete);
}

/// A type as the server's catalogue calls it.
std::string catalogue_type(const ColumnFact& fact) {
  static const std::map<std::string, std::string, std::less<>> names{
      {"BIGINT", "int8"},      {"INTEGER", "int4"},   {"INT", "int4"},     {"SMALLINT", "int2"},
      {"DECIMAL", "numeric"},  {"DEC", "numeric"},    {"BOOLEAN", "bool"}, {"REAL", "float4"},
      {"CHARACTER", "bpchar"}, {"CHAR", "bpchar"},    {"NCHAR", "bpchar"}, {"FLOAT", "float8"},
      {"DOUBLE", "float8"},    {"NATIONAL", "bpchar"}};
  std::string name = to_lower(fact.base);
  if (name == "\"char\"") return "char";
  if (const auto found = names.find(fact.base); found != names.end()) name = found->second;
  const auto says = [&](const char* words) { return fact.type.find(words) != std::string::npos; };
  if (says("VARYING")) name = fact.base == "BIT" ? "varbit" : "varchar";
  if (says("WITH TIME ZONE")) name += "tz";
  // The schema of a type stands in its text alone.
  const std::size_t dot = fact.type.find('.');
  std::string result = dot == std::string::npos || dot > fact.type.find_first_of(" ([")
                           ? name
                           : to_lower(fact.type.substr(0, dot + 1)) + name;
  std::vector<std::string> arguments = fact.arguments;
  if (fact.base == "FLOAT" && !arguments.empty()) {  // a number of binary digits
    if (std::stoi(arguments.front()) <= 24) result = "float4";
    arguments.clear();
  }
  if (arguments.empty() && (name == "bpchar" || name == "bit")) arguments = {"1"};
  if (!arguments.empty() && name != "interval") result += "(" + join(arguments, ",") + ")";
  return result + (fact.array ? "[]" : "");
}

std::string column(const ColumnFact& fact) {
  return "column " + fact.name + " " + catalogue_type(fact) + with(fact.not_null, "not-null") +
         with(fact.default_value.has_value(), "default") + with(fact.identity, "identity") +
         with(fact.generated, "generated") + with(fact.primary, "primary") +
         with(fact.unique, "unique") + with(fact.check, "check") +
         (fact.references ? reference(*fact.references) : "");
}

std::string constraint(const ConstraintFact& fact) {
  using Kind = ConstraintFact::Kind;
  static const std::map<Kind, std::string> kinds{{Kind::primary_key, "primary key"},
                                                 {Kind::unique, "unique"},
                                                 {Kind::foreign_key, "foreign key"},
                                                 {Kind::check, "check"},
                                                 {Kind::exclude, "exclude"}};
  const auto kind = kinds.find(fact.kind);
  if (kind == kinds.end()) return "constraint of another kind";
  const bool columns = fact.kind != Kind::check && fact.kind != Kind::exclude;
  std::string result = "constraint " + kind->second + " " + fact.name + " (" +
                       (columns ? join(fact.columns, ", ") : "") + ")";
  if (fact.kind == Kind::foreign_key) result += reference(fact.references);
  if (!fact.using_index.empty()) result += " by index " + fact.using_index;
  return result + with(fact.not_valid, "not valid");
}

std::string action(const ActionFact& fact) {
  using Kind = ActionFact::Kind;
  static const std::map<Kind, std::string> words{{Kind::drop_column, "drop column"},
                                                 {Kind::set_not_null, "set not null"},
                                                 {Kind::drop_not_null, "drop not null"},
                                                 {Kind::validate_constraint, "validate"},
                                                 {Kind::drop_constraint, "drop constraint"},
                                                 {Kind::set_tablespace, "set tablespace"},
                                                 {Kind::set_logged, "set logged"},
                                                 {Kind::set_unlogged, "set unlogged"},
                                                 {Kind::set_access_method, "set access method"}};
  const std::string tail = with(fact.cascade, "cascade") + with(fact.if_exists, "if");
  switch (fact.kind) {
    case Kind::add_column:
      return "add " + column(fact.column) + tail;
    case Kind::set_type:
      return "type " + fact.name + " " + catalogue_type(fact.column) +
             with(!fact.column.using_expression.empty(), "using");
    case Kind::set_default:
      return "set default " + fact.name;
    case Kind::drop_default:
      return "drop default " + fact.name;
    case Kind::add_identity:
      return "add identity " + fact.name;
    case Kind::add_constraint:
      return "add " + constraint(fact.constraint);
    case Kind::attach_partition:
    case Kind::detach_partition:
      return (fact.kind == Kind::attach_partition ? "attach " : "detach ") + shown(fact.object) +
             with(fact.concurrently, "concurrently");
    case Kind::row_security:
      return "row security";
    case Kind::enable_trigger:
      return "enable trigger";
    case Kind::disable_trigger:
      return "disable trigger";
    case Kind::rename_column:
      return "rename column " + fact.name + " " + fact.new_name;
    case Kind::rename_constraint:
      return "rename constraint " + fact.name + " " + fact.new_name;
    case Kind::rename_table:
      return "rename to " + fact.new_name;
    default:
      break;
  }
  const auto found = words.find(fact.kind);
  if (found == words.end()) return "option";
  const bool named = found->second.find("set ") != 0 || found->second == "set not null";
  return found->second + (named ? " " + fact.name : std::string()) + tail;
}

Lines of_create(const lint::StatementFact& fact) {
  const StatementSummary& summary = fact.summary;
  const std::string name = shown(summary.name);
  if (summary.object == "TABLE" && fact.as_select) return {"create TABLE as " + name};
  if (summary.object == "MATERIALIZED VIEW") return {"create MATERIALIZED VIEW as " + name};
  if (summary.object == "VIEW") return {"create view " + name + with(summary.or_replace, "or")};
  if (summary.object == "TRIGGER")
    return {"create trigger " + name + " on " + shown(summary.table)};
  Lines lines;
  if (summary.object == "TABLE") {
    lines.push_back("create table " + name + with(summary.if_exists, "if") +
                    with(summary.temporary, "temporary"));
    for (const ColumnFact& one : fact.columns) lines.push_back(column(one));
    for (const ConstraintFact& one : fact.constraints) lines.push_back(constraint(one));
    if (!fact.partition_of.name.empty())
      lines.push_back("partition of " + shown(fact.partition_of));
  } else if (summary.object == "INDEX") {
    lines.push_back("create index " + name + " on " + shown(summary.table) +
                    with(fact.index.unique, "unique") + with(summary.concurrently, "concurrently") +
                    with(summary.if_exists, "if") + " using " +
                    (fact.index.method.empty() ? "btree" : fact.index.method) +
                    with(!fact.index.where.empty(), "where"));
    for (const std::string& one : fact.index.columns)
      lines.push_back("key " + (one.find('(') == std::string::npos ? one : "(expression)"));
  }
  return lines;
}

Lines of_names(const lint::StatementFact& fact, std::string first) {
  Lines lines{std::move(first)};
  lines.push_back("name " + shown(fact.summary.name));
  for (const ObjectName& name : fact.summary.more_names) lines.push_back("name " + shown(name));
  return lines;
}

}  // namespace

std::vector<std::string> lines_of_facts(const lint::StatementFact& fact) {
  const StatementSummary& summary = fact.summary;
  const std::string name = shown(summary.name);
  const bool table = summary.object == "TABLE";
  switch (summary.verb) {
    case Verb::create:
      return of_create(fact);
    case Verb::alter: {
      if (summary.object == "TYPE" && !fact.enum_value.empty())
        return {"enum " + name + " " + fact.enum_value};
      Lines lines{"alter " + summary.object + " " + name + with(summary.if_exists && table, "if")};
      if (!table) return lines;
      for (const ActionFact& one : fact.actions) lines.push_back(action(one));
      return lines;
    }
    case Verb::drop: {
      const std::string first = "drop " + summary.object + with(summary.if_exists, "if") +
                                with(fact.cascade, "cascade") +
                                with(summary.concurrently, "concurrently");
      static const std::vector<std::string> named{"TABLE", "INDEX", "VIEW", "MATERIALIZED VIEW",
                                                  "SEQUENCE"};
      if (std::find(named.begin(), named.end(), summary.object) == named.end()) return {first};
      return of_names(fact, first);
    }
    case Verb::truncate:
      return of_names(fact, "truncate" + with(fact.cascade, "cascade"));
    case Verb::update:
      return {"update " + name + with(summary.has_where, "where")};
    case Verb::remove:
      return {"delete " + name + with(summary.has_where, "where")};
    case Verb::insert:
      return {"insert " + name};
    case Verb::reindex:
      return {"reindex " + name};
    case Verb::refresh:
      return {"refresh " + name};
    default:
      return {};
  }
}

#ifdef STERNA_HAS_PG_QUERY
bool has_oracle() { return true; }

std::optional<std::vector<std::string>> lines_of_oracle(const std::string& sql,
                                                        std::string& error) {
  const PgQueryParseResult result = pg_query_parse(sql.c_str());
  error = result.error == nullptr ? "" : result.error->message;
  const json tree =
      result.error == nullptr ? json::parse(result.parse_tree, nullptr, false) : json();
  pg_query_free_parse_result(result);
  if (!error.empty()) return std::nullopt;
  if (tree["stmts"].empty()) return Lines{};
  const json& first = tree["stmts"][0]["stmt"];
  return statement(first.begin().key(), first.begin().value()).value_or(Lines{});
}

namespace {
void collect(const json& node, std::vector<std::string>& found) {
  if (node.is_array()) {
    for (const json& item : node) collect(item, found);
    return;
  }
  if (!node.is_object()) return;
  for (const auto& [key, value] : node.items()) {
    if (key == "PLpgSQL_stmt_execsql") {
      found.push_back(text(value["sqlstmt"]["PLpgSQL_expr"], "query"));
    } else if (key == "PLpgSQL_stmt_dynexecute") {
      const std::string query = text(value["query"]["PLpgSQL_expr"], "query");
      sql::Lexer lexer(query, Language::postgres);
      const sql::Token first = lexer.next();
      const bool whole = lexer.next().kind == sql::TokenKind::end;
      if (whole && first.kind == sql::TokenKind::string) found.push_back(sql::unquoted(first));
      if (whole && first.kind == sql::TokenKind::dollar_string) {
        const std::size_t tag = first.text.find('$', 1) + 1;
        found.emplace_back(first.text.substr(tag, first.text.size() - 2 * tag));
      }
    } else {
      collect(value, found);
    }
  }
}
}  // namespace

std::optional<std::vector<std::string>> body_of_oracle(const std::string& body,
                                                       std::string& error) {
  for (const std::string returns : {"void", "trigger"}) {
    const std::string sql = "CREATE FUNCTION f() RETURNS " + returns +
                            " LANGUAGE plpgsql AS $the_oracles$" + body + "$the_oracles$";
    const PgQueryPlpgsqlParseResult result = pg_query_parse_plpgsql(sql.c_str());
    error = result.error == nullptr ? "" : result.error->message;
    const json tree =
        result.error == nullptr ? json::parse(result.plpgsql_funcs, nullptr, false) : json();
    pg_query_free_plpgsql_parse_result(result);
    if (!error.empty()) continue;
    std::vector<std::string> found;
    collect(tree, found);
    return found;
  }
  return std::nullopt;
}
#else
bool has_oracle() { return false; }
std::optional<std::vector<std::string>> body_of_oracle(const std::string&, std::string& error) {
  error = "libpg_query is not there";
  return std::nullopt;
}
std::optional<std::vector<std::string>> lines_of_oracle(const std::string&, std::string& error) {
  error = "libpg_query is not there";
  return std::nullopt;
}
#endif

}  // namespace sterna::test
