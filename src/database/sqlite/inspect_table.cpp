#include "database/sqlite/inspect_table.hpp"

#include "base/text.hpp"
#include "database/sqlite/dialect.hpp"

#include <sterna/error.hpp>

#include <algorithm>

namespace sterna::sqlite {
namespace {

using model::IndexPart;
using model::ReferentialAction;

std::size_t find_word(Tokens tokens, std::string_view upper, std::size_t from = 0) {
  while (from < tokens.size() && !sql::is_word(tokens[from], upper))
    from = tokens[from].is('(') ? past_group(tokens, from) : from + 1;
  return from;
}

/// Inside the parentheses that open at or behind `at`, which is moved past them.
Tokens take_group(Tokens tokens, std::size_t& at) {
  while (at < tokens.size() && !tokens[at].is('(')) ++at;
  if (at == tokens.size()) return {};
  const std::size_t end = past_group(tokens, at);
  const Tokens inside = tokens.subspan(at + 1, end - at - 2);
  at = end;
  return inside;
}

/// "replace"; empty where there is none, or the one there always is
/// (https://www.sqlite.org/lang_conflict.html).
std::string conflict_of(Tokens tokens) {
  const std::size_t at = find_word(tokens, "CONFLICT");
  if (at + 1 >= tokens.size()) return {};
  std::string word = to_lower(tokens[at + 1].text);
  return word == "abort" ? std::string() : word;
}

std::string known_collation(const Token& token) {
  std::string name = sql::unquoted(token);
  for (const char* known : {"BINARY", "NOCASE", "RTRIM"}) {
    if (equals_ignoring_case(name, known)) return known;
  }
  return name;
}

class TableReader {
 public:
  TableReader(model::Table& table, std::vector<std::string> names)
      : table_(table), names_(std::move(names)) {
    for (const char* rowid : {"rowid", "_rowid_", "oid"}) names_.emplace_back(rowid);
  }

  void read(const TableText& text, const std::vector<ColumnFact>& facts) {
    table_.strict = text.strict();
    table_.without_rowid = text.without_rowid();
    const std::string rowid = text.rowid_column();
    for (std::size_t i = 0; i < facts.size(); ++i) column(text.columns[i], facts[i], rowid);
    // Behind the columns, whose collations keys are compared with.
    for (std::size_t i = 0; i < facts.size(); ++i) {
      for (const ClauseText& clause : text.columns[i].clauses)
        constraint(clause.keyword, clause.name, clause.text, facts[i].name);
    }
    for (const ConstraintText& c : text.constraints) constraint(c.keyword, c.name, c.text, {});
    if (text.counted()) number_rows();
    if (!rowid.empty() && table_.primary_key) {  // neither has an effect on it
      IndexPart& part = table_.primary_key->parts.front();
      part.descending = false;
      part.collation.clear();
    }
  }

  IndexPart part(Tokens tokens) const {
    IndexPart part;
    tokens = without_parentheses(tokens);
    const auto at_end = [&](std::string_view word) {
      if (tokens.size() < 2 || !sql::is_word(tokens.back(), word)) return false;
      tokens = without_parentheses(tokens.first(tokens.size() - 1));
      return true;
    };
    at_end("AUTOINCREMENT");
    part.descending = !at_end("ASC") && at_end("DESC");
    if (tokens.size() > 2 && sql::is_word(tokens[tokens.size() - 2], "COLLATE")) {
      part.collation = known_collation(tokens.back());
      tokens = without_parentheses(tokens.first(tokens.size() - 2));
    }
    const model::Column* column =
        tokens.size() == 1 ? find(sql::unquoted(tokens.front())) : nullptr;
    if (column == nullptr) {
      part.expression = expression_text(tokens, names_);
      return part;
    }
    part.column = column->name;
    const std::string own = column->collation.empty() ? "BINARY" : column->collation;
    if (part.collation == own) part.collation.clear();
    return part;
  }

  std::vector<IndexPart> parts(Tokens list) const {
    std::vector<IndexPart> result;
    for (const Tokens item : split_at_commas(list)) result.push_back(part(item));
    return result;
  }

  const std::vector<std::string>& names() const { return names_; }

 private:
  const model::Column* find(std::string_view name) const {
    for (const model::Column& column : table_.columns) {
      if (equals_ignoring_case(column.name, name)) return &column;
    }
    return nullptr;
  }
  std::string column_name(const Token& token) const {
    std::string written = sql::unquoted(token);
    const model::Column* column = find(written);
    return column == nullptr ? written : column->name;
  }
  std::vector<std::string> column_names(Tokens list) const {
    std::vector<std::string> result;
    for (const Tokens item : split_at_commas(list)) result.push_back(column_name(item.front()));
    return result;
  }

