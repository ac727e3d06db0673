// What is kept as text: materialized views, functions, aggregates, roles and privileges. The
// statements are written here from what system_schema tells, in one form, so that equal objects
// have equal texts.
#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.hpp"
#include "database/cql/dialect.hpp"
#include "database/cql/inspect_reading.hpp"
#include "database/cql/keys.hpp"
#include "database/cql/type_text.hpp"

namespace sterna::cql {
namespace {

using model::Object;

/// Arguments and results of functions are never frozen by name; the server adds that by itself.
model::Type unfrozen(const std::string& text) {
  model::Type type = parse_type(text);
  if (type.kind == model::TypeKind::frozen) return type.arguments.front();
  return type;
}
std::string unfrozen_words(const std::string& text) {
  return words().type_name(unfrozen(text), {});
}

std::vector<std::string> unfrozen_list(const SystemRow& row) {
  std::vector<std::string> types;
  for (const std::string& type : row.list("argument_types")) types.push_back(unfrozen_words(type));
  return types;
}

class ObjectReader {
 public:
  explicit ObjectReader(KeyspaceReading& reading) : reading_(reading) {}

  void functions() {
    for (const SystemRow& row : reading_.rows("functions")) {
      Object object;
      object.kind = "function";
      object.name = signature(row, "function_name");
      const std::vector<std::string> names = row.list("argument_names");
      const std::vector<std::string> types = unfrozen_list(row);
      std::vector<std::string> arguments;
      for (std::size_t i = 0; i < std::min(names.size(), types.size()); ++i)
        arguments.push_back(words().quote(names[i]) + " " + types[i]);
      object.definition =
          "CREATE FUNCTION " + target(row, "function_name") + " (" + join(arguments, ", ") +
          ")\n  " + (row.flag("called_on_null_input") ? "CALLED" : "RETURNS NULL") +
          " ON NULL INPUT\n  RETURNS " + unfrozen_words(row.text("return_type")) + "\n  LANGUAGE " +
          row.text("language") + "\n  AS " + body(row.text("body"));
      needs_types(object, row);
      reading_.model.objects.push_back(std::move(object));
    }
  }

  void aggregates() {
    for (const SystemRow& row : reading_.rows("aggregates")) {
      Object object;
      object.kind = "aggregate";
      object.name = signature(row, "aggregate_name");
      std::vector<std::string> arguments = unfrozen_list(row);
      const std::string state = unfrozen_words(row.text("state_type"));
      object.definition = "CREATE AGGREGATE " + target(row, "aggregate_name") + " (" +
                          join(arguments, ", ") + ")\n  SFUNC " +
                          words().quote(row.text("state_func")) + "\n  STYPE " + state;
      if (row.has_value("final_func"))
        object.definition += "\n  FINALFUNC " + words().quote(row.text("final_func"));
      if (row.has_value("initcond")) object.definition += "\n  INITCOND " + row.text("initcond");
      needs_types(object, row);
      std::vector<std::string> state_arguments = arguments;
      state_arguments.insert(state_arguments.begin(), state);
      need_function(object, row, row.text("state_func"), state_arguments);
      if (row.has_value("final_func")) need_function(object, row, row.text("final_func"), {state});
      reading_.model.objects.push_back(std::move(object));
    }
  }

  void views() {
    const std::vector<SystemRow> views = reading_.rows("views");
    if (views.empty()) return;
    std::map<std::string, std::vector<SystemRow>> columns;
    for (SystemRow& row : reading_.rows("columns")) {
      std::string key = row.text("keyspace_name") + "." + row.text("table_name");
      columns[std::move(key)].push_back(std::move(row));
    }
    for (const SystemRow& row : views) {
      if (reading_.is_left_out(row, "base_table_name") || is_of_index(row)) continue;
      view(row, columns[row.text("keyspace_name") + "." + row.text("view_name")]);
    }
  }

