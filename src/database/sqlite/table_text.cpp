#include "database/sqlite/table_text.hpp"

#include "base/text.hpp"
#include "database/sqlite/tokens.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <utility>

namespace sterna::sqlite {
namespace {

using sql::TokenKind;

constexpr std::string_view clause_words[] = {"CONSTRAINT", "PRIMARY",   "NOT",     "NULL",
                                             "UNIQUE",     "CHECK",     "DEFAULT", "COLLATE",
                                             "REFERENCES", "GENERATED", "AS"};
constexpr std::string_view constraint_words[] = {"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK",
                                                 "FOREIGN"};

template <class Words>
std::string_view keyword_of(const Token& token, const Words& words) {
  for (const std::string_view word : words) {
    if (sql::is_word(token, word)) return word;
  }
  return {};
}

/// True where a new clause of a column begins. NULL and DEFAULT after SET, and NOT before
/// DEFERRABLE, belong to REFERENCES.
bool begins_clause(const std::vector<Token>& tokens, std::size_t at) {
  if (keyword_of(tokens[at], clause_words).empty()) return false;
  if (at > 0 && sql::is_word(tokens[at - 1], "SET")) return false;
  if (sql::is_word(tokens[at], "NOT"))
    return at + 1 < tokens.size() && sql::is_word(tokens[at + 1], "NULL");
  return true;
}

/// The end of the clause that begins at `at`.
std::size_t clause_end(const std::vector<Token>& tokens, std::size_t at) {
  std::size_t i = at + 1;
  if (sql::is_word(tokens[at], "CONSTRAINT"))
    i = at + 3;  // its name and the clause's own word
  else if (sql::is_word(tokens[at], "DEFAULT")) {
    if (i < tokens.size() && (tokens[i].is('+') || tokens[i].is('-'))) ++i;
    i = i < tokens.size() && tokens[i].is('(') ? past_group(tokens, i) : i + 1;
  } else if (sql::is_word(tokens[at], "GENERATED") || sql::is_word(tokens[at], "NOT")) {
    while (i < tokens.size() && !sql::is_word(tokens[i], "AS") && !sql::is_word(tokens[i], "NULL"))
      ++i;
    ++i;
  }
  if (sql::is_word(tokens[at], "CONSTRAINT") && i - 1 < tokens.size())
    return clause_end(tokens, i - 1);
  while (i < tokens.size() && !begins_clause(tokens, i))
    i = tokens[i].is('(') ? past_group(tokens, i) : i + 1;
  return std::min(i, tokens.size());
}

ColumnText read_column(const std::vector<Token>& tokens) {
  ColumnText column;
  column.name = sql::unquoted(tokens.front());
  column.quoted = std::string(tokens.front().text);
  std::size_t at = 1;
  while (at < tokens.size() && !begins_clause(tokens, at))
    at = tokens[at].is('(') ? past_group(tokens, at) : at + 1;
  if (at > 1) column.type = text_of(tokens[1], tokens[at - 1]);
  while (at < tokens.size()) {
    const std::size_t end = clause_end(tokens, at);
    ClauseText clause;
    std::size_t word = at;
    if (sql::is_word(tokens[at], "CONSTRAINT") && at + 2 < end) {
      clause.name = sql::unquoted(tokens[at + 1]);
      word = at + 2;
    }
    clause.keyword = to_upper(tokens[word].text);
    clause.text = text_of(tokens[at], tokens[end - 1]);
    column.clauses.push_back(std::move(clause));
    at = end;
  }
  return column;
}

ConstraintText read_constraint(const std::vector<Token>& tokens) {
  ConstraintText constraint;
  std::size_t at = 0;
  if (sql::is_word(tokens[0], "CONSTRAINT") && tokens.size() > 2) {
    constraint.name = sql::unquoted(tokens[1]);
    at = 2;
  }
  constraint.keyword = to_upper(tokens[at].text);
  constraint.text = text_of(tokens.front(), tokens.back());
  if (constraint.keyword == "CHECK") return constraint;
  while (at < tokens.size() && !tokens[at].is('(')) ++at;
  const std::size_t end = past_group(tokens, at);
  bool name_next = true;
  for (std::size_t i = at + 1; i + 1 < end; ++i) {
    if (name_next) constraint.columns.push_back(sql::unquoted(tokens[i]));
    name_next = tokens[i].is(',');
  }
  return constraint;
}

/// Table constraints need no comma between them: where the next one begins.
std::size_t constraint_end(const std::vector<Token>& tokens, std::size_t at) {
  std::size_t i = at + (sql::is_word(tokens[at], "CONSTRAINT") ? 3 : 1);
  while (i < tokens.size() && keyword_of(tokens[i], constraint_words).empty())
    i = tokens[i].is('(') ? past_group(tokens, i) : i + 1;
  return std::min(i, tokens.size());
}

}  // namespace

bool ColumnText::has(std::string_view keyword) const {
  return std::any_of(clauses.begin(), clauses.end(),
                     [&](const ClauseText& clause) { return clause.keyword == keyword; });
}

void ColumnText::remove(std::string_view keyword) {
  std::erase_if(clauses, [&](const ClauseText& clause) { return clause.keyword == keyword; });
}

std::string ColumnText::text() const {
  std::string result = quoted;
  if (!type.empty()) result += " " + type;
  for (const ClauseText& clause : clauses) result += " " + clause.text;
  return result;
}

const ColumnText* TableText::column(std::string_view name) const {
  for (const ColumnText& candidate : columns) {
    if (equals_ignoring_case(candidate.name, name)) return &candidate;
  }
  return nullptr;
}

ColumnText* TableText::column(std::string_view name) {
  return const_cast<ColumnText*>(std::as_const(*this).column(name));
}

bool TableText::strict() const { return has_word(suffix, "STRICT"); }
bool TableText::without_rowid() const { return has_word(suffix, "WITHOUT"); }

bool TableText::counted() const {
  const auto is_counted = [](const auto& one) {
    return one.keyword == "PRIMARY" && has_word(one.text, "AUTOINCREMENT");
  };
  return std::any_of(constraints.begin(), constraints.end(), is_counted) ||
         std::any_of(columns.begin(), columns.end(), [&](const ColumnText& c) {
           return std::any_of(c.clauses.begin(), c.clauses.end(), is_counted);
         });
}

std::string TableText::rowid_column() const {
  if (without_rowid()) return {};
  const auto is_integer = [](const ColumnText& c) {
    const std::vector<Token> type = tokens_of(c.type);
    return type.size() == 1 && equals_ignoring_case(sql::unquoted(type.front()), "INTEGER");
  };
  for (const ConstraintText& c : constraints) {
    if (c.keyword != "PRIMARY" || c.columns.size() != 1) continue;
    const ColumnText* key = column(c.columns.front());
    return key != nullptr && is_integer(*key) ? key->name : std::string();
  }
  for (const ColumnText& c : columns) {
    for (const ClauseText& clause : c.clauses) {
      // INTEGER PRIMARY KEY DESC is an index of its own, by a mistake that cannot be mended.
      if (clause.keyword == "PRIMARY" && is_integer(c) && !has_word(clause.text, "DESC"))
        return c.name;
    }
  }
  return {};
}

ColumnText parse_column_text(std::string_view definition) {
  return read_column(tokens_of(definition));
}

std::string default_of(const ClauseText& clause) {
  const std::vector<Token> tokens = tokens_of(clause.text);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!sql::is_word(tokens[i], "DEFAULT")) continue;
    // A bare word that is no literal is a string here, and a column anywhere else.
    static constexpr std::string_view literals[] = {
        "NULL", "TRUE", "FALSE", "CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"};
    const Token& value = tokens[i + 1];
    const bool bare = value.kind == TokenKind::quoted_identifier ||
                      (value.kind == TokenKind::word && keyword_of(value, literals).empty());
    if (!bare) return text_of(value, tokens.back());
    std::string text = "'";
    for (const char c : sql::unquoted(value)) text.append(c == '\'' ? 2 : 1, c);
    return text + "'";
  }
  return {};
}

