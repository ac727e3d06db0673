#include "diff/rename.hpp"

#include "base/text.hpp"
#include "diff/expressions.hpp"

#include <algorithm>
#include <cctype>

namespace sterna {
namespace {

using model::Column;
using model::EnumType;
using model::Model;
using model::Name;
using model::Table;

Error unknown(const std::string& what, const std::vector<std::string>& known) {
  Error error(ErrorKind::validation, "there is no " + what + " to rename");
  for (const std::string& near : near_misses(what.substr(what.find_last_of(" .") + 1), known, 2))
    error.suggest("did you mean " + near + "?");
  error.with_state("nothing was changed");
  return error;
}

std::vector<std::string> table_names(const Model& model) {
  std::vector<std::string> names;
  for (const Table& table : model.tables) names.push_back(table.name.text());
  return names;
}

std::vector<std::string> column_names(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  return names;
}

void rename_in(std::vector<std::string>& columns, const std::string& from, const std::string& to) {
  std::replace(columns.begin(), columns.end(), from, to);
}
void rename_in(std::vector<model::IndexPart>& parts, const std::string& from,
               const std::string& to) {
  for (model::IndexPart& part : parts) {
    if (part.column == from) part.column = to;
  }
}

/// `from` as a word of an expression, in quotes or without, but not within a string.
std::string renamed_in(std::string_view text, std::string_view from, std::string_view to) {
  const auto in_word = [](char c) {
    return c == '_' || c == '$' || std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80);
  };
  std::string result;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    const bool begins = !in_string && text.substr(i).starts_with(from) &&
                        (i == 0 || !in_word(text[i - 1])) &&
                        (i + from.size() == text.size() || !in_word(text[i + from.size()]));
    if (begins) {
      result += to;
      i += from.size();
      continue;
    }
    if (text[i] == '\'') in_string = !in_string;
    result += text[i++];
  }
  return result;
}

/// The database renames what names the column: keys and indexes by columns. Expressions are text
/// here; those are compared as they come and, where they differ, written anew: all but checks
/// without a name, which are known by what they say and could not be found again.
void rename_column(Model& model, Table& table, const std::string& from, const std::string& to) {
  table.column(from)->name = to;
  if (table.primary_key) rename_in(table.primary_key->parts, from, to);
  rename_in(table.partition_key, from, to);
  rename_in(table.clustering_key, from, to);
  for (auto& unique : table.uniques) rename_in(unique.columns, from, to);
  for (auto& index : table.indexes) {
    rename_in(index.parts, from, to);
    rename_in(index.include, from, to);
  }
  for (auto& key : table.foreign_keys) rename_in(key.columns, from, to);
  for (auto& check : table.checks) {
    if (check.name.empty()) check.expression = renamed_in(check.expression, from, to);
  }
  for (Table& other : model.tables) {
    for (auto& key : other.foreign_keys) {
      if (key.referenced_table == table.name) rename_in(key.referenced_columns, from, to);
    }
  }
}

void rename_table(Model& model, Table& table, const Name& to) {
  const Name from = table.name;
  for (Table& other : model.tables) {
    for (auto& key : other.foreign_keys) {
      if (key.referenced_table == from) key.referenced_table = to;
    }
    std::replace(other.depends_on.keys.begin(), other.depends_on.keys.end(),
                 model::key_of("table", from), model::key_of("table", to));
  }
  for (model::Object& object : model.objects) {
    if (object.table == from) object.table = to;
    std::replace(object.depends_on.begin(), object.depends_on.end(), model::key_of("table", from),
                 model::key_of("table", to));
  }
  table.name = to;
}

Table* find(Model& model, const Name& name) {
  const auto found = std::find_if(model.tables.begin(), model.tables.end(),
                                  [&](const Table& table) { return table.name == name; });
  return found == model.tables.end() ? nullptr : &*found;
}

EnumType* find_enum(Model& model, const Name& name) {
  const auto found = std::find_if(model.enums.begin(), model.enums.end(),
                                  [&](const EnumType& type) { return type.name == name; });
  return found == model.enums.end() ? nullptr : &*found;
}

const model::TypeField* find_field(const model::UserType* type, std::string_view name) {
  if (type == nullptr) return nullptr;
  const auto found =
      std::find_if(type->fields.begin(), type->fields.end(),
                   [&](const model::TypeField& field) { return field.name == name; });
  return found == type->fields.end() ? nullptr : &*found;
}

std::vector<std::string> field_names(const model::UserType* type) {
  std::vector<std::string> names;
  if (type == nullptr) return names;
  for (const model::TypeField& field : type->fields) names.push_back(field.name);
  return names;
}

