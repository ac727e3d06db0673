#include "cli/command.hpp"
#include "cli/commands.hpp"

#include "base/text.hpp"
#include "program/schema_formats.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <charconv>

namespace sterna::cli {
namespace {

const Option dry_run{"--dry-run", "", "", "print every statement that would run, and run none"};
const Option yes{"--yes", "-y", "", "do not ask"};
const Option no_compile{"--no-compile", "", "", "refuse C++ migrations that are not compiled yet"};
const Option lock_wait{"--lock-wait", "", "DURATION",
                       "wait this long for another run (default 60s)"};
const Option lock_timeout{"--lock-timeout", "", "DURATION",
                          "wait this long for locks inside the database (default 5s)"};
const Option out_of_order{"--out-of-order",
                          "",
                          "POLICY",
                          "what to do about a pending migration older than an applied one",
                          false,
                          "error|warn|allow"};
const Option timeout{"--timeout", "", "DURATION", "clock of the whole run"};
const Option transaction{"--transaction", "",
                         "MODE",          "one transaction a migration, or one for the run",
                         false,           "migration|run"};
const Option missing_down{
    "--allow-missing-down", "", "",
    "take the row of a migration without a way down out of the history, running nothing"};
const Option scratch{"--scratch", "", "URL",
                     "an empty database to load files in (default: one is made and dropped)"};
const Option safe{"--safe", "", "",
                  "forms that keep nobody waiting (by itself in environments named production)"};
const Option no_safe{"--no-safe", "", "", "plain forms, in production too"};
const Option only{"--only", "", "PATTERN", "these objects only: app.*, view:recent_*", true};
const Option without{"--without", "", "PATTERN", "not these: tmp_*, function:*", true};
const Option schemas{"--schema", "", "NAME", "this schema only (PostgreSQL)", true};
const Option grants{"--grants", "", "", "owners and privileges too"};
const Option renames{"--rename", "", "OLD:NEW",
                     "a table or column that has a new name: users:people, users.name:full_name",
                     true};
const Option desired{"--to", "", "STATE",
                     "the schema as it should be (default: `schema` in sterna.toml)"};
const Option destructive{"--allow-destructive", "", "", "let it take values away for ever"};
const Option fleet{"--fleet", "", "NAME", "on every target of [fleet.NAME] in sterna.toml"};
const Option jobs{"--jobs", "-j", "N", "with --fleet: so many targets at a time (default 8)"};
const Option canary{"--canary", "", "N",
                    "with --fleet: so many first (default 1); a failure among them ends it"};
const Option stop_after{"--stop-after-failures", "", "N",
                        "with --fleet: begin no further target then"};
const Option report{"--report", "", "FILE", "with --fleet: what came of each target, as JSON"};
const Option wait_database{"--wait", "", "DURATION", "wait until the database can be reached"};

std::vector<Command> make_commands() {
  return {
      {"init",
       "",
       "Start",
       "make sterna.toml and the migrations folder",
       "Writes sterna.toml, migrations/ and migrations/sterna.sum where they are missing; nothing "
       "is overwritten.",
       {},
       {},
       run_init},
      {"new",
       "migration:create make:migration db:create_migration generate create",
       "Start",
       "write a new migration file",
       "The file gets the present time as its version, or the next number where the folder counts "
       "up, and is added to sterna.sum.",
       {{"NAME", "what it does: create_posts", true, false}},
       {{"--sql", "", "", "an SQL file (default)"},
        {"--cpp", "", "", "a C++ file"},
        {"--type", "", "TYPE", "what to fill in", false, "create|alter|data|empty"},
        {"--table", "", "TABLE", "the table it is about"},
        {"--from-diff", "", "", "what turns --from into --to, with its way down"},
        {"--from", "", "STATE", "with --from-diff: the schema as it is (default migrations)"},
        desired,
        safe,
        no_safe,
        renames,
        only,
        without,
        schemas,
        grants,
        scratch},
       run_new},
      {"expand",
       "",
       "Start",
       "write the two migrations by which a column changes while programs run (PostgreSQL)",
       "The first adds a column beside the old one, keeps both the same by a trigger and fills it "
       "by a backfill; the second takes the old one away.",
       {{"COLUMN", "users.age", true, false}},
       {{"--type", "", "TYPE", "its new type"},
        {"--name", "", "NAME", "its new name"},
        {"--value", "", "SQL", "the new value, over the columns of the row (default: converted)"},
        {"--back", "", "SQL",
         "with --name and --value: the old value, of what is written into the new column"},
        {"--dry-run", "", "", "print both and write none"},
        schemas},
       run_expand},
      {"up",
       "migrate migration:run db:migrate deploy upgrade",
       "Run",
       "apply pending migrations",
       "Takes the lock, reads the history again, and applies everything pending in order. A "
       "migration and its history row commit together "
       "where the database can; elsewhere a journal makes an interrupted run go on at its "
       "statement.",
       {},
       {{"--to", "", "VERSION", "up to and including this one"},
        {"--steps", "-n", "N", "at most so many"},
        dry_run,
        {"--rehearse", "", "", "really run everything in one transaction, then roll it back"},
        {"--plan", "", "FILE", "run what `plan --out` wrote, or nothing when the state has moved"},
        transaction,
        out_of_order,
        timeout,
        lock_wait,
        lock_timeout,
        wait_database,
        no_compile,
        {"--no-lint", "", "", "do not lint first where the environment is protected"},
        fleet,
        jobs,
        canary,
        stop_after,
        report,
        yes},
       run_up},
      {"down",
       "rollback migration:rollback db:rollback downgrade",
       "Run",
       "take applied migrations back, the last one first",
       "",
       {},
       {{"--steps", "-n", "N", "so many (default 1)"},
        {"--to", "", "VERSION", "everything after this one"},
        {"--batch", "", "", "everything the last run applied"},
        {"--all", "", "", "everything"},
        dry_run,
        destructive,
        missing_down,
        timeout,
        lock_wait,
        lock_timeout,
        no_compile,
        fleet,
        jobs,
        canary,
        stop_after,
        report,
        yes},
       run_down},
      {"redo",
       "migration:redo",
       "Run",
       "take the last migration back and apply it again",
       "",
       {},
       {{"--steps", "-n", "N", "so many (default 1)"},
        destructive,
        lock_wait,
        lock_timeout,
        no_compile,
        yes},
       run_redo},
      {"reset",
       "migration:reset",
       "Run",
       "take every migration back",
       "",
       {},
       {dry_run, destructive, missing_down, lock_wait, lock_timeout, no_compile, yes},
       run_reset},
      {"fresh",
       "migration:fresh db:reset",
       "Run",
       "drop every object and apply all migrations (development only)",
       "",
       {},
       {{"--seed", "", "", "run the seeds afterwards"}, lock_wait, no_compile, yes},
       run_fresh},
      {"seed",
       "db:seed",
       "Run",
       "run the seed scripts",
       "SQL files of the seeds folder, in the order of their names, each in its own transaction.",
       {},
       {},
       run_seed},
      {"status",
       "migration:status db:status info",
       "Look",
       "list migrations and their state",
       "",
       {},
       {{"--check", "", "", "exit with 2 unless everything is applied"},
        {"--pending", "", "", "list only what is not applied"},
        wait_database,
        fleet,
        jobs,
        report},
       run_status},
      {"history", "", "Look", "list what was applied, when, by whom", "", {}, {}, run_history},
      {"history clear",
       "",
       "Maintain",
       "empty the history (development only)",
       "The schema stays as it is.",
       {},
       {yes},
       run_history_clear},
      {"query",
       "",
       "Look",
       "run one statement and print its rows",
       "",
       {{"SQL", "the statement", true, false}},
       {},
       run_query},
      {"schema inspect",
       "db:inspect",
       "Look",
       "print a schema: as SQL that makes it, as JSON, as entities in C++, a diagram or a data "
       "dictionary",
       "STATE is `database` (default), `applied`, `migrations` (replayed in a scratch database), "
       "`models` "
       "(entities in C++), `empty`, @connection, a URL, a .sql file, a snapshot (.json), a folder "
       "of migrations, SQL files or entities, or exec:PROGRAM (of sterna_add_model).",
       {{"STATE", "the schema", false, false}},
       {{"--format", "", "FORMAT", "how to print it", false, schema_format_choices()},
        only,
        without,
        schemas,
        grants,
        scratch},
       run_schema_inspect},
      {"schema diff",
       "schema:diff migration:diff",
       "Look",
       "print the statements that turn one schema into another",
       "Nothing is changed. Both states are as in `schema inspect`; files are loaded into a "
       "scratch "
       "database, so that the database itself spells types, defaults and expressions.",
       {},
       {{"--from", "", "STATE", "the schema as it is (default database)"},
        desired,
        {"--output", "-o", "NAME", "write a migration of this name, with its way down, instead"},
        {"--cpp", "", "", "with --output: in C++"},
        {"--exit-code", "", "", "2 when they differ"},
        safe,
        no_safe,
        renames,
        only,
        without,
        schemas,
        grants,
        scratch},
       run_schema_diff},
      {"schema drift",
       "schema:drift drift",
       "Look",
       "what differs between the database and what its migrations make",
       "",
       {},
       {{"--check", "", "", "2 when something does"}, only, without, schemas, grants, scratch},
       run_schema_drift},
      {"schema apply",
       "schema:sync schema:apply sync",
       "Run",
       "make the database what a description says, after showing how",
       "Shows the statements, asks, takes the lock, looks once more whether the database is still "
       "what was planned for, and runs them: in one transaction where the database can. The "
       "history "
       "of migrations is not touched.",
       {},
       {desired,
        dry_run,
        destructive,
        {"--auto-approve", "", "", "do not ask (not in protected environments)"},
        yes,
        safe,
        no_safe,
        renames,
        only,
        without,
        timeout,
        lock_wait,
        lock_timeout,
        schemas,
        grants,
        scratch},
       run_schema_apply},
      {"schema drop",
       "schema:drop",
       "Run",
       "drop every object (development only)",
       "",
       {},
       {lock_wait, yes},
       run_schema_drop},
      {"schema snapshot",
       "schema:snapshot",
       "Look",
       "keep a schema in a file, to compare with later",
       "STATE is as in `schema inspect`.",
       {{"STATE", "the schema (default database)", false, false}},
       {{"--output", "-o", "FILE", "where to (default schema.json)"}, schemas, grants, scratch},
       run_schema_snapshot},
      {"plan",
       "",
       "Look",
       "show what `up` would run: locks, rows, time, findings, atomicity",
       "The same as `up --dry-run`: of each statement what lint finds, which lock it takes and "
       "whom "
       "that blocks, how many rows it touches and how long that takes, and what a crash leaves. "
       "With --out also the state it was made on: `up --plan` runs exactly it, or refuses when "
       "files, history or schema have moved.",
       {},
       {{"--to", "", "VERSION", "up to and including this one"},
        {"--out", "-o", "FILE", "write it to a file, for `up --plan`"},
        {"--steps", "-n", "N", "at most so many"},
        out_of_order,
        no_compile,
        fleet,
        jobs,
        report},
       run_plan},
      {"test",
       "migration:test",
       "Look",
       "run migrations up, down and up again on a scratch database full of rows",
       "Rows are made up for every table; what a migration takes away, changes without being asked "
       "to, or does not bring back fails. Behind the migrations run the tests of the tests folder. "
       "Ends with 9 when a test fails.",
       {{"NAME", "migrations (version or name), and files of tests; default: all", false, true}},
       {{"--pending", "", "", "those that the database has not"},
        {"--last", "", "N", "the newest so many"},
        {"--rows", "", "N", "rows made for each table (default 25)"},
        {"--tests", "", "FOLDER", "where tests in SQL lie (default tests)"},
        {"--format", "", "FORMAT", "of the report", false, "text|json|junit"},
        scratch,
        no_compile},
       run_test},
      {"validate",
       "migration:validate validate-db check",
       "Look",
       "check names, order, hashes, syntax and history without running anything",
       "",
       {},
       {{"--strict", "", "", "warnings fail too"},
        {"--offline", "", "", "look at the files only"},
        {"--database", "", "", "compare the database with what the migrations make, too"},
        only,
        without,
        schemas,
        grants,
        scratch,
        no_compile,
        fleet,
        jobs,
        report},
       run_validate},
      {"lint",
       "",
       "Look",
       "say what migrations would do to a database in use: locks, rewrites, losses, and the safe "
       "form",
       "Reads files and needs no database; with --pending it looks at one. Ends with 8 when there "
       "is an error (docs/lint.md).",
       {{"FILES", "these files and folders alone; by default the folders of the connection", false,
         true}},
       {{"--pending", "", "",
         "what the database has not applied, C++ too, against its schema and version"},
        {"--since", "", "REVISION", "what changed in git since then"},
        {"--dialect", "", "NAME", "whose SQL it is (default: that of the connection)", false,
         "postgres|mysql|mariadb|sqlite|cql"},
        {"--severity", "", "LEVEL", "tell from this one on", false, "note|warning|error"},
        {"--rules", "", "", "list the rules (--format markdown: docs/lint.md)"},
        {"--format", "", "FORMAT", "of the findings", false,
         "text|json|sarif|github|gitlab|junit|markdown"},
        no_compile},
       run_lint},
      {"baseline",
       "",
       "Maintain",
       "mark everything up to a version as applied, for a database that exists already",
       "",
       {{"VERSION", "the newest migration that the database already holds", true, false}},
       {yes},
       run_baseline},
      {"squash",
       "migration:squash",
       "Maintain",
       "put one checkpoint in the place of all migrations up to a version",
       "The migrations are replayed in a scratch database; what they make becomes one file, which "
       "is "
       "proven to make the same schema and the same rows. The old files go to archive/VERSION. "
       "Databases that have applied them know the checkpoint for applied.",
       {},
       {{"--to", "", "VERSION", "up to and including this one"}, dry_run, scratch, no_compile, yes},
       run_squash},
      {"resolve",
       "migration:resolve",
       "Maintain",
       "show what is known about a migration, and settle it by hand",
       "Without --as it only shows the evidence. An interrupted migration needs no resolving: the "
       "next `up` goes on by itself.",
       {{"NAME", "version or name", false, false}},
       {{"--name", "", "NAME", "the same as the argument"},
        {"--as", "", "STATE", "count it as applied (up) or not (down)", false, "up|down"},
        {"--abandon", "", "",
         "give up an interrupted backfill or online change: its copy and triggers go, and the "
         "migration is pending again"},
        yes},
       run_resolve},
      {"repair",
       "migration:repair",
       "Maintain",
       "bring the history in line with the files, after explaining how",
       "",
       {},
       {dry_run, yes},
       run_repair},
      {"freeze",
       "",
       "Maintain",
       "let no run begin on this database",
       "For an incident, a failover, a change of the cluster: from now on `up`, `down` and "
       "whatever "
       "else changes the database is refused (8), from every program and host, until `sterna "
       "unfreeze`. Waits for a run in progress. Runs that find nothing to do are no error.",
       {{"REASON", "one line, for those who are refused", false, false}},
       {lock_wait},
       run_freeze},
      {"unfreeze", "", "Maintain", "let runs begin again", "", {}, {lock_wait}, run_unfreeze},
      {"hash", "migration:hash", "Maintain", "write sterna.sum anew", "", {}, {}, run_hash},
      {"config show",
       "config",
       "Look",
       "show the configuration that is in force",
       "Passwords are masked.",
       {},
       {{"--origin", "", "", "and where each value comes from"}},
       run_config_show},
      {"design",
       "ui",
       "Look",
       "draw the schema in the browser",
       "Serves a page on this machine alone, with the project's schema as a diagram to be edited. "
       "What "
       "was drawn is kept in .sterna/design.json and becomes a migration when you say so; no "
       "database is changed. The drawing lies on what the migrations make, or on another STATE: "
       "database, applied, @connection, a file of the project (schema.sql, schema.json). For other "
       "machines, --host needs the environment variable STERNA_DESIGN_TOKEN. See docs/designer.md.",
       {{"STATE", "what to draw on (default: migrations)", false, false}},
       {{"--port", "-p", "PORT", "listen here (default 3001, or a free one when it is taken)"},
        {"--host", "", "ADDRESS", "listen on this address (default: this machine alone)"},
        {"--allow-host", "", "NAME", "a name that this machine is reached by", true},
        {"--no-open", "", "", "print the address, open no browser"},
        {"--allow-apply", "", "", "the page may apply migrations, outside protected environments"}},
       run_design},
      {"doctor",
       "",
       "Look",
       "check client libraries, compiler, connection, rights and what earlier runs left behind",
       "",
       {},
       {},
       run_doctor},
      {"import",
       "",
       "Maintain",
       "take over another tool's migrations and its history",
       "Reads the tool's files and what its history table says is applied, writes them as Sterna's "
       "migrations, and marks the same ones as applied. Nothing of the other tool is changed. What "
       "is "
       "written in another language comes over as the schema it made.",
       {{"PATH", "the folder of its files, or its change log (default: the tool's usual places)",
         false, false}},
       {{"--from", "", "TOOL", "whose migrations they are", false,
         "flyway|liquibase|goose|dbmate|sql-migrate|golang-migrate|sqlx|atlas|refinery|diesel|"
         "prisma|drizzle|sqitch|gocqlx|cassandra-migration|knex|kysely|typeorm|alembic|django|"
         "rails|laravel"},
        {"--output", "-o", "FOLDER", "where to write (default: the connection's first folder)"},
        {"--placeholder", "", "NAME=VALUE", "the value of a placeholder in the files", true},
        {"--table", "", "NAME", "its history table, when it has another name"},
        {"--history-url", "", "URL", "the database that holds its history, when it is another"},
        {"--files-only", "", "", "do not ask the database: nothing counts as applied"},
        {"--dry-run", "", "", "show what would be written"},
        yes},
       run_import},
      {"export",
       "",
       "Look",
       "print what `up` would run as one script, history rows included",
       "For a person who runs it by hand. `status` then shows the migrations as applied.",
       {},
       {{"--to", "", "FORMAT", "what to write", false, "sql"},
        {"--until", "", "VERSION", "up to and including this one"},
        {"--output", "-o", "FILE", "where to (default: standard output)"},
        no_compile},
       run_export},
      {"serve",
       "",
       "Look",
       "serve health, readiness and metrics over HTTP",
       "/health (JSON), /livez, /readyz (200 when nothing is left to apply or to mend) and "
       "/metrics "
       "(Prometheus). On this machine alone unless --host says otherwise. Ends at SIGTERM.",
       {},
       {{"--port", "", "N", "the port (default 4000; 0: any free one)"},
        {"--host", "", "ADDRESS", "listen on this address (default 127.0.0.1)"},
        {"--allow-host", "", "NAME", "a name that requests may call this server by; * for any",
         true},
        {"--drift", "", "DURATION",
         "compare the database with its migrations so often (default never)"}},
       run_serve},
      {"wait-for",
       "",
       "Look",
       "wait until migrations are applied",
       "For programs that must not start before. A database that cannot be reached yet is waited "
       "for, too.",
       {},
       {{"--version", "", "VERSION", "until this migration is applied; needs no files"},
        {"--up-to-date", "", "", "until nothing is left to apply"},
        {"--timeout", "", "DURATION", "give up after so long (default 60s)"}},
       run_wait_for},
      {"debug split",
       "",
       "Look",
       "show the statements of a file with their positions",
       "",
       {{"FILE", "an SQL file, or - for standard input", true, false}},
       {{"--dialect", "", "NAME", "whose SQL it is", false, "postgres|mysql|mariadb|sqlite|cql"}},
       run_debug_split},
      {"debug reference",
       "",
       "",
       "print the command reference (docs/commands.md)",
       "",
       {},
       {},
       run_reference},
      {"debug man", "", "", "print the manual page sterna(1)", "", {}, {}, run_manual_page},
      {"completion",
       "",
       "Look",
       "print a completion script",
       "",
       {{"SHELL", "bash, zsh or fish", true, false}},
       {},
       run_completion},
      {"version",
       "",
       "Look",
       "print the version",
       "",
       {},
       {{"--json", "", "", "as JSON"}},
       run_version},
      {"help",
       "",
       "Look",
       "show the commands, or one of them",
       "",
       {{"COMMAND", "a command", false, true}},
       {},
       run_help},
  };
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> table = make_commands();
  return table;
}

std::vector<Option> common_options(const Command& command) {
  std::vector<Option> result;
  for (const Option& option : common_options()) {
    const bool own = std::any_of(command.options.begin(), command.options.end(),
                                 [&](const Option& one) { return one.name == option.name; });
    if (!own) result.push_back(option);
  }
  return result;
}

const std::vector<Option>& common_options() {
  static const std::vector<Option> table{
      {"--connection", "-c", "NAME", "which connection of sterna.toml"},
      {"--env", "-e", "NAME", "which environment"},
      {"--url", "", "URL", "which database: sqlite:path, postgres://…, mysql://…, cassandra://…"},
      {"--dir", "-d", "FOLDER", "the migrations folder; may be given several times", true},
      {"--config", "", "FILE", "another sterna.toml"},
      {"--no-dotenv", "", "", "do not read .env"},
      {"--format", "", "FORMAT", "of the result", false, "text|json"},
      {"--verbose", "-v", "", "say more"},
      {"--quiet", "-q", "", "say only what failed"},
      {"--no-color", "", "", "no colours (as the variable NO_COLOR)"},
      {"--help", "-h", "", "this text"},
  };
  return table;
}

const Command* find_command(std::string_view name) {
  for (const Command& command : commands()) {
    if (command.name == name) return &command;
    for (const std::string& alias : split(command.aliases, ' ')) {
      if (!alias.empty() && alias == name) return &command;
    }
  }
  return nullptr;
}

std::optional<std::string> Invocation::value(std::string_view name) const {
  const auto found = values.find(name);
  if (found == values.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Invocation::all(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() ? std::vector<std::string>() : found->second;
}

std::optional<int> Invocation::number(std::string_view name, int least) const {
  const std::optional<std::string> text = value(name);
  if (!text) return std::nullopt;
  int number = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc() || stop != end || number < least) {
    throw Error(ErrorKind::config, "--" + std::string(name) + " takes a number from " +
                                       std::to_string(least) + ", not '" + *text + "'");
  }
  return number;
}

int Invocation::verbosity() const {
  if (has("quiet")) return -1;
  return has("verbose") ? 1 : 0;
}

}  // namespace sterna::cli