  void triggers() {
    for (const SystemRow& row : reading_.rows("triggers")) {
      if (reading_.is_left_out(row, "table_name")) continue;
      Object object;
      object.kind = "trigger";
      object.name = model::Name(reading_.name(row, "table_name").schema, row.text("trigger_name"));
      object.table = reading_.name(row, "table_name");
      const std::string name = words().quote(row.text("trigger_name"));
      const std::string table = words().quote(object.table);
      object.definition = "CREATE TRIGGER " + name + " ON " + table + " USING " +
                          words().literal(Value(row.map("options")["class"]));
      object.drop = "DROP TRIGGER " + name + " ON " + table;
      reading_.model.objects.push_back(std::move(object));
    }
  }

 private:
  /// ScyllaDB keeps a secondary index as a view: NAME_index.
  bool is_of_index(const SystemRow& row) const {
    const model::Table* table = nullptr;
    for (const model::Table& each : reading_.model.tables) {
      if (each.name == reading_.name(row, "base_table_name")) table = &each;
    }
    return table != nullptr &&
           std::any_of(table->indexes.begin(), table->indexes.end(), [&](const auto& index) {
             return index.name + "_index" == row.text("view_name");
           });
  }

  std::string target(const SystemRow& row, std::string_view column) const {
    return words().quote(reading_.name(row, column));
  }

  /// "area(int, text)": functions of one name are told apart by their arguments.
  model::Name signature(const SystemRow& row, std::string_view column) const {
    model::Name name = reading_.name(row, column);
    name.name += "(" + join(unfrozen_list(row), ", ") + ")";
    return name;
  }

  static std::string body(const std::string& text) {
    return text.find("$$") == std::string::npos ? "$$" + text + "$$" : words().literal(Value(text));
  }

  void needs_types(Object& object, const SystemRow& row) const {
    std::vector<std::string> texts = row.list("argument_types");
    texts.push_back(row.text("return_type"));
    if (row.has_value("state_type")) texts.push_back(row.text("state_type"));
    for (const std::string& text : texts) {
      for (std::string& key : model::keys_of_types(parse_type(text), object.name.schema))
        object.depends_on.push_back(std::move(key));
    }
    need_keyspace(object);
  }

  void need_keyspace(Object& object) const {
    if (object.name.schema.empty()) return;
    object.depends_on.push_back(
        model::key_of("keyspace", model::Name(std::string(), object.name.schema)));
  }

  void need_function(Object& object, const SystemRow& row, const std::string& function,
                     const std::vector<std::string>& arguments) const {
    model::Name name = reading_.name(row, "aggregate_name");
    name.name = function + "(" + join(arguments, ", ") + ")";
    object.depends_on.push_back(model::key_of("function", name));
  }

  void view(const SystemRow& row, const std::vector<SystemRow>& columns) {
    Object object;
    object.kind = "materialized view";
    object.name = reading_.name(row, "view_name");
    const model::Name base = reading_.name(row, "base_table_name");
    object.depends_on.push_back(model::key_of("table", base));
    need_keyspace(object);
    Keys keys;
    std::vector<std::tuple<int, int, std::string, bool>> parts;
    std::vector<std::string> selected;
    for (const SystemRow& column : columns) {
      const std::string kind = column.text("kind");
      const int rank = kind == "partition_key" ? 0 : kind == "clustering" ? 1 : 2;
      parts.emplace_back(rank, column.number("position"), column.text("column_name"),
                         column.text("clustering_order") == "desc");
    }
    std::sort(parts.begin(), parts.end());
    for (const auto& [rank, position, name, descending] : parts) {
      if (rank == 0) keys.partition.push_back(name);
      if (rank == 1) keys.clustering.push_back({name, descending});
      selected.push_back(words().quote(name));
    }
    std::string text = "CREATE MATERIALIZED VIEW " + words().quote(object.name) + " AS SELECT ";
    text += row.flag("include_all_columns") ? "*" : join(selected, ", ");
    text += " FROM " + words().quote(base) + " WHERE " + row.text("where_clause") + "\n  " +
            keys.text();
    std::vector<std::string> clauses;
    if (const std::string order = keys.order(); !order.empty()) clauses.push_back(order);
    for (const auto& [name, value] : read_options(row, reading_.server()))
      clauses.push_back(name + " = " + value);
    if (const std::string comment = row.text("comment"); !comment.empty())
      clauses.push_back("comment = " + words().literal(Value(comment)));
    if (!clauses.empty()) text += "\n  WITH " + join(clauses, "\n  AND ");
    object.definition = std::move(text);
    reading_.model.objects.push_back(std::move(object));
  }

