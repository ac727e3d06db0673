// init and new: files for a person to go on with.
#include "base/file.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "cli/schema.hpp"
#include "codegen/migration.hpp"
#include "database/registry.hpp"
#include "migration/sum.hpp"
#include "program/author.hpp"

#include <fmt/format.h>

namespace sterna::cli {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view config_template =
    R"(# Sterna's configuration. `sterna config show --origin` tells what is in force and why.
# Every key can also be given as a flag or as STERNA_<KEY> in the environment.

url = "{}"
directories = ["migrations"]

# lock_timeout = "5s"         # for locks inside the database; then the migration is tried again
# migration_timeout = "10m"
# out_of_order = "error"      # error | warn | allow

# [env.production]
# url = "${{PRODUCTION_URL}}"
# protected = true            # asks before anything is changed
)";

/// CREATE TABLE with rows that are numbered as the database does it; where it has no way, by a key
/// that the program gives.
std::string table_with_key(const std::string& name, const Dialect& dialect) {
  model::Column id;
  id.name = "id";
  id.type.kind = model::TypeKind::big_integer;
  id.auto_increment = true;
  id.nullable = false;
  model::Table table;
  table.name = name;
  table.columns = {id};
  table.primary_key = model::PrimaryKey{{}, {{"id", {}, false, {}, {}, {}, {}}}};
  try {
    return dialect.render(CreateTable{table, false}, {}).statements.front().sql;
  } catch (const Error&) {
    return fmt::format("CREATE TABLE {} (\n  id {} PRIMARY KEY\n)", dialect.quote(name),
                       dialect.type_name(id.type, {}));
  }
}

std::string template_text(std::string_view type, const std::string& table, const Dialect& dialect) {
  const std::string name = table.empty() ? "table_name" : table;
  if (type == "create") {
    return fmt::format("-- sterna:up\n{};\n\n-- sterna:down\nDROP TABLE {};\n",
                       table_with_key(name, dialect), dialect.quote(name));
  }
  if (type == "alter") {
    model::Column column;
    column.name = "column_name";
    column.type.kind = model::TypeKind::integer;
    column.nullable = true;
    // The name is a blank to be filled in, so it stands without quotes.
    const auto words = [&](TableAction action) {
      std::string text =
          dialect.render(AlterTable{name, {std::move(action)}}, {}).statements.front().sql;
      const std::string quoted = dialect.quote(column.name);
      return text.replace(text.find(quoted), quoted.size(), column.name);
    };
    return fmt::format("-- sterna:up\n{};\n\n-- sterna:down\n{};\n",
                       words(AddColumn{column, false, false, {}}),
                       words(DropColumn{column.name, false, column}));
  }
  if (type == "data") {
    return fmt::format(
        "-- sterna:up\nUPDATE {0} SET column_name = NULL WHERE column_name = '';\n\n-- "
        "sterna:down\nUPDATE {0} SET column_name = '' "
        "WHERE column_name IS NULL;\n",
        dialect.quote(name));
  }
  return "-- sterna:up\n\n-- sterna:down\n";
}

std::string cpp_text(std::string_view type, const std::string& table, const std::string& name) {
  const std::string subject = table.empty() ? "table_name" : table;
  std::string up, down;
  if (type == "create") {
    up = fmt::format(
        "    schema.create_table(\"{}\", [](sterna::TableBuilder& table) {{\n      table.id();\n   "
        "   table.timestamps();\n    }});\n",
        subject);
    down = fmt::format("    schema.drop_table(\"{}\");\n", subject);
  } else if (type == "alter") {
    up = fmt::format(
        "    schema.alter_table(\"{}\", [](sterna::TableBuilder& table) {{ "
        "table.string(\"column_name\").nullable(); }});\n",
        subject);
    down = fmt::format(
        "    schema.alter_table(\"{}\", [](sterna::TableBuilder& table) {{ "
        "table.drop_column(\"column_name\"); }});\n",
        subject);
  } else if (type == "data") {
    up = fmt::format(
        "    schema.table(\"{}\").where_null(\"column_name\").update({{{{\"column_name\", "
        "\"\"}}}});\n",
        subject);
  }
  const auto body = [](const std::string& text) {
    return text.empty() ? std::string("{}") : "{\n" + text + "  }";
  };
  const auto parameter = [](const std::string& text) {
    return text.empty() ? "sterna::Schema&" : "sterna::Schema& schema";
  };
  const std::string klass = migration_class_name(name);
  return fmt::format(
      "#include <sterna/migration.hpp>\n\nstruct {0} : sterna::Migration {{\n  void up({1}) "
      "override {2}\n  void down({3}) override {4}\n}};\n"
      "STERNA_MIGRATION({0});\n",
      klass, parameter(up), body(up), parameter(down), body(down));
}

