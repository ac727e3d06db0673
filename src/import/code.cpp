// Tools whose migrations are programs: their names, their order and what of them is applied. The
// SQL that TypeORM's generator writes is read; everything else comes over as the schema that it has
// made.
#include "base/file.hpp"
#include "base/text.hpp"
#include "import/readers.hpp"
#include "sql/splitter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sterna::detail {
namespace fs = std::filesystem;
namespace {

ForeignMigration numbered(const std::string& stem, const std::string& file,
                          std::string_view language) {
  ForeignMigration migration;
  migration.key = stem;
  migration.name = stem;
  migration.file = file;
  migration.code = language;
  if (const auto parts = leading_digits(stem)) {
    migration.version = parts->digits;
    migration.name = parts->rest;
  }
  return migration;
}

/// Between quotes after a name: `revision = 'ae10'` or `revision: str = "ae10"`. Nothing for None.
std::vector<std::string> python_texts(const std::string& text, const std::string& name) {
  std::vector<std::string> values;
  for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos; at += name.size()) {
    const bool starts_line = at == 0 || text[at - 1] == '\n';
    const std::size_t equals = text.find('=', at), end = text.find('\n', at);
    if (!starts_line || equals == std::string::npos || equals > end) continue;
    const char after = text[at + name.size()];
    if (after != ' ' && after != ':' && after != '=') continue;
    std::string line = text.substr(equals, end - equals);
    for (std::size_t quote = line.find_first_of("'\""); quote != std::string::npos;
         quote = line.find_first_of("'\"", quote)) {
      const std::size_t close = line.find(line[quote], quote + 1);
      if (close == std::string::npos) break;
      values.push_back(line.substr(quote + 1, close - quote - 1));
      quote = close + 1;
    }
    return values;
  }
  return values;
}

/// In the order of their dependencies, the earlier name first among equals. Cycles end where they
/// began.
std::vector<ForeignMigration> in_order(
    std::vector<ForeignMigration> found,
    const std::map<std::string, std::vector<std::string>>& needs) {
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return less_by_number(a.key, b.key); });
  std::vector<ForeignMigration> ordered;
  std::set<std::string> done;
  const std::function<void(const std::string&)> visit = [&](const std::string& key) {
    const auto migration =
        std::find_if(found.begin(), found.end(), [&](const auto& one) { return one.key == key; });
    if (migration == found.end() || !done.insert(key).second) return;
    if (const auto before = needs.find(key); before != needs.end()) {
      for (const std::string& need : before->second) visit(need);
    }
    ordered.push_back(*migration);
  };
  for (const ForeignMigration& migration : found) visit(migration.key);
  return ordered;
}

}  // namespace

ForeignProject read_javascript(const ForeignRequest& request) {
  ForeignProject project;
  for (const std::string& file : files_by_number(request.path)) {
    const auto dot = file.rfind('.');
    const std::string ending = dot == std::string::npos ? "" : file.substr(dot);
    if ((ending != ".js" && ending != ".ts" && ending != ".mjs" && ending != ".cjs") ||
        file.ends_with(".d.ts"))
      continue;
    project.migrations.push_back(
        numbered(file.substr(0, dot), file, ending == ".ts" ? "TypeScript" : "JavaScript"));
  }
  return project;
}

ForeignProject read_rails(const ForeignRequest& request) {
  ForeignProject project;
  for (const std::string& file : files_by_number(request.path)) {
    if (!file.ends_with(".rb")) continue;
    ForeignMigration migration = numbered(file.substr(0, file.size() - 3), file, "Ruby");
    migration.key = migration.version;
    if (!migration.version.empty()) project.migrations.push_back(std::move(migration));
  }
  return project;
}

ForeignProject read_laravel(const ForeignRequest& request) {
  ForeignProject project;
  for (const std::string& file : files_by_number(request.path)) {
    if (file.ends_with(".php"))
      project.migrations.push_back(numbered(file.substr(0, file.size() - 4), file, "PHP"));
  }
  return project;
}