  void column(const ColumnText& text, const ColumnFact& fact, const std::string& rowid) {
    model::Column& column = table_.columns.emplace_back();
    column.name = fact.name;
    column.type = read_type(text.type, table_.strict);
    // The rowid is never NULL: a NULL that is inserted becomes its next number.
    column.nullable = !fact.not_null && text.name != rowid;
    for (const ClauseText& clause : text.clauses) {
      const std::vector<Token> tokens = tokens_of(clause.text);
      if (clause.keyword == "DEFAULT") {
        column.default_value = read_default(clause, column.type, names_);
      } else if (clause.keyword == "COLLATE") {
        column.collation = known_collation(tokens.back());
        if (column.collation == "BINARY") column.collation.clear();
      } else if (clause.keyword == "GENERATED" || clause.keyword == "AS") {
        std::size_t at = 0;
        const std::string expression = expression_text(take_group(tokens, at), names_);
        column.generated = {expression, find_word(tokens, "STORED", at) < tokens.size()};
      } else if (clause.keyword == "NOT" && text.name != rowid) {
        column.options.erase("not null on conflict");
        if (const std::string word = conflict_of(tokens); !word.empty())
          column.options["not null on conflict"] = word;
      }
    }
  }

  void constraint(const std::string& keyword, const std::string& name, const std::string& text,
                  const std::string& column) {
    const std::vector<Token> tokens = tokens_of(text);
    if (keyword == "PRIMARY") {
      primary_key(name, tokens, column);
    } else if (keyword == "UNIQUE") {
      unique(name, tokens, column);
    } else if (keyword == "CHECK") {
      table_.checks.push_back({name, check_expression(text, names_), false, false});
    } else if (keyword == "FOREIGN" || keyword == "REFERENCES") {
      foreign_key(name, tokens, column);
    }
  }

  void primary_key(const std::string& name, Tokens tokens, const std::string& column) {
    model::PrimaryKey& key = table_.primary_key.emplace();
    key.name = name;
    const std::string conflict = conflict_of(tokens);
    const bool descending = find_word(tokens, "DESC") < tokens.size();
    const bool counted = has_word(text_of(tokens.front(), tokens.back()), "AUTOINCREMENT");
    std::string words = "PRIMARY KEY";
    if (column.empty()) {
      std::size_t at = find_word(tokens, "PRIMARY");
      key.parts = parts(take_group(tokens, at));
    } else {
      key.parts.push_back({column, {}, descending, {}, {}, {}, {}});
      if (descending) words += " DESC";
    }
    const std::string on_conflict = conflict.empty() ? "" : " ON CONFLICT " + to_upper(conflict);
    // A key of the table would be the rowid, which this one is not.
    const bool beside_rowid = !column.empty() && descending && !table_.without_rowid &&
                              find(column)->type.kind == model::TypeKind::integer;
    if (beside_rowid || (counted && !conflict.empty())) {
      key.options["in column"] = words + on_conflict + (counted ? " AUTOINCREMENT" : "");
    } else if (!conflict.empty()) {
      key.options["definition"] = "PRIMARY KEY (" + written(key.parts) + ")" + on_conflict;
    }
  }

  /// Row numbers that are never used again. What else is said of such a column has no effect.
  void number_rows() {
    model::Column* column = table_.column(table_.primary_key->parts.front().column);
    column->auto_increment = true;
    column->default_value.reset();
  }

  void unique(const std::string& name, Tokens tokens, const std::string& column) {
    std::vector<IndexPart> key;
    if (column.empty()) {
      std::size_t at = find_word(tokens, "UNIQUE");
      key = parts(take_group(tokens, at));
    } else {
      key.push_back({column, {}, false, {}, {}, {}, {}});
    }
    model::Unique& unique = table_.uniques.emplace_back();
    unique.name = name;
    bool plain = true;
    for (const IndexPart& part : key) {
      unique.columns.push_back(part.column);
      plain = plain && !part.descending && part.collation.empty();
    }
    const std::string conflict = conflict_of(tokens);
    if (plain && conflict.empty()) return;
    unique.options["definition"] = "UNIQUE (" + written(key) + ")" +
                                   (conflict.empty() ? "" : " ON CONFLICT " + to_upper(conflict));
  }

  static std::string written(const std::vector<IndexPart>& parts) {
    std::string text;
    for (const IndexPart& part : parts) {
      text += (text.empty() ? "" : ", ") + sql_dialect().quote(part.column);
      if (!part.collation.empty()) text += " COLLATE " + sql_dialect().quote(part.collation);
      if (part.descending) text += " DESC";
    }
    return text;
  }