/// "create_posts" → create posts; "add_slug_to_posts" → alter posts.
void guess(std::string_view name, std::string& type, std::string& table) {
  const auto after = [&](std::string_view prefix) { return name.substr(prefix.size()); };
  std::string found_type = "empty", found_table;
  if (name.starts_with("create_")) {
    found_type = "create";
    found_table = std::string(after("create_"));
    if (found_table.ends_with("_table")) found_table.resize(found_table.size() - 6);
  } else {
    for (const std::string_view word : {"_to_", "_from_", "_on_", "_in_"}) {
      const std::size_t at = name.rfind(word);
      if (at == std::string_view::npos) continue;
      found_type = "alter";
      found_table = std::string(name.substr(at + word.size()));
      break;
    }
  }
  if (type.empty()) type = found_type;
  if (table.empty()) table = found_table;
}

/// "add_email_to_users" → "email".
std::string guessed_column(std::string_view name) {
  const std::size_t to = name.rfind("_to_");
  constexpr std::string_view prefix = "add_";
  if (!name.starts_with(prefix) || to == std::string_view::npos || to <= prefix.size()) return {};
  return std::string(name.substr(prefix.size(), to - prefix.size()));
}

}  // namespace

namespace {

/// What the migrations lack to make the schema that is wanted.
int new_from_diff(Invocation& invocation) {
  Session session(invocation);
  const std::string name = to_snake_case(*invocation.value("NAME"));
  if (name.empty()) throw Error(ErrorKind::config, "the name holds no letter or digit");
  Comparison compared =
      compare(session, invocation, invocation.value("from").value_or("migrations"),
              desired_state(session, invocation));
  if (!invocation.json()) ask_about_renames(compared);
  return write_derived_migration(session, invocation, std::move(compared), name);
}

}  // namespace

int run_init(Invocation& invocation) {
  const fs::path root = fs::current_path();
  const std::string url = invocation.value("url").value_or("${DATABASE_URL:-sqlite:app.db}");
  const std::vector<std::string> directories = invocation.all("dir");
  const std::string directory = directories.empty() ? "migrations" : directories.front();
  std::vector<std::string> made;
  if (!fs::exists(root / "sterna.toml")) {
    if (invocation.has("url") && !parse_url(url).password.empty()) {
      throw Error(ErrorKind::config, "a password must not be written into sterna.toml")
          .suggest(
              "leave --url out and set DATABASE_URL, or write the URL into .env, which is not "
              "checked in");
    }
    std::string text = fmt::format(fmt::runtime(config_template), url);
    if (directory != "migrations")
      text.replace(text.find("\"migrations\""), 12, "\"" + directory + "\"");
    write_file_atomically(root / "sterna.toml", text);
    made.push_back("sterna.toml");
  }
  if (!fs::exists(root / directory)) {
    fs::create_directories(root / directory);
    made.push_back(directory + "/");
  }
  if (!fs::exists(root / directory / sum_file_name)) {
    write_file_atomically(root / directory / sum_file_name, format_sum({}));
    made.push_back(directory + "/" + std::string(sum_file_name));
  }
  if (fs::exists(root / ".git") || fs::exists(root / ".gitignore")) {
    const std::string ignored = read_file_if_exists(root / ".gitignore").value_or("");
    if (ignored.find(".sterna/") == std::string::npos) {
      write_file_atomically(
          root / ".gitignore",
          ignored + (ignored.empty() || ignored.ends_with('\n') ? "" : "\n") + ".sterna/\n");
      made.push_back(".gitignore (+ .sterna/)");
    }
  }
  if (invocation.json())
    print(names_json("made", made));
  else
    say(made.empty() ? std::string("everything is there already") : "made " + join(made, ", "));
  if (!invocation.json() && !made.empty()) say("next: sterna new create_users");
  return 0;
}

int run_new(Invocation& invocation) {
  if (invocation.has("sql") && invocation.has("cpp"))
    throw Error(ErrorKind::config, "--sql and --cpp exclude each other");
  if (invocation.has("from-diff")) return new_from_diff(invocation);
  for (const std::string_view option : {"from", "to", "rename"}) {
    if (invocation.has(option))
      throw Error(ErrorKind::config, fmt::format("--{} needs --from-diff", option));
  }
  const Config config = load_configuration(invocation);
  const ConnectionConfig& connection =
      config.connection(invocation.value("connection").value_or(""));
  const std::string name = to_snake_case(*invocation.value("NAME"));
  if (name.empty()) throw Error(ErrorKind::config, "the name holds no letter or digit");
  std::string type = invocation.value("type").value_or("");
  std::string table = invocation.value("table").value_or("");
  guess(name, type, table);
  const Dialect& dialect =
      connection.url.value ? engine_for(*connection.url.value).dialect() : dialect_named("sqlite");
  const bool cpp = invocation.has("cpp");
  std::string text = cpp ? cpp_text(type, table, name) : template_text(type, table, dialect);
  if (const std::string column = guessed_column(name); !column.empty()) {
    const std::string_view blank = "column_name";
    const std::string filled = cpp ? column : dialect.quote(column);
    for (std::size_t at = 0; (at = text.find(blank, at)) != std::string::npos; at += filled.size())
      text.replace(at, blank.size(), filled);
  }
  const std::string shown =
      write_migration(config, connection, name, cpp ? ".cpp" : dialect.script_ending(), text);
  if (invocation.json())
    print(names_json("made", {shown}));
  else
    print(shown + "\n");
  return 0;
}

}  // namespace sterna::cli