bool lists_values(std::string_view check, std::string_view column) {
  const std::vector<Token> tokens = tokens_of(check);
  constexpr std::size_t head = 5;  // CHECK ( column IN (
  if (tokens.size() < head + 3 || !sql::is_word(tokens[0], "CHECK") || !tokens[1].is('(') ||
      !equals_ignoring_case(sql::unquoted(tokens[2]), column) || !sql::is_word(tokens[3], "IN") ||
      !tokens[4].is('(') || past_group(tokens, 4) + 1 != tokens.size())
    return false;
  for (std::size_t i = head; i + 2 < tokens.size(); ++i) {
    const bool comma = (i - head) % 2 == 1;
    if (comma ? !tokens[i].is(',') : tokens[i].kind != TokenKind::string) return false;
  }
  return true;
}

std::string with_strings_in_single_quotes(std::string_view sql_text,
                                          const std::vector<std::string>& names) {
  const std::vector<Token> tokens = tokens_of(sql_text);
  std::string result;
  std::size_t copied = 0;
  bool inside = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    inside = inside || token.is('(');
    if (!inside || token.kind != TokenKind::quoted_identifier || token.text.front() != '"')
      continue;
    const bool qualified =
        (i > 0 && tokens[i - 1].is('.')) ||
        (i + 1 < tokens.size() && (tokens[i + 1].is('.') || tokens[i + 1].is('(')));
    const bool a_name =
        i > 0 && (sql::is_word(tokens[i - 1], "COLLATE") || sql::is_word(tokens[i - 1], "AS"));
    const std::string text = sql::unquoted(token);
    const bool known = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return equals_ignoring_case(name, text);
    });
    if (qualified || a_name || known) continue;
    const auto at = static_cast<std::size_t>(token.text.data() - sql_text.data());
    result += sql_text.substr(copied, at - copied);
    result += '\'';
    for (const char c : text) result.append(c == '\'' ? 2 : 1, c);
    result += '\'';
    copied = at + token.text.size();
  }
  return result += sql_text.substr(copied);
}

