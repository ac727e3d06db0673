#include "testing/said.hpp"

#include "sql/lexer.hpp"
#include "sql/token_cursor.hpp"

#include <algorithm>

namespace sterna::trial {

StatementsSaid::StatementsSaid(const std::vector<PlannedStatement>& statements, Language language) {
  for (const PlannedStatement& statement : statements) {
    Said said{&statement, classify(statement.sql, language), {}};
    sql::Lexer lexer(statement.sql, language);
    for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
      if (token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier)
        said.words.insert(to_lower(sql::unquoted(token)));
    }
    said_.push_back(std::move(said));
  }
}

const Said* StatementsSaid::speaking_of(std::initializer_list<std::string> words) const {
  for (const Said& said : said_) {
    const bool all = std::all_of(words.begin(), words.end(),
                                 [&](const std::string& word) { return said.names(word); });
    if (all) return &said;
  }
  return nullptr;
}

/// The name of a table, and those under which it was made before it got this one.
std::vector<std::string> StatementsSaid::names_of(const std::string& table) const {
  std::vector<std::string> names{table};
  const auto renamed = [&](const ObjectName& from, const ObjectName& to) {
    if (equals_ignoring_case(to.name, table) && !from.name.empty()) names.push_back(from.name);
  };
  for (const Said& said : said_) {
    const StatementSummary& summary = said.summary;
    renamed(summary.name, summary.new_name);
    for (std::size_t i = 0; i < std::min(summary.more_names.size(), summary.more_new_names.size());
         ++i)
      renamed(summary.more_names[i], summary.more_new_names[i]);
  }
  return names;
}

bool StatementsSaid::made_anew(const std::string& table) const {
  return names_of(table).size() > 1 ||
         std::any_of(said_.begin(), said_.end(), [&](const Said& said) {
           return said.summary.verb == Verb::create && said.summary.object == "TABLE" &&
                  said.acts_on(table);
         });
}

const Said* StatementsSaid::remover_of(const std::string& table) const {
  const bool anew = made_anew(table);
  for (const std::string& name : names_of(table)) {
    for (const Said& said : said_) {
      if (!said.removes() || !said.names(name)) continue;
      if (said.fills() && (anew || !said.acts_on(name))) continue;
      return &said;
    }
  }
  return nullptr;
}

const Said* StatementsSaid::writer_of(const std::string& table, const std::string& column) const {
  const bool anew = made_anew(table);
  for (const std::string& name : names_of(table)) {
    for (const Said& said : said_) {
      if (!said.names(name) || !said.names(column)) continue;
      const bool fills = said.fills() && !anew && said.acts_on(name);
      if (fills || said.summary.verb == Verb::update || said.may_do_anything()) return &said;
    }
  }
  return nullptr;
}

}  // namespace sterna::trial
