// Two things of the linter: what it finds of a run that is to come (review(), at the end), and lint
// rules of a team's own, in C++, for what a pattern over the text cannot say. The command
// compiles those of the folder that `[lint] rules = "lint/"` names in sterna.toml; a program that
// links the library has those that are linked into it.
//
//   #include <sterna/lint.hpp>
//
//   struct MoneyIsExact : sterna::LintRule {
//     void statement(sterna::LintContext& lint) override {
//       for (const sterna::LintColumn& column : lint.statement().columns)
//         if (column.base == "REAL" || column.base == "DOUBLE")
//           lint.report(column.name + " cannot hold money exactly").instead("numeric(12, 2)");
//     }
//   };
//   STERNA_LINT_RULE(MoneyIsExact, {.id = "SHOP1", .name = "money-is-exact",
//                                   .severity = sterna::LintSeverity::error,
//                                   .summary = "a column of a type that rounds"});
//
// Rules are asked about one statement after the other, in the order of the run. One object of each
// is made for a run of the linter, and used by one thread: it may remember what it saw.
#pragma once

#include <sterna/error.hpp>
#include <sterna/export.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

class Runner;
struct Target;

/// `off` exists in policies alone.
enum class LintSeverity { off, note, warning, error };
STERNA_API std::string_view to_string(LintSeverity severity) noexcept;

struct LintReference {
  std::string schema, table;
  std::vector<std::string> columns;
  std::string on_delete;  ///< "CASCADE"; empty when not given
};

/// A column as a statement says it.
struct LintColumn {
  std::string name;
  std::string type;  ///< upper case: "VARCHAR(20)", "TIMESTAMP WITH TIME ZONE", "INTEGER[]"
  std::string base;  ///< its first word: "VARCHAR"
  std::vector<std::string> arguments;  ///< "20"; the values of an ENUM
  bool not_null = false, primary = false, unique = false, generated = false, stored = false;
  bool identity = false, auto_increment = false, has_default = false;
  std::string default_value;  ///< as written
  bool has_reference = false;
  LintReference reference;
};

struct LintConstraint {
  enum class Kind {
    primary_key,
    unique,
    foreign_key,
    check,
    exclude,
    not_null,
    index,
    full_text,
    spatial
  };
  Kind kind = Kind::check;
  std::string name;
  std::vector<std::string> columns;
  LintReference reference;  ///< of a foreign key
  std::string expression;   ///< of a check
  bool not_valid = false;
};

/// One action of ALTER TABLE.
struct LintAction {
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
    add_constraint,
    validate_constraint,
    drop_constraint,
    drop_index,
    rename_index,
    rename_table,
    rename_constraint,
    attach_partition,
    detach_partition,
    other,  ///< told by `text`
  };
  Kind kind = Kind::other;
  std::string name;      ///< column, constraint, index
  std::string new_name;  ///< of a rename
  LintColumn column;
  LintConstraint constraint;
  std::string text;  ///< as written
  bool cascade = false, if_exists = false, concurrently = false;
};

struct LintStatement {
  std::string text;      ///< as written
  std::string one_line;  ///< without comments, one space between tokens
  SourcePosition position;
  std::string verb;          ///< "CREATE", "ALTER", "DROP", "UPDATE", …; "" for what is not known
  std::string object;        ///< "TABLE", "INDEX", "VIEW", …
  std::string schema, name;  ///< of what it acts on
  std::string table_schema, table;          ///< that it is about: of an index the one it is on
  std::vector<LintColumn> columns;          ///< that it makes: of CREATE TABLE, and of ADD COLUMN
  std::vector<LintConstraint> constraints;  ///< that it makes
  std::vector<LintAction> actions;          ///< of ALTER TABLE
  std::vector<std::string> index_columns;   ///< of CREATE INDEX
  bool unique_index = false;
  bool if_exists = false;  ///< IF EXISTS, IF NOT EXISTS
  bool or_replace = false, temporary = false, concurrently = false, cascade = false;
  bool has_where = false;  ///< of UPDATE and DELETE
  bool in_steps = false;   ///< Sterna does it in batches (`-- sterna:backfill`)
};