/// What a name within a table stands for.
enum class Part { none, index, primary_key, unique, other_constraint };

template <class Visit>
Part visit_parts(const Table& table, Visit visit) {
  const auto any = [&](const auto& items) {
    return std::any_of(items.begin(), items.end(),
                       [&](const auto& item) { return !item.name.empty() && visit(item.name); });
  };
  if (any(table.indexes)) return Part::index;
  if (table.primary_key && !table.primary_key->name.empty() && visit(table.primary_key->name))
    return Part::primary_key;
  if (any(table.uniques)) return Part::unique;
  if (any(table.foreign_keys) || any(table.checks) || any(table.exclusions))
    return Part::other_constraint;
  return Part::none;
}

Part part_named(const Table& table, std::string_view name) {
  return visit_parts(table, [&](const std::string& own) { return own == name; });
}

std::vector<std::string> part_names(const Table& table) {
  std::vector<std::string> names;
  visit_parts(table, [&](const std::string& name) {
    names.push_back(name);
    return false;
  });
  return names;
}

/// A foreign key and the index that it made may bear one name (MySQL): only one of them is renamed.
void rename_part(Table& table, const std::string& from, const std::string& to, bool index) {
  const auto rename = [&](std::string& name) {
    if (name == from) name = to;
  };
  const auto all = [&](auto& items) {
    for (auto& item : items) rename(item.name);
  };
  if (index) all(table.indexes);
  all(table.uniques);
  if (index) return;
  if (table.primary_key) rename(table.primary_key->name);
  all(table.foreign_keys);
  all(table.checks);
  all(table.exclusions);
}

[[noreturn]] void taken(const std::string& what) {
  throw Error(ErrorKind::validation, what + " is there already: nothing can get its name")
      .with_state("nothing was changed");
}

/// Alike enough to ask: at least half of the columns are in both, by name and type.
bool alike(const Table& a, const Table& b) {
  const auto common = std::count_if(a.columns.begin(), a.columns.end(), [&](const Column& column) {
    const Column* other = b.column(column.name);
    return other != nullptr && other->type == column.type;
  });
  return !a.columns.empty() &&
         2 * static_cast<std::size_t>(common) >= std::max(a.columns.size(), b.columns.size());
}

}  // namespace

Rename parse_rename(std::string_view text, const Model& from) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) {
    throw Error(ErrorKind::validation, "'" + std::string(text) + "' is no rename")
        .suggest("write old:new, for instance users:people or users.name:full_name");
  }
  const std::string_view old = text.substr(0, colon);
  Rename rename;
  rename.to = std::string(text.substr(colon + 1));
  if (from.table(Name(old)) != nullptr) {
    rename.table = Name(old);
    return rename;
  }
  if (from.enumeration(Name(old)) != nullptr) {
    rename.table = Name(old);
    rename.kind = Rename::Kind::enumeration;
    return rename;
  }
  const std::size_t dot = old.rfind('.');
  if (dot == std::string_view::npos) throw unknown("table " + std::string(old), table_names(from));
  rename.table = Name(old.substr(0, dot));
  rename.part = std::string(old.substr(dot + 1));
  if (const EnumType* type = from.enumeration(rename.table)) {
    rename.kind = Rename::Kind::enumeration;
    if (std::find(type->values.begin(), type->values.end(), rename.part) == type->values.end())
      throw unknown("value " + std::string(old), type->values);
    return rename;
  }
  if (const model::UserType* type = from.user_type(rename.table)) {
    rename.kind = Rename::Kind::field;
    if (find_field(type, rename.part) == nullptr)
      throw unknown("field " + std::string(old), field_names(type));
    return rename;
  }
  const Table* table = from.table(rename.table);
  if (table == nullptr) throw unknown("table " + rename.table.text(), table_names(from));
  if (table->column(rename.part) != nullptr) return rename;
  switch (part_named(*table, rename.part)) {
    case Part::none: {
      std::vector<std::string> known = column_names(*table);
      for (std::string& name : part_names(*table)) known.push_back(std::move(name));
      throw unknown("column " + std::string(old), known);
    }
    case Part::index:
      rename.kind = Rename::Kind::index;
      break;
    default:
      rename.kind = Rename::Kind::constraint;
  }
  return rename;
}

