// Descriptions as a whole schema: enums and user-defined types beside the tables, former names and
// places.
#include <sterna/error.hpp>

#include <algorithm>
#include <set>

#include "builder/entity.hpp"

namespace sterna {

using detail::EntityColumn;
using detail::EntityTable;

namespace {

std::string text_of(const detail::EntityPlace& place) {
  return std::string(place.file) + ":" + std::to_string(place.line);
}

class ModelMaker {
 public:
  ModelMaker(const Dialect& dialect, const ServerInfo& server)
      : dialect_(dialect), server_(server), own_enums_(detail::has_enum_types(dialect, server)) {
    result_.model.dialect = dialect.name();
    result_.model.product = server.product;
    result_.model.version = server.version;
  }

  EntityModel make(const std::vector<EntityTable>& entities) {
    for (const EntityTable& entity : entities) {
      try {
        add(entity);
      } catch (Error& error) {
        if (error.position().file.empty()) {
          error.at({entity.settings.place.file, static_cast<int>(entity.settings.place.line), 0});
        }
        throw;
      }
    }
    for (model::Table& table : result_.model.tables) stand_on_types(table);
    model::sort(result_.model);
    return std::move(result_);
  }

 private:
  /// A structured type is made before the tables whose columns are of it, alone or within another
  /// type ("frozen<address>").
  void stand_on_types(model::Table& table) const {
    for (const model::Object& type : result_.model.objects) {
      const std::string name = dialect_.quote(type.name);
      const bool used =
          type.kind == "type" &&
          std::any_of(table.columns.begin(), table.columns.end(), [&](const model::Column& column) {
            return dialect_.type_name(column.type, server_).find(name) != std::string::npos;
          });
      if (used) table.depends_on.keys.push_back(model::key_of(type));
    }
  }

  void place(const std::string& what, const detail::EntityPlace& where) {
    result_.positions[what] = text_of(where);
  }

  void add(const EntityTable& entity) {
    const std::string name(entity.settings.name);
    model::Table table = entity_table(entity, dialect_, server_);
    if (!tables_.insert(name).second) {
      throw Error(ErrorKind::validation, "the table '" + name +
                                             "' is described twice; the other description is at " +
                                             result_.positions["table " + name])
          .suggest("keep one of them, or give one another name");
    }
    place("table " + name, entity.settings.place);
    for (const EntityColumn& column : entity.columns)
      place(name + "." + std::string(column.name), column.place);
    renames(entity);
    if (entity.settings.user_type) return add_type(std::move(table));
    for (const EntityColumn& column : entity.columns) {
      if (column.enumeration == nullptr || column.type != detail::EntityType::enumeration) continue;
      enumeration(column.enumeration());
      if (own_enums_) of_own_type(table, *table.column(std::string(column.name)));
    }
    result_.model.tables.push_back(std::move(table));
  }

  void renames(const EntityTable& entity) {
    const std::string name(entity.settings.name), was(entity.settings.was);
    if (!was.empty()) result_.renames.push_back({was, {}, name, false});
    for (const EntityColumn& column : entity.columns) {
      if (column.was.empty()) continue;
      result_.renames.push_back(
          {was.empty() ? name : was, std::string(column.was), std::string(column.name), false});
    }
  }

  void enumeration(const detail::EntityEnum& description) {
    const std::string name(description.name);
    if (!enums_.insert(name).second || !own_enums_) return;
    model::EnumType type;
    type.name = model::Name(name);
    for (std::size_t i = 0; i < description.count; ++i) {
      const detail::EnumValue& value = description.values[i];
      type.values.emplace_back(value.text);
      if (!value.was.empty())
        result_.renames.push_back({name, std::string(value.was), std::string(value.text), true});
    }
    if (!description.was.empty())
      result_.renames.push_back({std::string(description.was), {}, name, true});
    place("enum " + name, description.place);
    result_.model.enums.push_back(std::move(type));
  }

  /// Where an enum is an object of its own, several tables may share it.
  void of_own_type(model::Table& table, model::Column& column) const {
    const model::Name name(column.type.name);
    column.type = {};
    column.type.name = dialect_.quote(name);
    table.depends_on.keys.push_back(model::key_of("enum", name));
  }

  void add_type(model::Table table) {
    model::Object type;
    type.kind = "type";
    type.name = table.name;
    std::string fields;
    for (const model::Column& column : table.columns) {
      fields += (fields.empty() ? "" : ", ") + dialect_.quote(column.name) + " " +
                dialect_.type_name(column.type, server_);
    }
    type.definition = "CREATE TYPE " + dialect_.quote(table.name) + " (" + fields + ")";
    result_.model.objects.push_back(std::move(type));
  }

  const Dialect& dialect_;
  const ServerInfo& server_;
  bool own_enums_;
  EntityModel result_;
  std::set<std::string> tables_, enums_;
};

}  // namespace

bool detail::has_enum_types(const Dialect& dialect, const ServerInfo& server) {
  try {
    dialect.render(CreateEnum{model::Name("e"), {"value"}}, {server, nullptr});
    return true;
  } catch (const Error&) {
    return false;
  }
}

EntityModel entity_model(const std::vector<EntityTable>& entities, const Dialect& dialect,
                         const ServerInfo& server) {
  return ModelMaker(dialect, server).make(entities);
}

}  // namespace sterna