  static ReferentialAction action_of(Tokens tokens, std::string_view event) {
    for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
      if (!sql::is_word(tokens[i], "ON") || !sql::is_word(tokens[i + 1], event)) continue;
      if (sql::is_word(tokens[i + 2], "CASCADE")) return ReferentialAction::cascade;
      if (sql::is_word(tokens[i + 2], "RESTRICT")) return ReferentialAction::restrict_;
      if (!sql::is_word(tokens[i + 2], "SET") || i + 3 >= tokens.size()) continue;
      return sql::is_word(tokens[i + 3], "NULL") ? ReferentialAction::set_null
                                                 : ReferentialAction::set_default;
    }
    return ReferentialAction::no_action;
  }

  void foreign_key(const std::string& name, Tokens tokens, const std::string& column) {
    model::ForeignKey& key = table_.foreign_keys.emplace_back();
    key.name = name;
    std::size_t at = 0;
    if (column.empty()) {
      at = find_word(tokens, "FOREIGN");
      key.columns = column_names(take_group(tokens, at));
    } else {
      key.columns.push_back(column);
    }
    at = find_word(tokens, "REFERENCES", at) + 1;
    if (at >= tokens.size()) throw Error(ErrorKind::validation, "a foreign key refers to nothing");
    key.referenced_table.name = sql::unquoted(tokens[at++]);
    if (at < tokens.size() && tokens[at].is('(')) {
      for (const Tokens item : split_at_commas(take_group(tokens, at)))
        key.referenced_columns.push_back(sql::unquoted(item.front()));
    }
    const Tokens rest = tokens.subspan(at);
    key.on_delete = action_of(rest, "DELETE");
    key.on_update = action_of(rest, "UPDATE");
    const std::size_t deferrable = find_word(rest, "DEFERRABLE");
    key.deferrable =
        deferrable < rest.size() && (deferrable == 0 || !sql::is_word(rest[deferrable - 1], "NOT"));
    key.initially_deferred = key.deferrable && find_word(rest, "DEFERRED") < rest.size();
  }

  model::Table& table_;
  std::vector<std::string> names_;
};

std::vector<std::string> names_of(const model::Table& table) {
  std::vector<std::string> names;
  for (const model::Column& column : table.columns) names.push_back(column.name);
  return names;
}

}  // namespace

model::Table read_table(const model::Name& name, std::string_view sql,
                        const std::vector<ColumnFact>& facts) {
  const TableText text = parse_table_text(sql, name.name);
  bool agree = text.columns.size() == facts.size();
  for (std::size_t i = 0; agree && i < facts.size(); ++i)
    agree = text.columns[i].name == facts[i].name;
  if (!agree) throw Error(ErrorKind::validation, "its text names other columns than it has");
  model::Table table;
  table.name = name;
  std::vector<std::string> names;
  for (const ColumnFact& fact : facts) names.push_back(fact.name);
  table.columns.reserve(facts.size());
  TableReader(table, std::move(names)).read(text, facts);
  return table;
}

void read_index(model::Table& table, const std::string& name, std::string_view sql) {
  const std::vector<Token> tokens = tokens_of(sql);
  const TableReader reader(table, names_of(table));
  model::Index index;
  index.name = name;
  index.unique = tokens.size() > 1 && sql::is_word(tokens[1], "UNIQUE");
  // CREATE [UNIQUE] INDEX name ON table (
  constexpr std::size_t name_at = 2;
  std::size_t at = find_word(tokens, "ON", name_at + (index.unique ? 1U : 0U) + 1);
  const Tokens list = take_group(tokens, at);
  if (list.empty()) throw Error(ErrorKind::validation, "its text is no CREATE INDEX");
  index.parts = reader.parts(list);
  if (at < tokens.size() && sql::is_word(tokens[at], "WHERE"))
    index.where = expression_text(Tokens(tokens).subspan(at + 1), reader.names());
  const bool plain = index.unique && index.where.empty() &&
                     std::all_of(index.parts.begin(), index.parts.end(), [](const IndexPart& p) {
                       return !p.column.empty() && !p.descending && p.collation.empty();
                     });
  if (!plain) {
    table.indexes.push_back(std::move(index));
    return;
  }
  model::Unique& unique = table.uniques.emplace_back();
  unique.name = name;
  for (IndexPart& part : index.parts) unique.columns.push_back(std::move(part.column));
}

}  // namespace sterna::sqlite