namespace {

/// Whether the owner of `rename` has a part of this name.
bool has_part(const Rename& rename, const Table* table, const EnumType* type,
              const std::string& name) {
  if (rename.kind == Rename::Kind::enumeration) {
    return type != nullptr &&
           std::find(type->values.begin(), type->values.end(), name) != type->values.end();
  }
  if (table == nullptr) return false;
  return rename.kind == Rename::Kind::column ? table->column(name) != nullptr
                                             : part_named(*table, name) != Part::none;
}

/// The name as `names` spells it: servers fold what is not quoted.
std::string folded(const std::string& wanted, const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), wanted) != names.end()) return wanted;
  const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return equals_ignoring_case(name, wanted);
  });
  return found == names.end() ? wanted : *found;
}

/// A table or enum type by its old name or, where that was done before, by its new one.
Name owner_now(const Rename& rename, const std::vector<Rename>& hints,
               const std::vector<std::string>& names) {
  const std::string old = folded(rename.table.text(), names);
  if (std::find(names.begin(), names.end(), old) != names.end()) return Name(old);
  const bool is_enum = rename.kind == Rename::Kind::enumeration;
  for (const Rename& other : hints) {
    if (other.part.empty() && other.table == rename.table &&
        (other.kind == Rename::Kind::enumeration) == is_enum)
      return {rename.table.schema, other.to};
  }
  return rename.table;
}

}  // namespace

std::vector<Rename> open_renames(const std::vector<Rename>& hints, const Model& from) {
  std::vector<std::string> enums;
  for (const EnumType& type : from.enums) enums.push_back(type.name.text());
  const std::vector<std::string> tables = table_names(from);
  std::vector<Rename> open;
  for (Rename rename : hints) {
    if (rename.kind == Rename::Kind::field) {
      const model::UserType* type = from.user_type(rename.table);
      if (find_field(type, rename.part) != nullptr && find_field(type, rename.to) == nullptr)
        open.push_back(std::move(rename));
      continue;
    }
    const bool is_enum = rename.kind == Rename::Kind::enumeration;
    rename.table = owner_now(rename, hints, is_enum ? enums : tables);
    const Table* table = is_enum ? nullptr : from.table(rename.table);
    const EnumType* type = is_enum ? from.enumeration(rename.table) : nullptr;
    if (table == nullptr && type == nullptr) continue;
    if (rename.part.empty()) {
      const Name to(rename.table.schema, rename.to);
      const bool done = rename.table == to || from.table(to) != nullptr ||
                        (is_enum && from.enumeration(to) != nullptr);
      if (!done) open.push_back(std::move(rename));
      continue;
    }
    if (has_part(rename, table, type, rename.to)) continue;
    if (table != nullptr)
      rename.part = folded(rename.part, rename.kind == Rename::Kind::column ? column_names(*table)
                                                                            : part_names(*table));
    if (has_part(rename, table, type, rename.part)) open.push_back(std::move(rename));
  }
  return open;
}

namespace detail {
namespace {

/// Applies the renames one by one to a copy of the model, as the database would.
class Renaming {
 public:
  Renaming(const Model& from, const DiffOptions& options, std::vector<Change>& changes)
      : from_(from),
        result_(from),
        options_(options),
        capabilities_(options.dialect.capabilities(options.server)),
        changes_(changes) {}

  Model run(const std::vector<Rename>& renames) {
    // Parts first: they are named by their table as it was.
    for (const Rename& rename : renames) {
      if (!rename.part.empty()) part(rename);
    }
    for (const Rename& rename : renames) {
      if (rename.part.empty()) owner(rename);
    }
    for (std::size_t i = 0; !renames.empty() && i < from_.tables.size(); ++i) {
      for (Change& change :
           options_.dialect.rename_along(from_.tables[i], result_.tables[i], options_.server))
        changes_.push_back(std::move(change));
    }
    sort(result_);
    return std::move(result_);
  }

 private:
  void part(const Rename& rename) {
    if (rename.kind == Rename::Kind::enumeration) return value(rename);
    if (rename.kind == Rename::Kind::field) return field(rename);
    Table* table = find(result_, rename.table);
    if (table == nullptr) throw unknown("table " + rename.table.text(), table_names(from_));
    if (rename.kind == Rename::Kind::column)
      column(*table, rename);
    else
      key(*table, rename);
  }

  void value(const Rename& rename) {
    const EnumType* type = find_enum(result_, rename.table);
    if (!has_part(rename, nullptr, type, rename.part))
      throw unknown("value " + rename.old_name(),
                    type == nullptr ? std::vector<std::string>{} : type->values);
    if (has_part(rename, nullptr, type, rename.to)) taken("value " + rename.new_name());
    rename_value_in(result_, rename.table, rename.part, rename.to);
    changes_.push_back(RenameEnumValue{rename.table, rename.part, rename.to});
  }

