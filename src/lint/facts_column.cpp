// Columns and constraints as CREATE TABLE and ALTER TABLE write them.
#include "base/text.hpp"
#include "lint/facts_reader.hpp"
#include "sql/position.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

std::string upper_type(std::string_view text, Language language) {
  std::string result;
  sql::Lexer lexer(text, language);
  bool word_before = false;
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.is_comment()) continue;
    const bool word = token.kind != sql::TokenKind::punctuation;
    if (word && word_before) result += ' ';
    const bool quoted = token.kind == sql::TokenKind::string;
    result += quoted ? std::string(token.text) : to_upper(token.text);
    word_before = word || token.is(')');
  }
  return result;
}

}  // namespace

std::size_t FactReader::offset() {
  const sql::Token& token = cursor.peek();
  return token.kind == sql::TokenKind::end
             ? text_.size()
             : static_cast<std::size_t>(token.text.data() - text_.data());
}

std::string FactReader::taken_since(std::size_t begin) {
  const std::size_t end = offset();
  return end <= begin ? std::string() : std::string(trim(text_.substr(begin, end - begin)));
}

SourcePosition FactReader::position() {
  SourcePosition result = statement_.position;
  if (result.line == 0) return result;
  const SourcePosition inside = sql::PositionCounter(text_, {}, 1).at(offset());
  result.column = inside.line == 1 ? result.column + inside.column - 1 : inside.column;
  result.line += inside.line - 1;
  return result;
}

bool FactReader::at_item_end() { return cursor.at_end() || cursor.at(',') || cursor.at(')'); }

std::string FactReader::rest_of_item() {
  const std::size_t begin = offset();
  while (!at_item_end()) cursor.skip();
  return taken_since(begin);
}

bool FactReader::accept_if_exists() {
  return cursor.accept({"IF", "EXISTS"}) || cursor.accept({"IF", "NOT", "EXISTS"});
}

std::vector<std::string> FactReader::names(bool* expression) {
  std::vector<std::string> result;
  if (!cursor.accept('(')) return result;
  while (!cursor.at_end() && !cursor.at(')')) {
    // A name alone, or with a length, an order or an operator class; else an expression.
    const bool plain =
        cursor.at_name() && !cursor.at('.', 1) &&
        (!cursor.at('(', 1) ||
         (mysql() && cursor.peek(2).kind == sql::TokenKind::number && cursor.at(')', 3)));
    const std::size_t begin = offset();
    if (plain) {
      result.push_back(cursor.identifier());
    }
    while (!at_item_end()) cursor.skip();
    if (!plain) {
      result.push_back(taken_since(begin));
      if (expression != nullptr) *expression = true;
    }
    cursor.accept(',');
  }
  cursor.accept(')');
  return result;
}

std::string FactReader::referential_action() {
  std::string action = to_upper(cursor.take().text);
  if (action == "SET" || action == "NO") action += " " + to_upper(cursor.take().text);
  return action;
}

Reference FactReader::reference() {
  Reference result;
  result.table = cursor.name();
  if (cursor.at('(')) result.columns = names();
  return result;
}

ColumnFact FactReader::column() {
  ColumnFact result;
  result.position = position();
  result.name = cursor.identifier();
  definition(result);
  return result;
}

void FactReader::definition(ColumnFact& column) {
  type(column);
  while (!at_item_end()) {
    if (!attribute(column)) cursor.skip();
  }
}

bool FactReader::ends_type() {
  if (at_item_end()) return true;
  if (cursor.at_any({"CHARACTER", "CHAR"})) return cursor.at("SET", 1);
  if (cursor.at("WITH")) return !(cursor.at("TIME", 1) || cursor.at("LOCAL", 1));
  if (cursor.at_any({"SIGNED", "UNSIGNED", "ZEROFILL", "BINARY"})) return mysql();
  return cursor.at_any({"NOT",        "NULL",           "DEFAULT",       "PRIMARY",   "UNIQUE",
                        "REFERENCES", "CHECK",          "CONSTRAINT",    "GENERATED", "COLLATE",
                        "AS",         "AUTO_INCREMENT", "AUTOINCREMENT", "COMMENT",   "KEY",
                        "STATIC",     "FIRST",          "AFTER",         "ON",        "USING",
                        "STORAGE",    "COMPRESSION",    "CHARSET",       "VIRTUAL",   "STORED",
                        "INVISIBLE",  "VISIBLE",        "PERSISTENT",    "MASKED"});
}

