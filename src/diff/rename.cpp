#include "diff/rename.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sterna {
namespace {

using model::Column;
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

/// The database renames what names the column: keys and indexes by columns. Expressions are text
/// here; those are compared as they come and, where they differ, written anew.
void rename_column(Model& model, Table& table, const std::string& from, const std::string& to) {
  table.column(from)->name = to;
  if (table.primary_key) rename_in(table.primary_key->parts, from, to);
  for (auto& unique : table.uniques) rename_in(unique.columns, from, to);
  for (auto& index : table.indexes) {
    rename_in(index.parts, from, to);
    rename_in(index.include, from, to);
  }
  for (auto& key : table.foreign_keys) rename_in(key.columns, from, to);
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
  const std::size_t dot = old.rfind('.');
  if (dot == std::string_view::npos) throw unknown("table " + std::string(old), table_names(from));
  rename.table = Name(old.substr(0, dot));
  rename.column = std::string(old.substr(dot + 1));
  const Table* table = from.table(rename.table);
  if (table == nullptr) throw unknown("table " + rename.table.text(), table_names(from));
  if (table->column(rename.column) == nullptr)
    throw unknown("column " + std::string(old), column_names(*table));
  return rename;
}

namespace detail {

Model apply_renames(const Model& from, const std::vector<Rename>& renames,
                    std::vector<Change>& changes) {
  Model result = from;
  // Columns first: they are named by their table as it was.
  for (const Rename& rename : renames) {
    Table* table = find(result, rename.table);
    if (table == nullptr) throw unknown("table " + rename.table.text(), table_names(from));
    if (rename.column.empty()) continue;
    if (table->column(rename.column) == nullptr)
      throw unknown("column " + rename.table.text() + "." + rename.column, column_names(*table));
    if (table->column(rename.to) != nullptr) {
      throw Error(ErrorKind::validation, "column " + rename.table.text() + "." + rename.to +
                                             " is there already: nothing can get its name");
    }
    rename_column(result, *table, rename.column, rename.to);
    changes.push_back(AlterTable{rename.table, {RenameColumn{rename.column, rename.to}}});
  }
  for (const Rename& rename : renames) {
    if (!rename.column.empty()) continue;
    const Name to = rename.to.find('.') == std::string::npos ? Name(rename.table.schema, rename.to)
                                                             : Name(rename.to);
    if (to.schema != rename.table.schema) {
      throw Error(ErrorKind::validation,
                  "table " + rename.table.text() + " cannot be renamed into another schema");
    }
    if (find(result, to) != nullptr) {
      throw Error(ErrorKind::validation,
                  "table " + to.text() + " is there already: nothing can get its name");
    }
    rename_table(result, *find(result, rename.table), to);
    changes.push_back(RenameTable{rename.table, to.name});
  }
  sort(result);
  return result;
}

std::vector<Rename> possible_renames(const Model& from, const Model& to) {
  std::vector<Rename> result;
  for (const Table& old : from.tables) {
    const Table* now = to.table(old.name);
    if (now == nullptr) {
      for (const Table& table : to.tables) {
        if (table.name.schema == old.name.schema && from.table(table.name) == nullptr &&
            alike(old, table))
          result.push_back({old.name, {}, table.name.name});
      }
      continue;
    }
    for (const Column& column : old.columns) {
      if (now->column(column.name) != nullptr) continue;
      for (const Column& other : now->columns) {
        if (old.column(other.name) == nullptr && other.type == column.type)
          result.push_back({old.name, column.name, other.name});
      }
    }
  }
  return result;
}

}  // namespace detail
std::vector<Rename> open_renames(const std::vector<Rename>& hints, const model::Model& from) {
  std::vector<Rename> open;
  for (Rename rename : hints) {
    // A table whose own rename is done bears its new name.
    for (const Rename& of_table : hints) {
      const bool done = of_table.column.empty() && of_table.table == rename.table &&
                        from.table(rename.table) == nullptr;
      if (done) rename.table = model::Name(rename.table.schema, of_table.to);
    }
    const model::Table* table = from.table(rename.table);
    if (table == nullptr) continue;
    const bool done =
        rename.column.empty()
            ? from.table(model::Name(rename.table.schema, rename.to)) != nullptr
            : table->column(rename.to) != nullptr || table->column(rename.column) == nullptr;
    if (!done) open.push_back(std::move(rename));
  }
  return open;
}

}  // namespace sterna
