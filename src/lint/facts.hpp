// What a statement says, as values that rules can ask: columns with their types, constraints, the
// actions of ALTER TABLE, indexes, options. Read from tokens, on top of sql/classify. Tolerant:
// what is not understood is left out, and nothing here ever fails or looks at a database.
#pragma once

#include "sql/classify.hpp"
#include "sql/lexer.hpp"
#include "sql/statement.hpp"
#include "sql/token_cursor.hpp"

#include <sterna/lint.hpp>

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

struct Reference {
  ObjectName table;
  std::vector<std::string> columns;
  std::string on_delete;  ///< "CASCADE", "SET NULL"; empty when not given
};

struct ColumnFact {
  std::string name;
  std::string type;  ///< upper case, one space between words: "VARCHAR(20)", "TIMESTAMP WITH TIME
                     ///< ZONE", "INTEGER[]", "MAP<TEXT,INT>"
  std::string base;  ///< its first word: "VARCHAR"
  std::vector<std::string> arguments;  ///< "20"; the values of an ENUM; the elements of MAP<…>
  bool array = false;
  bool not_null = false;
  bool null = false;  ///< NULL was written
  std::optional<std::string> default_value;
  bool generated = false;
  bool stored = false;
  bool identity = false;
  bool primary = false;
  bool unique = false;
  bool check = false;
  bool auto_increment = false;
  bool is_static = false;
  bool is_unsigned = false;
  bool zerofill = false;
  bool on_update = false;
  bool first = false;
  std::string after;
  std::string charset, collation;
  std::string using_expression;  ///< ALTER … TYPE … USING
  std::optional<Reference> references;
  SourcePosition position;
};

struct ConstraintFact {
  using Kind = LintConstraint::Kind;
  Kind kind = Kind::check;
  std::string name;
  std::vector<std::string> columns;
  Reference references;
  std::string expression;   ///< of a check, without its brackets
  std::string using_index;  ///< PostgreSQL: the index that becomes the key
  bool not_valid = false;
};

struct ActionFact {
  enum class Kind {
    add_column,
    drop_column,
    rename_column,
    set_type,
    modify_column,  ///< MySQL: MODIFY or CHANGE, with the whole definition in `column`
    set_not_null,
    drop_not_null,
    set_default,
    drop_default,
    add_identity,
    add_constraint,
    validate_constraint,
    drop_constraint,
    drop_primary_key,
    drop_index,
    rename_index,
    rename_table,
    rename_constraint,
    attach_partition,
    detach_partition,
    partition,
    set_tablespace,
    set_logged,
    set_unlogged,
    set_access_method,
    enable_trigger,
    disable_trigger,
    row_security,
    algorithm,
    lock,
    engine,
    charset,
    convert_charset,
    row_format,
    force,
    option,
  };
  Kind kind = Kind::option;
  std::string name;      ///< column, constraint, index, trigger
  std::string new_name;  ///< of a rename
  ObjectName object;     ///< partition
  ColumnFact column;
  ConstraintFact constraint;
  std::string value;  ///< upper case: of ALGORITHM=, ENGINE=; the first words of an option
  std::string text;   ///< as written
  bool concurrently = false;
  bool cascade = false;
  bool if_exists = false;
};

struct IndexFact {
  std::vector<std::string> columns;  ///< an expression as it is written
  bool has_expression = false;
  bool unique = false;
  bool full_text = false;
  bool spatial = false;
  std::string method;  ///< lower case; CQL: the class
  std::string where;
};

struct StatementFact {
  const Statement* statement = nullptr;
  StatementSummary summary;
  std::vector<sql::Token> tokens;  ///< without comments; they point into the statement's text
  std::vector<ColumnFact> columns;
  std::vector<ConstraintFact> constraints;
  std::vector<ActionFact> actions;
  IndexFact index;
  std::map<std::string, std::string, std::less<>> options;  ///< of a table, by upper-case name
  std::vector<std::string> partition_key, clustering_key;   ///< CQL
  ObjectName partition_of;                                  ///< CREATE TABLE … PARTITION OF
  bool as_select = false;                                   ///< CREATE TABLE … AS SELECT
  bool cascade = false;                                     ///< DROP … CASCADE
  bool in_steps = false;   ///< by a directive: Sterna does it in batches, each committed by itself
  std::size_t origin = 0;  ///< number of the script's statement that it is, or is in
  // Of a statement that another one runs (running.hpp):
  const Statement* outer = nullptr;  ///< the script's statement that does
  bool conditional = false;          ///< in a branch, or by a trigger: it may not run
  std::string within;     ///< "in function f, run from 003_fill.sql:7:1"; empty in a DO block
  std::string trigger;    ///< the trigger by which it runs
  bool each_row = false;  ///< which fires for each row
  /// It was written for other runs too: what it costs and loses is of interest here, not its style.
  bool cost_only = false;
  bool opaque = false;  ///< it runs a text that is not known before
  bool pinned = false;  ///< its text stands elsewhere, or nowhere: there is one place for all of it
  /// Of CREATE TRIGGER: what its body does to all rows of a table ("deletes every row of log").
  std::vector<std::string> to_all_rows;
  std::string enum_type;  ///< ALTER TYPE … ADD VALUE
  std::string enum_value;

  const std::string& text() const { return statement->sql; }
  bool is(Verb verb, std::string_view object) const {
    return summary.verb == verb && summary.object == object;
  }
  bool changes_rows() const {
    return summary.verb == Verb::update || summary.verb == Verb::remove ||
           summary.verb == Verb::insert || summary.verb == Verb::replace ||
           summary.verb == Verb::merge || summary.verb == Verb::copy;
  }
  bool defines() const {
    return summary.verb == Verb::create || summary.verb == Verb::alter ||
           summary.verb == Verb::drop || summary.verb == Verb::rename ||
           summary.verb == Verb::truncate;
  }
  /// In a branch, what is taken away may be there still, and what is made may be there already.
  bool takes_away() const;
  /// It changes or deletes the rows of a whole table.
  bool takes_all_rows() const;
  /// These words stand one behind the other, in any case; quoted names are no words.
  bool has(std::initializer_list<std::string_view> words) const { return find(words) != npos; }
  bool has(std::string_view word) const { return find({word}) != npos; }
  /// The index of the first token of them; npos when they do not stand there.
  std::size_t find(std::initializer_list<std::string_view> words, std::size_t from = 0) const;
  /// A call of this function: the word and a bracket.
  bool calls(std::string_view function) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

/// `statement` must outlive the result.
StatementFact facts_of(const Statement& statement, Language language);

/// The statement on one line, spelled the same however it was laid out: comments left out, one
/// space between tokens, none before brackets, commas and dots or behind an opening bracket.
std::string one_line(const StatementFact& fact);

}  // namespace sterna::lint