namespace {
/// PostgreSQL's "char" is another type than char.
std::string base_of(const sql::Token& token) {
  const bool quoted_char =
      token.kind == sql::TokenKind::quoted_identifier && token.text == "\"char\"";
  return to_upper(quoted_char ? std::string(token.text) : sql::unquoted(token));
}
}  // namespace

void FactReader::type(ColumnFact& column) {
  const std::size_t begin = offset();
  bool first = true, behind_dot = false;
  while (!(first
               ? at_item_end() || cursor.at_any({"NOT", "NULL", "DEFAULT", "PRIMARY", "CONSTRAINT",
                                                 "GENERATED", "AS", "REFERENCES", "CHECK"})
               : ends_type())) {
    if (first || behind_dot) column.base = base_of(cursor.peek());
    behind_dot = cursor.at('.');
    first = false;
    const bool brackets = cursor.at('(');
    const bool angles = cursor.at('<');
    column.array = column.array || cursor.at('[') || cursor.at("ARRAY");
    const std::size_t from = offset();
    cursor.skip();
    if (!brackets && !angles) continue;
    std::string inside = taken_since(from);
    if (inside.size() < 2) continue;
    inside = inside.substr(1, inside.size() - 2);
    sql::TokenCursor list(inside, language_);
    while (!list.at_end()) {
      std::string item;
      while (!list.at_end() && !list.at(',')) {
        const sql::Token token = list.take();
        item += token.kind == sql::TokenKind::string ? sql::unquoted(token) : to_upper(token.text);
      }
      list.accept(',');
      column.arguments.push_back(std::move(item));
    }
  }
  column.type = upper_type(taken_since(begin), language_);
}

std::string FactReader::expression() {
  const std::size_t begin = offset();
  // One item, with what operators and casts tie to it.
  bool operand = false;
  while (!at_item_end()) {
    const bool joins =
        cursor.peek().kind == sql::TokenKind::punctuation && !cursor.at('(') && !cursor.at('[');
    if (operand && !joins && !cursor.at('(') && !cursor.at('[') &&
        !cursor.at_any({"AT", "VARYING", "PRECISION", "WITH", "TIME", "ZONE"})) {
      break;
    }
    operand = !joins || cursor.at(')');
    if (cursor.at("WITH") && !cursor.at("TIME", 1)) break;
    // INTERVAL '1 day', DATE '2020-01-01'
    if (operand && cursor.peek().kind == sql::TokenKind::word &&
        cursor.peek(1).kind == sql::TokenKind::string)
      cursor.take();
    cursor.skip();
  }
  return taken_since(begin);
}

void FactReader::generated(ColumnFact& column) {
  cursor.accept("ALWAYS");
  if (cursor.accept("BY")) cursor.accept("DEFAULT");
  if (cursor.accept({"ON"})) cursor.accept("NULL");
  if (!cursor.accept("AS")) return;
  if (cursor.accept("IDENTITY")) {
    column.identity = true;
    if (cursor.at('(')) cursor.skip();
    return;
  }
  column.generated = true;
  if (cursor.at('(')) cursor.skip();
}

bool FactReader::attribute(ColumnFact& column) {
  if (cursor.accept("CONSTRAINT")) {
    cursor.identifier();
  } else if (cursor.accept({"NOT", "NULL"})) {
    column.not_null = true;
  } else if (cursor.accept({"NOT", "VALID"})) {
    return true;
  } else if (cursor.accept("NULL")) {
    column.null = true;
  } else if (cursor.accept("DEFAULT")) {
    column.default_value = expression();
  } else if (cursor.accept({"PRIMARY", "KEY"})) {
    column.primary = true;
  } else if (mysql() && cursor.accept("KEY")) {
    column.primary = true;
  } else if (cursor.accept("UNIQUE")) {
    column.unique = true;
    cursor.accept("KEY");
  } else if (cursor.accept("CHECK")) {
    column.check = true;
    if (cursor.at('(')) cursor.skip();
  } else if (cursor.accept("REFERENCES")) {
    column.references = reference();
  } else if (cursor.accept({"ON", "DELETE"})) {
    std::string action = referential_action();
    if (column.references) column.references->on_delete = std::move(action);
  } else if (cursor.accept({"ON", "UPDATE"})) {
    column.on_update = !column.references;
  } else if (cursor.accept("GENERATED")) {
    generated(column);
  } else if (cursor.at("AS") && cursor.at('(', 1)) {
    cursor.take();
    cursor.skip();
    column.generated = true;
  } else if (cursor.accept_any({"STORED", "PERSISTENT"})) {
    column.stored = true;
  } else if (cursor.accept_any({"AUTO_INCREMENT", "AUTOINCREMENT"})) {
    column.auto_increment = true;
  } else if (cursor.accept("STATIC")) {
    column.is_static = true;
  } else if (cursor.accept("UNSIGNED")) {
    column.is_unsigned = true;
  } else if (cursor.accept("ZEROFILL")) {
    column.zerofill = true;
  } else if (cursor.accept({"CHARACTER", "SET"}) || cursor.accept({"CHAR", "SET"}) ||
             cursor.accept("CHARSET")) {
    column.charset = to_lower(cursor.identifier());
  } else if (cursor.accept("COLLATE")) {
    column.collation = cursor.name().name;
  } else if (cursor.accept("USING")) {
    column.using_expression = rest_of_item();
  } else if (cursor.accept("FIRST")) {
    column.first = true;
  } else if (cursor.accept("AFTER")) {
    column.after = cursor.identifier();
  } else if (cursor.accept("COMMENT")) {
    cursor.skip();
  } else {
    return false;
  }
  return true;
}