namespace {

/// The texts of `queryRunner.query(`…`)` inside a method; nothing when the method does anything
/// else.
std::optional<std::string> queries_of(const std::string& text, std::string_view method) {
  const std::size_t start = text.find(fmt::format("async {}(", method));
  if (start == std::string::npos) return std::nullopt;
  std::size_t at = text.find('{', start);
  if (at == std::string::npos) return std::nullopt;
  std::string sql;
  for (++at;;) {
    at = text.find_first_not_of(" \t\r\n;", at);
    if (at == std::string::npos) return std::nullopt;
    if (text[at] == '}') return sql;
    constexpr std::string_view call = "await queryRunner.query(";
    if (text.compare(at, call.size(), call) != 0) return std::nullopt;
    at = text.find_first_not_of(" \t\r\n", at + call.size());
    if (at == std::string::npos || (text[at] != '`' && text[at] != '"' && text[at] != '\''))
      return std::nullopt;
    const char quote = text[at++];
    std::string statement;
    for (; at < text.size() && text[at] != quote; ++at) {
      if (text[at] == '$' && at + 1 < text.size() && text[at + 1] == '{' && quote == '`')
        return std::nullopt;
      if (text[at] == '\\' && at + 1 < text.size()) {
        ++at;
        statement += text[at] == 'n' ? '\n' : text[at] == 't' ? '\t' : text[at];
        continue;
      }
      statement += text[at];
    }
    at = text.find_first_not_of(" \t\r\n", at + 1);
    if (at == std::string::npos || text[at] != ')') return std::nullopt;  // with parameters
    ++at;
    sql += std::string(trim(statement)) + ";\n";
  }
}

}  // namespace

ForeignProject read_typeorm(const ForeignRequest& request) {
  ForeignProject project = read_javascript(request);
  for (ForeignMigration& migration : project.migrations) {
    const std::string text = read_file(request.path / migration.file);
    // The history calls it by its class: the words and the number, unless `name` says otherwise.
    const std::size_t name = text.find("name = '");
    const std::size_t klass = text.find("class ");
    if (name != std::string::npos)
      migration.key = text.substr(name + 8, text.find('\'', name + 8) - name - 8);
    else if (klass != std::string::npos)
      migration.key = text.substr(klass + 6, text.find_first_of(" {", klass + 6) - klass - 6);
    const auto up = queries_of(text, "up"), down = queries_of(text, "down");
    if (!up || !down) continue;
    migration.code.clear();
    migration.up = *up;
    migration.down = *down;
    migration.has_down = !down->empty();
  }
  return project;
}

ForeignProject read_alembic(const ForeignRequest& request) {
  std::vector<ForeignMigration> found;
  std::map<std::string, std::vector<std::string>> needs;
  for (const std::string& file : list_files(request.path)) {
    if (!file.ends_with(".py")) continue;
    const std::string text = read_file(request.path / file);
    const std::vector<std::string> revision = python_texts(text, "revision");
    if (revision.empty()) continue;
    ForeignMigration migration;
    migration.key = revision.front();
    migration.name = file.substr(0, file.size() - 3);
    if (migration.name.starts_with(migration.key + "_"))
      migration.name.erase(0, migration.key.size() + 1);
    migration.file = file;
    migration.code = "Python";
    needs[migration.key] = python_texts(text, "down_revision");
    for (std::string& other : python_texts(text, "depends_on"))
      needs[migration.key].push_back(std::move(other));
    found.push_back(std::move(migration));
  }
  ForeignProject project;
  project.migrations = in_order(std::move(found), needs);
  for (ForeignMigration& migration : project.migrations) migration.needs = needs[migration.key];
  return project;
}

/// The table holds the newest revisions alone: what they build on is applied, too.
bool mark_alembic(ForeignProject& project, ForeignHistory& history,
                  const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  const bool exists = history.read(tables, "version_num", "version_num", rows);
  std::vector<std::string> open;
  for (const ForeignRow& row : rows) open.push_back(row[0]);
  mark_keys(project, open);
  while (!open.empty()) {
    const std::string key = open.back();
    open.pop_back();
    for (ForeignMigration& migration : project.migrations) {
      if (migration.key != key) continue;
      migration.applied = true;
      open.insert(open.end(), migration.needs.begin(), migration.needs.end());
    }
  }
  return exists;
}

