// docs/lint.md, from the rules themselves.
#include "base/text.hpp"
#include "lint/linter.hpp"

#include <fmt/format.h>

namespace sterna::lint {
namespace {

constexpr std::string_view introduction = R"PAGE(# Lint

`sterna lint` reads migrations and says what they would do to a database that people are using: who waits, what is written anew, what
is lost, and how to get there otherwise. It needs no database; `--pending` asks one, so that tables, types and the server's version are
known. Exit code 8 when there is an error, else 0. This page is made by `sterna lint --rules --format markdown`.

**Allow** a finding where it is right, with the reason, directly above the statement or (parted from it by an empty line) in the head of
the file: `-- sterna:allow PG103 the table is empty`; in C++ `// sterna:allow RULE REASON`, for the whole file. Without a reason the finding
stays; an allowance of nothing is itself a finding. Allowances do not count in a migration's checksum: they can be added to what is applied.

**Policy** in `sterna.toml`, and by environment:

```toml
[lint]
ignore = ["PG407"]

[lint.severity]          # off, note, warning, error
PG401 = "error"

[lint.rule.ORG1]         # your own: a regular expression, read without case over the statement on one
pattern = "create table (?!app\\.)"    # line: one space between tokens, none before ( ) , . and no comments
message = "tables belong into the schema app"
severity = "error"

[env.production.lint.severity]
PG118 = "error"
```

**Rules in C++** say what a pattern cannot: they see what a statement means (columns, constraints, actions, indexes as values), the
tables as they are known before it, and report with severity, lock, loss and safe form. They stand in a folder of the project,

```toml
[lint]
rules = "lint/"
```

are compiled when they are first needed, as migrations in C++ are, and registered in the same way:

```cpp
#include <sterna/lint.hpp>

struct TenantFirst : sterna::LintRule {
  void statement(sterna::LintContext& lint) override {
    const sterna::LintStatement& made = lint.statement();
    if (made.verb != "CREATE" || made.object != "INDEX" || made.index_columns.empty()) return;
    const sterna::LintTable* table = lint.table(made.table, made.table_schema);
    if (table == nullptr || table->column("tenant_id") == nullptr) return;
    if (made.index_columns.front() != "tenant_id")
      lint.report("an index of " + made.table + " begins with tenant_id");
  }
};
STERNA_LINT_RULE(TenantFirst, {.id = "SHOP1", .name = "tenant-first", .severity = sterna::LintSeverity::error,
                               .summary = "an index that does not begin with the tenant"});
```

Everything that holds for Sterna's rules holds for them: `sterna:allow`, `ignore`, severities by environment, every format, `up` in protected
environments, the designer. A rule that does not compile, has an id that is taken, or throws ends the command before anything runs. A program
that links the library has the rules that are linked into it; `sterna::lint_script(text, {.dialect = "postgres"})` asks all of them, for tests.
`<sterna/lint.hpp>` says what a rule can ask.

In protected environments `sterna up` lints what is pending, and refuses errors with exit code 8 before it takes the lock; `--no-lint`
is for the emergency. A migration in C++ is linted by the statements of its plan, with `--pending`.

Locks are those of the manuals, and held against servers by tests. Tables that a migration makes itself are free of the rules about
locks: nobody can wait for them yet. With `--pending`, and in `up`, that holds for all that the run makes, and findings say how many rows
the database estimates.

**What a statement runs besides itself** is looked at like statements outside: the block of a DO or BEGIN NOT ATOMIC; the body of a routine
(PL/pgSQL, SQL, MySQL's) that it calls, and of those that this one calls; the bodies of triggers that it fires, for what it does and for the
columns it names, and through foreign keys with ON DELETE CASCADE or SET NULL. Routines and triggers are those of the same script, of the
migrations before it, and with `--pending` of the database. A finding in another file or in the database stands at the calling statement, where
it can be answered, and says where the body stands: "in function fill, made by migration 003_fill at migrations/003_fill.sql:4:3". Of such
bodies, and of triggers, only rules about locks, rewrites and losses are asked. What is merely defined runs nothing, and nothing is found of it,
but for a trigger without a WHERE (ST120).

Of `EXECUTE` (of PL/pgSQL also in `FOR … IN`, `RETURN QUERY` and `OPEN`), `PREPARE` and `EXECUTE IMMEDIATE` the text is read where it can be
put together from constants: literals, their concatenation, `format()`, `CONCAT()`, `IF()`, variables that hold such text, arguments of a call,
the elements of `ARRAY[…]` in a loop. Where it cannot, ST118 says so.

`sterna plan` and `up --dry-run` show the findings of each statement with what it [costs](operations.md#a-plan-as-a-contract), and plan files hold them.
)PAGE";

void section(std::string& page, std::string_view title, std::span<const Rule> rules) {
  page += fmt::format("\n## {}\n", title);
  for (const Rule& rule : rules) {
    page += fmt::format("\n<a id=\"{}\"></a>**{}** `{}` ({}): {}.{}{}\n", to_lower(rule.id),
                        rule.id, rule.name, to_string(rule.severity), rule.summary,
                        rule.why.empty() ? "" : " ", rule.why);
  }
}

}  // namespace

std::string catalogue() {
  std::string page(introduction);
  section(page, "Every database", common_rules());
  section(page, "PostgreSQL", postgres_rules());
  section(page, "MySQL and MariaDB", mysql_rules());
  section(page, "SQLite", sqlite_rules());
  section(page, "Cassandra and ScyllaDB", cql_rules());
  return page;
}

}  // namespace sterna::lint
