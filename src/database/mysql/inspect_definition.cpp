// What SHOW CREATE TABLE alone tells: partitions (information_schema.partitions knows neither the
// interval of SYSTEM_TIME nor the algorithm of KEY), parsers of full-text indexes, periods, the
// tables of a MERGE, and what the catalogs of MySQL tell wrongly of defaults and expressions. The
// server prints one column, key or period a line.
#include "base/text.hpp"
#include "database/mysql/inspect_reading.hpp"
#include "database/mysql/inspect_types.hpp"

namespace sterna::mysql {
namespace {

/// The quoted name at the start of `text`, with its quotes.
std::string_view quoted_name(std::string_view text) {
  return text.starts_with('`') ? text.substr(0, literal_end(text, 0)) : std::string_view();
}

std::string_view after(std::string_view text, std::string_view words) {
  const std::size_t at = text.find(words);
  return at == std::string_view::npos ? std::string_view() : text.substr(at + words.size());
}

/// "PERIOD FOR `p` (`a`, `b`)"; that of SYSTEM_TIME is known from its columns.
void read_period(model::Table& table, std::string_view line) {
  const std::string_view name = quoted_name(line);
  if (name.empty()) return;
  const std::size_t open = line.find('(', name.size());
  const std::size_t close = line.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos) return;
  table.options["period for " + std::string(name)] = line.substr(open + 1, close - open - 1);
  // The condition that the period implies stands among the checks, under its name.
  const std::string plain = literal_value(name);
  std::erase_if(table.checks, [&](const model::Check& check) { return check.name == plain; });
}

/// `p` of a key that ends with "`p` WITHOUT OVERLAPS"; empty for all others.
std::string_view period_of_key(std::string_view line) {
  const std::size_t words = line.find("` WITHOUT OVERLAPS)");
  const std::size_t comma = line.rfind(",`", words);
  if (words == std::string_view::npos || comma == std::string_view::npos) return {};
  return line.substr(comma + 1, words - comma);
}

/// Where `words` stand in the line, outside of quotes.
std::size_t find_words(std::string_view line, std::string_view words) {
  for (std::size_t i = 0; i < line.size();) {
    if (line.substr(i).starts_with(words)) return i;
    const char c = line[i];
    i = c == '\'' || c == '`' || c == '"' ? literal_end(line, i) : i + 1;
  }
  return std::string_view::npos;
}

/// From the opening parenthesis at the start of `text` to its counterpart, both left out.
std::string_view in_parentheses(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '\'' || c == '`' || c == '"') {
      i = literal_end(text, i);
      continue;
    }
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth == 0) return text.substr(1, i - 1);
    ++i;
  }
  return text.substr(std::min<std::size_t>(1, text.size()));
}

/// The literal of a column of bytes. Where the server could not print a byte, the catalog's number
/// is right, unless that ended at a zero before.
void read_bytes(Reading& reading, const model::Table& table, model::Column& column,
                std::string_view literal) {
  const std::string value = literal_value(literal);
  if (value.find('?') == std::string::npos) {
    column.default_value = {model::Default::Kind::literal, value, model::Default::Literal::string};
    return;
  }
  const bool whole = column.default_value &&
                     column.default_value->literal == model::Default::Literal::number &&
                     value.find('\0') == std::string::npos;
  if (!whole) reading.lost_bytes(table, column);
}

/// "`name` type GENERATED ALWAYS AS (…) VIRTUAL", "`name` type DEFAULT (…)", "… DEFAULT 'bytes'"
void read_column(Reading& reading, model::Table& table, std::string_view line) {
  const std::string_view name = quoted_name(line);
  model::Column* column = table.column(literal_value(name));
  if (column == nullptr || !reading.columns_by_definition.contains({table.name.name, column->name}))
    return;
  constexpr std::string_view generated = " GENERATED ALWAYS AS ", by_default = " DEFAULT ";
  const std::string_view words = column->generated ? generated : by_default;
  const std::size_t at = find_words(line, words);
  if (at == std::string_view::npos) return;
  const std::string_view value = line.substr(at + words.size());
  if (value.starts_with('\'')) {
    read_bytes(reading, table, *column, value.substr(0, literal_end(value, 0)));
    return;
  }
  const std::string text = reading.expression(std::string(in_parentheses(value)), false);
  if (column->generated)
    column->generated->expression = text;
  else
    column->default_value = expression_default(text);
}

