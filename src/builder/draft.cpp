#include "builder/draft.hpp"

#include <sterna/error.hpp>

#include <cmath>
#include <set>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace sterna::detail {
namespace {

std::string table_words(const TableDraft& draft) { return "table '" + draft.name.text() + "'"; }

// ---- checks of one column ----

void check_column(const TableDraft& draft, const ColumnDraft& item) {
  const model::Column& column = item.column;
  if (!draft.not_null && !column.nullable && (item.called & ModifyColumn::nullability) != 0) {
    draft.refuse(column.name,
                 "this database keeps no NOT NULL: every column outside the key may be without a "
                 "value; leave out not_null(), and check the value in the program");
  }
  if (column.generated && column.default_value)
    draft.refuse(column.name, "a generated column has no default");
  if (column.generated && (column.auto_increment || column.identity != model::Identity::none)) {
    draft.refuse(column.name, "a generated column cannot number its rows");
  }
  if (column.auto_increment && column.identity != model::Identity::none) {
    draft.refuse(column.name,
                 "auto_increment() and identity() say the same in two ways; keep one of them");
  }
  if ((column.auto_increment || column.identity != model::Identity::none) && column.default_value) {
    draft.refuse(column.name, "a column that numbers its rows has no default");
  }
  if (item.primary && column.nullable && !draft.nullable_keys)
    draft.refuse(column.name, "a primary key column cannot be nullable");
  if (item.first && !item.after.empty())
    draft.refuse(column.name, "first() and after() contradict each other");
  if (!item.using_expression.empty() && !item.modify)
    draft.refuse(column.name, "using_() belongs to alter(): a new column has nothing to convert");
  if (item.if_missing && item.modify)
    draft.refuse(column.name, "if_missing() belongs to a new column; this one is altered");
}

void check_foreign(const TableDraft& draft, const model::ForeignKey& key) {
  const std::string columns = join(key.columns, ", ");
  if (key.referenced_table.name.empty())
    draft.refuse(columns, "the foreign key names no table; add .on(\"…\")");
  if (key.referenced_columns.empty())
    draft.refuse(columns, "the foreign key names no columns of " + key.referenced_table.text() +
                              "; add .references(\"…\")");
  if (key.columns.size() != key.referenced_columns.size()) {
    draft.refuse(columns, "the foreign key has " + std::to_string(key.columns.size()) +
                              " columns, but references " +
                              std::to_string(key.referenced_columns.size()));
  }
}

// ---- from drafts to values of the model ----

bool needs_index(const KeyDraft& key) {
  const model::Index& index = key.index;
  if (!index.method.empty() || !index.where.empty() || !index.include.empty() ||
      !index.comment.empty() || !index.options.empty() || key.concurrently || key.if_missing) {
    return true;
  }
  for (const model::IndexPart& part : index.parts) {
    if (!part.expression.empty() || part.descending || !part.nulls.empty() || part.prefix_length ||
        !part.operator_class.empty() || !part.collation.empty()) {
      return true;
    }
  }
  return false;
}

std::string columns_of(const model::Index& index) {
  std::vector<std::string> names;
  for (const model::IndexPart& part : index.parts)
    names.push_back(part.column.empty() ? part.expression : part.column);
  return join(names, ", ");
}

bool is_constraint(const TableDraft& draft, const KeyDraft& key) {
  if (!key.constraint) {
    if (key.deferrable)
      draft.refuse(
          columns_of(key.index),
          "deferrable() belongs to a unique key or a foreign key; an index is never deferred");
    return false;
  }
  if (!needs_index(key)) return true;
  if (key.deferrable)
    draft.refuse(
        columns_of(key.index),
        "a unique index (with where(), include(), order or expressions) cannot be deferrable");
  return false;
}

model::Unique unique_of(const TableDraft& draft, const KeyDraft& key) {
  model::Unique unique;
  unique.name = key.index.name;
  for (const model::IndexPart& part : key.index.parts) unique.columns.push_back(part.column);
  unique.deferrable = key.deferrable;
  unique.initially_deferred = key.initially_deferred;
  unique.nulls_not_distinct = key.index.nulls_not_distinct;
  unique.options = key.constraint_options;
  if (unique.name.empty())
    unique.name = model::default_name(draft.name, unique, draft.max_identifier);
  return unique;
}

model::Index index_of(const TableDraft& draft, const KeyDraft& key) {
  model::Index index = key.index;
  if (index.name.empty()) index.name = model::default_name(draft.name, index, draft.max_identifier);
  return index;
}

/// Names what was given no name, each name once: a second check of one column gets a number.
class Namer {
 public:
  explicit Namer(const TableDraft& draft) : draft_(draft) {}

