// Columns: TableBuilder's methods that make one, and ColumnBuilder's that modify it.
#include <sterna/table.hpp>

#include <sterna/error.hpp>

#include "builder/draft.hpp"
#include "model/kinds.hpp"

namespace sterna {

using detail::ColumnDraft;
using model::TypeKind;

namespace {

/// Makes a type, and says of which table and column when it cannot be.
template <class Make>
ColumnType checked(const detail::TableDraft& draft, std::string_view column, Make make) {
  try {
    return make();
  } catch (const Error& error) {
    draft.refuse(column, error.what());
  }
}

}  // namespace

// ---- ColumnBuilder ----

ColumnBuilder& ColumnBuilder::primary() {
  draft_->primary = true;
  return *this;
}

ColumnBuilder& ColumnBuilder::nullable(bool yes) {
  draft_->column.nullable = yes;
  draft_->called |= ModifyColumn::nullability;
  return *this;
}

ColumnBuilder& ColumnBuilder::default_to(Operand value) {
  draft_->column.default_value = detail::default_of(value, table_->dialect);
  draft_->called |= ModifyColumn::default_value;
  return *this;
}

ColumnBuilder& ColumnBuilder::no_default() {
  draft_->column.default_value.reset();
  draft_->called |= ModifyColumn::default_value;
  return *this;
}

ColumnBuilder& ColumnBuilder::unique(std::string_view name) {
  TableBuilder(*table_).unique(draft_->column.name, name);
  return *this;
}

ColumnBuilder& ColumnBuilder::index(std::string_view name) {
  TableBuilder(*table_).index(draft_->column.name, name);
  return *this;
}

ColumnBuilder& ColumnBuilder::comment(std::string_view text) {
  draft_->column.comment = text;
  draft_->called |= ModifyColumn::comment;
  return *this;
}

ColumnBuilder& ColumnBuilder::auto_increment() {
  if (!model::is_integer(draft_->column.type.kind))
    table_->refuse(draft_->column.name, "auto_increment() needs an integer column");
  draft_->column.auto_increment = true;
  draft_->called |= ModifyColumn::identity;
  return *this;
}

ColumnBuilder& ColumnBuilder::identity(IdentityKind kind) {
  if (!model::is_integer(draft_->column.type.kind))
    table_->refuse(draft_->column.name, "identity() needs an integer column");
  draft_->column.identity = kind == Always ? model::Identity::always : model::Identity::by_default;
  draft_->called |= ModifyColumn::identity;
  return *this;
}

ColumnBuilder& ColumnBuilder::no_identity() {
  table_->only_in_alter("no_identity()");
  draft_->column.auto_increment = false;
  draft_->column.identity = model::Identity::none;
  draft_->called |= ModifyColumn::identity;
  return *this;
}

ColumnBuilder& ColumnBuilder::not_generated() {
  table_->only_in_alter("not_generated()");
  draft_->column.generated.reset();
  draft_->called |= ModifyColumn::generated;
  return *this;
}

ColumnBuilder& ColumnBuilder::unsigned_() {
  const TypeKind kind = draft_->column.type.kind;
  if (!model::is_integer(draft_->column.type.kind) && kind != TypeKind::decimal &&
      kind != TypeKind::real && kind != TypeKind::double_precision) {
    table_->refuse(draft_->column.name, "unsigned_() needs a number");
  }
  draft_->column.type.is_unsigned = true;
  return *this;
}

ColumnBuilder& ColumnBuilder::with_time_zone(bool yes) {
  const TypeKind kind = draft_->column.type.kind;
  if (kind != TypeKind::timestamp && kind != TypeKind::time) {
    table_->refuse(draft_->column.name, "with_time_zone() needs a time or a timestamp");
  }
  draft_->column.type.with_time_zone = yes;
  return *this;
}

ColumnBuilder& ColumnBuilder::charset(std::string_view name) {
  draft_->column.charset = name;
  draft_->called |= ModifyColumn::collation;
  return *this;
}

ColumnBuilder& ColumnBuilder::collate(std::string_view name) {
  draft_->column.collation = name;
  draft_->called |= ModifyColumn::collation;
  return *this;
}

ColumnBuilder& ColumnBuilder::generated(std::string_view expression, GeneratedKind kind) {
  if (expression.empty()) table_->refuse(draft_->column.name, "generated() without an expression");
  draft_->column.generated = model::Generated{std::string(expression), kind == Stored};
  draft_->called |= ModifyColumn::generated;
  return *this;
}

ColumnBuilder& ColumnBuilder::check(std::string_view expression, std::string_view name) {
  if (expression.empty()) table_->refuse(draft_->column.name, "check() without an expression");
  detail::CheckDraft check;
  check.check.expression = expression;
  check.check.name = name;
  check.column = draft_->column.name;
  table_->add(std::move(check));
  return *this;
}

ColumnBuilder& ColumnBuilder::on_update_now() {
  draft_->column.on_update = "CURRENT_TIMESTAMP";
  draft_->called |= ModifyColumn::default_value;
  return *this;
}

ColumnBuilder& ColumnBuilder::after(std::string_view column) {
  table_->only_in_alter("after()");
  draft_->after = column;
  draft_->called |= ModifyColumn::position;
  return *this;
}

ColumnBuilder& ColumnBuilder::first() {
  table_->only_in_alter("first()");
  draft_->first = true;
  draft_->called |= ModifyColumn::position;
  return *this;
}

ColumnBuilder& ColumnBuilder::if_missing() {
  table_->only_in_alter("if_missing()");
  draft_->if_missing = true;
  return *this;
}

ColumnBuilder& ColumnBuilder::static_() {
  draft_->column.is_static = true;
  return *this;
}

ColumnBuilder& ColumnBuilder::option(std::string_view key, std::string_view value) {
  draft_->column.options[std::string(key)] = value;
  draft_->called |= ModifyColumn::options;
  return *this;
}

ForeignBuilder ColumnBuilder::references(std::string_view column) {
  ForeignBuilder foreign = TableBuilder(*table_).foreign(draft_->column.name);
  foreign.references(column);
  return foreign;
}

ColumnBuilder& ColumnBuilder::alter(const std::function<void(TableBuilder&)>& former) {
  table_->only_in_alter("alter()");
  draft_->modify = true;
  if (!former) return *this;
  detail::TableDraft before(table_->name.text(), false, *table_);
  TableBuilder builder(before);
  former(builder);
  const model::Table table = finish_table(before);
  const model::Column* column = table.column(draft_->column.name);
  if (column == nullptr)
    table_->refuse(draft_->column.name, "the description of what it was does not hold this column");
  draft_->was = *column;
  return *this;
}

ColumnBuilder& ColumnBuilder::using_(std::string_view expression) {
  table_->only_in_alter("using_()");
  draft_->using_expression = expression;
  return *this;
}

// ---- TableBuilder ----

ColumnBuilder TableBuilder::column(std::string_view name, const ColumnType& type) {
  if (name.empty()) draft_->refuse("a column without a name");
  ColumnDraft column;
  column.column.name = name;
  column.column.type = type.get();
  return {draft_, &draft_->add(std::move(column))};
}

ColumnBuilder TableBuilder::type(std::string_view name, std::string_view native) {
  return column(name, checked(*draft_, name, [&] { return types::native(native); }));
}

ColumnBuilder TableBuilder::id(std::string_view name) { return big_increments(name); }
ColumnBuilder TableBuilder::increments(std::string_view name) {
  return integer(name).auto_increment().primary();
}
ColumnBuilder TableBuilder::big_increments(std::string_view name) {
  return big_integer(name).auto_increment().primary();
}

ColumnBuilder TableBuilder::string(std::string_view name, int length) {
  return column(name, checked(*draft_, name, [&] { return types::string(length); }));
}
ColumnBuilder TableBuilder::char_(std::string_view name, int length) {
  return column(name, checked(*draft_, name, [&] { return types::char_(length); }));
}
ColumnBuilder TableBuilder::text(std::string_view name) { return column(name, types::text()); }
ColumnBuilder TableBuilder::tiny_text(std::string_view name) {
  return column(name, types::tiny_text());
}
ColumnBuilder TableBuilder::medium_text(std::string_view name) {
  return column(name, types::medium_text());
}
ColumnBuilder TableBuilder::long_text(std::string_view name) {
  return column(name, types::long_text());
}
ColumnBuilder TableBuilder::tiny_integer(std::string_view name) {
  return column(name, types::tiny_integer());
}
ColumnBuilder TableBuilder::small_integer(std::string_view name) {
  return column(name, types::small_integer());
}
ColumnBuilder TableBuilder::medium_integer(std::string_view name) {
  return column(name, types::medium_integer());
}
ColumnBuilder TableBuilder::integer(std::string_view name) {
  return column(name, types::integer());
}
ColumnBuilder TableBuilder::big_integer(std::string_view name) {
  return column(name, types::big_integer());
}
ColumnBuilder TableBuilder::unsigned_integer(std::string_view name) {
  return integer(name).unsigned_();
}
ColumnBuilder TableBuilder::unsigned_big_integer(std::string_view name) {
  return big_integer(name).unsigned_();
}
ColumnBuilder TableBuilder::decimal(std::string_view name, int precision, int scale) {
  return column(name, checked(*draft_, name, [&] { return types::decimal(precision, scale); }));
}
ColumnBuilder TableBuilder::float_(std::string_view name) { return column(name, types::float_()); }
ColumnBuilder TableBuilder::double_(std::string_view name) {
  return column(name, types::double_());
}
ColumnBuilder TableBuilder::boolean(std::string_view name) {
  return column(name, types::boolean());
}
ColumnBuilder TableBuilder::date(std::string_view name) { return column(name, types::date()); }
ColumnBuilder TableBuilder::time(std::string_view name, std::optional<int> precision,
                                 bool with_time_zone) {
  return column(name,
                checked(*draft_, name, [&] { return types::time(precision, with_time_zone); }));
}
ColumnBuilder TableBuilder::timestamp(std::string_view name, std::optional<int> precision,
                                      bool with_time_zone) {
  return column(
      name, checked(*draft_, name, [&] { return types::timestamp(precision, with_time_zone); }));
}
ColumnBuilder TableBuilder::timestamp_tz(std::string_view name, std::optional<int> precision) {
  return timestamp(name, precision, true);
}
ColumnBuilder TableBuilder::datetime(std::string_view name, std::optional<int> precision) {
  return column(name, checked(*draft_, name, [&] { return types::datetime(precision); }));
}
void TableBuilder::timestamps(std::optional<int> precision) {
  timestamp("created_at", precision).default_to(now());
  timestamp("updated_at", precision).default_to(now());
}
ColumnBuilder TableBuilder::soft_deletes(std::string_view name, std::optional<int> precision) {
  return timestamp(name, precision).nullable();
}
ColumnBuilder TableBuilder::json(std::string_view name) { return column(name, types::json()); }
ColumnBuilder TableBuilder::jsonb(std::string_view name) { return column(name, types::jsonb()); }
ColumnBuilder TableBuilder::binary(std::string_view name, int length) {
  return column(name, checked(*draft_, name, [&] { return types::binary(length); }));
}
ColumnBuilder TableBuilder::uuid(std::string_view name) { return column(name, types::uuid()); }
ColumnBuilder TableBuilder::enum_(std::string_view name, std::vector<std::string> values,
                                  std::string_view type_name) {
  return column(name,
                checked(*draft_, name, [&] { return types::enum_(std::move(values), type_name); }));
}
ColumnBuilder TableBuilder::inet(std::string_view name) { return column(name, types::inet()); }
ColumnBuilder TableBuilder::cidr(std::string_view name) { return column(name, types::cidr()); }
ColumnBuilder TableBuilder::mac_address(std::string_view name) {
  return column(name, types::mac_address());
}
ColumnBuilder TableBuilder::array_of(std::string_view name, const ColumnType& element) {
  return column(name, types::array(element));
}
ColumnBuilder TableBuilder::range(std::string_view name, std::string_view range_type) {
  return column(name, checked(*draft_, name, [&] { return types::range(range_type); }));
}
ColumnBuilder TableBuilder::interval(std::string_view name, std::optional<int> precision) {
  return column(name, checked(*draft_, name, [&] { return types::interval(precision); }));
}
ColumnBuilder TableBuilder::year(std::string_view name) { return column(name, types::year()); }
ColumnBuilder TableBuilder::set(std::string_view name, std::vector<std::string> values) {
  return column(name,
                checked(*draft_, name, [&] { return types::set_of_values(std::move(values)); }));
}
ColumnBuilder TableBuilder::timeuuid(std::string_view name) {
  return column(name, types::timeuuid());
}
ColumnBuilder TableBuilder::counter(std::string_view name) {
  return column(name, types::counter());
}
ColumnBuilder TableBuilder::list(std::string_view name, const ColumnType& element) {
  return column(name, types::list(element));
}
ColumnBuilder TableBuilder::set_of(std::string_view name, const ColumnType& element) {
  return column(name, types::set(element));
}
ColumnBuilder TableBuilder::map(std::string_view name, const ColumnType& key,
                                const ColumnType& value) {
  return column(name, types::map(key, value));
}
ColumnBuilder TableBuilder::tuple(std::string_view name,
                                  std::initializer_list<ColumnType> elements) {
  return column(name, checked(*draft_, name, [&] { return types::tuple(elements); }));
}
ColumnBuilder TableBuilder::frozen(std::string_view name, const ColumnType& type) {
  return column(name, types::frozen(type));
}
ColumnBuilder TableBuilder::user_type(std::string_view name, std::string_view type_name) {
  return column(name, checked(*draft_, name, [&] { return types::user_type(type_name); }));
}
ColumnBuilder TableBuilder::varint(std::string_view name) { return column(name, types::varint()); }
ColumnBuilder TableBuilder::duration(std::string_view name) {
  return column(name, types::duration());
}
ColumnBuilder TableBuilder::ascii(std::string_view name) { return column(name, types::ascii()); }
ColumnBuilder TableBuilder::vector(std::string_view name, const ColumnType& element,
                                   int dimension) {
  return column(name, checked(*draft_, name, [&] { return types::vector(element, dimension); }));
}

}  // namespace sterna
