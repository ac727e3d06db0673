// The small values of the public API, compiled once here rather than in every migration.
#include <sterna/expression.hpp>
#include <sterna/query.hpp>

namespace sterna {

// ---- Expression ----

Expression::Expression(std::string_view sql) : sql_(sql) {}
Expression::Expression(std::string_view sql, std::vector<Value> parameters)
    : sql_(sql), parameters_(std::move(parameters)) {}
Expression::Expression(const Expression&) = default;
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(const Expression&) = default;
Expression& Expression::operator=(Expression&&) noexcept = default;
Expression::~Expression() = default;

Expression now() {
  Expression expression{std::string_view()};
  expression.now_ = true;
  return expression;
}

// ---- Operand ----

Operand::Operand(std::nullptr_t) {}
Operand::Operand(std::nullopt_t) {}
Operand::Operand(Truth value) : value_(value.value) {}
Operand::Operand(int value) : value_(value) {}
Operand::Operand(long value) : value_(value) {}
Operand::Operand(long long value) : value_(value) {}
Operand::Operand(unsigned value) : value_(value) {}
Operand::Operand(unsigned long value) : value_(value) {}
Operand::Operand(unsigned long long value) : value_(value) {}
Operand::Operand(double value) : value_(value) {}
Operand::Operand(const char* value) : value_(value) {}
Operand::Operand(std::string_view value) : value_(value) {}
Operand::Operand(std::string value) : value_(std::move(value)) {}
Operand::Operand(Blob value) : value_(std::move(value)) {}
Operand::Operand(Timestamp value) : value_(value) {}
Operand::Operand(Value value) : value_(std::move(value)) {}
Operand::Operand(Expression expression) : expression_(std::move(expression)) {}
Operand::Operand(const Operand&) = default;
Operand::Operand(Operand&&) noexcept = default;
Operand& Operand::operator=(const Operand&) = default;
Operand& Operand::operator=(Operand&&) noexcept = default;
Operand::~Operand() = default;

// ---- Term ----

Term::Term(const char* column) : column_(column) {}
Term::Term(std::string_view column) : column_(column) {}
Term::Term(const std::string& column) : column_(column) {}
Term::Term(Expression expression) : expression_(std::move(expression)) {}
Term::Term(const Term&) = default;
Term::Term(Term&&) noexcept = default;
Term& Term::operator=(const Term&) = default;
Term& Term::operator=(Term&&) noexcept = default;
Term::~Term() = default;

// ---- Names ----

Names::Names(const char* name) : names_{name} {}
Names::Names(std::string_view name) : names_{std::string(name)} {}
Names::Names(const std::string& name) : names_{name} {}
Names::Names(std::initializer_list<std::string_view> names) : names_(names.begin(), names.end()) {}
Names::Names(std::vector<std::string> names) : names_(std::move(names)) {}
Names::Names(const Names&) = default;
Names::Names(Names&&) noexcept = default;
Names& Names::operator=(const Names&) = default;
Names& Names::operator=(Names&&) noexcept = default;
Names::~Names() = default;

// ---- IndexColumn ----

IndexColumn::IndexColumn(const char* column) : text(column) {}
IndexColumn::IndexColumn(std::string_view column) : text(column) {}
IndexColumn::IndexColumn(const std::string& column) : text(column) {}
IndexColumn::IndexColumn(const Expression& sql) : text(sql.sql()), is_expression(true) {}
IndexColumn::IndexColumn(const IndexColumn&) = default;
IndexColumn::IndexColumn(IndexColumn&&) noexcept = default;
IndexColumn& IndexColumn::operator=(const IndexColumn&) = default;
IndexColumn& IndexColumn::operator=(IndexColumn&&) noexcept = default;
IndexColumn::~IndexColumn() = default;

IndexColumn& IndexColumn::descending() {
  is_descending = true;
  return *this;
}
IndexColumn& IndexColumn::nulls_first() {
  nulls = "first";
  return *this;
}
IndexColumn& IndexColumn::nulls_last() {
  nulls = "last";
  return *this;
}
IndexColumn& IndexColumn::prefix(int length) {
  prefix_length = length;
  return *this;
}
IndexColumn& IndexColumn::operator_class(std::string_view name) {
  op_class = name;
  return *this;
}
IndexColumn& IndexColumn::collate(std::string_view name) {
  collation = name;
  return *this;
}

IndexColumn asc(std::string_view column) { return IndexColumn(column); }
IndexColumn desc(std::string_view column) { return IndexColumn(column).descending(); }
IndexColumn desc(const Expression& sql) { return IndexColumn(sql).descending(); }
IndexColumn keys_of(std::string_view column) { return IndexColumn(column).operator_class("keys"); }
IndexColumn values_of(std::string_view column) {
  return IndexColumn(column).operator_class("values");
}
IndexColumn entries_of(std::string_view column) {
  return IndexColumn(column).operator_class("entries");
}
IndexColumn full_of(std::string_view column) { return IndexColumn(column).operator_class("full"); }

// ---- IndexColumns ----

IndexColumns::IndexColumns(const char* column) : list_{column} {}
IndexColumns::IndexColumns(std::string_view column) : list_{column} {}
IndexColumns::IndexColumns(const std::string& column) : list_{column} {}
IndexColumns::IndexColumns(const Expression& sql) : list_{sql} {}
IndexColumns::IndexColumns(IndexColumn column) : list_{std::move(column)} {}
IndexColumns::IndexColumns(std::initializer_list<IndexColumn> columns) : list_(columns) {}
IndexColumns::IndexColumns(const std::vector<std::string>& columns)
    : list_(columns.begin(), columns.end()) {}
IndexColumns::IndexColumns(std::vector<IndexColumn> columns) : list_(std::move(columns)) {}
IndexColumns::IndexColumns(const IndexColumns&) = default;
IndexColumns::IndexColumns(IndexColumns&&) noexcept = default;
IndexColumns& IndexColumns::operator=(const IndexColumns&) = default;
IndexColumns& IndexColumns::operator=(IndexColumns&&) noexcept = default;
IndexColumns::~IndexColumns() = default;

// ---- Assignment, Record ----

Assignment::Assignment(std::string_view column_name, Operand new_value)
    : column(column_name), value(std::move(new_value)) {}
Assignment::Assignment(const Assignment&) = default;
Assignment::Assignment(Assignment&&) noexcept = default;
Assignment& Assignment::operator=(const Assignment&) = default;
Assignment& Assignment::operator=(Assignment&&) noexcept = default;
Assignment::~Assignment() = default;

Record::Record() = default;
Record::Record(std::initializer_list<Assignment> fields) : fields_(fields) {}
Record::Record(std::vector<Assignment> fields) : fields_(std::move(fields)) {}
Record::Record(const Record&) = default;
Record::Record(Record&&) noexcept = default;
Record& Record::operator=(const Record&) = default;
Record& Record::operator=(Record&&) noexcept = default;
Record::~Record() = default;

Record& Record::set(std::string_view column, Operand value) {
  fields_.emplace_back(column, std::move(value));
  return *this;
}

}  // namespace sterna
