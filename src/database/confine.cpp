#include "database/confine.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "database/scratch.hpp"
#include "sql/classify.hpp"
#include "sql/lexer.hpp"
#include "sql/token_cursor.hpp"

namespace sterna {
namespace {

using sql::Token;
using sql::TokenKind;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_word_character(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The tokens of a statement, and where names stand among them.
class Words {
 public:
  Words(const std::string& sql, Language language) : sql_(sql), language_(language) {
    sql::Lexer lexer(sql_, language);
    for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
      if (!token.is_comment() && token.kind != TokenKind::hint &&
          token.kind != TokenKind::conditional_open && token.kind != TokenKind::conditional_close)
        tokens_.push_back(token);
    }
  }

  std::size_t size() const { return tokens_.size(); }
  const Token& operator[](std::size_t i) const { return tokens_[i]; }
  bool at(std::size_t i, std::string_view upper) const {
    return i < size() && sql::is_word(tokens_[i], upper);
  }
  bool at_any(std::size_t i, std::initializer_list<std::string_view> words) const {
    return std::any_of(words.begin(), words.end(), [&](auto word) { return at(i, word); });
  }
  bool dot(std::size_t i) const { return i < size() && tokens_[i].is('.'); }
  bool is_name(std::size_t i) const {
    if (i >= size()) return false;
    const Token& token = tokens_[i];
    if (token.kind == TokenKind::word || token.kind == TokenKind::quoted_identifier) return true;
    // With ANSI_QUOTES, and names that begin with a digit.
    return language_ == Language::mysql && (dot(i + 1) || (i > 0 && dot(i - 1))) &&
           (token.kind == TokenKind::number ||
            (token.kind == TokenKind::string && token.text.front() == '"'));
  }
  /// As the server reads it: PostgreSQL and CQL fold what is not quoted.
  std::string name(std::size_t i) const {
    if (!is_name(i)) return {};
    return tokens_[i].kind == TokenKind::quoted_identifier || language_ == Language::mysql
               ? sql::unquoted(tokens_[i])
               : to_lower(tokens_[i].text);
  }
  /// Of a dotted name that begins at `i`, what stands in front of its last part.
  std::string place_of_name(std::size_t i) const {
    std::string place;
    for (;
         is_name(i) && dot(i + 1) && (is_name(i + 2) || i + 2 >= size() || tokens_[i + 2].is('*'));
         i += 2)
      place = name(i);
    return place;
  }
  std::size_t offset(std::size_t i) const {
    return static_cast<std::size_t>(tokens_[i].text.data() - sql_.data());
  }
  bool names_in_text(const std::string& place) const {
    return std::any_of(tokens_.begin(), tokens_.end(), [&](const Token& token) {
      if (token.kind != TokenKind::string && token.kind != TokenKind::dollar_string) return false;
      for (std::size_t at = token.text.find(place); at != std::string_view::npos;
           at = token.text.find(place, at + 1)) {
        std::size_t behind = at + place.size();
        if (behind < token.text.size() && token.text[behind] == '"') ++behind;
        const bool whole = at == 0 || !is_word_character(token.text[at - 1]);
        if (whole && behind + 1 < token.text.size() && token.text[behind] == '.' &&
            (is_word_character(token.text[behind + 1]) || token.text[behind + 1] == '"'))
          return true;
      }
      return false;
    });
  }

 private:
  const std::string& sql_;
  Language language_;
  std::vector<Token> tokens_;
};

/// Where names stand of what a statement writes to, also in the bodies of routines and triggers.
/// More than that in statements over several tables: what they only read counts too.
std::vector<std::size_t> written_names(const Words& words, Language language) {
  std::vector<std::size_t> found;
  const auto tables_until = [&](std::size_t i, std::initializer_list<std::string_view> ends) {
    int depth = 0;
    bool expected = true;
    for (; i < words.size() && !(depth == 0 && words.at_any(i, ends)) && !words[i].is(';'); ++i) {
      depth += words[i].is('(') ? 1 : words[i].is(')') ? -1 : 0;
      if (words[i].is(',') || words.at_any(i, {"JOIN", "STRAIGHT_JOIN", "USING", "FROM"})) {
        expected = depth == 0;
      } else if (expected && !words.at_any(i, {"LOW_PRIORITY", "IGNORE", "QUICK", "ONLY"})) {
        found.push_back(i);
        expected = false;
      }
    }
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::size_t next = i + 1;
    const auto skip = [&](std::initializer_list<std::string_view> modifiers) {
      while (words.at_any(next, modifiers)) ++next;
    };
    if (words.at_any(i, {"INTO", "TABLE", "REFERENCES", "CALL", "TRUNCATE"})) {
      skip({"TABLE", "IF", "NOT", "EXISTS", "ONLY"});
      found.push_back(next);
    } else if (words.at_any(i, {"INSERT", "REPLACE"})) {
      skip({"LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO"});
      found.push_back(next);
    } else if (words.at(i, "UPDATE") &&
               (i == 0 ||
                !words.at_any(i - 1, {"KEY", "ON", "FOR", "BEFORE", "AFTER", "OR", "DO"}))) {
      tables_until(next, {"SET", "USING"});
    } else if (words.at(i, "DELETE") &&
               (i == 0 || !words.at_any(i - 1, {"ON", "BEFORE", "AFTER", "OR"}))) {
      if (language != Language::mysql) {  // in CQL columns may stand here
        while (next < words.size() && !words.at(next, "FROM") && !words[next].is(';')) ++next;
        ++next;
      }
      tables_until(next, {"WHERE", "SET", "ORDER", "LIMIT", "RETURNING", "IF"});
    } else if (words.at(i, "COPY") && words.at(next, "ROWS")) {
      tables_until(next + 1, {"WITH"});
      for (; next < words.size(); ++next) {
        if (words.at(next, "TO")) found.push_back(next + 1);
      }
    }
  }
  return found;
}

std::vector<std::string> places_of(const StatementSummary& summary) {
  std::vector<std::string> places{summary.name.schema, summary.table.schema,
                                  summary.new_name.schema};
  for (const auto* names : {&summary.more_names, &summary.more_new_names}) {
    for (const ObjectName& name : *names) places.push_back(name.schema);
  }
  return places;
}

bool is_definition(Verb verb) {
  return verb == Verb::create || verb == Verb::alter || verb == Verb::drop ||
         verb == Verb::rename || verb == Verb::comment || verb == Verb::truncate;
}

/// What a statement acts on where that exists once for the whole server; empty where it does not.
/// GRANT and REVOKE have their own words.
std::string on_server(const StatementSummary& summary, const Words& words, Language language) {
  if (is_definition(summary.verb)) {
    const std::string& object = summary.object;
    if (is_one_of(object, {"ROLE", "USER", "GROUP", "TABLESPACE", "SUBSCRIPTION", "SYSTEM", "OWNED",
                           "LOGFILE GROUP", "RESOURCE GROUP", "INSTANCE", "IDENTITY"}) ||
        (object == "SERVER" && language == Language::mysql))
      return to_lower(object) + (summary.name.name.empty() ? "" : " " + summary.name.name);
    return "";
  }
  if (language == Language::mysql) {
    const std::string second = words.size() > 1 ? to_lower(words[1].text) : "";
    if (words.at(0, "SET") &&
        is_one_of(second, {"global", "persist", "persist_only", "password", "role", "default",
                           "@@global", "@@persist", "@@persist_only"}))
      return "the server's settings";
    if (words.at_any(0, {"FLUSH", "INSTALL", "UNINSTALL", "KILL", "SHUTDOWN", "RESTART", "RESET",
                         "PURGE", "CHANGE", "CLONE", "BINLOG", "STOP"}) ||
        (words.at(0, "START") && second != "transaction"))
      return "the server";
  }
  for (std::size_t i = 1; language == Language::mysql && i < words.size(); ++i)
    if (words.at(i - 1, "INTO") && words.at_any(i, {"OUTFILE", "DUMPFILE"}))
      return "a file of the server";
  if (language == Language::postgres) {
    if (words.at(0, "REASSIGN")) return "what roles own";
    for (std::size_t i = 1; summary.verb == Verb::copy && i + 1 < words.size(); ++i)
      if (words.at(i, "TO") && !words.at(i + 1, "STDOUT")) return "a file of the server";
  }
  for (std::size_t i = 1; language == Language::sqlite && i < words.size(); ++i)
    if (summary.verb == Verb::vacuum && words.at(i, "INTO")) return "another file";
  return "";
}

/// In PostgreSQL, what exists once for a database: a schema that stands for one cannot hold it.
bool is_of_database(const StatementSummary& summary) {
  return is_definition(summary.verb) &&
         (is_one_of(summary.object, {"PUBLICATION", "EVENT TRIGGER", "SERVER",
                                     "FOREIGN DATA WRAPPER", "USER MAPPING", "CAST", "LANGUAGE",
                                     "TRANSFORM", "ACCESS METHOD", "DEFAULT PRIVILEGES"}) ||
          (summary.object == "EXTENSION" && summary.verb != Verb::create));
}

/// Sterna's own: a scratch beside this one, and its end. No script knows such a name.
bool is_scratch(const StatementSummary& summary) {
  return is_one_of(summary.object, {"DATABASE", "SCHEMA", "KEYSPACE"}) &&
         summary.name.name.starts_with(scratch_prefix) && summary.verb != Verb::alter;
}

std::string quoted(const std::string& name, char quote) {
  std::string text(1, quote);
  for (const char c : name) text.append(c == quote ? 2 : 1, c);
  return text + quote;
}

/// One statement, looked at.
class Look {
 public:
  Look(const Statement& statement, const Confinement::Bounds& bounds)
      : statement_(statement),
        bounds_(bounds),
        words_(statement.sql, bounds.language),
        summary_(classify(statement.sql, bounds.language)) {}

