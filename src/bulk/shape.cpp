#include "bulk/shape.hpp"

#include "base/text.hpp"
#include "bulk/directive.hpp"
#include "sql/lexer.hpp"
#include "sql/token_cursor.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace sterna::bulk {
namespace {

using sql::is_word;
using sql::Token;
using sql::TokenKind;
using sql::unquoted;

constexpr std::array<std::string_view, 22> aggregates{
    "COUNT",       "SUM",        "AVG",          "MIN",          "MAX",        "ARRAY_AGG",
    "STRING_AGG",  "JSON_AGG",   "JSONB_AGG",    "TOTAL",        "BOOL_AND",   "BOOL_OR",
    "EVERY",       "STDDEV",     "VARIANCE",     "RANK",         "ROW_NUMBER", "DENSE_RANK",
    "FIRST_VALUE", "LAST_VALUE", "GROUP_CONCAT", "JSON_ARRAYAGG"};

std::vector<Token> tokens_of(std::string_view text, Language language) {
  std::vector<Token> tokens;
  sql::Lexer lexer(text, language);
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (!token.is_comment()) tokens.push_back(token);
  }
  return tokens;
}

bool is_name(const Token& token) {
  return token.kind == TokenKind::word || token.kind == TokenKind::quoted_identifier;
}

bool any_word(const Token& token, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return is_word(token, word); });
}

class Reader {
 public:
  Reader(const Statement& statement, Language language)
      : statement_(statement),
        text_(body_of(statement.sql)),
        tokens_(tokens_of(text_, language)),
        language_(language) {
    int depth = 0;
    depths_.reserve(tokens_.size());
    for (const Token& token : tokens_) {
      if (token.is(')') || token.is(']')) --depth;
      depths_.push_back(depth);
      if (token.is('(') || token.is('[')) ++depth;
    }
  }

  Shape run(const std::string& wanted) {
    if (at("UPDATE"))
      update();
    else if (at("DELETE"))
      remove();
    else if (at("INSERT"))
      insert();
    else
      refuse("it is no UPDATE, DELETE or INSERT … SELECT",
             "write the data step as one UPDATE, without WITH");
    if (!wanted.empty() && !same_table(model::Name(wanted), shape_.table)) {
      refuse("it goes through table '" + shape_.table.text() + "', the directive names '" + wanted +
                 "'",
             "name the table whose rows the statement changes or reads");
    }
    refuse_own_subqueries();
    return std::move(shape_);
  }

 private:
  // ---- tokens ----

  bool at(std::string_view word) const {
    return next_ < tokens_.size() && is_word(tokens_[next_], word);
  }
  bool accept(std::string_view word) {
    if (!at(word)) return false;
    ++next_;
    return true;
  }
  std::size_t offset(std::size_t token) const {
    return token < tokens_.size()
               ? static_cast<std::size_t>(tokens_[token].text.data() - text_.data())
               : text_.size();
  }
  std::string text_between(std::size_t from, std::size_t to) const {
    if (from >= to) return {};
    const Token& last = tokens_[to - 1];
    const auto end = static_cast<std::size_t>(last.text.data() - text_.data()) + last.text.size();
    return std::string(text_.substr(offset(from), end - offset(from)));
  }
  /// The next token at the top that is one of these words; the number of tokens when there is none.
  std::size_t find(std::size_t from, std::initializer_list<std::string_view> words) const {
    for (std::size_t i = from; i < tokens_.size(); ++i) {
      if (depths_[i] == 0 && any_word(tokens_[i], words)) return i;
    }
    return tokens_.size();
  }

  [[noreturn]] void refuse(const std::string& reason, const std::string& advice) const {
    throw Error(ErrorKind::validation, "this statement cannot be run in batches: " + reason)
        .at(statement_.position)
        .with_statement(std::string(text_))
        .with_state("nothing was run")
        .suggest(advice);
  }

  static bool same_table(const model::Name& a, const model::Name& b) {
    return equals_ignoring_case(a.name, b.name) &&
           (a.schema.empty() || b.schema.empty() || equals_ignoring_case(a.schema, b.schema));
  }

  // ---- parts ----

