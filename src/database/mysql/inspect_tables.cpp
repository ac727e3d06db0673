// information_schema's tables about tables (MySQL manual, "INFORMATION_SCHEMA General Tables";
// MariaDB knowledge base, "Information Schema Tables"). Columns are read by position: the products
// differ in the case of their names.
#include <algorithm>

#include "base/text.hpp"
#include "database/mysql/dialect.hpp"
#include "database/mysql/inspect_reading.hpp"
#include "database/mysql/inspect_types.hpp"

namespace sterna::mysql {
namespace {

using model::Table;
using model::TypeKind;

std::string text_at(Row& row, std::size_t index) {
  return row[index].is_null() ? std::string() : row.take<std::string>(index);
}

/// The charset is the first word of its collations' names ("binary" is both).
std::string charset_of(const std::string& collation) {
  return collation.substr(0, collation.find('_'));
}

/// CREATE_OPTIONS: "row_format=DYNAMIC `page_compressed`='1' DATA DIRECTORY='/x/' partitioned".
void read_options(std::string_view text, Table& table, bool& partitioned) {
  while (!(text = trim(text)).empty()) {
    const std::size_t equals = text.find('=');
    const std::size_t space = text.find(' ');
    const bool directory =
        text.starts_with("DATA DIRECTORY") || text.starts_with("INDEX DIRECTORY");
    if (equals == std::string_view::npos || (space < equals && !directory)) {
      const std::string_view word = text.substr(0, space);
      partitioned = partitioned || word == "partitioned";
      text.remove_prefix(word.size());
      continue;
    }
    std::string key = to_lower(text.substr(0, equals));
    std::erase(key, '`');
    text.remove_prefix(equals + 1);
    const bool quoted = text.starts_with('\'') || text.starts_with('"') || text.starts_with('`');
    const std::size_t end = quoted ? literal_end(text, 0) : std::min(text.find(' '), text.size());
    table.options[key] = text.substr(0, end);
    text.remove_prefix(end);
  }
}

template <class Item>
Item& item_named(std::vector<Item>& items, const std::string& name) {
  if (!items.empty() && items.back().name == name) return items.back();
  for (Item& item : items) {
    if (item.name == name) return item;
  }
  items.emplace_back();
  items.back().name = name;
  return items.back();
}

bool told_by_definition(std::string_view engine) {
  for (const std::string_view name : {"MRG_MyISAM", "FEDERATED", "CONNECT", "SPIDER"}) {
    if (equals_ignoring_case(engine, name)) return true;
  }
  return false;
}

class TableReader {
 public:
  explicit TableReader(Reading& reading) : reading_(reading) {}

  void table(Row& row) const {
    std::string name = row.take<std::string>(0);
    const auto type = row.get<std::string>(1);
    if (type == "VIEW") return reading_.views.push_back(std::move(name));
    if (type == "SEQUENCE") return reading_.sequences.push_back(std::move(name));
    if (type != "BASE TABLE" && type != "SYSTEM VERSIONED") return;  // TEMPORARY: the session's own
    if (reading_.without.contains(name)) return;
    if (row[2].is_null()) {  // it cannot be opened; the comment says why
      return reading_.not_managed("table " + name + ": " + text_at(row, 5));
    }
    Table table;
    table.name.name = name;
    table.engine = row.take<std::string>(2);
    table.collation = text_at(row, 3);
    table.charset = charset_of(table.collation);
    bool partitioned = false;
    read_options(text_at(row, 4), table, partitioned);
    table.comment = text_at(row, 5);
    if (type == "SYSTEM VERSIONED") table.options["system versioning"] = "with";
    if (partitioned || told_by_definition(table.engine)) reading_.by_definition.push_back(name);
    reading_.tables.emplace(std::move(name), reading_.model.tables.size());
    reading_.model.tables.push_back(std::move(table));
  }

