// The engine's own dump as the judge: databases whose schemas are called equal give the same dump,
// and a change of any kind of object makes schemas that are not called equal.
#include "base/file.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "database/registry.hpp"
#include "diff/diff.hpp"
#include "diff/script.hpp"
#include "sql/splitter.hpp"
#include "support/databases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <sstream>

namespace sterna::test {
namespace {

namespace fs = std::filesystem;

/// tests/database/dumps/<engine>/*.sql: `-- base`, then any number of `-- change: what it is`, each
/// made where the one before left off. `-- since 15` or `-- since 8.0.16` behind a heading: newer
/// servers alone; `-- mariadb`: not for MySQL.
struct DumpStep {
  std::string what, sql;
  int since = 0;
  bool mariadb = false;

  bool is_for(const ServerInfo& server) const {
    return server.version >= since && !(mariadb && server.product == "MySQL");
  }
};
struct DumpCase {
  Kind kind;
  std::string name;
  fs::path path;
};
void PrintTo(const DumpCase& test, std::ostream* out) { *out << test.name; }

std::vector<DumpStep> read_steps(const fs::path& path) {
  std::vector<DumpStep> steps;
  std::istringstream lines(read_file(path.string()));
  for (std::string line; std::getline(lines, line);) {
    if (line == "-- base" || line.starts_with("-- change: ")) {
      steps.push_back({line.substr(3), {}, 0, false});
    } else if (line.starts_with("-- since ")) {
      int weight = 10000;
      for (const std::string& part : split(line.substr(9), '.')) {
        steps.back().since += std::stoi(part) * weight;
        weight /= 100;
      }
    } else if (line == "-- mariadb") {
      steps.back().mariadb = true;
    } else if (!steps.empty()) {
      steps.back().sql += line + "\n";
    }
  }
  return steps;
}

std::vector<DumpCase> cases_of(const std::string& folder, const std::vector<Kind>& kinds) {
  std::vector<DumpCase> all;
  for (const Kind kind : kinds) {
    const std::string engine = kind == Kind::sqlite     ? "sqlite"
                               : kind == Kind::postgres ? "postgres"
                                                        : "mysql";
    for (const auto& entry : fs::directory_iterator(fs::path(STERNA_SOURCE_DIR) /
                                                    ("tests/database/" + folder) / engine)) {
      if (entry.path().stem().string().ends_with("_newer")) continue;  // no schema by itself
      all.push_back({kind, engine + "_" + entry.path().stem().string(), entry.path()});
    }
  }
  std::sort(all.begin(), all.end(),
            [](const DumpCase& a, const DumpCase& b) { return a.name < b.name; });
  return all;
}

void run(Connection& connection, const std::string& sql, const std::string& name) {
  for (const Statement& statement :
       split_statements(sql, connection.dialect().language(), name, 1)) {
    try {
      connection.execute(statement);
    } catch (const Error& error) {
      FAIL() << error.what() << "\n" << statement.sql;
    }
  }
}

std::string differences(Connection& connection, const model::Model& from, const model::Model& to) {
  std::string text;
  try {
    for (const Change& change :
         diff(from, to, {connection.dialect(), connection.server()}).changes) {
      text += describe(change) + "\n";
    }
  } catch (const Error& error) {  // no statement can make it, but it is seen
    text = error.what();
  }
  return text;
}

std::string first_existing(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (fs::exists(name)) return name;
  }
  return {};
}

std::string dump_program(Kind kind) {
  if (kind == Kind::sqlite) return first_existing({"/usr/bin/sqlite3"});
  if (kind == Kind::mysql) return first_existing({"/usr/bin/mariadb-dump", "/usr/bin/mysqldump"});
  std::vector<std::string> found;
  if (fs::exists("/usr/lib/postgresql")) {
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql")) {
      found.push_back((entry.path() / "bin/pg_dump").string());
    }
  }
  std::sort(found.rbegin(), found.rend());
  return first_existing(found);
}

enum class Part { all, tables };

std::vector<std::string> dump_command(const TestDatabase& database, Part part) {
  const std::string program = dump_program(database.kind());
  if (database.kind() == Kind::sqlite) {
    return {program, database.url().substr(database.url().find(':') + 1), ".schema"};
  }
  const Url url = parse_url(database.url());
  const std::string host = url.hosts.front().name, port = std::to_string(url.hosts.front().port);
  if (database.kind() == Kind::postgres) {
    return {program, "--schema-only", "-h", host, "-p", port, "-U", url.user, url.database};
  }
  std::vector<std::string> command{
      program, "--no-defaults", "--no-data", "--compact", "-h", host, "-P", port, "-u", url.user};
  if (part == Part::all) command.insert(command.end(), {"--routines", "--events", "--triggers"});
  if (part == Part::tables) command.emplace_back("--skip-triggers");
  command.push_back(url.database);
  return command;
}

/// What stands in the order in which it was given, though that means nothing: privileges
/// (PostgreSQL), indexes and checks of a table (MySQL).
bool has_no_order(Kind kind, std::string_view line) {
  if (kind == Kind::postgres) return line.starts_with("GRANT ") || line.starts_with("REVOKE ");
  return line.starts_with("  CONSTRAINT ") ||
         (line.starts_with("  ") && line.find("KEY `") != std::string_view::npos);
}

