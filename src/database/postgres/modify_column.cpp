// Changing a column on PostgreSQL: one ALTER COLUMN for each thing that changes (manual, ALTER
// TABLE).
#include <algorithm>

#include "database/postgres/dialect.hpp"
#include "database/postgres/enum_types.hpp"
#include "database/postgres/options.hpp"

namespace sterna::postgres {
namespace {

using model::Column;
using model::TypeKind;

bool numbered(const Column& column) {
  return column.auto_increment || column.identity != model::Identity::none;
}

class Modification {
 public:
  Modification(const SqlDialect& dialect, const ModifyColumn& change, const TableScope& scope)
      : dialect_(dialect),
        change_(change),
        scope_(scope),
        to_(change.to),
        column_("ALTER COLUMN " + dialect.quote(change.to.name) + " ") {}

  Clauses clauses() {
    if (changes(ModifyColumn::type) || changes(ModifyColumn::collation)) type();
    if (changes(ModifyColumn::type)) sign();
    if (changes(ModifyColumn::nullability)) {
      add(to_.nullable ? "DROP NOT NULL" : "SET NOT NULL");
    }
    if (changes(ModifyColumn::default_value)) default_value();
    if (changes(ModifyColumn::generated)) generated();
    if (changes(ModifyColumn::identity)) identity();
    if (changes(ModifyColumn::options)) {
      change_column_options(result_, column_, change_, dialect_, scope_);
    }
    return std::move(result_);
  }

 private:
  bool changes(ModifyColumn::Part part) const { return (change_.parts & part) != 0; }
  void add(const std::string& words) { result_.clauses.push_back(column_ + words); }

  void type() {
    std::string using_expression = change_.using_expression;
    if (to_.type.kind == TypeKind::enumeration) {
      to_enum(using_expression);
    } else {
      for (const model::Name& old : old_enums()) {
        result_.after.push_back("DROP TYPE IF EXISTS " + dialect_.quote(old));
      }
    }
    std::string words = "TYPE " + dialect_.column_type(to_, scope_);
    if (!to_.collation.empty()) words += " COLLATE " + dialect_.collation(to_.collation);
    if (!using_expression.empty()) words += " USING " + using_expression;
    add(words);
  }

  /// A new type takes the place of the old one, so that values can be taken away as well as added,
  /// and in a transaction. The default has the old type and must step aside.
  void to_enum(std::string& using_expression) {
    const model::Name name = enum_type(to_, scope_);
    for (const model::Name& old : old_enums()) {
      if (old != name) {
        result_.after.push_back("DROP TYPE IF EXISTS " + dialect_.quote(old));
        continue;
      }
      const model::Name aside(name.schema, model::default_name(name, {}, "old", 63));
      result_.before.push_back("ALTER TYPE " + dialect_.quote(name) + " RENAME TO " +
                               dialect_.quote(aside.name));
      result_.after.push_back("DROP TYPE " + dialect_.quote(aside));
    }
    result_.before.push_back(create_enum_type(dialect_, name, to_.type.values));
    const bool has_default = to_.default_value || (change_.was && change_.was->default_value);
    if (has_default) {
      add("DROP DEFAULT");
      restore_default_ = !changes(ModifyColumn::default_value);
    }
    if (using_expression.empty()) {
      using_expression = dialect_.quote(to_.name) + "::text::" + dialect_.quote(name);
    }
    if (restore_default_) {
      Column with_default = to_;
      if (!with_default.default_value) with_default.default_value = change_.was->default_value;
      result_.after.insert(result_.after.begin(),
                           "ALTER TABLE " + dialect_.quote(scope_.table) + " " + column_ +
                               "SET DEFAULT " +
                               dialect_.default_value(with_default, scope_.server()));
    }
  }

  std::vector<model::Name> old_enums() const {
    std::vector<model::Name> names = live_enum_types(dialect_, scope_, to_.name);
    if (change_.was && change_.was->type.kind == TypeKind::enumeration) {
      const model::Name was = enum_type(*change_.was, scope_);
      if (std::find(names.begin(), names.end(), was) == names.end()) names.push_back(was);
    }
    return names;
  }

  /// The check that stands for `unsigned` comes and goes with it.
  void sign() {
    const bool was_unsigned = change_.was && change_.was->type.is_unsigned;
    const bool unknown = !change_.was && to_.type.is_unsigned;
    if (was_unsigned == to_.type.is_unsigned && !unknown) return;
    Column unsigned_column = to_;
    unsigned_column.type.is_unsigned = true;
    const std::string check = dialect_.implied_check(unsigned_column, scope_);
    if (check.empty()) return;
    if (was_unsigned || unknown) {
      const std::string name = model::default_name(scope_.table, {to_.name}, "unsigned", 63);
      result_.clauses.push_back("DROP CONSTRAINT IF EXISTS " + dialect_.quote(name));
    }
    if (to_.type.is_unsigned) result_.clauses.push_back("ADD" + check);
  }

  void default_value() {
    add(to_.default_value ? "SET DEFAULT " + dialect_.default_value(to_, scope_.server())
                          : "DROP DEFAULT");
  }

  void generated() {
    constexpr int drop_expression_since = 130000, set_expression_since = 170000;
    if (!to_.generated && scope_.server().version >= drop_expression_since) {
      add("DROP EXPRESSION IF EXISTS");
    } else if (!to_.generated) {
      dialect_.refuse(scope_.object(to_.name),
                      "cannot make a generated column a plain one before version 13; drop the "
                      "column and add it again",
                      scope_.server());
    } else if (scope_.server().version >= set_expression_since) {
      add("SET EXPRESSION AS (" + to_.generated->expression + ")");
    } else {
      dialect_.refuse(scope_.object(to_.name),
                      "cannot change a generated column's expression before version 17; drop the "
                      "column and add it again",
                      scope_.server());
    }
  }

  void identity() {
    if (!numbered(to_)) return add("DROP IDENTITY IF EXISTS");
    const bool always = to_.identity == model::Identity::always;
    const std::string generated = always ? "GENERATED ALWAYS" : "GENERATED BY DEFAULT";
    const bool had = change_.was && numbered(*change_.was);
    add(had ? "SET " + generated : "ADD " + generated + " AS IDENTITY");
  }

  const SqlDialect& dialect_;
  const ModifyColumn& change_;
  const TableScope& scope_;
  const Column& to_;
  std::string column_;
  bool restore_default_ = false;
  Clauses result_;
};

}  // namespace

Clauses PostgresDialect::modify_column(const ModifyColumn& change, const TableScope& scope) const {
  return Modification(*this, change, scope).clauses();
}

}  // namespace sterna::postgres