  // table, position, name, default, nullable, type, charset, collation, extra, generation
  // expression, comment, MySQL 8: SRS_ID
  void column(Row& row) const {
    Table* table = reading_.table(row.get<std::string>(0));
    if (table == nullptr) return;
    const auto position = row.get<std::size_t>(1);
    if (table->columns.size() < position) table->columns.resize(position);
    model::Column& column = table->columns[position - 1];
    column.name = row.take<std::string>(2);
    column.nullable = row.get<std::string>(4) == "YES";
    const TypeText type = split_type(row.get<std::string>(5));
    column.type = type_of(type);
    if (type.compressed) column.options["compressed"];
    reading_.spatial = reading_.spatial || is_spatial(type.word);
    std::string collation = text_at(row, 7);
    if (!collation.empty() && collation != table->collation) {
      const std::string charset = text_at(row, 6);
      if (charset != table->charset) column.charset = charset;
      column.collation = std::move(collation);
    }
    const std::string extra = to_lower(text_at(row, 8));
    const auto has = [&](std::string_view word) { return extra.find(word) != std::string::npos; };
    column.auto_increment = has("auto_increment");
    if (has("on update current_timestamp")) column.on_update = "CURRENT_TIMESTAMP";
    if (has("invisible")) column.options["invisible"];
    if (has("without system versioning")) column.options["without system versioning"];
    const bool generated =
        has("virtual generated") || has("stored generated") || has("persistent generated");
    if (generated) {
      generation(*table, column, text_at(row, 9), !has("virtual generated"));
    } else if (row[3].is_null() && has("default_generated")) {  // of a BLOB, TEXT, JSON
      column.default_value = expression_default({});
      by_definition(*table, reading_.columns_by_definition, column.name);
    } else if (!row[3].is_null()) {
      default_value(*table, column, row.take<std::string>(3), has("default_generated"));
    }
    column.comment = text_at(row, 10);
    if (row.size() > 11 && !row[11].is_null()) column.options["srid"] = row.get<std::string>(11);
  }

  // table, column, SRID
  void reference_system(Row& row) const {
    Table* table = reading_.table(row.get<std::string>(0));
    model::Column* column = table == nullptr ? nullptr : table->column(row.get<std::string>(1));
    if (column != nullptr) column->options["ref_system_id"] = row.get<std::string>(2);
  }

  // table, index, non-unique, position, column, collation, prefix, type, comment, hidden,
  // MySQL 8: expression
  void index(Row& row) const {
    Table* table = reading_.table(row.get<std::string>(0));
    if (table == nullptr) return;
    const auto position = row.get<std::size_t>(3);
    const auto name = row.get<std::string>(1);
    const auto type = row.get<std::string>(7);
    model::IndexPart part;
    part.column = text_at(row, 4);
    if (row.size() > 10 && !row[10].is_null()) {
      part.column.clear();
      part.expression = reading_.expression(row.get<std::string>(10));
      if (!is_ascii(part.expression)) by_definition(*table, reading_.indexes_by_definition, name);
    }
    part.descending = text_at(row, 5) == "D";
    if (!row[6].is_null() && type != "SPATIAL") part.prefix_length = row.get<int>(6);
    const auto place = [&](std::vector<model::IndexPart>& parts) {
      if (parts.size() < position) parts.resize(position);
      parts[position - 1] = std::move(part);
    };
    if (name == "PRIMARY") {  // every primary key has this name
      if (!table->primary_key) table->primary_key.emplace();
      place(table->primary_key->parts);
      if (!text_at(row, 8).empty()) reading_.by_definition.push_back(table->name.name);
      return;
    }
    model::Index& index = item_named(table->indexes, name);
    place(index.parts);
    if (position != 1) return;
    index.unique = row.get<std::int64_t>(2) == 0;
    index.comment = text_at(row, 8);
    if (row.get<std::string>(9) == hidden_)
      index.options[reading_.mariadb ? "ignored" : "invisible"];
    kind(*table, index, type);
  }

  // table, constraint, update rule, delete rule, match
  void foreign_key(Row& row) const {
    Table* table = reading_.table(row.get<std::string>(0));
    if (table == nullptr) return;
    model::ForeignKey& key = item_named(table->foreign_keys, row.get<std::string>(1));
    key.on_update = action(row.get<std::string>(2));
    key.on_delete = action(row.get<std::string>(3));
  }

  // table, constraint, position, column, referenced schema, table and column
  void foreign_key_column(Row& row) const {
    Table* table = reading_.table(row.get<std::string>(0));
    if (table == nullptr) return;
    model::ForeignKey& key = item_named(table->foreign_keys, row.get<std::string>(1));
    const auto position = row.get<std::size_t>(2);
    if (key.columns.size() < position) {
      key.columns.resize(position);
      key.referenced_columns.resize(position);
    }
    key.columns[position - 1] = row.take<std::string>(3);
    std::string schema = row.take<std::string>(4);
    if (schema == reading_.database) schema.clear();
    key.referenced_table = model::Name(std::move(schema), row.take<std::string>(5));
    key.referenced_columns[position - 1] = row.take<std::string>(6);
  }

