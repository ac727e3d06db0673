// status, history, validate, config show, debug split, version, help, completion: what only looks.
#include "base/file.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "cli/schema.hpp"
#include "database/registry.hpp"
#include "sql/classify.hpp"
#include "sql/splitter.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iostream>
#include <iterator>

namespace sterna::cli {
namespace {

Tone tone_of(MigrationState state) {
  switch (state) {
    case MigrationState::applied:
      return Tone::good;
    case MigrationState::pending:
      return Tone::strong;
    case MigrationState::skipped:
      return Tone::dim;
    case MigrationState::interrupted:
    case MigrationState::out_of_order:
      return Tone::warning;
    case MigrationState::missing:
    case MigrationState::changed:
      return Tone::bad;
  }
  return Tone::plain;
}

std::string duration_text(std::chrono::microseconds duration) {
  return format_duration(static_cast<double>(duration.count()) / 1e6);
}

std::string without_fraction(const std::string& time) { return time.substr(0, time.find('.')); }

}  // namespace

int run_status(Invocation& invocation) {
  if (invocation.has("fleet")) return run_status_fleet(invocation);
  Session session(invocation, Access::looks);
  session.wait_for_database(invocation);
  const Status status = session.engine().status();
  const bool clean = status.up_to_date();
  if (invocation.json()) {
    print(
        status_json(status, session.connection_config().name, session.config().environment.value));
  } else if (invocation.verbosity() >= 0) {
    std::vector<std::vector<std::string>> rows{{"state", "migration", "applied (UTC)", "took", ""}};
    for (const MigrationStatus& item : status.migrations) {
      if (invocation.has("pending") && item.state == MigrationState::applied) continue;
      const bool applied = !item.applied_at.empty() && item.state != MigrationState::interrupted;
      const std::string id = item.scope.empty() ? item.id() : item.scope + "/" + item.id();
      rows.push_back({std::string(to_string(item.state)), id,
                      applied ? without_fraction(item.applied_at) : "",
                      applied ? duration_text(item.duration) : "", item.detail});
    }
    std::string text = table(rows);
    for (const MigrationState state :
         {MigrationState::applied, MigrationState::pending, MigrationState::skipped,
          MigrationState::missing, MigrationState::changed, MigrationState::out_of_order,
          MigrationState::interrupted}) {
      const std::string word = "\n" + std::string(to_string(state)) + " ";
      for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += 1) {
        const std::string coloured = "\n" + toned(to_string(state), tone_of(state)) + " ";
        text.replace(at, word.size(), coloured);
      }
    }
    print(text);
    std::string summary;
    for (const MigrationState state :
         {MigrationState::applied, MigrationState::pending, MigrationState::out_of_order,
          MigrationState::interrupted, MigrationState::changed, MigrationState::missing,
          MigrationState::skipped}) {
      const std::size_t count = status.count(state);
      if (count > 0)
        summary += fmt::format("{}{} {}", summary.empty() ? "" : ", ", count, to_string(state));
    }
    say(summary.empty() ? "no migrations" : summary);
    if (status.frozen)
      say(toned("frozen", Tone::warning) + " since " + without_fraction(status.frozen->at) +
          " UTC by " + status.frozen->by +
          (status.frozen->reason.empty() ? "" : ": " + status.frozen->reason));
  }
  return invocation.has("check") && !clean ? 2 : 0;
}

int run_history(Invocation& invocation) {
  Session session(invocation, Access::looks);
  const std::vector<HistoryRow> rows = session.engine().history();
  if (invocation.json()) {
    print(history_json(rows));
    return 0;
  }
  std::vector<std::vector<std::string>> cells{
      {"batch", "migration", "applied (UTC)", "took", "by", "sterna"}};
  for (const HistoryRow& row : rows) {
    cells.push_back({std::to_string(row.batch),
                     target_name(row.scope, row.id()) +
                         (row.state == RowState::applied ? "" : " (interrupted)"),
                     without_fraction(row.applied_at),
                     duration_text(std::chrono::microseconds(row.duration_us)), row.applied_by,
                     row.sterna_version});
  }
  if (rows.empty())
    say("the history is empty");
  else
    print(table(cells));
  return 0;
}

