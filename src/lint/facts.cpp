#include "lint/facts.hpp"

#include "base/text.hpp"
#include "bulk/directive.hpp"
#include "lint/facts_reader.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

using sql::Token;
using sql::TokenKind;

class Extractor {
 public:
  Extractor(StatementFact& fact, Language language)
      : fact_(fact),
        language_(language),
        reader_(*fact.statement, language),
        cursor_(reader_.cursor) {}

  void run() {
    const StatementSummary& summary = fact_.summary;
    if (summary.verb == Verb::create && summary.object == "TABLE") return create_table();
    if (summary.verb == Verb::create && summary.object == "INDEX") return create_index();
    if (summary.verb == Verb::create && summary.object == "MATERIALIZED VIEW") return keyed_view();
    if (summary.verb == Verb::create && summary.object == "KEYSPACE") return options_after_with();
    if (summary.verb == Verb::alter &&
        (summary.object == "TABLE" || summary.object == "FOREIGN TABLE" ||
         summary.object == "KEYSPACE"))
      return alter_table();
    if (summary.verb == Verb::alter && summary.object == "TYPE") return alter_type();
    if (summary.verb == Verb::drop || summary.verb == Verb::truncate)
      fact_.cascade = !fact_.tokens.empty() && sql::is_word(fact_.tokens.back(), "CASCADE");
  }

 private:
  /// Stands behind the object's name.
  bool to_name() {
    static constexpr std::string_view kinds[] = {"TABLE",    "COLUMNFAMILY", "VIEW",
                                                 "KEYSPACE", "SCHEMA",       "TYPE"};
    const auto at_kind = [&] {
      return std::any_of(std::begin(kinds), std::end(kinds),
                         [&](std::string_view kind) { return cursor_.at(kind); });
    };
    while (!cursor_.at_end() && !at_kind()) cursor_.skip();
    cursor_.take();
    if (!cursor_.accept({"IF", "NOT", "EXISTS"})) cursor_.accept({"IF", "EXISTS"});
    if (cursor_.at("ONLY") && cursor_.at_name(1)) cursor_.take();
    cursor_.name();
    cursor_.accept('*');
    return !cursor_.at_end();
  }

  void create_table() {
    to_name();
    if (cursor_.accept({"PARTITION", "OF"})) fact_.partition_of = cursor_.name();
    if (cursor_.accept('(')) {
      while (!cursor_.at_end() && !cursor_.at(')')) {
        if (reader_.at_constraint())
          table_constraint();
        else if (cursor_.at_any({"LIKE", "PERIOD"}))
          reader_.rest_of_item();
        else
          fact_.columns.push_back(reader_.column());
        if (!cursor_.accept(',') && !cursor_.at(')')) cursor_.skip();
      }
      cursor_.accept(')');
    }
    if (language_ == Language::cql && fact_.partition_key.empty()) {
      for (const ColumnFact& column : fact_.columns) {
        if (column.primary) fact_.partition_key.push_back(column.name);
      }
    }
    options();
  }

  void table_constraint() {
    if (language_ != Language::cql) {
      fact_.constraints.push_back(reader_.constraint());
      return;
    }
    cursor_.accept({"PRIMARY", "KEY"});
    cql_key();
  }

  /// ((a, b), c, d)
  void cql_key() {
    if (!cursor_.accept('(')) return;
    if (cursor_.at('('))
      fact_.partition_key = reader_.names();
    else
      fact_.partition_key.push_back(cursor_.identifier());
    while (cursor_.accept(',')) fact_.clustering_key.push_back(cursor_.identifier());
    cursor_.accept(')');
  }

  void keyed_view() {
    to_name();
    if (language_ != Language::cql) return;
    if (cursor_.skip_to({"PRIMARY"}) && cursor_.accept({"PRIMARY", "KEY"})) cql_key();
    options();
  }

  void options_after_with() {
    to_name();
    options();
  }

  /// KEY = value, KEY value: MySQL behind the bracket, CQL behind WITH (and AND), PostgreSQL's WITH
  /// (…) as one.
  void options() {
    std::string name;
    while (!cursor_.at_end()) {
      if (cursor_.at("SELECT") || (cursor_.at("AS") && !cursor_.at('=', 1))) {
        fact_.as_select = true;
        return;
      }
      const Token token = cursor_.take();
      if (token.is('=') && !name.empty()) {
        const std::size_t begin =
            static_cast<std::size_t>(cursor_.peek().text.data() - fact_.text().data());
        if (cursor_.at_end()) return;
        const bool brackets = cursor_.at('{') || cursor_.at('(');
        const Token value = cursor_.peek();
        cursor_.skip();
        const std::size_t end =
            cursor_.at_end()
                ? fact_.text().size()
                : static_cast<std::size_t>(cursor_.peek().text.data() - fact_.text().data());
        fact_.options[name] =
            brackets ? std::string(trim(std::string_view(fact_.text()).substr(begin, end - begin)))
                     : sql::unquoted(value);
        name.clear();
      } else if (token.kind == TokenKind::word) {
        const std::string word = to_upper(token.text);
        if (word == "WITH" || word == "AND" || word == "DEFAULT") continue;
        if (word == "WITHOUT" || word == "STRICT" || word == "ROWID" || word == "INHERITS" ||
            word == "PARTITION")
          fact_.options[word] = "";
        name = name == "CHARACTER" && word == "SET" ? "CHARSET" : word;
        const bool without_sign =
            name == "CHARSET" || name == "COLLATE" || name == "ENGINE" || name == "ROW_FORMAT";
        if (without_sign && !cursor_.at('=') && cursor_.at_name())
          fact_.options[name] = cursor_.identifier();
      }
    }
  }

