#include "base/text.hpp"
#include "database/render.hpp"

namespace sterna {
namespace {

std::string_view action_words(model::ReferentialAction action) {
  switch (action) {
    case model::ReferentialAction::no_action:
      return "NO ACTION";
    case model::ReferentialAction::restrict_:
      return "RESTRICT";
    case model::ReferentialAction::cascade:
      return "CASCADE";
    case model::ReferentialAction::set_null:
      return "SET NULL";
    case model::ReferentialAction::set_default:
      return "SET DEFAULT";
  }
  return "NO ACTION";
}

std::string quoted_list(const SqlDialect& dialect, const std::vector<std::string>& names) {
  std::string result;
  for (const std::string& name : names)
    result += (result.empty() ? "" : ", ") + dialect.quote(name);
  return result;
}

std::string constraint_head(const SqlDialect& dialect, const std::string& name) {
  return name.empty() ? "" : "CONSTRAINT " + dialect.quote(name) + " ";
}

std::string deferral(bool deferrable, bool initially_deferred) {
  if (!deferrable && !initially_deferred) return {};
  return initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

/// A key or constraint that the database itself wrote down as a whole: what its fields cannot say
/// is in there too. Empty for all others.
template <class Constraint>
std::string whole_definition(const Constraint& constraint) {
  const auto found = constraint.options.find("definition");
  return found == constraint.options.end() ? std::string() : found->second;
}

template <class Item>
std::string given_or_default(const SqlDialect& dialect, const Item& item, const TableScope& scope) {
  if (!item.name.empty()) return item.name;
  return model::default_name(scope.table, item,
                             dialect.capabilities(scope.server()).max_identifier_length);
}

/// "(parts)" and what follows, as CREATE INDEX and an index clause share it.
std::string index_body(const SqlDialect& dialect, const model::Index& index,
                       const TableScope& scope) {
  const ServerInfo& server = scope.server();
  const std::string object = "index " + index_name(dialect, index, scope);
  if (index.parts.empty()) {
    throw Error(ErrorKind::validation,
                object + ": an index needs at least one column or expression");
  }
  std::string text = " (";
  if (index.kind == model::IndexKind::full_text) {
    dialect.require(Feature::full_text, object, server);
    text += dialect.full_text_parts(index);
  } else {
    if (index.kind == model::IndexKind::spatial) dialect.require(Feature::spatial, object, server);
    for (const model::IndexPart& part : index.parts) {
      text += (text.size() == 2 ? "" : ", ") + dialect.index_part(part, object, server);
    }
  }
  text += dialect.index_last_part(index) + ")";
  if (!index.include.empty()) {
    dialect.require(Feature::index_include, object, server);
    text += " INCLUDE (" + quoted_list(dialect, index.include) + ")";
  }
  if (index.nulls_not_distinct) {
    dialect.require(Feature::nulls_not_distinct, object, server);
    text += " NULLS NOT DISTINCT";
  }
  if (!index.parser.empty()) dialect.require(Feature::full_text_parser, object, server);
  for (const auto& [key, value] : index.options) {
    if (!dialect.has_index_option(key, server))
      dialect.require(Feature::index_options, object, server);
  }
  text += dialect.index_suffix(index);
  if (!index.where.empty()) {
    dialect.require(Feature::partial_index, object, server);
    text += " WHERE " + index.where;
  }
  return text;
}

std::string generation(const SqlDialect& dialect, const model::Column& column,
                       const TableScope& scope) {
  if (!column.generated) return {};
  if (!column.generated->stored) {
    dialect.require(Feature::virtual_column, scope.object(column.name), scope.server());
  }
  return " GENERATED ALWAYS AS (" + column.generated->expression + ")" +
         (column.generated->stored ? " STORED" : " VIRTUAL");
}

}  // namespace

std::string SqlDialect::index_part(const model::IndexPart& part, const std::string& object,
                                   const ServerInfo& server) const {
  std::string text;
  if (part.column.empty()) {
    require(Feature::expression_index, object, server);
    text = "(" + part.expression + ")";
  } else {
    text = quote(part.column);
  }
  if (part.prefix_length) {
    require(Feature::prefix_length, object, server);
    text += "(" + std::to_string(*part.prefix_length) + ")";
  }
  if (!part.collation.empty()) {
    require(Feature::index_collation, object, server);
    text += " COLLATE " + collation(part.collation);
  }
  if (!part.operator_class.empty()) {
    require(Feature::operator_class, object, server);
    text += " " + part.operator_class;
  }
  if (part.descending) text += " DESC";
  if (!part.nulls.empty()) {
    require(Feature::nulls_order, object, server);
    text += " NULLS " + to_upper(part.nulls);
  }
  return text;
}

std::string index_name(const SqlDialect& dialect, const model::Index& index,
                       const TableScope& scope) {
  return given_or_default(dialect, index, scope);
}

std::string unique_name(const SqlDialect& dialect, const model::Unique& unique,
                        const TableScope& scope) {
  return given_or_default(dialect, unique, scope);
}

std::string foreign_key_name(const SqlDialect& dialect, const model::ForeignKey& key,
                             const TableScope& scope) {
  return given_or_default(dialect, key, scope);
}

std::string exclusion_name(const SqlDialect& dialect, const model::Exclusion& exclusion,
                           const TableScope& scope) {
  return given_or_default(dialect, exclusion, scope);
}

std::string column_definition(const SqlDialect& dialect, const model::Column& column,
                              const TableScope& scope) {
  const ServerInfo& server = scope.server();
  const std::string object = scope.object(column.name);
  std::string text = dialect.quote(column.name);
  if (const std::string type = dialect.column_type(column, scope); !type.empty())
    text += " " + type;
  if (!column.charset.empty()) {
    dialect.require(Feature::charset, object, server);
    text += " CHARACTER SET " + column.charset;
  }
  if (!column.collation.empty()) text += " COLLATE " + dialect.collation(column.collation);
  text += generation(dialect, column, scope);
  const bool numbered = column.auto_increment || column.identity != model::Identity::none;
  if (column.identity == model::Identity::always) {
    dialect.require(Feature::identity_always, object, server);
  }
  if (numbered && dialect.identity_is_primary_key()) {
    return text + dialect.identity_words(column, scope);
  }
  text += dialect.nullability(column, server);
  if (column.default_value) text += " DEFAULT " + dialect.default_value(column, server);
  if (column.on_update) {
    dialect.require(Feature::on_update, object, server);
    const bool now = equals_ignoring_case(column.on_update->substr(0, 17), "CURRENT_TIMESTAMP");
    text += " ON UPDATE " + (now ? dialect.default_now(column.type) : *column.on_update);
  }
  if (numbered || dialect.key_in_column(column, scope))
    text += dialect.identity_words(column, scope);
  if (!column.comment.empty() && dialect.comments() == SqlDialect::Comments::in_definition) {
    text += " COMMENT " + dialect.string_literal(column.comment);
  }
  return text + dialect.column_options(column) + dialect.implied_check(column, scope);
}

std::string constraint_text(const SqlDialect& dialect, const model::PrimaryKey& key,
                            const TableScope& scope) {
  if (const std::string whole = whole_definition(key); !whole.empty()) {
    return constraint_head(dialect, key.name) + whole;
  }
  std::string parts;
  for (const model::IndexPart& part : key.parts) {
    parts += (parts.empty() ? "" : ", ") +
             dialect.index_part(part, scope.object("primary key"), scope.server());
  }
  // A database's own name for a key would be cut in its own way; the default name can be found
  // again.
  std::string name = key.name;
  const std::string whole = scope.table.name + "_pkey";
  const std::size_t longest = dialect.capabilities(scope.server()).max_identifier_length;
  if (name.empty() && whole.size() > longest) {
    name = model::default_name(scope.table, {}, "pkey", longest);
  }
  return constraint_head(dialect, name) + "PRIMARY KEY (" + parts + ")";
}

std::string constraint_text(const SqlDialect& dialect, const model::Unique& unique,
                            const TableScope& scope) {
  const std::string name = unique_name(dialect, unique, scope);
  if (const std::string whole = whole_definition(unique); !whole.empty()) {
    return constraint_head(dialect, name) + whole;
  }
  std::string text = constraint_head(dialect, name) + "UNIQUE";
  if (unique.nulls_not_distinct) {
    dialect.require(Feature::nulls_not_distinct, scope.object(name), scope.server());
    text += " NULLS NOT DISTINCT";
  }
  if (unique.deferrable || unique.initially_deferred) {
    dialect.require(Feature::deferrable_unique, scope.object(name), scope.server());
  }
  return text + " (" + quoted_list(dialect, unique.columns) + ")" +
         deferral(unique.deferrable, unique.initially_deferred);
}

std::string constraint_text(const SqlDialect& dialect, const model::ForeignKey& key,
                            const TableScope& scope) {
  const ServerInfo& server = scope.server();
  const std::string name = foreign_key_name(dialect, key, scope);
  const std::string object = scope.object(name);
  if (const std::string whole = whole_definition(key); !whole.empty()) {
    return constraint_head(dialect, name) + whole;
  }
  std::string text = constraint_head(dialect, name) + "FOREIGN KEY (" +
                     quoted_list(dialect, key.columns) + ") REFERENCES " +
                     dialect.referenced_table(key.referenced_table);
  if (!key.referenced_columns.empty()) {
    text += " (" + quoted_list(dialect, key.referenced_columns) + ")";
  }
  if (!key.match.empty()) {
    dialect.require(Feature::match, object, server);
    text += " MATCH " + to_upper(key.match);
  }
  for (const auto& [words, action] :
       {std::pair{" ON DELETE ", key.on_delete}, std::pair{" ON UPDATE ", key.on_update}}) {
    if (action == model::ReferentialAction::no_action) continue;
    if (action == model::ReferentialAction::set_default) {
      dialect.require(Feature::set_default_action, object, server);
    }
    text += words + std::string(action_words(action));
  }
  if (key.deferrable || key.initially_deferred) {
    dialect.require(Feature::deferrable_key, object, server);
  }
  text += deferral(key.deferrable, key.initially_deferred);
  if (key.not_valid) {
    dialect.require(Feature::not_valid, object, server);
    text += " NOT VALID";
  }
  return text;
}

std::string constraint_text(const SqlDialect& dialect, const model::Check& check,
                            const TableScope& scope) {
  const std::string object = scope.object(check.name.empty() ? "check" : check.name);
  dialect.require(Feature::check, object, scope.server());
  if (const std::string whole = whole_definition(check); !whole.empty()) {
    return constraint_head(dialect, check.name) + whole;
  }
  std::string text = constraint_head(dialect, check.name) + "CHECK (" + check.expression + ")";
  if (check.not_enforced) {
    dialect.require(Feature::not_enforced, object, scope.server());
    text += " NOT ENFORCED";
  }
  if (check.not_valid) {
    dialect.require(Feature::not_valid, object, scope.server());
    text += " NOT VALID";
  }
  return text;
}

std::string constraint_text(const SqlDialect& dialect, const model::Exclusion& exclusion,
                            const TableScope& scope) {
  const std::string name = exclusion_name(dialect, exclusion, scope);
  dialect.require(Feature::exclusion, scope.object(name), scope.server());
  if (const std::string whole = whole_definition(exclusion); !whole.empty()) {
    return constraint_head(dialect, name) + whole;
  }
  std::string elements;
  for (const auto& element : exclusion.elements) {
    const std::string& what = element.column_or_expression;
    const bool plain = what.find_first_of("() ,:'\"") == std::string::npos;
    elements += (elements.empty() ? "" : ", ") + (plain ? dialect.quote(what) : what) + " WITH " +
                element.with_operator;
  }
  std::string text =
      constraint_head(dialect, name) + "EXCLUDE USING " + exclusion.method + " (" + elements + ")";
  if (!exclusion.where.empty()) text += " WHERE (" + exclusion.where + ")";
  return text + deferral(exclusion.deferrable, exclusion.initially_deferred);
}

std::string create_index(const SqlDialect& dialect, const AddIndex& change,
                         const TableScope& scope) {
  const std::string name = index_name(dialect, change.index, scope);
  std::string text(dialect.create_index_words(change.index));
  if (change.concurrently && dialect.capabilities(scope.server()).concurrent_indexes) {
    text += "CONCURRENTLY ";
  }
  if (change.if_missing) {
    dialect.require(Feature::add_index_if_missing, "index " + name, scope.server());
    text += "IF NOT EXISTS ";
  }
  return text + dialect.index_on(name, scope.table) + dialect.index_method(change.index, scope) +
         index_body(dialect, change.index, scope);
}

std::string index_clause(const SqlDialect& dialect, const model::Index& index,
                         const TableScope& scope) {
  std::string text = index.unique ? "UNIQUE " : std::string(dialect.index_kind(index.kind));
  text += "INDEX " + dialect.quote(index_name(dialect, index, scope)) +
          dialect.index_method(index, scope) + index_body(dialect, index, scope);
  if (!index.comment.empty() && dialect.comments() == SqlDialect::Comments::in_definition) {
    text += " COMMENT " + dialect.string_literal(index.comment);
  }
  return text;
}

model::Index unique_as_index(const SqlDialect& dialect, const model::Unique& unique,
                             const TableScope& scope) {
  model::Index index;
  index.name = unique_name(dialect, unique, scope);
  index.unique = true;
  index.nulls_not_distinct = unique.nulls_not_distinct;
  if (unique.deferrable || unique.initially_deferred) {
    dialect.require(Feature::deferrable_unique, scope.object(index.name), scope.server());
  }
  for (const std::string& column : unique.columns) {
    index.parts.push_back({column, {}, false, {}, {}, {}, {}});
  }
  return index;
}

}  // namespace sterna