int run_query(Invocation& invocation) {
  const std::string sql = *invocation.value("SQL");
  // Nothing but a file of SQLite can be missing and made.
  const bool reads = classify(sql, Language::sqlite).verb == Verb::select;
  Session session(invocation, reads ? Access::reads_states : Access::changes);
  session.require_database();
  const Rows rows = session.engine().connection().query(sql);
  const auto cell = [](const Value& value) {
    return value.is_null() ? std::string("NULL") : convert<std::string>(value);
  };
  if (invocation.json()) {
    nlohmann::ordered_json json;
    json["schema_version"] = 1;
    json["rows"] = nlohmann::ordered_json::array();
    for (const Row& row : rows) {
      nlohmann::ordered_json entry;
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i].is_null())
          entry[row.columns()[i]] = nullptr;
        else
          entry[row.columns()[i]] = cell(row[i]);
      }
      json["rows"].push_back(std::move(entry));
    }
    print(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return 0;
  }
  if (rows.empty()) {
    say("no rows");
    return 0;
  }
  std::vector<std::vector<std::string>> cells{rows.front().columns()};
  for (const Row& row : rows) {
    std::vector<std::string> line;
    for (std::size_t i = 0; i < row.size(); ++i) line.push_back(cell(row[i]));
    cells.push_back(std::move(line));
  }
  print(table(cells));
  return 0;
}

int run_validate(Invocation& invocation) {
  if (invocation.has("fleet")) return run_validate_fleet(invocation);
  Session session(invocation, invocation.has("offline") || invocation.has("database")
                                  ? Access::reads_states
                                  : Access::looks);
  if (invocation.has("offline") && invocation.has("database"))
    throw Error(ErrorKind::config, "--offline and --database exclude each other");
  std::vector<Problem> problems = session.engine().validate(invocation.has("offline"));
  if (invocation.has("database")) {
    const Comparison compared = compare(session, invocation, "applied", "database");
    for (Problem& problem : drift_problems(compared.difference.changes))
      problems.push_back(std::move(problem));
  }
  const bool strict = invocation.has("strict") || session.connection_config().strict.value;
  std::size_t errors = 0;
  for (const Problem& problem : problems) {
    if (is_serious(problem, strict)) ++errors;
  }
  if (invocation.json()) {
    print(problems_json(problems));
  } else {
    print_problems(problems);
    say(problems.empty()
            ? std::string("everything is in order")
            : fmt::format("{} problem(s), {} of them serious", problems.size(), errors));
  }
  return errors > 0 ? 6 : 0;
}