/// "KEY `k` ((…),`column` DESC,`column`(5))"
void read_expressions(Reading& reading, model::Index& index, std::string_view line) {
  const std::size_t open = find_words(line, " (");
  if (open == std::string_view::npos) return;
  std::string_view list = in_parentheses(line.substr(open + 1));
  for (model::IndexPart& part : index.parts) {
    if (list.starts_with('(')) {
      const std::string_view text = in_parentheses(list);
      part.expression = reading.expression(std::string(text), false);
      list.remove_prefix(text.size() + 2);
    }
    const std::size_t comma = find_words(list, ",");
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
}

/// In the catalogs such a key ends with the two columns of the period.
void remove_period(std::vector<model::IndexPart>& parts) {
  if (parts.size() > 2) parts.resize(parts.size() - 2);
}

void read_key(Reading& reading, model::Table& table, std::string_view line) {
  const std::string_view period = period_of_key(line);
  if (line.starts_with("PRIMARY KEY")) {
    if (!table.primary_key) return;
    if (!period.empty()) remove_period(table.primary_key->parts);
    if (line.ends_with(',')) line.remove_suffix(1);
    if (!period.empty() || !line.ends_with(')'))  // a comment
      table.primary_key->options["definition"] = line;
    return;
  }
  const std::string_view name = quoted_name(after(line, "KEY "));
  if (name.empty()) return;
  for (model::Index& index : table.indexes) {
    if (index.name != literal_value(name)) continue;
    if (!period.empty()) {
      remove_period(index.parts);
      index.options["without overlaps"] = period;
    }
    if (const std::string_view parser = quoted_name(after(line, "WITH PARSER ")); !parser.empty())
      index.parser = literal_value(parser);
    if (reading.indexes_by_definition.contains({table.name.name, index.name}))
      read_expressions(reading, index, line);
  }
}

/// Behind the closing parenthesis: what a MERGE or FEDERATED table is made of.
void read_origin(model::Table& table, std::string_view line) {
  if (const std::string_view tables = after(line, " UNION=("); !tables.empty())
    table.options["union"] = "(" + std::string(tables.substr(0, tables.find(')'))) + ")";
  if (const std::string_view method = after(line, " INSERT_METHOD="); !method.empty())
    table.options["insert_method"] = method.substr(0, method.find(' '));
  if (const std::string_view origin = after(line, " CONNECTION="); origin.starts_with('\''))
    table.options["connection"] = origin.substr(0, literal_end(origin, 0));
}

}  // namespace

void read_definition(Reading& reading, model::Table& table, const std::string& definition) {
  const std::string_view text = definition;
  std::size_t partitions = std::string_view::npos;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view whole = text.substr(at, end - at);
    const std::string_view line = trim(whole);
    if (line.starts_with("PERIOD FOR "))
      read_period(table, line.substr(11));
    else if (line.starts_with('`'))
      read_column(reading, table, line);
    else if (line.starts_with("PRIMARY KEY") || line.starts_with("UNIQUE KEY") ||
             line.starts_with("FULLTEXT KEY") || line.starts_with("KEY "))
      read_key(reading, table, line);
    else if (whole.starts_with(") ENGINE="))
      read_origin(table, whole);
    else if (line.starts_with("PARTITION BY ") || line.starts_with("/*!50100 PARTITION BY ") ||
             line.starts_with("/*!50500 PARTITION BY ")) {
      partitions = at;
      break;
    }
    at = end + 1;
  }
  if (partitions == std::string_view::npos) return;
  std::string_view clause = after(text.substr(partitions), "PARTITION BY ");
  if (clause.ends_with("*/")) clause.remove_suffix(2);
  table.options["partition by"] = unqualified(trim(clause), reading.database);
}

}  // namespace sterna::mysql