  KeyspaceReading& reading_;
};

/// "data/app/users" → "TABLE app.users" in the words of GRANT; empty for what is not read.
std::string resource_words(const KeyspaceReading& reading, const std::string& resource) {
  const std::vector<std::string> parts = split(resource, '/');
  const auto read = [&](const std::string& keyspace) {
    const auto& all = reading.keyspaces;
    return std::find(all.begin(), all.end(), keyspace) != all.end();
  };
  if (parts.size() < 2 || (parts[0] != "data" && parts[0] != "functions") || !read(parts[1]))
    return {};
  if (parts.size() == 2) {
    return std::string(parts[0] == "data" ? "KEYSPACE " : "ALL FUNCTIONS IN KEYSPACE ") +
           words().quote(parts[1]);
  }
  if (parts[0] != "data" || reading.without.contains(model::Name(parts[1], parts[2]))) return {};
  const std::string keyspace = parts[1] == reading.default_keyspace ? std::string() : parts[1];
  return "TABLE " + words().quote(model::Name(keyspace, parts[2]));
}

Object grant_object(const std::string& what, const std::string& words_of, const std::string& role) {
  Object object;
  object.kind = "grant";
  object.name = model::Name(std::string(), what + " TO " + role);
  object.definition = "GRANT " + words_of + " TO " + words().quote(role);
  object.drop = "REVOKE " + words_of + " FROM " + words().quote(role);
  object.depends_on.push_back(model::key_of("role", model::Name(std::string(), role)));
  return object;
}

}  // namespace

void read_objects(KeyspaceReading& reading) {
  ObjectReader reader(reading);
  reader.functions();
  reader.aggregates();
  reader.views();
  reader.triggers();
}

/// Passwords are no part of a schema: neither they nor their hashes are read into it.
void read_rights(KeyspaceReading& reading) {
  std::set<std::string> superusers;
  try {
    for (const SystemRow& row : reading.all_rows("system_auth.roles")) {
      const std::string role = row.text("role");
      if (role == "cassandra") continue;  // comes with the server
      if (row.flag("is_superuser")) superusers.insert(role);
      Object object;
      object.kind = "role";
      object.name = model::Name(std::string(), role);
      object.definition = "CREATE ROLE " + words().quote(role) +
                          " WITH SUPERUSER = " + (row.flag("is_superuser") ? "true" : "false") +
                          " AND LOGIN = " + (row.flag("can_login") ? "true" : "false");
      reading.model.objects.push_back(std::move(object));
      for (const std::string& of : row.list("member_of"))
        reading.model.objects.push_back(grant_object("role " + of, words().quote(of), role));
    }
    for (const SystemRow& row : reading.all_rows("system_auth.role_permissions")) {
      const std::string role = row.text("role");
      const std::string resource = resource_words(reading, row.text("resource"));
      if (resource.empty() || role == "cassandra") continue;
      for (const std::string& right : row.list("permissions")) {
        reading.model.objects.push_back(
            grant_object(right + " ON " + row.text("resource"), right + " ON " + resource, role));
      }
    }
  } catch (const Error& error) {
    reading.model.not_managed.push_back(std::string("roles and privileges: ") + error.what());
  }
}

}  // namespace sterna::cql