  const StatementSummary& summary() const { return summary_; }
  bool is_own() const { return is_scratch(summary_); }

  /// What it acts on that is no part of the scratch and need not be: the statement is left out.
  std::string beyond() const {
    const Verb verb = summary_.verb;
    if (verb == Verb::grant || verb == Verb::revoke)
      return grants_elsewhere() ? "privileges outside of it" : "";
    if (is_definition(verb) && is_place()) {
      const bool own = (verb == Verb::alter || verb == Verb::comment) &&
                       (summary_.name.name == bounds_.origin || summary_.name.name.empty());
      return own ? "" : "databases";
    }
    if (bounds_.scope == Scope::schema && is_of_database(summary_)) return "the whole database";
    return on_server(summary_, words_, bounds_.language);
  }

  /// Owners, privileges and the database's own settings: schemas are compared without them.
  bool is_right() const {
    if (summary_.verb == Verb::grant || summary_.verb == Verb::revoke ||
        summary_.object == "DEFAULT PRIVILEGES" || (is_place() && is_definition(summary_.verb)))
      return true;
    for (std::size_t i = 0; summary_.verb == Verb::alter && i < words_.size(); ++i)
      if (words_.at(i, "OWNER") && words_.at(i + 1, "TO")) return true;
    return false;
  }

