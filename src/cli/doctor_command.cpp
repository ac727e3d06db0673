// doctor: what can be found wrong with the surroundings before a migration finds it.
#include "base/dynamic_library.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdlib>

namespace sterna::cli {
namespace {

struct Check {
  using Result = ServerFinding::Result;
  std::string name;
  Result result;
  std::string text;
};

Check library(const char* name, const char* package, const char* scheme) {
  try {
    const DynamicLibrary loaded(name);
    return {std::string("client library for ") + scheme, Check::Result::good, name};
  } catch (const Error&) {
    return {std::string("client library for ") + scheme, Check::Result::warning,
            fmt::format("{} is not installed (package {})", name, package)};
  }
}

Check compiler() {
  const char* named = std::getenv("STERNA_CXX");
  if (named == nullptr) named = std::getenv("CXX");
  const std::string program = named != nullptr ? named : "c++";
  try {
    const ProcessResult result = run_process({program, "--version"});
    if (result.exit_code == 0)
      return {"C++ compiler", Check::Result::good,
              result.output.substr(0, result.output.find('\n'))};
  } catch (const Error&) {  // reported below
  }
  return {"C++ compiler", Check::Result::warning,
          fmt::format("'{}' cannot be run: C++ migrations cannot be compiled here", program)};
}

Check lock(Connection& connection) {
  const std::unique_ptr<Locker> locker = connection.locker("sterna_doctor");
  Check check{"migration lock", Check::Result::good, std::string(locker->kind())};
  try {
    if (locker->try_acquire())
      locker->release();
    else
      check.text += " (held by another run now)";
    // Where a lock is a row, the table of this one is of no further use.
    if (connection.has_table(model::Name("sterna_doctor")))
      connection.execute("DROP TABLE sterna_doctor");
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::connection) throw;
    check.result = Check::Result::bad;
    check.text += std::string(" cannot be taken: ") + error.what();
  }
  return check;
}

/// Who holds the lock of this project's runs.
Check running(Session& session) {
  const RunnerOptions& run = session.engine().options().run;
  Connection& connection = session.engine().connection();
  const History history(connection, run.history_schema, run.history_table);
  Check check{"runs now", Check::Result::good, "none"};
  try {
    const auto holder = connection.locker(history.lock_name())->holder();
    if (!holder || holder->who.empty()) return check;
    check.text = holder->who;
    if (holder->seconds >= 0) check.text += ", for " + format_duration(holder->seconds);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::connection) throw;
    check.text = std::string("not told: ") + error.what();
  }
  return check;
}

void check_database(Session& session, std::vector<Check>& checks) {
  Connection& connection = session.engine().connection();
  checks.push_back(
      {"connection", Check::Result::good,
       fmt::format("{} at {}", connection.server().version_text, connection.url().masked())});
  for (ServerFinding& found : connection.examine())
    checks.push_back({std::move(found.name), found.result, std::move(found.text)});
  checks.push_back(lock(connection));
  checks.push_back(running(session));
  try {
    connection.begin();
    connection.execute("CREATE TABLE sterna_doctor_probe (id int PRIMARY KEY)");
    if (connection.has_table(model::Name("sterna_doctor_probe")))
      connection.execute("DROP TABLE sterna_doctor_probe");
    connection.rollback();
    checks.push_back({"right to create tables", Check::Result::good, "yes"});
  } catch (const Error& error) {
    connection.rollback();
    checks.push_back({"right to create tables", Check::Result::bad, error.what()});
  }
  const std::vector<std::string> leftovers = connection.leftovers();
  checks.push_back({"leftovers of interrupted statements",
                    leftovers.empty() ? Check::Result::good : Check::Result::warning,
                    leftovers.empty() ? "none" : join(leftovers, "; ")});
  const Status status = session.engine().status();
  const std::size_t interrupted = status.count(MigrationState::interrupted);
  checks.push_back(
      {"unfinished migrations", interrupted == 0 ? Check::Result::good : Check::Result::warning,
       interrupted == 0 ? "none"
                        : fmt::format("{}; the next `sterna up` goes on with them", interrupted)});
  if (status.frozen) {
    checks.push_back(
        {"frozen", Check::Result::warning,
         fmt::format("no run begins since {} UTC, by {}{}", status.frozen->at, status.frozen->by,
                     status.frozen->reason.empty() ? "" : ": " + status.frozen->reason)});
  }
}

}  // namespace

int run_doctor(Invocation& invocation) {
  std::vector<Check> checks;
  checks.push_back({"sterna", Check::Result::good, std::string(version())});
  checks.push_back(library("libpq.so.5", "libpq5", "PostgreSQL"));
  checks.push_back(library("libmariadb.so.3", "libmariadb3", "MySQL and MariaDB"));
  checks.push_back(compiler());
  try {
    Session session(invocation, Access::looks);
    checks.push_back(
        {"configuration", Check::Result::good,
         session.config().file.empty() ? "no sterna.toml" : session.config().file.string()});
    if (session.absent().empty())
      check_database(session, checks);
    else
      checks.push_back({"connection", Check::Result::warning, session.absent()});
  } catch (const Error& error) {
    std::string text = error.what();
    for (const std::string& suggestion : error.suggestions()) text += "; try: " + suggestion;
    checks.push_back({error.kind() == ErrorKind::config ? "configuration" : "connection",
                      Check::Result::bad, text});
  }
  bool bad = false;
  nlohmann::ordered_json json;
  json["schema_version"] = 1;
  for (const Check& check : checks) {
    bad = bad || check.result == Check::Result::bad;
    const char* word = check.result == Check::Result::good      ? "ok"
                       : check.result == Check::Result::warning ? "warning"
                                                                : "bad";
    json["checks"].push_back({{"name", check.name}, {"result", word}, {"text", check.text}});
    if (invocation.json()) continue;
    const Tone tone = check.result == Check::Result::good      ? Tone::good
                      : check.result == Check::Result::warning ? Tone::warning
                                                               : Tone::bad;
    print(fmt::format("{} {}: {}\n", toned(fmt::format("{:<8}", word), tone), check.name,
                      check.text));
  }
  if (invocation.json())
    print(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  return bad ? 1 : 0;
}

}  // namespace sterna::cli