ForeignProject read_django(const ForeignRequest& request) {
  std::vector<ForeignMigration> found;
  std::map<std::string, std::vector<std::string>> needs;
  for (auto entry = fs::recursive_directory_iterator(request.path);
       entry != fs::recursive_directory_iterator(); ++entry) {
    const fs::path& path = entry->path();
    const std::string folder = path.filename().string();
    if (entry->is_directory() && (folder == "venv" || folder == ".venv" ||
                                  folder == "node_modules" || folder == "site-packages")) {
      entry.disable_recursion_pending();
      continue;
    }
    if (path.parent_path().filename() != "migrations" || path.extension() != ".py" ||
        path.filename() == "__init__.py")
      continue;
    const std::string app = path.parent_path().parent_path().filename().string();
    ForeignMigration migration;
    migration.key = app + "." + path.stem().string();
    migration.name = migration.key;
    migration.file = fs::relative(path, request.path).string();
    migration.code = "Python";
    const std::string text = read_file(path);
    const std::size_t list = text.find("dependencies = [");
    const std::string dependencies =
        list == std::string::npos ? "" : text.substr(list, text.find(']', list) - list);
    std::vector<std::string> words;
    for (std::size_t quote = dependencies.find_first_of("'\""); quote != std::string::npos;
         quote = dependencies.find_first_of("'\"", quote)) {
      const std::size_t close = dependencies.find(dependencies[quote], quote + 1);
      if (close == std::string::npos) break;
      words.push_back(dependencies.substr(quote + 1, close - quote - 1));
      quote = close + 1;
    }
    for (std::size_t i = 0; i + 1 < words.size(); i += 2)
      needs[migration.key].push_back(words[i] + "." + words[i + 1]);
    found.push_back(std::move(migration));
  }
  ForeignProject project;
  project.migrations = in_order(std::move(found), needs);
  return project;
}

bool mark_django(ForeignProject& project, ForeignHistory& history,
                 const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, "app, name", "id", rows)) return false;
  std::set<std::string> others;
  for (const ForeignRow& row : rows) {
    const std::string key = row[0] + "." + row[1];
    const auto found = std::find_if(project.migrations.begin(), project.migrations.end(),
                                    [&](const auto& one) { return one.key == key; });
    if (found != project.migrations.end())
      found->applied = true;
    else
      others.insert(row[0]);
  }
  if (!others.empty())
    project.notes.push_back(
        fmt::format("the migrations of {} are part of installed packages: their tables come over "
                    "with the schema",
                    join(std::vector<std::string>(others.begin(), others.end()), ", ")));
  return true;
}

ForeignProject read_cql(const ForeignRequest& request) {
  ForeignProject project;
  for (const std::string& file : files_by_number(request.path)) {
    if (!file.ends_with(".cql")) continue;
    ForeignMigration migration = numbered(file.substr(0, file.size() - 4), file, "");
    migration.key = file;
    migration.up = read_file(request.path / file);
    if (migration.up.find("-- CALL ") != std::string::npos)
      project.notes.push_back(file +
                              " calls functions of the program (-- CALL): they do not run here");
    project.migrations.push_back(std::move(migration));
  }
  return project;
}

bool mark_gocqlx(ForeignProject& project, ForeignHistory& history,
                 const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, "name, done", "", rows)) return false;
  std::vector<std::string> keys;
  for (const ForeignRow& row : rows) {
    for (const ForeignMigration& migration : project.migrations) {
      const std::size_t statements =
          split_statements(migration.up, Language::cql, migration.file).size();
      if (migration.key == row[0] && std::to_string(statements) != row[1])
        refuse_history(
            "gocqlx",
            fmt::format("{} of {} statements of {} are applied", row[1], statements, row[0]),
            "let gocqlx finish it, then import again");
    }
    keys.push_back(row[0]);
  }
  mark_keys(project, keys);
  return true;
}

bool mark_cassandra_migration(ForeignProject& project, ForeignHistory& history,
                              const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, "version, applied_successful", "", rows)) return false;
  std::vector<std::string> keys;
  for (const ForeignRow& row : rows) {
    if (!is_true(row[1]))
      refuse_history("cassandra-migration", "version " + row[0] + " failed",
                     "mend the schema and delete that row, then import again");
    keys.push_back(row[0]);
  }
  for (ForeignMigration& migration : project.migrations) migration.key = migration.version;
  mark_keys(project, keys);
  return true;
}

}  // namespace sterna::detail
