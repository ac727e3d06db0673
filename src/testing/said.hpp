// What the statements of a migration ask for, as far as their words tell: which of them means rows
// to go or values to change. Used to judge what became of the rows; runs nothing.
#pragma once

#include "base/text.hpp"
#include "sql/classify.hpp"

#include <sterna/runner.hpp>

#include <initializer_list>
#include <set>
#include <string>
#include <vector>

namespace sterna::trial {

/// The words of one statement, and what it may do.
struct Said {
  const PlannedStatement* statement;
  StatementSummary summary;
  std::set<std::string> words;  // lower case, without quotes

  bool names(const std::string& word) const { return words.contains(to_lower(word)); }
  bool acts_on(const std::string& table) const {
    return equals_ignoring_case(summary.name.name, table);
  }
  /// Code of which only the words are known.
  bool may_do_anything() const {
    return summary.verb == Verb::call || summary.verb == Verb::do_block ||
           summary.verb == Verb::other;
  }
  /// Brings rows into a table: as new ones, or over those with the same key.
  bool fills() const {
    return summary.verb == Verb::insert || summary.verb == Verb::replace ||
           summary.verb == Verb::merge || summary.verb == Verb::copy;
  }
  /// Can take rows out of a table that stays.
  bool removes() const {
    return may_do_anything() || summary.verb == Verb::remove || summary.verb == Verb::truncate ||
           summary.verb == Verb::replace || summary.verb == Verb::merge;
  }
};

class StatementsSaid {
 public:
  StatementsSaid(const std::vector<PlannedStatement>& statements, Language language);

  /// The statement that speaks of all of these words.
  const Said* speaking_of(std::initializer_list<std::string> words) const;
  /// Another table has the name by now: its rows came from the old one, or did not. Nothing that
  /// such a way consists of (INSERT … SELECT, DROP of the old one) asks for rows to go or for
  /// values to change.
  bool made_anew(const std::string& table) const;
  /// The statement by which rows of the table are meant to go.
  const Said* remover_of(const std::string& table) const;
  /// The statement by which values of the column are meant to change.
  const Said* writer_of(const std::string& table, const std::string& column) const;

 private:
  std::vector<std::string> names_of(const std::string& table) const;

  std::vector<Said> said_;
};

}  // namespace sterna::trial