  model::ForeignKey operator()(const ForeignDraft& item) const {
    check_foreign(draft_, item.key);
    model::ForeignKey key = item.key;
    if (key.name.empty()) key.name = model::default_name(draft_.name, key, draft_.max_identifier);
    return key;
  }

  model::Exclusion operator()(const ExclusionDraft& item) const {
    model::Exclusion exclusion = item.exclusion;
    if (exclusion.name.empty())
      exclusion.name = model::default_name(draft_.name, exclusion, draft_.max_identifier);
    return exclusion;
  }

  /// A check of the table belongs to no one column: the hash of its expression tells it from
  /// others, whichever migration adds them.
  model::Check operator()(const CheckDraft& item) {
    model::Check check = item.check;
    if (!check.name.empty() || item.unnamed) return check;
    const std::string part =
        item.column.empty() ? sha256_hex(check.expression).substr(0, 8) : item.column;
    check.name = model::default_name(draft_.name, {part}, "check", draft_.max_identifier);
    for (int number = 2; !checks_.insert(check.name).second; ++number) {
      check.name = model::default_name(draft_.name, {part, std::to_string(number)}, "check",
                                       draft_.max_identifier);
    }
    return check;
  }

 private:
  const TableDraft& draft_;
  std::set<std::string> checks_;
};

/// The columns that were marked .primary(), as one key.
model::PrimaryKey primary_of(const TableDraft& draft) {
  model::PrimaryKey key;
  for (const DraftItem& item : draft.items) {
    const auto* column = std::get_if<ColumnDraft>(&item);
    if (column == nullptr || !column->primary) continue;
    model::IndexPart part;
    part.column = column->column.name;
    key.parts.push_back(std::move(part));
  }
  return key;
}

void check_columns(const TableDraft& draft) {
  std::set<std::string_view> seen;
  for (const DraftItem& item : draft.items) {
    const auto* column = std::get_if<ColumnDraft>(&item);
    if (column == nullptr) continue;
    check_column(draft, *column);
    if (!seen.insert(column->column.name).second)
      draft.refuse(column->column.name, "the column is described twice");
  }
}

// ---- create ----

/// Puts each item into the table it belongs to.
struct CreateVisitor {
  const TableDraft& draft;
  model::Table& table;
  Namer names;

  void operator()(const ColumnDraft& item) { table.columns.push_back(item.column); }
  void operator()(const PrimaryDraft& item) {
    if (table.primary_key) draft.refuse("the primary key is described twice");
    table.primary_key = item.key;
  }
  void operator()(const KeyDraft& item) {
    if (item.concurrently) {
      draft.refuse(columns_of(item.index),
                   "a new table has no writers to wait for: leave out concurrently(), or create "
                   "the index after the table");
    }
    if (item.if_missing)
      draft.refuse(columns_of(item.index), "if_missing() belongs to alter_table");
    if (is_constraint(draft, item))
      table.uniques.push_back(unique_of(draft, item));
    else
      table.indexes.push_back(index_of(draft, item));
  }
  void operator()(const ForeignDraft& item) { table.foreign_keys.push_back(names(item)); }
  void operator()(const CheckDraft& item) { table.checks.push_back(names(item)); }
  void operator()(const ExclusionDraft& item) { table.exclusions.push_back(names(item)); }
  void operator()(const TableAction&) {}
};

void check_refers(const TableDraft& draft, const model::Table& table, const std::string& column,
                  const char* what) {
  if (column.empty() || table.column(column) != nullptr) return;
  std::vector<std::string> known;
  for (const model::Column& c : table.columns) known.push_back(c.name);
  Error error(ErrorKind::validation, table_words(draft) + ": " + what + " names the column '" +
                                         column + "', which the table does not have");
  error.with_object(draft.name.text() + "." + column);
  for (const std::string& near : near_misses(column, known, 1))
    error.suggest("did you mean '" + near + "'?");
  throw error;
}

void check_references(const TableDraft& draft, const model::Table& table) {
  if (table.primary_key) {
    for (const model::IndexPart& part : table.primary_key->parts)
      check_refers(draft, table, part.column, "the primary key");
  }
  for (const model::Unique& unique : table.uniques) {
    for (const std::string& column : unique.columns)
      check_refers(draft, table, column, "a unique key");
  }
  for (const model::Index& index : table.indexes) {
    for (const model::IndexPart& part : index.parts)
      check_refers(draft, table, part.column, "an index");
    for (const std::string& column : index.include) check_refers(draft, table, column, "an index");
  }
  for (const model::ForeignKey& key : table.foreign_keys) {
    for (const std::string& column : key.columns)
      check_refers(draft, table, column, "a foreign key");
  }
  for (const std::string& column : table.partition_key)
    check_refers(draft, table, column, "the partition key");
  for (const std::string& column : table.clustering_key)
    check_refers(draft, table, column, "the clustering key");
}

// ---- alter ----

struct AlterVisitor {
  const TableDraft& draft;
  std::vector<TableAction>& actions;
  Namer names;

