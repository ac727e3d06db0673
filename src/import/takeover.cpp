#include "import/takeover.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "database/registry.hpp"
#include "diff/diff.hpp"
#include "diff/filter.hpp"
#include "diff/script.hpp"
#include "migration/own_place.hpp"
#include "migration/sum.hpp"
#include "program/author.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna {
namespace fs = std::filesystem;
namespace {

/// Where a database has no schemas by that name, asking for a table in one is an error.
bool there_is(Connection& connection, const model::Name& table) {
  try {
    return connection.has_table(table);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::schema) throw;
    return false;
  }
}

class DatabaseHistory final : public ForeignHistory {
 public:
  DatabaseHistory(Connection& connection, std::string_view tool)
      : connection_(connection), tool_(tool) {}

  bool read(const std::vector<std::string>& tables, std::string_view columns,
            std::string_view order, std::vector<ForeignRow>& rows) override {
    const bool ordered = !order.empty() && connection_.capabilities().relational;
    for (const std::string& table : tables) {
      const model::Name name(table);
      if (!there_is(connection_, name)) continue;
      // Quoted: "change" and "version" are words of some languages.
      const std::string sql =
          fmt::format("SELECT {} FROM {}{}", quoted(columns), connection_.dialect().quote(name),
                      ordered ? " ORDER BY " + quoted(order) : std::string());
      for (const Row& row : rows_of(sql, table, columns)) {
        ForeignRow cells;
        for (std::size_t i = 0; i < row.size(); ++i)
          cells.push_back(row[i].is_null() ? std::string() : convert<std::string>(row[i]));
        rows.push_back(std::move(cells));
      }
      return true;
    }
    return false;
  }

 private:
  /// Several tools call their tables alike.
  Rows rows_of(const std::string& sql, const std::string& table, std::string_view columns) {
    try {
      return connection_.query(sql);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::schema) throw;
      throw Error(ErrorKind::refused,
                  fmt::format("the table {} is not what {} keeps its history in: it has no columns "
                              "{} ({})",
                              table, tool_, columns, error.what()))
          .with_state("nothing was written")
          .suggest("is --from the tool that was used here?")
          .suggest("--table names a history table of another name");
    }
  }

  std::string quoted(std::string_view columns) const {
    std::vector<std::string> names = split(columns, ',');
    for (std::string& name : names) name = connection_.dialect().quote(trim(name));
    return join(names, ", ");
  }

  Connection& connection_;
  std::string tool_;
};

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result = split(text, ' ');
  std::erase(result, "");
  return result;
}

fs::path find_project(const ForeignTool& tool, const TakeoverOptions& options) {
  if (!options.path.empty()) {
    const fs::path path = options.path.is_absolute() ? options.path : options.root / options.path;
    if (!fs::exists(path))
      throw Error(ErrorKind::config, fmt::format("{} does not exist", path.string()))
          .with_state("nothing was written");
    return path;
  }
  for (const std::string& place : words(tool.paths)) {
    if (fs::exists(options.root / place)) return options.root / place;
  }
  throw Error(ErrorKind::config, fmt::format("no project of {} was found here: neither {}",
                                             tool.name, join(words(tool.paths), " nor ")))
      .with_state("nothing was written")
      .suggest("name its folder: sterna import --from " + std::string(tool.name) + " FOLDER");
}

/// Patterns for what the tool keeps for itself in this database.
std::vector<std::string> own_tables(Connection& connection,
                                    const std::vector<std::string>& tables) {
  std::vector<std::string> patterns;
  for (const std::string& table : tables) {
    const model::Name name(table);
    if (!there_is(connection, name)) continue;
    if (name.schema.empty()) {
      patterns.push_back(table);
    } else {
      patterns.push_back(name.schema + ".*");
      patterns.push_back("schema:" + name.schema);
    }
  }
  return patterns;
}

/// A migration's text that makes the schema as it is, without what the tool keeps for itself.
std::string schema_text(MigrationEngine& engine, const std::vector<std::string>& without) {
  Connection& connection = engine.connection();
  const model::Model schema =
      filtered(inspect_beside_history(connection, engine.options().run), {{}, without});
  model::Model nothing;
  nothing.dialect = schema.dialect;
  const Difference all = diff(nothing, schema, {connection.dialect(), connection.server()});
  const ChangeScript script = script_of(all.changes, nothing, connection);
  return directives_of(script) +
         "-- sterna:reversible never it came over as the schema that another tool made\n-- "
         "sterna:up\n" +
         sql_text(script.statements);
}