bool FactReader::at_constraint() {
  if (cursor.at("CONSTRAINT")) return true;
  if (cursor.at_any({"PRIMARY", "FOREIGN"})) return cursor.at("KEY", 1);
  if (cursor.at("UNIQUE")) return true;
  if (cursor.at("CHECK")) return cursor.at('(', 1);
  if (cursor.at("EXCLUDE")) return cursor.at("USING", 1) || cursor.at('(', 1);
  if (cursor.at("NOT")) return cursor.at("NULL", 1);
  if (!mysql()) return false;
  return cursor.at_any({"INDEX", "KEY", "FULLTEXT", "SPATIAL"});
}

ConstraintFact FactReader::constraint() {
  using Kind = ConstraintFact::Kind;
  ConstraintFact result;
  const auto starts = [&] {
    return cursor.at_any({"PRIMARY", "FOREIGN", "UNIQUE", "CHECK", "EXCLUDE", "NOT"});
  };
  if (cursor.accept("CONSTRAINT") && !starts()) {
    accept_if_exists();
    result.name = cursor.identifier();
  }
  const auto index_name = [&] {
    accept_if_exists();
    if (cursor.at_name() && !cursor.at("USING")) result.name = cursor.identifier();
  };
  if (cursor.accept({"PRIMARY", "KEY"})) {
    result.kind = Kind::primary_key;
  } else if (cursor.accept({"FOREIGN", "KEY"})) {
    result.kind = Kind::foreign_key;
    if (!cursor.at('(')) index_name();
  } else if (cursor.accept("CHECK")) {
    result.kind = Kind::check;
    const std::size_t begin = offset();
    cursor.skip();
    const std::string text = taken_since(begin);
    if (text.size() > 2) result.expression = text.substr(1, text.size() - 2);
  } else if (cursor.accept("EXCLUDE")) {
    result.kind = Kind::exclude;
  } else if (cursor.accept({"NOT", "NULL"})) {
    result.kind = Kind::not_null;
    result.columns.push_back(cursor.identifier());
  } else if (cursor.accept("UNIQUE")) {
    result.kind = Kind::unique;
    cursor.accept_any({"INDEX", "KEY"});
    if (mysql() && !cursor.at('(')) index_name();
    if (cursor.accept("NULLS")) {  // NULLS NOT DISTINCT
      cursor.accept("NOT");
      cursor.accept("DISTINCT");
    }
  } else {
    result.kind = cursor.accept("FULLTEXT")  ? Kind::full_text
                  : cursor.accept("SPATIAL") ? Kind::spatial
                                             : Kind::index;
    cursor.accept_any({"INDEX", "KEY"});
    if (!cursor.at('(')) index_name();
  }
  constraint_tail(result);
  return result;
}

void FactReader::constraint_tail(ConstraintFact& constraint) {
  while (!at_item_end()) {
    if (cursor.at('(') && constraint.columns.empty() &&
        constraint.kind != ConstraintFact::Kind::check &&
        constraint.kind != ConstraintFact::Kind::exclude) {
      constraint.columns = names();
    } else if (cursor.accept("REFERENCES")) {
      constraint.references = reference();
    } else if (cursor.accept({"ON", "DELETE"})) {
      constraint.references.on_delete = referential_action();
    } else if (cursor.accept({"USING", "INDEX"}) && !cursor.at("TABLESPACE")) {
      constraint.using_index = cursor.identifier();
    } else if (cursor.accept({"NOT", "VALID"})) {
      constraint.not_valid = true;
    } else if (!at_item_end()) {
      cursor.skip();
    }
  }
}

}  // namespace sterna::lint