  void operator()(const ColumnDraft& item) {
    if (!item.modify) {
      actions.push_back(AddColumn{item.column, item.if_missing, item.first, item.after});
      return;
    }
    ModifyColumn modify;
    modify.to = item.column;
    modify.parts = ModifyColumn::type | item.called;
    modify.was = item.was;
    if (item.was) modify.parts &= ModifyColumn::parts_between(*item.was, item.column);
    if (!item.using_expression.empty()) modify.parts |= ModifyColumn::type;
    if (item.first || !item.after.empty()) modify.parts |= ModifyColumn::position;
    modify.using_expression = item.using_expression;
    modify.first = item.first;
    modify.after = item.after;
    actions.push_back(std::move(modify));
  }
  void operator()(const PrimaryDraft& item) { actions.push_back(AddPrimaryKey{item.key}); }
  void operator()(const KeyDraft& item) {
    if (is_constraint(draft, item))
      actions.push_back(AddUnique{unique_of(draft, item)});
    else
      actions.push_back(AddIndex{index_of(draft, item), item.if_missing, item.concurrently});
  }
  void operator()(const ForeignDraft& item) { actions.push_back(AddForeignKey{names(item)}); }
  void operator()(const CheckDraft& item) { actions.push_back(AddCheck{names(item)}); }
  void operator()(const ExclusionDraft& item) { actions.push_back(AddExclusion{names(item)}); }
  void operator()(const TableAction& action) { actions.push_back(action); }
};

}  // namespace

TableDraft::TableDraft(std::string_view table_name, bool is_alter, const Dialect& table_dialect,
                       const ServerInfo& server)
    : name(table_name),
      altering(is_alter),
      dialect(table_dialect),
      max_identifier(table_dialect.capabilities(server).max_identifier_length),
      nullable_keys(table_dialect.capabilities(server).nullable_primary_keys),
      not_null(table_dialect.capabilities(server).not_null) {
  if (name.name.empty()) throw Error(ErrorKind::validation, "a table without a name");
}

TableDraft::TableDraft(std::string_view table_name, bool is_alter, const TableDraft& like)
    : name(table_name),
      altering(is_alter),
      dialect(like.dialect),
      max_identifier(like.max_identifier),
      nullable_keys(like.nullable_keys),
      not_null(like.not_null) {}

void TableDraft::refuse(const std::string& message) const {
  throw Error(ErrorKind::validation, table_words(*this) + ": " + message).with_object(name.text());
}

void TableDraft::refuse(std::string_view column, const std::string& message) const {
  throw Error(ErrorKind::validation,
              table_words(*this) + ", column '" + std::string(column) + "': " + message)
      .with_object(name.text() + "." + std::string(column));
}

void TableDraft::only_in_alter(std::string_view what) const {
  if (!altering) refuse(std::string(what) + " belongs to alter_table; the table is being created");
}

void TableDraft::only_in_create(std::string_view what) const {
  if (altering)
    refuse(std::string(what) + " belongs to create_table; an existing table cannot be changed so");
}