  /// A table with its alias.
  void table(std::initializer_list<std::string_view> ends) {
    const std::size_t begin = next_;
    if (next_ >= tokens_.size() || !is_name(tokens_[next_]))
      refuse("its table is not named plainly", "name the table itself, no subquery");
    std::vector<std::string> parts{unquoted(tokens_[next_++])};
    while (next_ + 1 < tokens_.size() && tokens_[next_].is('.')) {
      parts.push_back(unquoted(tokens_[next_ + 1]));
      next_ += 2;
    }
    shape_.table_text = shape_.reference = text_between(begin, next_);
    shape_.table.name = parts.back();
    if (parts.size() > 1) shape_.table.schema = parts[parts.size() - 2];
    if (next_ < tokens_.size() && tokens_[next_].is('*')) ++next_;
    if (accept("AS") ||
        (next_ < tokens_.size() && is_name(tokens_[next_]) && !any_word(tokens_[next_], ends)))
      shape_.reference = std::string(tokens_[next_++].text);
  }

  void where(std::size_t from) {
    const std::size_t word = find(from, {"WHERE"});
    shape_.before = text_between(0, word);
    if (word == tokens_.size()) return;
    if (word + 1 < tokens_.size() && is_word(tokens_[word + 1], "CURRENT"))
      refuse("it goes by a cursor (WHERE CURRENT OF)", "write the condition as SQL");
    shape_.where = text_between(word + 1, tokens_.size());
  }

  void refuse_words(std::size_t from) const {
    const std::size_t word =
        find(from, {"ORDER", "LIMIT", "GROUP", "HAVING", "UNION", "INTERSECT", "EXCEPT", "MINUS",
                    "RETURNING", "WINDOW", "FETCH", "OFFSET"});
    if (word < tokens_.size()) {
      refuse("it says " + to_upper(tokens_[word].text) +
                 ", which means something else for a part of the rows",
             "leave it out; the batches go by the primary key");
    }
  }

  void update() {
    shape_.kind = Shape::Kind::update;
    ++next_;
    if (accept("OR") || accept("LOW_PRIORITY") || accept("IGNORE"))
      refuse("it hides rows that fail", "write a plain UPDATE");
    accept("ONLY");
    table({"SET"});
    const std::size_t set = next_;
    if (!accept("SET"))
      refuse("more than one table stands before SET",
             "update one table; read others by a subquery");
    refuse_words(set);
    const std::size_t end = find(next_, {"FROM", "WHERE"});
    assignments(next_, end);
    shape_.joined = end < tokens_.size() && is_word(tokens_[end], "FROM");
    where(end);
  }

