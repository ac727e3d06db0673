// Liquibase: change logs in formatted SQL, XML, YAML and JSON, and its table databasechangelog.
// Sources: "Changelog formats", "Formatted SQL changelog", "Change types" of Liquibase's
// documentation.
#include "import/liquibase.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "database/registry.hpp"
#include "import/readers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sterna::detail {
namespace fs = std::filesystem;
namespace {

/// What identifies a change set in the history, for a person to read, too.
std::string key_of(const std::string& file, const std::string& author, const std::string& id) {
  return file + "::" + id + "::" + author;
}

class ChangeLogReader {
 public:
  explicit ChangeLogReader(const ForeignRequest& request)
      : request_(request),
        root_(fs::is_directory(request.path) ? request.path : request.path.parent_path()),
        properties_(request.placeholders) {}

  ForeignProject take() {
    if (fs::is_directory(request_.path))
      include_all(request_.path);
    else
      read(request_.path);
    return std::move(project_);
  }

 private:
  void include_all(const fs::path& folder) {
    for (const std::string& file : list_files(folder)) {
      const std::string ending = fs::path(file).extension().string();
      if (ending == ".xml" || ending == ".yaml" || ending == ".yml" || ending == ".json" ||
          ending == ".sql")
        read(folder / file);
    }
    for (const std::string& below : folders_in(folder)) include_all(folder / below);
  }

  void read(const fs::path& file) {
    if (!seen_.insert(fs::weakly_canonical(file).string()).second) return;
    const std::string ending = file.extension().string();
    const std::string text = read_file(file);
    if (ending == ".sql") return read_sql(file, text);
    const LogNode log = parse_log(text, ending, file.string());
    // A path of its own makes the history independent of where the file lies.
    const std::string logical = log.get("logicalFilePath");
    for (const LogNode& node : log.children)
      read_node(node, file, logical.empty() ? shown(file) : logical);
  }

  std::string shown(const fs::path& file) const {
    return fs::relative(file, root_).generic_string();
  }

  fs::path included(const LogNode& node, const fs::path& file, const std::string& name) const {
    const std::string path = filled(name.starts_with("classpath:") ? name.substr(10) : name);
    if (node.flag("relativeToChangelogFile")) return file.parent_path() / path;
    return fs::exists(root_ / path) ? root_ / path : file.parent_path() / path;
  }

  void read_node(const LogNode& node, const fs::path& file, const std::string& log) {
    if (node.name == "property") {
      if (!node.get("name").empty()) properties_.emplace(node.get("name"), node.get("value"));
    } else if (node.name == "include") {
      read(included(node, file, node.get("file")));
    } else if (node.name == "includeAll") {
      include_all(included(node, file, node.get("path")));
    } else if (node.name == "changeSet") {
      read_change_set(node, file, log);
    } else if (node.name == "preConditions") {
      project_.notes.push_back(shown(file) + std::string(preconditions_note));
    }
  }

  std::string filled(std::string text) const {
    for (const auto& [name, value] : properties_) {
      const std::string mark = "${" + name + "}";
      for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size())
        text.replace(at, mark.size(), value);
    }
    return text;
  }

  LogNode filled(LogNode node) const {
    node.text = filled(std::move(node.text));
    for (auto& [name, value] : node.attributes) value = filled(std::move(value));
    for (LogNode& child : node.children) child = filled(std::move(child));
    return node;
  }

  /// The statements of changes; nothing, with the reason, when one of them cannot be written.
  std::optional<std::string> statements(const std::vector<Change>& changes,
                                        std::string& reason) const {
    const Dialect& dialect = dialect_named(request_.database);
    std::string sql;
    try {
      for (const Change& change : changes) {
        for (const Statement& statement : dialect.render(change, {}).statements)
          sql += statement.sql + ";\n";
      }
    } catch (const Error& error) {
      reason = error.what();
      return std::nullopt;
    }
    return sql;
  }

  void read_change_set(const LogNode& given, const fs::path& file, const std::string& log) {
    const LogNode node = filled(given);
    if (!is_for(node.get("dbms"), request_.database)) return;
    ForeignMigration migration = change_set(log, node.get("author"), node.get("id"));
    migration.in_transaction = node.get("runInTransaction") != "false";
    tell_conditions(project_, node.get("context", node.get("contextFilter")), node.get("labels"),
                    migration.file);
    std::vector<std::string> backwards;
    bool reversible = true;
    const LogNode* rollback = nullptr;
    for (const LogNode& child : node.children) {
      if (child.name == "rollback") rollback = &child;
      if (child.name == "preConditions")
        project_.notes.push_back(migration.file + std::string(preconditions_note));
      if (child.name == "rollback" || child.name == "preConditions" || child.name == "comment" ||
          child.name == "validCheckSum")
        continue;
      const auto change = log_change(child, file.parent_path());
      std::string reason = "of a kind that is not read here";
      const auto sql = change ? statements(change->changes, reason) : std::nullopt;
      if (!sql) {
        migration.code = fmt::format("its {} is {}", child.name, reason);
        break;
      }
      migration.up += change->sql + *sql;
      reversible = reversible && change->reversible;
      if (reversible) backwards.push_back(inverse(change->changes, reversible));
    }
    if (rollback != nullptr) {
      migration.down = rollback_text(*rollback, file);
      migration.has_down = !migration.down.empty();
    } else if (reversible && migration.code.empty()) {
      for (auto down = backwards.rbegin(); down != backwards.rend(); ++down)
        migration.down += *down;
      migration.has_down = !migration.down.empty();
    }
    project_.migrations.push_back(std::move(migration));
  }

