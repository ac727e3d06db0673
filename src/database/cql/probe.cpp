#include "database/cql/probe.hpp"

#include "base/text.hpp"
#include "database/connection.hpp"
#include "database/cql/copy.hpp"
#include "sql/token_cursor.hpp"

#include <fmt/format.h>

namespace sterna::cql {
namespace {

using sql::Token;
using sql::TokenCursor;
using sql::TokenKind;

EffectReport repeatable(std::string why) { return {Effect::repeatable, std::move(why), {}}; }
EffectReport unknown(std::string why) { return {Effect::unknown, std::move(why), {}}; }

/// A name as the server keeps it: without quotes it is in lower case.
std::string identifier(TokenCursor& cursor) {
  const Token token = cursor.take();
  return token.kind == TokenKind::quoted_identifier ? sql::unquoted(token) : to_lower(token.text);
}

struct Name {
  std::string keyspace, object;
  std::string text() const { return keyspace.empty() ? object : keyspace + "." + object; }
};

class Probe {
 public:
  Probe(Connection& connection, const Statement& statement)
      : connection_(connection), cursor_(statement.sql, Language::cql), sql_(statement.sql) {}

  EffectReport report() {
    if (cursor_.accept("CREATE")) return create();
    if (cursor_.accept("DROP")) return drop();
    if (cursor_.accept("ALTER")) return alter();
    if (cursor_.accept_any({"INSERT", "UPDATE", "DELETE", "BEGIN"})) return change_of_rows();
    if (cursor_.accept_any({"SELECT", "USE", "LIST"})) return repeatable("it changes nothing");
    if (is_copy(sql_)) return repeatable("a copy goes on where it ended");
    if (cursor_.accept("TRUNCATE")) return repeatable("a table can be emptied twice");
    if (cursor_.accept("GRANT") || cursor_.accept("REVOKE"))
      return cursor_.skip_to({"ON"}) ? repeatable("a right can be given or taken twice")
                                     : unknown("whether a role was granted is not looked up");
    return unknown("this kind of statement is not known");
  }

 private:
  Name name() {
    Name result;
    result.object = identifier(cursor_);
    if (cursor_.accept('.')) {
      result.keyspace = std::move(result.object);
      result.object = identifier(cursor_);
    } else {
      result.keyspace = connection_.url().database;
    }
    return result;
  }
  std::string literal(const std::string& text) const {
    return connection_.dialect().literal(Value(text));
  }

  EffectReport create() {
    if (cursor_.accept({"OR", "REPLACE"})) return repeatable("it replaces what is there");
    cursor_.accept("CUSTOM");
    cursor_.accept("MATERIALIZED");
    const std::string kind = to_lower(cursor_.take().text);
    if (cursor_.accept({"IF", "NOT", "EXISTS"})) return repeatable("it says IF NOT EXISTS");
    if (kind == "index") return create_index();
    const auto there = exists(kind, name_of(kind));
    if (!there) return unknown("whether there is this " + kind + " is not looked up");
    return verdict(*there, kind, "exists", "does not exist");
  }

  Name name_of(const std::string& kind) {
    if (kind != "keyspace") return name();
    Name result;
    result.keyspace = identifier(cursor_);
    return result;
  }

  EffectReport create_index() {
    Name index;
    if (!cursor_.at("ON")) index.object = identifier(cursor_);
    cursor_.accept("ON");
    const Name table = name();
    index.keyspace = table.keyspace;
    if (index.object.empty()) {
      if (!cursor_.accept('(') || !cursor_.at_name()) return unknown("the index has no name");
      // The server's own name for it (CreateIndexStatement: table_column_idx).
      if (cursor_.at('(', 1)) cursor_.take();
      cursor_.accept('(');
      index.object = table.object + "_" + identifier(cursor_) + "_idx";
    }
    return verdict(*exists("index", index), "index", "exists", "does not exist");
  }

  EffectReport drop() {
    cursor_.accept("MATERIALIZED");
    const std::string kind = to_lower(cursor_.take().text);
    if (cursor_.accept({"IF", "EXISTS"})) return repeatable("it says IF EXISTS");
    const auto there = exists(kind, name_of(kind));
    if (!there) return unknown("whether there is this " + kind + " is not looked up");
    return verdict(!*there, kind, "is gone", "is still there");
  }

  EffectReport verdict(bool done, const std::string& kind, std::string_view complete,
                       std::string_view none) {
    return {done ? Effect::complete : Effect::none,
            fmt::format("{} {} {}", kind, looked_for_, done ? complete : none),
            {}};
  }

  /// Nothing: this kind is not looked up.
  std::optional<bool> exists(const std::string& kind, const Name& name) {
    static constexpr struct {
      std::string_view kind, table, column;
    } places[] = {{"table", "tables", "table_name"},
                  {"columnfamily", "tables", "table_name"},
                  {"view", "views", "view_name"},
                  {"index", "indexes", "index_name"},
                  {"type", "types", "type_name"},
                  {"function", "functions", "function_name"},
                  {"aggregate", "aggregates", "aggregate_name"}};
    looked_for_ = kind == "keyspace" ? name.keyspace : name.text();
    if (kind == "keyspace" || kind == "schema")
      return !rows("keyspaces", "keyspace_name", name.keyspace).empty();
    for (const auto& place : places) {
      if (place.kind != kind) continue;
      // Names of indexes stand behind their tables': all of the keyspace are looked through.
      for (const Row& row : rows(place.table, place.column, name.keyspace)) {
        if (row.get<std::string>(0) == name.object) return true;
      }
      return false;
    }
    return std::nullopt;
  }

