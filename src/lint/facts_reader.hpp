// Reads columns, constraints and the actions of ALTER TABLE from tokens. Used by facts.cpp alone.
#pragma once

#include "lint/facts.hpp"
#include "sql/token_cursor.hpp"

namespace sterna::lint {

/// A cursor that can also say what it passed over.
class FactReader {
 public:
  FactReader(const Statement& statement, Language language)
      : text_(statement.sql),
        statement_(statement),
        language_(language),
        cursor(statement.sql, language) {}

  /// A name, and behind it type and attributes, up to a comma or bracket at this level.
  ColumnFact column();
  /// Type and attributes alone.
  void definition(ColumnFact& column);
  /// True at the beginning of a table constraint.
  bool at_constraint();
  ConstraintFact constraint();
  Reference reference();
  std::string referential_action();  ///< "SET NULL"
  /// ( a, b(10) DESC, lower(c) ): an expression as it is written.
  std::vector<std::string> names(bool* expression = nullptr);
  /// The items of ALTER TABLE, to the end.
  std::vector<ActionFact> actions();
  /// Everything up to a comma, a closing bracket or the end; as written.
  std::string rest_of_item();
  SourcePosition position();

 private:
  enum class Repeated { none, add, drop };
  std::string_view text_;
  const Statement& statement_;
  Language language_;
  Repeated repeated_ = Repeated::none;

 public:
  sql::TokenCursor cursor;

 private:
  bool mysql() const { return language_ == Language::mysql; }
  bool at_item_end();
  std::size_t offset();
  std::string taken_since(std::size_t begin);
  void type(ColumnFact& column);
  bool ends_type();
  bool attribute(ColumnFact& column);
  void generated(ColumnFact& column);
  std::string expression();
  void constraint_tail(ConstraintFact& constraint);
  void action(std::vector<ActionFact>& actions);
  void add(std::vector<ActionFact>& actions, ActionFact& action);
  void drop(std::vector<ActionFact>& actions, ActionFact& action);
  void alter_column(ActionFact& action);
  void rename(ActionFact& action);
  void other(ActionFact& action);
  bool accept_if_exists();
};

}  // namespace sterna::lint