  std::string inverse(const std::vector<Change>& changes, bool& reversible) const {
    std::string reason;
    const Inverse back = invert(changes);
    const auto sql = back.obstacle.empty() ? statements(back.changes, reason) : std::nullopt;
    reversible = sql.has_value();
    return sql.value_or("");
  }

  std::string rollback_text(const LogNode& rollback, const fs::path& file) const {
    std::string text;
    if (!trim(rollback.text).empty())
      text = std::string(trim(rollback.text)) + (trim(rollback.text).ends_with(';') ? "\n" : ";\n");
    for (const LogNode& child : rollback.children) {
      const auto change = log_change(child, file.parent_path());
      std::string reason;
      const auto sql = change ? statements(change->changes, reason) : std::nullopt;
      if (!sql) return {};
      text += change->sql + *sql;
    }
    return text;
  }

  void read_sql(const fs::path& file, const std::string& raw) {
    const std::string text = filled(raw);
    if (to_lower(text.substr(0, 200)).find("liquibase formatted sql") != std::string::npos)
      return read_formatted_log(text, shown(file), request_.database, properties_, project_);
    // A plain script is one change set, "raw" by "includeAll".
    ForeignMigration migration = change_set(shown(file), "includeAll", "raw");
    migration.name = file.stem().string();
    migration.up = text;
    project_.migrations.push_back(std::move(migration));
  }

  const ForeignRequest& request_;
  fs::path root_;
  std::map<std::string, std::string> properties_;
  std::set<std::string> seen_;
  ForeignProject project_;
};

}  // namespace

bool is_for(std::string_view dbms, const std::string& database) {
  if (trim(dbms).empty()) return true;
  bool listed = false, excluded = false;
  for (const std::string& item : split(dbms, ',')) {
    std::string name = to_lower(trim(item));
    const bool negated = name.starts_with('!');
    if (negated) name.erase(0, 1);
    const bool same =
        name == database || name == "all" || (database == "postgres" && name == "postgresql") ||
        (database == "mysql" && name == "mariadb") || (database == "cql" && name == "cassandra");
    if (negated)
      excluded = excluded || same, listed = listed || !same;
    else
      listed = listed || same;
  }
  return listed && !excluded;
}

ForeignMigration change_set(const std::string& log, const std::string& author,
                            const std::string& id) {
  ForeignMigration migration;
  migration.key = key_of(log, author, id);
  const bool number =
      std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
  migration.name = number ? author + "_" + id : id;
  migration.file = log + "::" + id;
  return migration;
}

void tell_conditions(ForeignProject& project, const std::string& context, const std::string& labels,
                     const std::string& file) {
  if (!context.empty())
    project.notes.push_back(fmt::format(
        "{} runs in the context '{}' alone: see `-- sterna:environment`", file, context));
  if (!labels.empty())
    project.notes.push_back(
        fmt::format("{} has the labels '{}': they are not carried over", file, labels));
}

ForeignProject read_liquibase(const ForeignRequest& request) {
  return ChangeLogReader(request).take();
}

bool mark_liquibase(ForeignProject& project, ForeignHistory& history,
                    const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, "id, author, filename, exectype", "orderexecuted", rows)) return false;
  for (const ForeignRow& row : rows) {
    if (row[3] == "FAILED" || row[3] == "SKIPPED") continue;
    const std::string key = key_of(row[2], row[1], row[0]);
    // The path in the history begins where Liquibase looked for files, which may be above the
    // change log.
    const auto same = [&](const ForeignMigration& migration) {
      return migration.key == key || key.ends_with("/" + migration.key) ||
             migration.key.ends_with("/" + key);
    };
    const auto found = std::find_if(project.migrations.begin(), project.migrations.end(), same);
    if (found != project.migrations.end())
      found->applied = true;
    else
      project.notes.push_back(
          fmt::format("{} is applied, but it is in no change log that was read: its place in the "
                      "history is lost",
                      key));
  }
  return true;
}

}  // namespace sterna::detail