  // table, constraint, clause, level (MariaDB) or enforced (MySQL)
  void check(Row& row) const {
    Table* table = reading_.table(row.get<std::string>(0));
    if (table == nullptr) return;
    auto name = row.take<std::string>(1);
    auto clause = row.take<std::string>(2);
    const auto how = row.get<std::string>(3);
    if (reading_.mariadb && how == "Column") return column_check(*table, name, clause);
    if (reading_.mariadb && may_be_period(clause))
      reading_.by_definition.push_back(table->name.name);
    model::Check check;
    check.name = std::move(name);
    check.expression = reading_.mariadb ? std::move(clause) : reading_.expression(clause);
    check.not_enforced = !reading_.mariadb && how == "NO";
    table->checks.push_back(std::move(check));
  }

 private:
  static model::ReferentialAction action(const std::string& rule) {
    if (rule == "CASCADE") return model::ReferentialAction::cascade;
    if (rule == "SET NULL") return model::ReferentialAction::set_null;
    if (rule == "SET DEFAULT") return model::ReferentialAction::set_default;
    // One and the same here, and RESTRICT is what is told when nothing was said (MySQL manual,
    // "FOREIGN KEY Constraints").
    return model::ReferentialAction::no_action;
  }

  void generation(Table& table, model::Column& column, std::string expression, bool stored) const {
    if (expression == "ROW START" || expression == "ROW END") {
      column.options["generated always as " + to_lower(expression)];
      column.nullable = false;
      std::string& period = table.options["period for system_time"];
      const std::string quoted = reading_.connection.dialect().quote(column.name);
      period = expression == "ROW START" ? quoted + period : period + ", " + quoted;
      return;
    }
    column.generated = {reading_.expression(expression), stored};
    if (reading_.since(80000, 0) && !reading_.mariadb && !is_ascii(expression))
      by_definition(table, reading_.columns_by_definition, column.name);
  }

  void default_value(Table& table, model::Column& column, const std::string& text,
                     bool expression) const {
    column.default_value = reading_.mariadb ? mariadb_default(text, column.type)
                                            : mysql_default(text, expression, column.type);
    if (!column.default_value) return;
    model::Default& value = *column.default_value;
    if (value.kind == model::Default::Kind::expression) {
      value.text = unqualified(value.text, reading_.database);
      note_sequences(table, value.text);
    }
    const bool bytes =
        column.type.kind == TypeKind::binary || column.type.name.starts_with("binary");
    if (bytes && reading_.mariadb && value.text.find('?') != std::string::npos)
      reading_.lost_bytes(table, column);
    // MySQL ends such a text at the first byte of zero, or at the first that is no character.
    if (!reading_.mariadb && (bytes || (expression && !is_ascii(text))))
      by_definition(table, reading_.columns_by_definition, column.name);
  }

  /// MySQL 8 puts the characters of expressions into the catalogs twice encoded.
  static bool is_ascii(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
  }

  void by_definition(const Table& table, std::set<std::pair<std::string, std::string>>& parts,
                     const std::string& part) const {
    reading_.by_definition.push_back(table.name.name);
    parts.emplace(table.name.name, part);
  }

  /// nextval(`numbers`): the sequence must be there before the table.
  static void note_sequences(Table& table, const std::string& expression) {
    for (const std::string_view call : {"nextval(`", "lastval(`", "setval(`"}) {
      const std::size_t at = expression.find(call);
      if (at == std::string::npos) continue;
      const std::size_t start = at + call.size() - 1;
      const std::size_t end = literal_end(expression, start);
      table.depends_on.keys.push_back(model::key_of(
          "sequence", model::Name({}, literal_value(expression.substr(start, end - start)))));
    }
  }

  void kind(const Table& table, model::Index& index, const std::string& type) const {
    if (type == "FULLTEXT") {
      index.kind = model::IndexKind::full_text;
      reading_.by_definition.push_back(table.name.name);  // its parser
    } else if (type == "SPATIAL" || type == "RTREE") {
      index.kind = model::IndexKind::spatial;
    } else if (equals_ignoring_case(table.engine, "MEMORY")) {
      if (type == "BTREE") index.method = "btree";  // hash is the engine's default
    } else if (type == "HASH") {
      index.method = "hash";
    }
  }