  /// Not more of it: passwords may follow.
  std::string first_words() const {
    std::string text;
    for (std::size_t i = 0; i < 2 && words_.is_name(i); ++i)
      text += (i > 0 ? " " : "") + to_upper(words_[i].text);
    return text;
  }

  bool makes_role() const {
    return summary_.verb == Verb::create && is_one_of(summary_.object, {"ROLE", "USER", "GROUP"});
  }
  /// What it makes, as the server reads the name.
  std::string made() const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      if (sql::unquoted(words_[i]) == summary_.name.name) return spelt(i);
    return summary_.name.name;
  }

  /// One of these names that the statement holds.
  std::string holds(const std::set<std::string>& names) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      if (names.contains(spelt(i))) return spelt(i);
    return {};
  }

  /// With the scratch's name where that of its origin stands.
  std::string renamed() {
    const bool dotted = bounds_.scope != Scope::none;
    std::vector<std::size_t> own;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (bounds_.origin.empty() || words_.name(i) != bounds_.origin) continue;
      const bool first = i == 0 || !words_.dot(i - 1);
      const bool place = first && i > 0 &&
                         (words_.at_any(i - 1, {"DATABASE", "USE", "KEYSPACE"}) ||
                          (dotted && words_.at(i - 1, "SCHEMA")));
      if (place || (dotted && first && words_.dot(i + 1)))
        own.push_back(i);
      else
        ambiguous_ = true;
    }
    if (ambiguous_) {  // a table, an alias or a column has the name too
      std::vector<std::size_t> certain = written_names(words_, bounds_.language);
      for (std::size_t i = 1; i < words_.size(); ++i) {
        if (words_.at_any(i - 1, {"FROM", "JOIN", "STRAIGHT_JOIN", "LIKE", "DATABASE", "USE",
                                  "KEYSPACE", "SCHEMA"}) ||
            (words_.at(i - 1, "ON") && summary_.verb != Verb::select &&
             summary_.verb != Verb::update && summary_.verb != Verb::remove))
          certain.push_back(i);
      }
      const std::size_t head = end_of_head();
      std::erase_if(own, [&](std::size_t i) {
        const bool column = words_.dot(i + 1) && words_.dot(i + 3);
        return i >= head && !column &&
               std::find(certain.begin(), certain.end(), i) == certain.end();
      });
    }
    std::string sql = statement_.sql;
    for (auto i = own.rbegin(); i != own.rend(); ++i)
      sql.replace(words_.offset(*i), words_[*i].text.size(), in_place_of(words_[*i]));
    return sql;
  }

  /// The first place outside of the scratch that the statement changes; empty when there is none.
  /// After renamed().
  std::string led_to() const {
    if (bounds_.language == Language::sqlite && words_.at(0, "ATTACH")) return attached();
    if (bounds_.scope == Scope::none) return {};
    if (summary_.verb != Verb::select && summary_.verb != Verb::explain) {
      if (summary_.verb == Verb::use && elsewhere(words_.name(1))) return words_.name(1);
      for (const std::string& place : places_of(summary_))
        if (const std::string read = as_read(place); elsewhere(read)) return read;
      for (const std::size_t i : written_names(words_, bounds_.language))
        if (const std::string place = words_.place_of_name(i); elsewhere(place)) return place;
    }
    return bounds_.scope == Scope::schema ? led_to_schema() : std::string();
  }

 private:
  using Scope = Confinement::Scope;

  /// The scratch's name, quoted as the other one was: bodies of routines keep it as it is written.
  std::string in_place_of(const Token& token) const {
    if (token.kind != TokenKind::word && token.kind != TokenKind::number)
      return quoted(bounds_.place, token.text.front());
    const bool plain = std::all_of(bounds_.place.begin(), bounds_.place.end(), [](char c) {
      return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    });
    return plain ? bounds_.place
                 : quoted(bounds_.place, bounds_.language == Language::mysql ? '`' : '"');
  }

  /// MySQL's users may stand in quotes of strings.
  std::string spelt(std::size_t i) const {
    return words_[i].kind == TokenKind::string ? sql::unquoted(words_[i]) : words_.name(i);
  }

  /// Of a definition, where what it defines ends and its columns or its body begin; 0 of others.
  std::size_t end_of_head() const {
    std::size_t i = 0;
    while (is_definition(summary_.verb) && i < words_.size() && !words_[i].is('(') &&
           !words_.at_any(i, {"AS", "BEGIN", "FOR", "SELECT"}))
      ++i;
    return i;
  }

  /// Databases: what the scratch itself is one of.
  bool is_place() const {
    return summary_.object == "DATABASE" || summary_.object == "KEYSPACE" ||
           (summary_.object == "SCHEMA" && bounds_.language != Language::postgres);
  }

  bool elsewhere(const std::string& place) const {
    return !place.empty() && place != bounds_.place && place != bounds_.origin &&
           place != "pg_temp" && !is_one_of(to_lower(place), {"new", "old"});
  }

  /// A place as the server reads it: classify() does not fold names.
  std::string as_read(const std::string& place) const {
    for (std::size_t i = 0; i < words_.size() && !place.empty(); ++i)
      if (words_.dot(i + 1) && words_.is_name(i) && sql::unquoted(words_[i]) == place)
        return words_.name(i);
    return place;
  }

  /// Of a role, or on more than the scratch.
  bool grants_elsewhere() const {
    std::size_t on = 0;
    while (on < words_.size() && !words_.at_any(on, {"ON", "TO", "FROM"})) ++on;
    if (!words_.at(on, "ON")) return true;
    const bool table = words_.at_any(on + 1, {"TABLE", "FUNCTION", "PROCEDURE"});
    const std::size_t name = on + 1 + (table ? 1 : 0);
    if (bounds_.language == Language::postgres)
      return words_.at_any(name, {"PARAMETER", "TABLESPACE"});
    if (bounds_.language == Language::cql)
      return words_.at_any(on + 1, {"ALL", "KEYSPACE", "ROLE", "FUNCTION", "MBEAN"});
    return (name + 2 < words_.size() && words_[name].is('*') && words_.dot(name + 1)) ||
           elsewhere(words_.place_of_name(name));
  }

  std::string attached() const {
    for (std::size_t i = 1; i < words_.size(); ++i)
      if (is_one_of(words_[i].text, {"':memory:'", "''"})) return {};
    return "another file";
  }

  /// A schema that stands for a database is left by more ways than names.
  std::string led_to_schema() const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      std::size_t name = i + 1;
      while (words_.at_any(name, {"IF", "NOT", "EXISTS", "AUTHORIZATION"})) ++name;
      if (words_.at(i, "SCHEMA") && !words_.at(name, "TO") && elsewhere(words_.name(name)))
        return words_.name(name);
      const bool set = words_.at(i, "SEARCH_PATH") && (summary_.verb == Verb::set || ambiguous_);
      const bool called = words_[i].text == "'search_path'" && i + 2 < words_.size() &&
                          words_[i + 1].is(',') && words_[i + 2].kind == TokenKind::string &&
                          words_[i + 2].text != "''";
      if (set || called) return "of another search_path";
    }
    const bool in_text = !bounds_.origin.empty() && words_.names_in_text(bounds_.origin);
    return in_text ? bounds_.origin : std::string();
  }

  const Statement& statement_;
  const Confinement::Bounds& bounds_;
  const Words words_;
  const StatementSummary summary_;
  bool ambiguous_ = false;
};

