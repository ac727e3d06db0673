// Two queries a schema, whatever the number of tables: what SQLite keeps is the text of each
// definition, so keys, checks and indexes are read from there; of the columns it is asked what it
// made of them. Two more where there are virtual tables.
#include "database/sqlite/inspect.hpp"

#include "base/text.hpp"
#include "database/sqlite/dialect.hpp"
#include "database/sqlite/inspect_objects.hpp"
#include "database/sqlite/inspect_table.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_set>

namespace sterna::sqlite {
namespace {

/// A row of sqlite_schema.
struct Entry {
  std::string type, name, table, sql;
};

class SchemaReader {
 public:
  SchemaReader(Connection& connection, std::string schema, model::Model& model)
      : connection_(connection), database_(std::move(schema)), model_(model) {
    if (database_ != "main") prefix_ = database_;
  }

  void read(const InspectOptions& options) {
    for (const model::Name& name : options.without) {
      if (equals_ignoring_case(name.schema, prefix_)) without_.insert(to_lower(name.name));
    }
    read_entries();
    leave_out_shadows();
    for (const Entry& entry : entries_) remember(entry);
    read_facts();
    for (const Entry& entry : entries_) {
      if (entry.type == "table" && !is_virtual(entry.sql)) read_table_of(entry);
    }
    for (const Entry& entry : entries_) {
      if (entry.type == "index") read_index_of(entry);
    }
    for (auto& [key, table] : tables_) resolve(table);
    name_uniques();
    for (const Entry& entry : entries_) read_object_of(entry);
    for (auto& [key, table] : tables_) {
      order(table);
      if (!left_out(table.name.name)) model_.tables.push_back(std::move(table));
    }
  }

 private:
  std::string literal(const std::string& text) const { return sql_dialect().string_literal(text); }
  model::Name name(const std::string& plain) const { return {prefix_, plain}; }
  bool left_out(const std::string& table) const { return without_.contains(to_lower(table)); }

  void read_entries() {
    // Names that begin so are SQLite's own (https://www.sqlite.org/fileformat2.html, 2.6).
    const Statement statement{"SELECT type, name, tbl_name, sql FROM " +
                                  sql_dialect().quote(model::Name(database_, "sqlite_schema")) +
                                  " WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE "
                                  "'\\'",
                              {},
                              {},
                              {}};
    connection_.for_each_row(statement, [&](Row&& row) {
      entries_.push_back({row.take<std::string>(0), row.take<std::string>(1),
                          row.take<std::string>(2), row.take<std::string>(3)});
    });
  }

  /// They come and go with their virtual table.
  void leave_out_shadows() {
    std::set<std::string> modules;
    for (const Entry& entry : entries_) {
      if (entry.type == "table" && is_virtual(entry.sql)) modules.insert(module_of(entry.sql));
    }
    if (modules.empty()) return;
    std::unordered_set<std::string> shadows;
    for (const Row& row : connection_.query("SELECT name FROM pragma_table_list WHERE schema = " +
                                            literal(database_) + " AND type = 'shadow'"))
      shadows.insert(row.get<std::string>(0));
    std::erase_if(entries_, [&](const Entry& e) { return shadows.contains(e.table); });
    for (const Row& row : connection_.query("SELECT name FROM pragma_module_list"))
      modules.erase(to_lower(row.get<std::string>(0)));
    for (const std::string& module : modules) {
      model_.not_managed.push_back("virtual tables by " + module +
                                   ": this module is not loaded, so the tables in which they keep "
                                   "their rows look like any others");
    }
  }

  void remember(const Entry& entry) {
    if (entry.type != "table" && entry.type != "view") return;
    const bool is_object = entry.type == "table" && is_virtual(entry.sql);
    relations_[to_lower(entry.name)] =
        model::key_of(is_object ? "virtual table" : entry.type, name(entry.name));
    ++index_names_[to_lower(entry.name)];
    written_[to_lower(entry.name)] = entry.name;
  }

  void read_facts() {
    const Statement statement{
        "SELECT s.name, x.name, x.\"notnull\" FROM " +
            sql_dialect().quote(model::Name(database_, "sqlite_schema")) +
            " s, pragma_table_xinfo(s.name, " + literal(database_) +
            ") x WHERE s.type = 'table' AND s.sql IS NOT NULL AND s.sql NOT LIKE 'CREATE VIRTUAL "
            "%'",
        {},
        {},
        {}};
    std::string last;
    std::vector<ColumnFact>* facts = nullptr;
    connection_.for_each_row(statement, [&](Row&& row) {
      auto table = row.take<std::string>(0);
      if (facts == nullptr || table != last) facts = &facts_[table];
      last = std::move(table);
      facts->push_back({row.take<std::string>(1), row.get<bool>(2)});
    });
  }

  template <class Read>
  void try_to(const Entry& entry, Read read) {
    try {
      read();
    } catch (const Error& error) {
      model_.not_managed.push_back(entry.type + " " + name(entry.name).text() + ": " +
                                   error.what());
    }
  }

  void read_table_of(const Entry& entry) {
    try_to(entry, [&] {
      tables_.emplace(to_lower(entry.name),
                      read_table(name(entry.name), entry.sql, facts_[entry.name]));
    });
    facts_.erase(entry.name);
    const auto table = tables_.find(to_lower(entry.name));
    if (table != tables_.end()) in_table_[table->first] = table->second.uniques.size();
  }

  void read_index_of(const Entry& entry) {
    ++index_names_[to_lower(entry.name)];
    const auto table = tables_.find(to_lower(entry.table));
    if (table == tables_.end()) return;  // told of with its table
    try_to(entry, [&] { read_index(table->second, entry.name, entry.sql); });
  }

