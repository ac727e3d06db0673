// Changes in forms that keep readers and writers waiting for moments only: what has to look at all
// rows does it under a lock that lets them pass (manual, "ALTER TABLE", notes; "CREATE INDEX",
// "Building Indexes Concurrently").
#include "base/text.hpp"
#include "database/postgres/dialect.hpp"

#include <algorithm>
#include <array>

namespace sterna::postgres {
namespace {

using SafeStep = Dialect::SafeStep;
using model::Table;

/// A default that gives every row the same value is kept in the catalog (manual, "ALTER TABLE",
/// notes); any other is written to all rows. What is not known to be alike for all is taken for
/// volatile.
bool differs_by_row(const std::string& expression) {
  constexpr std::array<std::string_view, 9> alike{
      "now",          "transaction_timestamp", "statement_timestamp", "timezone",  "date_trunc",
      "to_timestamp", "current_setting",       "make_interval",       "array_fill"};
  bool in_text = false;
  std::size_t word = std::string::npos;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '\'') in_text = !in_text;
    if (in_text) continue;
    const bool in_word =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (in_word && word == std::string::npos) word = i;
    if (c == '(' && word != std::string::npos) {
      const std::string_view name = std::string_view(expression).substr(word, i - word);
      // A type's length, as in varchar(20), stands behind "::".
      const bool type = word >= 2 && expression.compare(word - 2, 2, "::") == 0;
      if (!type && std::find(alike.begin(), alike.end(), name) == alike.end()) return true;
    }
    if (!in_word) word = std::string::npos;
  }
  return false;
}

bool partitioned(const Table& table) { return table.options.contains("partition by"); }

class SafeForm {
 public:
  SafeForm(const SqlDialect& dialect, const model::Name& name, const Table& table,
           const ServerInfo& server)
      : dialect_(dialect), name_(name), table_(table), server_(server) {}

  std::vector<SafeStep> run(const std::vector<TableAction>& actions) {
    for (const TableAction& action : actions) std::visit(*this, action);
    flush();
    return std::move(steps_);
  }

  void operator()(const AddIndex& a) {
    if (partitioned(table_)) return plain(a);  // there is no CONCURRENTLY for it
    AddIndex add = a;
    add.concurrently = true;
    alone(add);
  }
  void operator()(const DropIndex& a) {
    if (partitioned(table_)) return plain(a);
    DropIndex drop = a;
    drop.concurrently = true;
    alone(drop);
  }
  void operator()(const AddForeignKey& a) {
    constexpr int partitioned_since = 180000;
    if (a.key.not_valid || (partitioned(table_) && server_.version < partitioned_since))
      return plain(a);
    AddForeignKey add = a;
    add.key.not_valid = true;
    plain(add);
    alone(ValidateConstraint{a.key.name});
  }
  void operator()(const AddCheck& a) {
    if (a.check.not_valid || a.check.not_enforced || a.check.name.empty()) return plain(a);
    AddCheck add = a;
    add.check.not_valid = true;
    plain(add);
    alone(ValidateConstraint{a.check.name});
  }
  void operator()(const AddUnique& a) {
    if (partitioned(table_) || a.unique.name.empty()) return plain(a);
    model::Index index;
    for (const std::string& column : a.unique.columns) index.parts.push_back(part(column));
    index.nulls_not_distinct = a.unique.nulls_not_distinct;
    unique_index(a.unique.name, std::move(index), a.unique.options);
    AddUnique add = a;
    add.using_index = true;
    plain(add);
  }
  void operator()(const AddPrimaryKey& a) {
    if (partitioned(table_) || a.key.name.empty()) return plain(a);
    model::Index index;
    for (const model::IndexPart& one : a.key.parts) {
      index.parts.push_back(part(one.column));
      const model::Column* column = table_.column(one.column);
      if (column != nullptr && column->nullable) prove_not_null(*column);
    }
    unique_index(a.key.name, std::move(index), a.key.options);
    AddPrimaryKey add = a;
    add.using_index = true;
    plain(add);
    drop_proofs();
  }
  void operator()(const ModifyColumn& a) {
    const bool not_null = (a.parts & ModifyColumn::nullability) != 0 && !a.to.nullable;
    if (!not_null) return plain(a);
    ModifyColumn rest = a, last = a;
    rest.parts &= ~static_cast<unsigned>(ModifyColumn::nullability);
    rest.to.nullable = true;
    last.parts = ModifyColumn::nullability;
    last.using_expression.clear();
    last.was = a.to;
    last.was->nullable = true;
    if (rest.parts != 0) plain(rest);
    set_not_null(a.to, last);
  }
  void operator()(const AddColumn& a) {
    const auto& value = a.column.default_value;
    if (!value || value->kind != model::Default::Kind::expression || a.column.generated ||
        !differs_by_row(value->text))
      return plain(a);
    // New rows have their value at once; those that are there get theirs in portions.
    AddColumn add = a;
    add.column.default_value.reset();
    add.column.nullable = true;
    plain(add);
    ModifyColumn set;
    set.to = a.column;
    set.to.nullable = true;
    set.parts = ModifyColumn::default_value;
    set.was = add.column;
    plain(set);
    flush();
    steps_.push_back({FillColumn{name_, a.column.name, value->text}, true});
    if (a.column.nullable) return;
    ModifyColumn last;
    last.to = a.column;
    last.was = set.to;
    last.parts = ModifyColumn::nullability;
    set_not_null(a.column, last);
  }
  template <class Other>
  void operator()(const Other& action) {
    plain(action);
  }

