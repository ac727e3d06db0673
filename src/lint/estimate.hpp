// What a statement of a plan costs, before it runs: the lock it takes and whom that blocks, the
// tables it touches with their estimated rows, and a class of time with its reason. The rules say
// what is written anew and what is read, the manuals which locks are taken; the rates are stated
// and rough, so that a class is told and no number of seconds.
#pragma once

#include "lint/rule.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

/// Below a second, a minute, an hour, and from there on; `unknown` where it depends on what cannot
/// be seen (a query, a procedure, a table of unknown size).
enum class TimeClass { instant, seconds, minutes, hours, unknown };
std::string_view to_string(TimeClass time) noexcept;
/// `unknown` for another word.
TimeClass time_class_named(std::string_view word) noexcept;

struct TouchedTable {
  std::string name;          ///< as the statement says it
  std::string lock;          ///< in the words of the database; empty: none on it
  std::string blocks;        ///< "reads and writes"; empty: nobody
  std::int64_t rows = -1;    ///< about so many before the run; negative: not known
  std::int64_t bytes = -1;   ///< the same of its size on disk
  bool made_by_run = false;  ///< nobody waits for it yet
  bool operator==(const TouchedTable&) const = default;
};

struct Estimate {
  std::vector<TouchedTable> tables;  ///< what it is about comes first
  std::string lock, blocks;          ///< the strongest of them
  std::string algorithm;             ///< MySQL: "INSTANT", "INPLACE", "COPY"
  TimeClass time = TimeClass::instant;
  std::string basis;  ///< why that class
  bool operator==(const Estimate&) const = default;
};

/// Of the statement that `probe` stands at. `findings`: what all rules, whatever the policy says of
/// them, find of it.
Estimate estimate(const Probe& probe, std::span<const Finding> findings);

/// Adds what a statement inside a body costs to what is known of the statement that runs it.
void join_into(Estimate& outer, Estimate inner);

/// The table whose rows a statement copies: FROM in INSERT … SELECT and CREATE TABLE … AS, when it
/// is one alone.
ObjectName copied_table(const StatementFact& fact);

}  // namespace sterna::lint