/// Comments, and what is new in every dump, left out.
std::string dump(const TestDatabase& database, Part part = Part::all) {
  const ProcessResult result = run_process(dump_command(database, part));
  EXPECT_EQ(result.exit_code, 0) << result.output;
  std::string text;
  std::vector<std::string> unordered;
  const auto put = [&] {
    std::sort(unordered.begin(), unordered.end());
    for (const std::string& line : unordered) text += line + "\n";
    unordered.clear();
  };
  for (std::string line : split(result.output, '\n')) {
    if (line.empty() || line.starts_with("--") || line.starts_with("\\restrict") ||
        line.starts_with("\\unrestrict")) {
      continue;
    }
    for (std::size_t at = 0; (at = line.find(database.name(), at)) != std::string::npos;) {
      line.replace(at, database.name().size(), "db");
    }
    if (!has_no_order(database.kind(), line)) {
      put();
      text += line + "\n";
      continue;
    }
    if (line.ends_with(',')) line.pop_back();
    unordered.push_back(line);
  }
  put();
  return text;
}

/// Why there is no dump to compare with; a failure when it is only a program that is missing.
std::string no_dump(Kind kind, const ServerInfo& server) {
  if (dump_program(kind).empty()) {
    const std::string why = "the engine's dump program is not installed";
    if (everything_required()) ADD_FAILURE() << why << " (STERNA_REQUIRE_ALL=1)";
    return why;
  }
  if (kind != Kind::postgres) return {};
  // pg_dump refuses servers that are newer than it is.
  const std::string version = run_process({dump_program(kind), "--version"}).output;
  const std::size_t digits = version.find_first_of("0123456789");
  if (digits == std::string::npos) return "pg_dump tells no version";
  return std::stoi(version.substr(digits)) * 10000 < server.version - server.version % 10000
             ? "pg_dump is older than the server"
             : "";
}

struct Dump : testing::TestWithParam<DumpCase> {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam().kind);
    database = std::make_unique<TestDatabase>(GetParam().kind);
    connection = connect(parse_url(database->url()));
    options.grants = GetParam().kind == Kind::postgres;
  }
  model::Model look(Connection& at) const { return at.inspect(options); }

  /// The schema, made again from its model alone.
  void expect_same_again(const model::Model& model, bool with_dump) {
    const TestDatabase copy(GetParam().kind);
    const auto other = connect(parse_url(copy.url()));
    try {
      create_model(*other, model);
    } catch (const Error& error) {
      FAIL() << error.what() << "\n" << error.statement();
    }
    const model::Model again = look(*other);
    EXPECT_EQ(differences(*connection, model, again), "");
    EXPECT_EQ(differences(*connection, again, model), "");
    if (!with_dump) return;
    const Kind kind = GetParam().kind;
    if (kind == Kind::postgres) {
      EXPECT_EQ(dump(*database), dump(copy));
      return;
    }
    if (kind == Kind::mysql) {
      EXPECT_EQ(dump(*database, Part::tables), dump(copy, Part::tables));
    }
    // SQLite keeps all text as it was given, MySQL that of routines and triggers: what the model
    // renders to is the same every time.
    const TestDatabase second(kind);
    create_model(*connect(parse_url(second.url())), again);
    EXPECT_EQ(dump(copy), dump(second));
  }

  std::unique_ptr<TestDatabase> database;
  std::unique_ptr<Connection> connection;
  InspectOptions options;
};

struct SchemaDump : Dump {};

TEST_P(SchemaDump, EveryChangeIsSeenAndEqualSchemasHaveTheSameDump) {
  const bool with_dump = no_dump(GetParam().kind, connection->server()).empty();
  std::optional<model::Model> before;
  std::string dumped;
  for (const DumpStep& step : read_steps(GetParam().path)) {
    if (!step.is_for(connection->server())) {
      if (!before) GTEST_SKIP() << "for other servers";
      continue;
    }
    SCOPED_TRACE(step.what);
    run(*connection, step.sql, step.what);
    if (HasFatalFailure()) return;
    model::Model now = look(*connection);
    const std::string text = with_dump ? dump(*database) : "";
    if (before) {
      EXPECT_NE(differences(*connection, *before, now), "") << "is not seen";
      EXPECT_NE(differences(*connection, now, *before), "") << "is not seen backwards";
      if (with_dump) {
        EXPECT_NE(dumped, text) << "is no change";
      }
    } else {
      expect_same_again(now, with_dump);
    }
    before = std::move(now);
    dumped = text;
  }
  ASSERT_TRUE(before.has_value());
  expect_same_again(*before, with_dump);
}

INSTANTIATE_TEST_SUITE_P(Kinds, SchemaDump,
                         testing::ValuesIn(cases_of("dumps", {Kind::postgres, Kind::mysql})),
                         [](const auto& one) { return one.param.name; });

struct SampleDump : Dump {};

TEST_P(SampleDump, IsThatOfTheSchemaMadeFromItsModel) {
  if (const std::string why = no_dump(GetParam().kind, connection->server()); !why.empty()) {
    GTEST_SKIP() << why;
  }
  if (GetParam().name.ends_with("_mariadb") && connection->server().product == "MySQL")
    GTEST_SKIP() << "what MariaDB alone has";
  run(*connection, read_file(GetParam().path.string()), GetParam().name);
  if (HasFatalFailure()) return;
  expect_same_again(look(*connection), true);
}

INSTANTIATE_TEST_SUITE_P(Samples, SampleDump,
                         testing::ValuesIn(cases_of("samples",
                                                    {Kind::postgres, Kind::mysql, Kind::sqlite})),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace sterna::test