Error refusal(const Statement& statement, const Confinement::Bounds& bounds,
              const std::string& place) {
  const std::string what = bounds.scope == Confinement::Scope::schema ? "schema"
                           : bounds.language == Language::cql         ? "keyspace"
                                                                      : "database";
  Error error(ErrorKind::refused, "this statement acts outside of the scratch " + what +
                                      " in which it is run, on " + place);
  error.with_statement(statement.sql)
      .at(statement.position)
      .with_state("nothing outside of the scratch " + what + " was changed");
  if (bounds.scope == Confinement::Scope::schema)
    error.suggest(
        "let the role make databases (CREATEDB), or name an empty one with --scratch URL: there "
        "every schema is the scratch's own");
  else if (bounds.language != Language::sqlite)
    error.suggest("leave names without a " + what + ": the URL names it");
  return error.suggest("keep what belongs elsewhere in migrations of a connection of its own");
}

}  // namespace

Confinement::Confinement(Bounds bounds) : bounds_(std::move(bounds)) {}

std::string Confinement::given_back(std::string text) const {
  const std::string &place = bounds_.place, &origin = bounds_.origin;
  for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at)) {
    std::size_t behind = at + place.size();
    while (behind < text.size() && is_one_of(text.substr(behind, 1), {"`", "\"", "\\"})) ++behind;
    const bool whole = at == 0 || !is_word_character(text[at - 1]);
    if (whole && behind < text.size() && text[behind] == '.') {
      text.replace(at, place.size(), origin);
      at += origin.size();
    } else {
      at += place.size();
    }
  }
  return text;
}