/// A table as far as it is known: from the statements before, or from the database.
struct LintTable {
  struct Column {
    std::string name, type, base;
    bool not_null = false;
  };
  struct Index {
    std::string name;
    std::vector<std::string> columns;
    bool unique = false;
  };
  struct ForeignKey {
    std::string name;
    std::vector<std::string> columns;
    LintReference references;
  };
  std::string schema, name;
  bool complete = false;   ///< all its columns and keys are here
  bool is_new = false;     ///< made by this migration or this run: nobody uses it yet
  std::int64_t rows = -1;  ///< about so many; negative: not known
  std::vector<Column> columns;
  std::vector<std::string> primary_key;
  std::vector<Index> indexes;
  std::vector<ForeignKey> foreign_keys;

  STERNA_API const Column* column(std::string_view wanted) const;  ///< nullptr: none of this name
};

/// What a rule found. Everything beside the message is optional.
struct LintFinding {
  std::string rule;  ///< "PG101"; of a custom rule what sterna.toml calls it
  std::string name;  ///< "index-blocks-writes"
  LintSeverity severity = LintSeverity::warning;
  std::string migration;  ///< its id
  SourcePosition position;
  std::string message;
  std::string lock;        ///< "ACCESS EXCLUSIVE", "SHARED": in the words of the database
  std::string lock_on;     ///< the object that is locked
  std::string blocks;      ///< "reads and writes", "writes"
  bool rewrites = false;   ///< the whole table is written anew
  bool scans = false;      ///< all rows are read while the lock is held
  std::int64_t rows = -1;  ///< about so many in the table; negative: not known
  std::string loses;       ///< what cannot be had back
  std::string safe_form;   ///< ready SQL
  bool operator==(const LintFinding&) const = default;

  LintFinding& as(LintSeverity other) { return severity = other, *this; }
  LintFinding& instead(std::string sql) { return safe_form = std::move(sql), *this; }
  LintFinding& losing(std::string what) { return loses = std::move(what), *this; }
  LintFinding& rewriting() { return rewrites = true, *this; }
  LintFinding& scanning() { return scans = true, *this; }
  LintFinding& locks(std::string mode, std::string on, std::string whom) {
    lock = std::move(mode);
    lock_on = std::move(on);
    blocks = std::move(whom);
    return *this;
  }
};

/// What a rule can ask, and where it reports. Lives only while the rule is asked.
class STERNA_API LintContext {
 public:
  virtual ~LintContext();
  /// "postgres", "mysql" (MariaDB too), "sqlite", "cql".
  virtual std::string_view dialect() const = 0;
  /// major * 10000 + minor * 100 + patch; 0: not known, to be taken for the newest.
  virtual int server_version() const = 0;
  virtual const std::string& migration() const = 0;  ///< its id
  virtual const std::string& file() const = 0;
  virtual bool way_down() const = 0;
  virtual bool repeatable() const = 0;
  virtual bool in_transaction() const = 0;
  /// That is asked about.
  virtual const LintStatement& statement() const = 0;
  /// Its place, from 0, and all those of the same direction.
  virtual std::size_t index() const = 0;
  virtual const std::vector<LintStatement>& statements() const = 0;
  /// As it is before the statement; nullptr: not known.
  virtual const LintTable* table(std::string_view name, std::string_view schema = {}) const = 0;
  /// Nothing exists that is not known: a table that is not here is not there.
  virtual bool knows_everything() const = 0;
  virtual LintFinding& report(std::string message) = 0;
};

class STERNA_API LintRule {
 public:
  virtual ~LintRule();
  /// Once a statement.
  virtual void statement(LintContext& lint) = 0;
};

struct LintMeta {
  std::string id;    ///< "SHOP1": what sterna.toml and `sterna:allow` call it
  std::string name;  ///< "money-is-exact"
  LintSeverity severity = LintSeverity::warning;
  std::string summary = {};  ///< one line, for lists
  std::string why = {};      ///< what goes wrong, and what to do instead
  bool way_down = false;     ///< asked about the way down too
  /// Only of these ("postgres", …); empty: of every database.
  std::vector<std::string> dialects = {};
};