  void assignments(std::size_t from, std::size_t to) {
    shape_.repeatable = true;
    for (std::size_t begin = from; begin < to;) {
      std::size_t end = begin;
      while (end < to && !(depths_[end] == 0 && tokens_[end].is(','))) ++end;
      assignment(begin, end);
      begin = end + 1;
    }
    std::vector<std::string> columns;
    for (const Assigned& one : shape_.assigned) columns.push_back(one.column);
    for (const Assigned& one : shape_.assigned) {
      const std::vector<Token> tokens = tokens_of(one.expression, language_);
      const bool subquery = std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
        return is_word(token, "SELECT");
      });
      if (subquery || !columns_read(one.expression, language_, columns).empty())
        shape_.repeatable = false;
    }
  }

  void assignment(std::size_t begin, std::size_t end) {
    std::size_t sign = begin;
    while (sign < end && !tokens_[sign].is('=')) ++sign;
    if (sign == end || sign == begin || !is_name(tokens_[sign - 1])) {
      shape_.repeatable = false;  // (a, b) = (…), a[1] = …: nothing is known of it
      shape_.assigned_too += " " + text_between(begin, std::min(sign, end));
      return;
    }
    shape_.assigned.push_back({unquoted(tokens_[sign - 1]), std::string(tokens_[sign - 1].text),
                               text_between(sign + 1, end)});
  }

  void remove() {
    shape_.kind = Shape::Kind::remove;
    shape_.repeatable = true;
    ++next_;
    if (!accept("FROM"))
      refuse("DELETE names no table behind FROM", "write DELETE FROM table WHERE …");
    accept("ONLY");
    table({"WHERE", "USING", "RETURNING", "ORDER", "LIMIT"});
    refuse_words(next_);
    shape_.joined = at("USING");
    if (!shape_.joined && next_ < tokens_.size() && !at("WHERE"))
      refuse("more than one table stands in it",
             "delete from one table; read others by a subquery");
    where(next_);
    if (shape_.where.empty())
      refuse("a DELETE without WHERE takes every row", "use TRUNCATE, or say which rows");
  }

  void insert() {
    shape_.kind = Shape::Kind::insert_select;
    const std::size_t select = find(next_, {"SELECT"});
    if (select == tokens_.size())
      refuse("an INSERT of given rows is small already", "leave the directive out");
    if (find(0, {"WITH"}) < select)
      refuse("it begins with WITH", "write what WITH names into FROM");
    const std::size_t from = find(select, {"FROM"});
    if (from == tokens_.size()) refuse("its SELECT reads no table", "leave the directive out");
    refuse_words(select);
    for (std::size_t i = select; i < from; ++i) {
      const bool called = i + 1 < tokens_.size() && tokens_[i + 1].is('(');
      const bool aggregate = called && tokens_[i].kind == TokenKind::word &&
                             std::find(aggregates.begin(), aggregates.end(),
                                       to_upper(tokens_[i].text)) != aggregates.end();
      if (aggregate || any_word(tokens_[i], {"DISTINCT", "OVER"}))
        refuse(
            "its SELECT looks at more than one row at a time (" + to_upper(tokens_[i].text) + ")",
            "give each row by itself, or leave the directive out");
    }
    next_ = from + 1;
    table({"WHERE", "JOIN", "LEFT", "RIGHT", "INNER", "CROSS", "FULL", "NATURAL", "ON"});
    refuse_rows_without(next_);
    if (same_table(target(), shape_.table))
      refuse(
          "it writes into the table that it reads, and would read what the batches before it "
          "wrote",
          "copy the rows by way of another table");
    if (next_ < tokens_.size() && tokens_[next_].is('.')) refuse("its table has no plain name", "");
    shape_.joined = next_ < tokens_.size() && !at("WHERE") && !at("ON");
    std::size_t end = find(next_, {"CONFLICT", "DUPLICATE"});
    end = end == tokens_.size() ? end : end - 1;
    shape_.after = text_between(end, tokens_.size());
    tokens_.resize(end);
    depths_.resize(end);
    where(next_);
  }

  /// Behind INTO.
  model::Name target() const {
    const std::size_t into = find(0, {"INTO"});
    std::vector<std::string> parts;
    for (std::size_t i = into + 1; i < tokens_.size() && is_name(tokens_[i]); i += 2) {
      parts.push_back(unquoted(tokens_[i]));
      if (i + 1 >= tokens_.size() || !tokens_[i + 1].is('.')) break;
    }
    model::Name name;
    if (!parts.empty()) name.name = parts.back();
    if (parts.size() > 1) name.schema = parts[parts.size() - 2];
    return name;
  }

  /// A join that gives rows of other tables without one of this table: no range of it finds them.
  void refuse_rows_without(std::size_t from) const {
    const std::size_t outer = find(from, {"RIGHT", "FULL"});
    if (outer < tokens_.size()) {
      refuse("its " + to_upper(tokens_[outer].text) +
                 " JOIN gives rows that belong to none of table '" + shape_.table.text() + "'",
             "put the table whose rows are all wanted first, with LEFT JOIN");
    }
  }

  /// A subquery that reads the table sees what the batches before it did.
  void refuse_own_subqueries() const {
    if (shape_.kind == Shape::Kind::insert_select) return;
    for (std::size_t i = 1; i < tokens_.size(); ++i) {
      const bool source =
          any_word(tokens_[i - 1], {"FROM", "JOIN", "USING"}) || tokens_[i - 1].is(',');
      const bool itself = shape_.kind == Shape::Kind::remove && i == 2;  // DELETE FROM table
      if (itself || !source || !is_name(tokens_[i])) continue;
      std::size_t last = i;
      while (last + 2 < tokens_.size() && tokens_[last + 1].is('.')) last += 2;
      const bool read = any_word(tokens_[i - 1], {"FROM", "JOIN", "USING"});
      if (read && equals_ignoring_case(unquoted(tokens_[last]), shape_.table.name)) {
        refuse((depths_[i] == 0 ? "it reads table '" : "a subquery reads table '") +
                   shape_.table.text() + "' beside, which the batches before it have changed",
               "put what it finds there into a table of its own first");
      }
    }
  }

  const Statement& statement_;
  std::string_view text_;
  std::vector<Token> tokens_;
  std::vector<int> depths_;
  Language language_;
  std::size_t next_ = 0;
  Shape shape_;
};