std::vector<std::string> Confinement::rights() const {
  const std::lock_guard lock(mutex_);
  return rights_;
}

Confinement::Admitted Confinement::admit(
    const Statement& statement, const std::function<bool(const std::string&)>& role_exists) {
  if (statement.purpose != Purpose::migration) return {statement.sql, {}};
  Look look(statement, bounds_);
  if (look.is_own()) return {statement.sql, {}};
  std::string beyond = look.beyond();
  std::string role;
  {
    const std::lock_guard lock(mutex_);
    if (!beyond.empty() && look.makes_role()) roles_.insert(look.made());
    if (beyond.empty() && (look.is_right() || look.summary().verb == Verb::set))
      role = look.holds(roles_);
  }
  // Asked of the session, whose question comes here too.
  if (!role.empty() && role_exists && !role_exists(role)) beyond = role + ", which is not there";
  const auto keep = [&] {
    const std::lock_guard lock(mutex_);
    rights_.push_back(statement.sql);
  };
  if (!beyond.empty()) {
    keep();
    const std::string nothing = bounds_.language == Language::mysql ? "DO 0"
                                : bounds_.language == Language::cql ? ""
                                                                    : "SELECT 1 WHERE false";
    return {nothing, look.first_words() + ": left out in the scratch, for it acts on " + beyond};
  }
  std::string sql = look.renamed();
  if (const std::string place = look.led_to(); !place.empty())
    throw refusal(statement, bounds_, place);
  if (sql != statement.sql && bounds_.origin.find_first_of("\"`\\") == std::string::npos)
    has_renamed_ = true;
  if (look.is_right()) keep();
  return {std::move(sql), {}};
}

}  // namespace sterna