  /// What a table refers to, by its name as that is written where it was made.
  void resolve(model::Table& table) {
    for (model::ForeignKey& key : table.foreign_keys) {
      key.referenced_table.schema = prefix_;
      const auto found = tables_.find(to_lower(key.referenced_table.name));
      if (found == tables_.end()) continue;
      const model::Table& parent = found->second;
      key.referenced_table = parent.name;
      if (key.referenced_columns.empty() && parent.primary_key &&
          parent.primary_key->parts.size() == key.columns.size()) {
        for (const model::IndexPart& part : parent.primary_key->parts)
          key.referenced_columns.push_back(part.column);
      }
      for (std::string& column : key.referenced_columns) {
        for (const model::Column& candidate : parent.columns) {
          if (equals_ignoring_case(candidate.name, column)) column = candidate.name;
        }
      }
    }
    const std::size_t longest = longest_name();
    for (model::ForeignKey& key : table.foreign_keys) {
      if (key.name.empty()) key.name = model::default_name(table.name, key, longest);
    }
  }

  std::size_t longest_name() const {
    return sql_dialect().capabilities(connection_.server()).max_identifier_length;
  }

  /// A UNIQUE is written as an index, and names of indexes are those of the whole schema, while
  /// names of constraints need not differ. Where two meet, the constraint stays one.
  void name_uniques() {
    const std::size_t longest = longest_name();
    const auto of_tables = [&](auto act) {
      for (auto& [key, table] : tables_) {
        for (std::size_t i = 0; i < in_table_[key]; ++i) act(table, table.uniques[i]);
      }
    };
    of_tables([&](const model::Table& table, model::Unique& unique) {
      if (unique.name.empty()) unique.name = model::default_name(table.name, unique, longest);
      if (unique.options.empty()) ++index_names_[to_lower(unique.name)];
    });
    of_tables([&](const model::Table&, model::Unique& unique) {
      const std::string name = to_lower(unique.name);
      if (!unique.options.empty() || (index_names_[name] < 2 && !name.starts_with("sqlite_")))
        return;
      std::vector<std::string> columns;
      for (const std::string& column : unique.columns)
        columns.push_back(sql_dialect().quote(column));
      unique.options["definition"] = "UNIQUE (" + join(columns, ", ") + ")";
    });
  }

  void read_object_of(const Entry& entry) {
    std::string type = entry.type;
    if (type == "table" && is_virtual(entry.sql)) type = "virtual table";
    if (type == "table" || type == "index" || left_out(entry.table)) return;
    try_to(entry, [&] {
      model::Object object = read_object(type, name(entry.name), entry.sql, relations_);
      if (type == "trigger") {
        const std::string key = to_lower(entry.table);
        const auto table = relations_.find(key);
        object.table = name(written_[key]);
        if (table != relations_.end()) {
          object.depends_on.push_back(table->second);
          std::sort(object.depends_on.begin(), object.depends_on.end());
          object.depends_on.erase(std::unique(object.depends_on.begin(), object.depends_on.end()),
                                  object.depends_on.end());
        }
      }
      model_.objects.push_back(std::move(object));
    });
  }

  /// Names of constraints may repeat: what else they are decides then, so that the order in which
  /// they were written does not.
  static void order(model::Table& table) {
    const auto by = [](auto& items, auto key) {
      std::sort(items.begin(), items.end(),
                [&](const auto& a, const auto& b) { return key(a) < key(b); });
    };
    by(table.uniques,
       [](const model::Unique& u) { return std::tie(u.name, u.columns, u.options); });
    by(table.checks, [](const model::Check& c) { return std::tie(c.name, c.expression); });
    by(table.foreign_keys, [](const model::ForeignKey& k) {
      return std::tie(k.name, k.columns, k.referenced_table, k.referenced_columns, k.on_delete,
                      k.on_update);
    });
  }

  Connection& connection_;
  std::string database_;  ///< "main", or an attached one
  std::string prefix_;    ///< the schema of its names: empty for "main"
  model::Model& model_;
  std::vector<Entry> entries_;
  std::set<std::string> without_;
  Relations relations_;
  std::unordered_map<std::string, std::string> written_;  ///< tables and views as they were made
  std::unordered_map<std::string, std::vector<ColumnFact>> facts_;
  std::map<std::string, model::Table> tables_;             ///< by names in lower case
  std::unordered_map<std::string, std::size_t> in_table_;  ///< how many uniques are no index
  std::unordered_map<std::string, int> index_names_;       ///< of tables, views and indexes
};

std::vector<std::string> wanted_schemas(Connection& connection, const InspectOptions& options,
                                        model::Model& model) {
  if (options.schemas.empty()) return {"main"};
  std::vector<std::string> wanted;
  const Rows attached = connection.query("SELECT name FROM pragma_database_list");
  for (const std::string& schema : options.schemas) {
    const auto found = std::find_if(attached.begin(), attached.end(), [&](const Row& row) {
      return equals_ignoring_case(row.get<std::string>(0), schema);
    });
    if (found == attached.end()) {
      model.not_managed.push_back("schema " + schema + ": no such database is attached");
    } else {
      wanted.push_back(found->get<std::string>(0));
    }
  }
  return wanted;
}

}  // namespace

model::Model inspect(Connection& connection, const InspectOptions& options) {
  model::Model model;
  model.dialect = "sqlite";
  model.product = connection.server().product;
  model.version = connection.server().version;
  model.default_schema = "main";
  for (const std::string& schema : wanted_schemas(connection, options, model)) {
    if (schema != "main") model.schemas.push_back(schema);
    SchemaReader(connection, schema, model).read(options);
  }
  std::sort(model.not_managed.begin(), model.not_managed.end());
  model::sort(model);
  return model;
}

}  // namespace sterna::sqlite
