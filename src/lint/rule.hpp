// A rule and what it can ask. One table of rules a database, and one for all; the linter calls each
// rule for each statement, and the rule reports. Rules are pure functions: no database, no state.
#pragma once

#include "lint/facts.hpp"
#include "lint/finding.hpp"
#include "lint/known.hpp"

#include <sterna/event.hpp>
#include <sterna/migration.hpp>

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

/// What is known of the server and of how the migrations will run.
struct Server {
  Language language = Language::postgres;
  int version = 0;  ///< major * 10000 + minor * 100 + patch; 0: the newest
  bool mariadb = false;
  bool transactional_ddl = true;
  /// What is known is the database as it is, and everything linted is about to run on it: nobody
  /// uses yet what any of it makes.
  bool live = false;
  std::size_t longest_name = 63;
  /// Sterna's own lock timeout; 0: none is set.
  std::chrono::milliseconds lock_timeout{5000};
  /// From this version on; an unknown server is the newest. 0: never.
  bool since(int mysql_or_own, int mariadb_version) const {
    const int first = mariadb ? mariadb_version : mysql_or_own;
    return first != 0 && (version == 0 || version >= first);
  }
  bool since(int own) const { return since(own, own); }
};

/// One direction of one migration.
struct Script {
  std::string id;
  std::string file;
  Direction direction = Direction::up;
  const Meta* meta = nullptr;
  bool has_down = true;
  bool repeatable = false;
  bool code = false;  ///< from C++: there is no text to suppress in, and no way to write SQL anew
  int number = 0;     ///< in the order of the run
  std::vector<StatementFact> statements;  ///< those that another one runs stand behind it
  std::deque<Statement> inside;           ///< the texts of those
  std::vector<StatementFact> down;        ///< the other direction, of an up
};

struct Rule;

/// What a rule sees of one statement, and where it reports.
class Probe {
 public:
  Probe(const Server& server_, const Script& script_, const Known& known_,
        std::vector<Finding>& found)
      : server(server_), script(script_), known(known_), found_(found) {}

  const Server& server;
  const Script& script;
  const Known& known;  ///< before the statement; of a script rule: before its first
  const StatementFact* statement = nullptr;
  std::size_t index = 0;  ///< of the statement in the script

  const StatementFact& fact() const { return *statement; }
  bool in_transaction() const;
  /// The table was made by this migration, before this statement, or by this run: nobody else can
  /// see it, or wait for it.
  bool is_new(const ObjectName& table) const;
  /// The statements of the script before this one.
  std::span<const StatementFact> before() const {
    return std::span(script.statements).first(index);
  }

  Finding& report(std::string message);
  /// The same about another place than the statement's first token.
  Finding& report_at(const SourcePosition& position, std::string message);
  void use(const Rule& rule) { rule_ = &rule; }

 private:
  /// Of a statement of this script, from 0; -1: it is of another.
  int number_of(const StatementFact& fact) const;

  const Rule* rule_ = nullptr;
  std::vector<Finding>& found_;
};

struct Rule {
  std::string_view id;    ///< "PG101"
  std::string_view name;  ///< "index-blocks-writes"
  Severity severity;
  std::string_view summary;  ///< one line, for lists
  std::string_view why;      ///< what goes wrong, and what to do instead
  void (*statement)(Probe&) = nullptr;
  void (*whole)(Probe&) = nullptr;  ///< once a script
  bool down = false;                ///< looks at the way down too
};

std::span<const Rule> postgres_rules();
std::span<const Rule> mysql_rules();
std::span<const Rule> sqlite_rules();
std::span<const Rule> cql_rules();
/// Those of every database; a rule that says nothing to one asks what the database has.
std::span<const Rule> common_rules();
/// The table of one language, without the common one.
std::span<const Rule> rules_of(Language language);
const Rule* find_rule(std::string_view id);

// What several rules ask.
bool one_of(std::string_view word, std::initializer_list<std::string_view> words);
/// "a, b"
std::string listed(const std::vector<std::string>& names);
/// A name as it can stand in SQL: quoted where it must be.
std::string in_sql(const Server& server, std::string_view name);
std::string in_sql(const Server& server, const ObjectName& name);
/// Length of VARCHAR(20); -1 without one.
int length_of(const std::vector<std::string>& arguments);
/// All columns that a statement makes: of CREATE TABLE and of ADD COLUMN.
std::vector<const ColumnFact*> made_columns(const StatementFact& fact);
/// All constraints that it makes.
std::vector<const ConstraintFact*> made_constraints(const StatementFact& fact);
/// The table that a statement defines or changes.
const ObjectName& table_of(const StatementFact& fact);
bool is_integer_type(const ColumnFact& column);

}  // namespace sterna::lint