  Rows rows(std::string_view table, std::string_view column, const std::string& keyspace) {
    return connection_.query(fmt::format("SELECT {} FROM system_schema.{} WHERE keyspace_name = {}",
                                         column, table, literal(keyspace)));
  }

  EffectReport alter() {
    const std::string kind = to_lower(cursor_.take().text);
    if (kind == "materialized") cursor_.take();
    const bool conditional = cursor_.accept({"IF", "EXISTS"});
    if (kind != "table" && kind != "columnfamily" && kind != "type")
      return repeatable("it sets what it says, however often");
    const Name object = name();
    looked_for_ = object.text();
    std::set<std::string> columns;
    if (kind == "type")
      columns = fields(object);
    else
      columns = columns_of(object);
    if (conditional && columns.empty()) return repeatable("there is no " + looked_for_);
    if (cursor_.accept("ADD")) return added(columns, true);
    if (cursor_.accept("DROP")) return added(columns, false);
    if (cursor_.accept("RENAME")) return renamed(columns);
    return repeatable("it sets what it says, however often");
  }

  std::set<std::string> columns_of(const Name& table) {
    std::set<std::string> result;
    for (const Row& row : connection_.query(
             fmt::format("SELECT column_name FROM system_schema.columns WHERE keyspace_name = {} "
                         "AND table_name = {}",
                         literal(table.keyspace), literal(table.object))))
      result.insert(row.get<std::string>(0));
    return result;
  }

  std::set<std::string> fields(const Name& type) {
    std::set<std::string> result;
    for (const Row& row : connection_.query(
             fmt::format("SELECT field_names FROM system_schema.types WHERE keyspace_name = {} AND "
                         "type_name = {}",
                         literal(type.keyspace), literal(type.object)))) {
      const auto list = row.get<std::string>(0);  // ['a', 'b']
      TokenCursor names(list, Language::cql);
      while (!names.at_end()) {
        const Token token = names.take();
        if (token.kind == TokenKind::string)
          result.insert(std::string(token.text.substr(1, token.text.size() - 2)));
      }
    }
    return result;
  }

  /// ADD a int, b text and ADD (a int, b text); the same of DROP. All come or go together, so the
  /// first tells.
  EffectReport added(const std::set<std::string>& columns, bool add) {
    if (cursor_.accept({"IF", "NOT", "EXISTS"}) || cursor_.accept({"IF", "EXISTS"}))
      return repeatable("it says IF");
    cursor_.accept('(');
    const std::string column = identifier(cursor_);
    looked_for_ += "." + column;
    const bool there = columns.contains(column);
    return add ? verdict(there, "column", "exists", "does not exist")
               : verdict(!there, "column", "is gone", "is still there");
  }

  EffectReport renamed(const std::set<std::string>& columns) {
    cursor_.accept({"IF", "EXISTS"});
    const std::string from = identifier(cursor_);
    cursor_.accept("TO");
    const std::string to = identifier(cursor_);
    looked_for_ += "." + to;
    return verdict(columns.contains(to) && !columns.contains(from), "column", "exists",
                   "does not exist");
  }

  /// Writing the same values again changes nothing, except where the server makes the value: in
  /// counters, in lists that grow, and by functions that give another value each time.
  EffectReport change_of_rows() {
    bool under_condition = false;
    for (Token before; !cursor_.at_end();) {
      const Token token = cursor_.take();
      if (token.kind == TokenKind::word && cursor_.at('(')) {
        const std::string function = to_lower(token.text);
        if (function == "now" || function == "uuid" || function.starts_with("current"))
          return unknown(function + "() gives another value each time");
      }
      if (is_word(token, "IF")) under_condition = true;
      const bool sum = (token.is('+') || token.is('-')) && before.kind == TokenKind::word &&
                       !is_word(before, "VALUES");
      const bool sum_behind =
          (token.is('+') || token.is('-')) && cursor_.peek().kind == TokenKind::word;
      if (token.text == "+=" || token.text == "-=" || sum || sum_behind) {
        if (const auto reason = grows()) return unknown(*reason);
      }
      before = token;
    }
    if (to_upper(sql_).find("COUNTER BATCH") != std::string::npos)
      return unknown("a counter would count twice");
    return repeatable(under_condition ? "its condition decides again"
                                      : "it writes the same values again");
  }

  static bool is_word(const Token& token, std::string_view upper) {
    return token.kind == TokenKind::word && equals_ignoring_case(token.text, upper);
  }

  /// Sets and maps take the same element twice; counters and lists do not. Where several tables may
  /// be meant, the answer is not known.
  std::optional<std::string> grows() {
    TokenCursor cursor(sql_, Language::cql);
    if (!cursor.accept("UPDATE")) return "whether a counter or list is changed is not looked up";
    Name table;
    table.keyspace = connection_.url().database;
    table.object = identifier(cursor);
    if (cursor.accept('.')) {
      table.keyspace = table.object;
      table.object = identifier(cursor);
    }
    for (const Row& row : connection_.query(
             fmt::format("SELECT column_name, type FROM system_schema.columns WHERE keyspace_name "
                         "= {} AND table_name = {}",
                         literal(table.keyspace), literal(table.object)))) {
      const auto type = row.get<std::string>(1);
      if (type == "counter") return "a counter would count twice";
      if (type.starts_with("list")) return "the table has a list, which would grow twice";
    }
    return std::nullopt;
  }

  Connection& connection_;
  TokenCursor cursor_;
  const std::string& sql_;
  std::string looked_for_;
};

}  // namespace

EffectReport effect(Connection& connection, const Statement& statement,
                    std::string_view /*fingerprint_before*/) {
  return Probe(connection, statement).report();
}

/// What the server says of a definition names everything already.
void explain(Error& /*error*/, Connection& /*connection*/) noexcept {}

}  // namespace sterna::cql