/// Which of `columns` a token names; nothing behind a dot that follows another name than these.
const std::string* column_at(const std::vector<Token>& tokens, std::size_t i,
                             const std::vector<std::string>& columns) {
  if (!is_name(tokens[i])) return nullptr;
  if (i + 1 < tokens.size() && (tokens[i + 1].is('(') || tokens[i + 1].is('.'))) return nullptr;
  const std::string name = unquoted(tokens[i]);
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const std::string& column) {
    return equals_ignoring_case(column, name);
  });
  return found == columns.end() ? nullptr : &*found;
}

}  // namespace

std::string Shape::over(const std::string& range) const {
  std::string sql = before + "\nWHERE " + range;
  if (!where.empty()) sql += "\nAND (" + where + "\n)";
  if (!after.empty()) sql += "\n" + after;
  return sql;
}

Shape shape_of(const Statement& statement, Language language, const std::string& table) {
  return Reader(statement, language).run(table);
}

std::vector<std::string> columns_read(std::string_view expression, Language language,
                                      const std::vector<std::string>& columns) {
  std::vector<std::string> read;
  const std::vector<Token> tokens = tokens_of(expression, language);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string* column = column_at(tokens, i, columns);
    if (column != nullptr && std::find(read.begin(), read.end(), *column) == read.end())
      read.push_back(*column);
  }
  return read;
}

std::string with_prefix(std::string_view expression, Language language, std::string_view prefix,
                        const std::vector<std::string>& columns, std::string_view reference) {
  const std::vector<Token> tokens = tokens_of(expression, language);
  std::string text;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (is_word(tokens[i], "SELECT")) {
      throw Error(ErrorKind::validation,
                  "sync=trigger cannot follow a subquery: its names may be columns of the row or "
                  "of another table")
          .suggest("leave sync=trigger out and let the program write the value of new rows");
    }
    if (column_at(tokens, i, columns) == nullptr) continue;
    std::size_t first = i;  // a qualifier goes with its column
    while (first >= 2 && tokens[first - 1].is('.')) first -= 2;
    if (first != i) {
      const auto begin = static_cast<std::size_t>(tokens[first].text.data() - expression.data());
      const auto dot = static_cast<std::size_t>(tokens[i - 1].text.data() - expression.data());
      if (!equals_ignoring_case(expression.substr(begin, dot - begin), reference)) continue;
    }
    const auto begin = static_cast<std::size_t>(tokens[first].text.data() - expression.data());
    text += expression.substr(copied, begin - copied);
    text += prefix;
    text += tokens[i].text;
    copied =
        static_cast<std::size_t>(tokens[i].text.data() - expression.data()) + tokens[i].text.size();
  }
  text += expression.substr(copied);
  return text;
}

std::vector<std::string> conjuncts(std::string_view condition, Language language) {
  std::vector<std::string> parts;
  int depth = 0;
  bool between = false;
  std::size_t begin = 0;
  for (const Token& token : tokens_of(condition, language)) {
    if (token.is('(') || is_word(token, "CASE")) ++depth;
    if (token.is(')') || is_word(token, "END")) --depth;
    if (depth != 0) continue;
    if (is_word(token, "OR")) return {std::string(condition)};
    if (is_word(token, "BETWEEN")) between = true;
    if (!is_word(token, "AND")) continue;
    if (std::exchange(between, false)) continue;
    const auto at = static_cast<std::size_t>(token.text.data() - condition.data());
    parts.emplace_back(trim(condition.substr(begin, at - begin)));
    begin = at + token.text.size();
  }
  parts.emplace_back(trim(condition.substr(begin)));
  return parts;
}

}  // namespace sterna::bulk