/// Other tools that have a history in this database, as a hint for who named the wrong one.
std::vector<std::string> tools_seen(Connection& connection, const ForeignTool& asked) {
  std::vector<std::string> seen;
  for (const ForeignTool& tool : foreign_tools()) {
    const std::string first = words(tool.tables).front();
    if (&tool != &asked && there_is(connection, model::Name(first)))
      seen.push_back(fmt::format("{} ({})", tool.name, first));
  }
  return seen;
}

std::string no_history_note(Connection& connection, const ForeignTool& tool,
                            const std::string& table) {
  std::string note = fmt::format("there is no table {}: nothing counts as applied", table);
  const std::vector<std::string> seen = tools_seen(connection, tool);
  if (!seen.empty()) note += fmt::format("; but there is a history of {}", join(seen, ", "));
  return note;
}

void refuse_own_history(MigrationEngine& engine) {
  if (engine.history().empty()) return;
  throw Error(ErrorKind::refused, "Sterna has run on this database already")
      .with_state("nothing was written")
      .suggest(
          "`sterna history` shows what; an import is for a database that Sterna does not know yet");
}

}  // namespace

namespace {

/// Whatever fails here, fails before anything is written.
ForeignProject read_project(const ForeignTool& tool, const ForeignRequest& request) {
  try {
    return tool.read(request);
  } catch (Error& error) {
    if (error.state().empty()) error.with_state("nothing was written");
    throw;
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorKind::config,
                fmt::format("cannot read {}: {}", error.path1().string(), error.code().message()))
        .with_state("nothing was written");
  }
}

std::size_t adopt(MigrationEngine& engine, const std::vector<std::string>& applied,
                  const std::string& directory) {
  try {
    return engine.adopt(applied).applied.size();
  } catch (Error& error) {
    error
        .with_state(
            fmt::format("the folder {} is written; no migration counts as applied", directory))
        .suggest(fmt::format("delete the folder {} and import again", directory));
    throw;
  }
}

}  // namespace

Takeover take_over(MigrationEngine& engine, const TakeoverOptions& options) {
  const ForeignTool& tool = foreign_tool(options.tool);
  const Dialect& dialect = engine_for(engine.options().url).dialect();
  ForeignRequest request;
  request.path = find_project(tool, options);
  request.language = dialect.language();
  request.database = dialect.name();
  request.placeholders = options.placeholders;
  request.history_table = options.history_table;
  ForeignProject project = read_project(tool, request);
  if (project.migrations.empty() && project.repeatables.empty())
    throw Error(ErrorKind::config,
                fmt::format("{} holds no migrations of {}", request.path.string(), tool.name))
        .with_state("nothing was written")
        .suggest(
            fmt::format("name the folder of its files: sterna import --from {} FOLDER", tool.name));
  Takeover result;
  std::string schema;
  if (!options.files_only) {
    refuse_own_history(engine);
    std::vector<std::string> tables = words(tool.tables);
    if (!options.history_table.empty()) tables.insert(tables.begin(), options.history_table);
    Connection& connection = engine.connection();
    const std::unique_ptr<Connection> elsewhere =
        options.history ? connect(*options.history, {}) : nullptr;
    DatabaseHistory history(elsewhere ? *elsewhere : connection, tool.name);
    if (!tool.mark(project, history, tables))
      project.notes.push_back(no_history_note(connection, tool, tables.front()));
    result.leave_out = own_tables(connection, tables);
    if (needs_schema(project)) schema = schema_text(engine, result.leave_out);
  }
  result.carried = carry_over(std::move(project), request, schema);
  if (options.dry_run) return result;
  const fs::path folder = options.root / options.directory;
  write_carried(result.carried, folder);
  write_file_atomically(folder / sum_file_name, engine.sum_text(options.directory));
  if (options.files_only) return result;
  std::vector<std::string> applied;
  for (const CarriedFile& file : result.carried.files) {
    if (file.applied) applied.push_back(file.id);
  }
  if (!applied.empty()) result.adopted = adopt(engine, applied, options.directory);
  return result;
}

bool leave_out_of_schema(const fs::path& file, const std::vector<std::string>& patterns) {
  const std::string text = read_file_if_exists(file).value_or("");
  for (const std::string& line : split(text, '\n')) {
    if (trim(line).starts_with("schema_without")) return false;
  }
  std::string list;
  for (const std::string& pattern : patterns)
    list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", pattern);
  write_file_atomically(file, fmt::format("schema_without = [{}]\n", list) + text);
  return true;
}

}  // namespace sterna