  void field(const Rename& rename) {
    const auto type =
        std::find_if(result_.types.begin(), result_.types.end(),
                     [&](const model::UserType& each) { return each.name == rename.table; });
    const model::UserType* found = type == result_.types.end() ? nullptr : &*type;
    if (find_field(found, rename.part) == nullptr)
      throw unknown("field " + rename.old_name(), field_names(found));
    if (find_field(found, rename.to) != nullptr) taken("field " + rename.new_name());
    for (model::TypeField& each : type->fields) {
      if (each.name == rename.part) each.name = rename.to;
    }
    changes_.push_back(AlterType{rename.table, {RenameTypeField{rename.part, rename.to}}});
  }

  void column(Table& table, const Rename& rename) {
    const model::Column* column = table.column(rename.part);
    if (column == nullptr) throw unknown("column " + rename.old_name(), column_names(table));
    if (table.column(rename.to) != nullptr) taken("column " + rename.new_name());
    changes_.push_back(AlterTable{rename.table, {RenameColumn{rename.part, rename.to, *column}}});
    rename_column(result_, table, rename.part, rename.to);
  }

  /// Where the database cannot, the key comes anew and the old one goes, as without the hint.
  void key(Table& table, const Rename& rename) {
    const Part part = part_named(table, rename.part);
    if (part == Part::none)
      throw unknown("index or constraint " + rename.old_name(), part_names(table));
    if (part_named(table, rename.to) != Part::none)
      taken("index or constraint " + rename.new_name());
    const bool by_index =
        part == Part::index || (part == Part::unique && !capabilities_.renames_constraints &&
                                capabilities_.renames_indexes);
    if (!by_index && !capabilities_.renames_constraints) return;
    rename_part(table, rename.part, rename.to, by_index);
    TableAction action = by_index ? TableAction(RenameIndex{rename.part, rename.to})
                                  : TableAction(RenameConstraint{rename.part, rename.to});
    changes_.push_back(AlterTable{rename.table, {std::move(action)}});
  }

  void owner(const Rename& rename) {
    const bool is_enum = rename.kind == Rename::Kind::enumeration;
    const std::string kind = is_enum ? "enum" : "table";
    const Name to = rename.to.find('.') == std::string::npos ? Name(rename.table.schema, rename.to)
                                                             : Name(rename.to);
    if (to.schema != rename.table.schema) {
      throw Error(ErrorKind::validation,
                  kind + " " + rename.table.text() + " cannot be renamed into another schema");
    }
    if (is_enum) {
      if (find_enum(result_, rename.table) == nullptr)
        throw unknown("enum " + rename.table.text(), {});
      if (find_enum(result_, to) != nullptr) taken("enum " + to.text());
      rename_enum_in(result_, rename.table, to);
      changes_.push_back(RenameObject{kind, rename.table, to.name});
      return;
    }
    Table* table = find(result_, rename.table);
    if (table == nullptr) throw unknown("table " + rename.table.text(), table_names(from_));
    if (find(result_, to) != nullptr) taken("table " + to.text());
    rename_table(result_, *table, to);
    changes_.push_back(RenameTable{rename.table, to.name});
  }

  const Model& from_;
  Model result_;
  const DiffOptions& options_;
  const Capabilities capabilities_;
  std::vector<Change>& changes_;
};

}  // namespace

Model apply_renames(const Model& from, const DiffOptions& options, std::vector<Change>& changes) {
  return Renaming(from, options, changes).run(options.renames);
}

std::vector<Rename> possible_renames(const Model& from, const Model& to, const Dialect& dialect) {
  std::vector<Rename> result;
  for (const Table& old : from.tables) {
    const Table* now = to.table(old.name);
    if (now == nullptr) {
      if (!dialect.renames_column(old, {})) continue;
      for (const Table& table : to.tables) {
        if (table.name.schema == old.name.schema && from.table(table.name) == nullptr &&
            alike(old, table))
          result.push_back({old.name, {}, table.name.name});
      }
      continue;
    }
    for (const Column& column : old.columns) {
      if (now->column(column.name) != nullptr || !dialect.renames_column(old, column.name))
        continue;
      for (const Column& other : now->columns) {
        if (old.column(other.name) == nullptr && other.type == column.type)
          result.push_back({old.name, column.name, other.name});
      }
    }
  }
  return result;
}

}  // namespace detail

}  // namespace sterna