 private:
  static model::IndexPart part(const std::string& column) {
    model::IndexPart result;
    result.column = column;
    return result;
  }

  void unique_index(const std::string& name, model::Index index,
                    const std::map<std::string, std::string>& options) {
    index.name = name;
    index.unique = true;
    if (const auto space = options.find("tablespace"); space != options.end())
      index.options["tablespace"] = space->second;
    alone(AddIndex{std::move(index), false, true});
  }

  /// A check that was validated spares SET NOT NULL its own look at the rows.
  void prove_not_null(const model::Column& column) {
    constexpr std::size_t longest = 63;
    model::Check proof;
    proof.name = model::default_name(name_, {column.name}, "not_null_proof", longest);
    proof.expression = dialect_.quote(column.name) + " IS NOT NULL";
    proof.not_valid = true;
    plain(AddCheck{proof});
    alone(ValidateConstraint{proof.name});
    proof.not_valid = false;
    proofs_.push_back(std::move(proof));
  }
  void drop_proofs() {
    for (model::Check& proof : proofs_)
      plain(DropConstraint{DropConstraint::Kind::check, proof.name, false, proof});
    proofs_.clear();
  }
  void set_not_null(const model::Column& column, const ModifyColumn& last) {
    prove_not_null(column);
    plain(last);
    // The proof must be there until NOT NULL is: in one statement the drop would come first.
    flush();
    drop_proofs();
  }

  void plain(TableAction action) { waiting_.push_back(std::move(action)); }
  void alone(TableAction action) {
    flush();
    steps_.push_back({AlterTable{name_, {std::move(action)}}, true});
  }
  void flush() {
    if (waiting_.empty()) return;
    steps_.push_back({AlterTable{name_, std::move(waiting_)}, false});
    waiting_.clear();
  }

  const SqlDialect& dialect_;
  const model::Name& name_;
  const Table& table_;
  const ServerInfo& server_;
  std::vector<TableAction> waiting_;
  std::vector<model::Check> proofs_;
  std::vector<SafeStep> steps_;
};

}  // namespace

std::vector<SafeStep> PostgresDialect::safe_form(const Change& change, const model::Model& from,
                                                 const ServerInfo& server) const {
  if (std::holds_alternative<AddEnumValue>(change)) return {{change, true}};
  const auto* alter = std::get_if<AlterTable>(&change);
  const Table* table = alter == nullptr ? nullptr : from.table(alter->name);
  if (table == nullptr) return {{change, false}};  // a table that is new has no rows
  return SafeForm(*this, alter->name, *table, server).run(alter->actions);
}

}  // namespace sterna::postgres