  void create_index() {
    IndexFact& index = fact_.index;
    for (const Token& token : fact_.tokens) {
      if (sql::is_word(token, "UNIQUE")) index.unique = true;
      if (sql::is_word(token, "FULLTEXT")) index.full_text = true;
      if (sql::is_word(token, "SPATIAL")) index.spatial = true;
      if (sql::is_word(token, "ON")) break;
    }
    if (!cursor_.skip_to({"ON"})) return;
    cursor_.take();
    if (cursor_.at("ONLY") && cursor_.at_name(1)) cursor_.take();
    cursor_.name();
    while (!cursor_.at_end()) {
      if (cursor_.accept("USING")) {
        index.method = to_lower(cursor_.identifier());
      } else if (cursor_.at('(') && index.columns.empty()) {
        index.columns = reader_.names(&index.has_expression);
      } else if (cursor_.accept("WHERE")) {
        index.where = reader_.rest_of_item();
      } else if (!cursor_.at_end()) {
        cursor_.skip();
      }
    }
  }

  void alter_table() {
    to_name();
    if (cursor_.accept("WITH") || fact_.summary.object == "KEYSPACE") return options();  // CQL
    fact_.actions = reader_.actions();
    for (const ActionFact& action : fact_.actions) fact_.cascade |= action.cascade;
  }

  void alter_type() {
    to_name();
    if (!cursor_.accept({"ADD", "VALUE"})) {
      if (language_ == Language::cql) fact_.actions = reader_.actions();
      return;
    }
    cursor_.accept({"IF", "NOT", "EXISTS"});
    fact_.enum_type = fact_.summary.name.name;
    if (!cursor_.at_end()) fact_.enum_value = sql::unquoted(cursor_.take());
  }

  StatementFact& fact_;
  Language language_;
  FactReader reader_;
  sql::TokenCursor& cursor_;
};

bool one_of_marks(std::string_view text, std::initializer_list<std::string_view> marks) {
  return std::find(marks.begin(), marks.end(), text) != marks.end();
}

}  // namespace

StatementFact facts_of(const Statement& statement, Language language) {
  StatementFact fact;
  fact.statement = &statement;
  fact.summary = classify(statement.sql, language);
  fact.in_steps = bulk::is_step(statement);
  sql::Lexer lexer(statement.sql, language);
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (!token.is_comment() && token.kind != TokenKind::hint) fact.tokens.push_back(token);
  }
  Extractor(fact, language).run();
  return fact;
}

std::size_t StatementFact::find(std::initializer_list<std::string_view> words,
                                std::size_t from) const {
  for (std::size_t i = from; i + words.size() <= tokens.size(); ++i) {
    std::size_t matched = 0;
    for (const std::string_view word : words) {
      const Token& token = tokens[i + matched];
      if (token.kind != TokenKind::word || !equals_ignoring_case(token.text, word)) break;
      ++matched;
    }
    if (matched == words.size()) return i;
  }
  return npos;
}

bool StatementFact::takes_away() const {
  using Kind = ActionFact::Kind;
  if (summary.verb == Verb::drop || summary.verb == Verb::rename) return true;
  return std::any_of(actions.begin(), actions.end(), [](const ActionFact& action) {
    return action.kind == Kind::drop_column || action.kind == Kind::drop_constraint ||
           action.kind == Kind::drop_index || action.kind == Kind::drop_primary_key ||
           action.kind == Kind::rename_column || action.kind == Kind::rename_table;
  });
}

bool StatementFact::takes_all_rows() const {
  if (summary.verb == Verb::truncate) return true;
  if (summary.has_where || has("LIMIT")) return false;
  return summary.verb == Verb::update ||
         (summary.verb == Verb::remove && !has("USING") && !has("JOIN"));
}

bool StatementFact::calls(std::string_view function) const {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].kind == TokenKind::word && tokens[i + 1].is('(') &&
        equals_ignoring_case(tokens[i].text, function))
      return true;
  }
  return false;
}

std::string one_line(const StatementFact& fact) {
  std::string result;
  for (const Token& token : fact.tokens) {
    const bool joins_before = one_of_marks(token.text, {",", ")", ".", "(", "[", "]", "::"});
    const bool joins_after = result.ends_with('(') || result.ends_with('.') ||
                             result.ends_with('[') || result.ends_with("::");
    if (!result.empty() && !joins_before && !joins_after) result += ' ';
    result += token.text;
  }
  return result;
}

}  // namespace sterna::lint