int run_config_show(Invocation& invocation) {
  const Config config = load_configuration(invocation);
  std::vector<std::vector<std::string>> rows{{"setting", "value", "from"}};
  nlohmann::ordered_json json;
  json["schema_version"] = 1;
  const auto add = [&](const std::string& name, const std::string& value,
                       const std::string& origin) {
    rows.push_back({name, value, origin});
    json["settings"][name] = {{"value", value}, {"origin", origin}};
  };
  add("file", config.file.empty() ? "(none)" : config.file.string(), "");
  add("environment", config.environment.value, config.environment.origin);
  add("log_sql", config.log_sql.value, config.log_sql.origin);
  add("debug", config.debug.value ? "true" : "false", config.debug.origin);
  const auto only = invocation.value("connection");
  for (const auto& [name, connection] : config.connections) {
    if (only && *only != name) continue;
    const std::string prefix = "connection." + name + ".";
    const auto flag = [&](std::string_view key, const Setting<bool>& s) {
      add(prefix + std::string(key), s.value ? "true" : "false", s.origin);
    };
    const auto text = [&](std::string_view key, const Setting<std::string>& s) {
      add(prefix + std::string(key), s.value, s.origin);
    };
    const auto time = [&](std::string_view key, const Setting<double>& s) {
      add(prefix + std::string(key), s.value > 0 ? format_duration(s.value) : "none", s.origin);
    };
    add(prefix + "url", connection.url.value ? connection.url.value->masked() : "(none)",
        connection.url.origin);
    add(prefix + "directories", join(connection.directories.value, ", "),
        connection.directories.origin);
    flag("separate_directories", connection.separate_directories);
    text("history_table", connection.history_table);
    text("history_schema", connection.history_schema);
    time("run_timeout", connection.run_timeout);
    time("migration_timeout", connection.migration_timeout);
    time("statement_timeout", connection.statement_timeout);
    time("lock_wait", connection.lock_wait);
    time("lock_timeout", connection.lock_timeout);
    std::vector<std::string> replicas;
    for (const Url& replica : connection.replicas.value) replicas.push_back(replica.masked());
    add(prefix + "replicas", join(replicas, ", "), connection.replicas.origin);
    add(prefix + "lock_retries", std::to_string(connection.lock_retries.value),
        connection.lock_retries.origin);
    static constexpr std::string_view policies[] = {"error", "warn", "allow"};
    add(prefix + "out_of_order",
        std::string(policies[static_cast<int>(connection.out_of_order.value)]),
        connection.out_of_order.origin);
    text("transaction", connection.transaction);
    flag("strict", connection.strict);
    flag("protected", connection.protected_);
    flag("auto_run", connection.auto_run);
    text("seeds", connection.seeds);
    text("models", connection.models);
    text("schema", connection.schema);
  }
  if (invocation.json()) {
    print(json.dump(2) + "\n");
    return 0;
  }
  if (!invocation.has("origin")) {
    for (auto& row : rows) row.resize(2);
  }
  print(table(rows));
  return 0;
}

int run_debug_split(Invocation& invocation) {
  const std::string file = *invocation.value("FILE");
  const std::string text =
      file == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), {}) : read_file(file);
  const std::string dialect = invocation.value("dialect").value_or("postgres");
  const Language language = dialect == "cql" ? Language::cql : dialect_named(dialect).language();
  const std::vector<Statement> statements = split_statements(text, language, file);
  if (invocation.json()) {
    print(statements_json(statements));
    return 0;
  }
  for (const Statement& statement : statements) {
    print(toned("-- " + to_string(statement.position), Tone::dim) + "\n" + statement.sql + ";\n");
    if (!statement.copy_data.empty())
      print(toned(fmt::format("-- and {} bytes of COPY data", statement.copy_data.size()),
                  Tone::dim) +
            "\n");
  }
  return 0;
}

int run_reference(Invocation&) {
  print(reference());
  return 0;
}

int run_manual_page(Invocation&) {
  print(manual_page());
  return 0;
}

int run_completion(Invocation& invocation) {
  print(completion(*invocation.value("SHELL")));
  return 0;
}

int run_version(Invocation& invocation) {
  if (invocation.has("json") || invocation.json()) {
    nlohmann::ordered_json json;
    json["schema_version"] = 1;
    json["version"] = version();
    json["compiler"] = __VERSION__;
    for (const Engine& engine : engines()) json["schemes"].push_back(engine.scheme);
    print(json.dump(2) + "\n");
    return 0;
  }
  print(fmt::format("sterna {}\n", version()));
  return 0;
}

int run_help(Invocation& invocation) {
  const std::vector<std::string> words = invocation.all("COMMAND");
  if (words.empty()) {
    print(overview());
    return 0;
  }
  const std::string name = join(words, " ");
  const Command* command = find_command(name);
  if (command == nullptr)
    throw Error(ErrorKind::config, "there is no command '" + name + "'")
        .suggest("`sterna help` lists them");
  print(help_of(*command));
  return 0;
}

}  // namespace sterna::cli