namespace {

/// The partition and clustering key together are the primary key.
void put_cql_keys(const TableDraft& draft, model::Table& table) {
  if (table.partition_key.empty() && draft.clustering.empty()) return;
  if (table.partition_key.empty())
    draft.refuse("a clustering key without partition_key(); name the partition key too");
  if (table.primary_key) {
    draft.refuse(
        "the primary key is described twice: by primary() and by partition_key() and "
        "clustering_key()");
  }
  table.primary_key.emplace();
  for (const std::string& column : table.partition_key) {
    model::IndexPart part;
    part.column = column;
    table.primary_key->parts.push_back(std::move(part));
  }
  for (const model::IndexPart& part : draft.clustering) table.primary_key->parts.push_back(part);
}

}  // namespace

model::Table finish_fragment(const TableDraft& draft) {
  check_columns(draft);
  model::Table table = draft.settings;
  table.name = draft.name;
  CreateVisitor visitor{draft, table, Namer(draft)};
  for (const DraftItem& item : draft.items) std::visit(visitor, item);
  const model::PrimaryKey marked = primary_of(draft);
  if (!marked.parts.empty()) {
    if (table.primary_key && table.primary_key->parts != marked.parts) {
      draft.refuse(
          "the primary key is described twice: by primary({…}) and by .primary() of a column");
    }
    if (!table.primary_key) table.primary_key = marked;
  }
  put_cql_keys(draft, table);
  return table;
}

model::Table finish_table(const TableDraft& draft) {
  model::Table table = finish_fragment(draft);
  if (table.columns.empty()) draft.refuse("a table without columns");
  check_references(draft, table);
  if (table.primary_key && !draft.nullable_keys) {
    for (const model::IndexPart& part : table.primary_key->parts) {
      const model::Column* column = table.column(part.column);
      if (column != nullptr && column->nullable)
        draft.refuse(part.column, "a primary key column cannot be nullable");
    }
  }
  return table;
}

std::vector<TableAction> finish_actions(const TableDraft& draft) {
  check_columns(draft);
  std::vector<TableAction> actions;
  AlterVisitor visitor{draft, actions, Namer(draft)};
  for (const DraftItem& item : draft.items) std::visit(visitor, item);
  model::PrimaryKey marked = primary_of(draft);
  if (!marked.parts.empty()) actions.push_back(AddPrimaryKey{std::move(marked)});
  return actions;
}

namespace {

/// "-12", "0.00".
bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "0" : text.substr(point + 1);
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return digits(whole) && digits(fraction);
}

}  // namespace

model::Default default_of(const Operand& operand, const Dialect& dialect) {
  using Literal = model::Default::Literal;
  if (operand.expression()) {
    if (operand.expression()->is_now()) return {model::Default::Kind::now, {}, Literal::string};
    // A number is one however it is given: 0.00 keeps its digits as an expression.
    if (is_number(operand.expression()->sql()))
      return {model::Default::Kind::literal, operand.expression()->sql(), Literal::number};
    if (operand.expression()->parameters().empty())
      return {model::Default::Kind::expression, operand.expression()->sql(), Literal::string};
    throw Error(ErrorKind::validation, "the expression of a default cannot hold bound values: '" +
                                           operand.expression()->sql() + "'");
  }
  struct Visitor {
    const Dialect& dialect;
    model::Default operator()(std::monostate) const {
      return {model::Default::Kind::literal, {}, Literal::null};
    }
    model::Default operator()(bool v) const {
      return {model::Default::Kind::literal, v ? "true" : "false", Literal::boolean};
    }
    model::Default operator()(std::int64_t v) const {
      return {model::Default::Kind::literal, std::to_string(v), Literal::number};
    }
    model::Default operator()(double v) const {
      if (!std::isfinite(v))
        throw Error(ErrorKind::validation, "a default that is no finite number");
      return {model::Default::Kind::literal, sterna::detail::to_text(Value(v), {}),
              Literal::number};
    }
    model::Default operator()(const std::string& v) const {
      return {model::Default::Kind::literal, v, Literal::string};
    }
    model::Default operator()(const Blob& v) const {
      return {model::Default::Kind::expression, dialect.literal(Value(v)), Literal::string};
    }
  };
  return std::visit(Visitor{dialect}, operand.value().storage());
}

}  // namespace sterna::detail