struct LintOptions {
  std::string dialect = "postgres";
  int server_version = 0;
  bool own_rules_alone = false;  ///< without those that Sterna has
};
/// What all rules say of a script, the registered ones among them: for tests of rules.
/// @throws Error(config) for an unknown dialect, or rules whose ids are none or not their own.
STERNA_API std::vector<LintFinding> lint_script(std::string_view text,
                                                const LintOptions& options = {});

/// Below a second, a minute, an hour, and from there on; `unknown` where it depends on what cannot
/// be seen (a query, a procedure, a table of unknown size).
enum class TimeClass { instant, seconds, minutes, hours, unknown };
STERNA_API std::string_view to_string(TimeClass time) noexcept;

struct TouchedTable {
  std::string name;          ///< as the statement says it
  std::string lock;          ///< in the words of the database; empty: none on it
  std::string blocks;        ///< "reads and writes"; empty: nobody
  std::int64_t rows = -1;    ///< about so many before the run; negative: not known
  std::int64_t bytes = -1;   ///< the same of its size on disk
  bool made_by_run = false;  ///< nobody waits for it yet
  bool operator==(const TouchedTable&) const = default;
};

/// What a statement costs. Rough by intention: a class of time with its reason, no seconds.
struct StatementEstimate {
  std::vector<TouchedTable> tables;  ///< what it is about comes first
  std::string lock, blocks;          ///< the strongest of them
  std::string algorithm;             ///< MySQL: "INSTANT", "INPLACE", "COPY"
  TimeClass time = TimeClass::instant;
  std::string basis;  ///< why that class
  bool operator==(const StatementEstimate&) const = default;
};

struct StatementAtomicity {
  std::string unit;          ///< what it is committed with: "by itself", "with its journal entry"
  std::string after_crash;   ///< what is there when the run dies after it, or in it
  bool with_others = false;  ///< shares its transaction with the others of the migration
  bool operator==(const StatementAtomicity&) const = default;
};

struct StatementReview {
  std::string sql;
  SourcePosition position;
  StatementEstimate estimate;
  StatementAtomicity atomicity;
  std::vector<LintFinding> findings;
};

struct MigrationReview {
  std::string id;
  std::string error;  ///< why it cannot be planned, if so: it has no statements then, or not all
  std::vector<LintFinding> findings;  ///< about the migration as a whole, or about its way down
  std::vector<StatementReview> statements;
};

struct PlanReview {
  std::vector<MigrationReview> migrations;  ///< in the order of the run; empty: nothing is pending
  /// Findings of this severity or a higher one.
  STERNA_API std::size_t count(LintSeverity least) const;
};

struct ReviewOptions {
  /// What a team wants of the rules, by id: {"PG101", LintSeverity::off}. sterna.toml is not read.
  std::map<std::string, LintSeverity> severities = {};
};

/// What `up` would run, and of each statement what `sterna plan` says: what the rules find
/// (registered ones among them), what it locks and whom that blocks, how many rows and how long,
/// and what a crash leaves. Looks at the database and changes nothing.
/// @throws Error as Runner::plan(), and Error(config) for a rule that does not exist.
STERNA_API PlanReview review(Runner& runner);
/// Of what `up_to`, `up_steps` would run.
STERNA_API PlanReview review(Runner& runner, const Target& target,
                             const ReviewOptions& options = {});

namespace detail {
STERNA_API bool register_lint_rule(const char* file, std::unique_ptr<LintRule> (*make)(),
                                   LintMeta (*meta)()) noexcept;
}  // namespace detail

}  // namespace sterna

/// Registers a rule. As many in a file as needed.
#define STERNA_LINT_RULE(Class, ...)                                                               \
  namespace {                                                                                      \
  [[maybe_unused]] const bool sterna_lint_rule_##Class = ::sterna::detail::register_lint_rule(     \
      __FILE__, []() -> std::unique_ptr<::sterna::LintRule> { return std::make_unique<Class>(); }, \
      []() -> ::sterna::LintMeta { return ::sterna::LintMeta(__VA_ARGS__); });                     \
  }                                                                                                \
  static_assert(true, "STERNA_LINT_RULE needs a semicolon")