TableText parse_table_text(std::string_view sql_text, std::string_view table) {
  const std::vector<Token> tokens = tokens_of(sql_text);
  const auto open =
      std::find_if(tokens.begin(), tokens.end(), [](const Token& token) { return token.is('('); });
  const bool is_virtual = tokens.size() > 1 && sql::is_word(tokens[1], "VIRTUAL");
  if (is_virtual || open == tokens.end()) {
    throw Error(ErrorKind::validation,
                std::string(table) + " is a virtual table, which cannot be rebuilt")
        .suggest("drop it and make it anew");
  }
  TableText result;
  std::size_t at = static_cast<std::size_t>(open - tokens.begin()) + 1;
  const std::size_t end = past_group(tokens, at - 1) - 1;  // of the closing parenthesis
  while (at < end) {
    std::size_t stop = at;
    while (stop < end && !tokens[stop].is(','))
      stop = tokens[stop].is('(') ? past_group(tokens, stop) : stop + 1;
    const std::vector<Token> item(tokens.begin() + static_cast<std::ptrdiff_t>(at),
                                  tokens.begin() + static_cast<std::ptrdiff_t>(stop));
    const bool quoted = !item.empty() && item.front().kind != TokenKind::word;
    if (!quoted && !item.empty() && !keyword_of(item.front(), constraint_words).empty()) {
      for (std::size_t from = 0; from < item.size();) {
        const std::size_t to = constraint_end(item, from);
        result.constraints.push_back(
            read_constraint({item.begin() + static_cast<std::ptrdiff_t>(from),
                             item.begin() + static_cast<std::ptrdiff_t>(to)}));
        from = to;
      }
    } else if (!item.empty()) {
      result.columns.push_back(read_column(item));
    }
    at = stop + 1;
  }
  if (end + 1 < tokens.size()) result.suffix = text_of(tokens[end + 1], tokens.back());
  return result;
}

}  // namespace sterna::sqlite