  void column_check(Table& table, const std::string& name, const std::string& clause) const {
    model::Column* column = table.column(name);
    if (column == nullptr) return;
    const std::string& collation = column->collation.empty() ? table.collation : column->collation;
    const std::string quoted = reading_.connection.dialect().quote(name);
    if (column->type.kind == TypeKind::long_text && collation == "utf8mb4_bin" &&
        clause == "json_valid(" + quoted + ")") {
      column->type.kind = TypeKind::json;
      column->charset.clear();
      column->collation.clear();
      return;
    }
    column->options["check"] = "(" + clause + ")";
  }

  /// A period for an application's time shows itself as the check "`from` < `to`".
  static bool may_be_period(const std::string& clause) {
    if (clause.empty() || clause.front() != '`') return false;
    const std::size_t end = literal_end(clause, 0);
    return clause.compare(end, 4, " < `") == 0 && literal_end(clause, end + 3) == clause.size();
  }

  Reading& reading_;
  std::string hidden_ = reading_.mariadb ? "YES" : "NO";  // IGNORED there, IS_VISIBLE here
};

std::string columns_query(const Reading& reading) {
  return "SELECT table_name, ordinal_position, column_name, column_default, is_nullable, "
         "column_type, character_set_name, collation_name, extra, generation_expression, "
         "column_comment" +
         std::string(reading.since(80000, 0) ? ", srs_id" : "") +
         " FROM information_schema.columns WHERE table_schema = " + reading.schema;
}

std::string indexes_query(const Reading& reading) {
  const std::string hidden = reading.since(0, 100600)  ? "ignored"
                             : reading.since(80000, 0) ? "is_visible"
                                                       : "''";
  return "SELECT table_name, index_name, non_unique, seq_in_index, column_name, collation, "
         "sub_part, index_type, index_comment, " +
         hidden + (reading.since(80013, 0) ? ", expression" : "") +
         " FROM information_schema.statistics WHERE table_schema = " + reading.schema;
}

std::string checks_query(const Reading& reading) {
  if (reading.mariadb) {
    return "SELECT table_name, constraint_name, check_clause, " +
           std::string(reading.since(0, 100510) ? "level" : "'Table'") +
           " FROM information_schema.check_constraints WHERE constraint_schema = " + reading.schema;
  }
  return "SELECT t.table_name, c.constraint_name, c.check_clause, t.enforced FROM "
         "information_schema.check_constraints c JOIN information_schema.table_constraints t ON "
         "t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name AND "
         "t.constraint_type = 'CHECK' WHERE c.constraint_schema = " +
         reading.schema;
}

}  // namespace

std::vector<CatalogQuery> table_queries(Reading& reading) {
  const auto reader = std::make_shared<TableReader>(reading);
  const auto with = [&](void (TableReader::*read)(Row&) const) {
    return [reader, read](Row& row) { ((*reader).*read)(row); };
  };
  std::vector<CatalogQuery> queries = {
      {"SELECT table_name, table_type, engine, table_collation, create_options, table_comment FROM "
       "information_schema.tables WHERE table_schema = " +
           reading.schema,
       with(&TableReader::table), "tables"},
      {columns_query(reading), with(&TableReader::column), "columns"},
      {indexes_query(reading), with(&TableReader::index), "indexes"},
      {"SELECT table_name, constraint_name, update_rule, delete_rule, match_option FROM "
       "information_schema.referential_constraints WHERE constraint_schema = " +
           reading.schema,
       with(&TableReader::foreign_key), "foreign keys"},
      {"SELECT table_name, constraint_name, ordinal_position, column_name, "
       "referenced_table_schema, referenced_table_name, referenced_column_name FROM "
       "information_schema.key_column_usage WHERE table_schema = " +
           reading.schema + " AND referenced_table_name IS NOT NULL",
       with(&TableReader::foreign_key_column), "columns of foreign keys"}};
  if (reading.since(80016, 100201))
    queries.push_back({checks_query(reading), with(&TableReader::check), "checks"});
  return queries;
}

std::vector<CatalogQuery> spatial_queries(Reading& reading) {
  if (!reading.spatial || !reading.since(0, 100102)) return {};  // MySQL tells it with the column
  return {
      {"SELECT g_table_name, g_geometry_column, srid FROM information_schema.geometry_columns "
       "WHERE srid <> 0 AND g_table_schema = " +
           reading.schema,
       [reader = TableReader(reading)](Row& row) { reader.reference_system(row); },
       "spatial reference systems"}};
}

}  // namespace sterna::mysql
