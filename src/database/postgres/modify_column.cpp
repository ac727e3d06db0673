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

bool is_text(const model::Type& type) {
  return type.kind == TypeKind::string || type.kind == TypeKind::char_ ||
         type.kind == TypeKind::text;
}

/// Kinds among which values go by assignment (manual, "Type Conversion"; pg_cast).
int family(const model::Type& type) {
  switch (type.kind) {
    case TypeKind::small_integer:
    case TypeKind::integer:
    case TypeKind::big_integer:
    case TypeKind::decimal:
    case TypeKind::real:
    case TypeKind::double_precision:
      return 1;
    case TypeKind::json:
    case TypeKind::jsonb:
      return 2;
    case TypeKind::inet:
    case TypeKind::cidr:
      return 3;
    case TypeKind::date:
    case TypeKind::timestamp:
    case TypeKind::datetime:
      return 4;
    case TypeKind::char_:
    case TypeKind::string:
    case TypeKind::text:
      return 5;
    default:
      return 0;
  }
}

/// Whether the server must be told how to convert: every type goes into text by itself, and into
/// others only where an assignment cast is defined.
bool needs_using(const model::Type& from, const model::Type& to) {
  if (is_text(to)) return false;
  if (from.kind == to.kind && from.name == to.name && from.arguments == to.arguments) return false;
  return family(from) == 0 || family(from) != family(to);
}

/// `"age"::text::integer`: through text where no cast is known to be defined.
std::string conversion(const std::string& column, const model::Type& from, const model::Type& to,
                       const std::string& to_text) {
  const auto integer = [](const model::Type& type) {
    return type.kind == TypeKind::small_integer || type.kind == TypeKind::integer ||
           type.kind == TypeKind::big_integer;
  };
  if (from.kind == TypeKind::boolean && family(to) == 1) return column + "::integer::" + to_text;
  if (integer(from) && to.kind == TypeKind::boolean) return column + "::integer::boolean";
  return column + (is_text(from) ? "::" : "::text::") + to_text;
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
    if (renumbers()) unnumber();
    if (changes(ModifyColumn::type) || changes(ModifyColumn::collation)) type();
    if (changes(ModifyColumn::type)) sign();
    if (changes(ModifyColumn::nullability)) nullability();
    if (changes(ModifyColumn::default_value) || (default_aside_ && to_.default_value))
      default_value();
    if (changes(ModifyColumn::generated)) generated();
    if (renumbers()) number();
    if (changes(ModifyColumn::options) || (changes(ModifyColumn::type) && change_.was)) {
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
    // A serial column has a type of its own in its definition alone.
    const std::string new_type = serial(to_) ? dialect_.type_name(to_.type, scope_.server())
                                             : dialect_.column_type(to_, scope_);
    const bool converts = changes(ModifyColumn::type) && using_expression.empty() && change_.was &&
                          change_.was->type.kind != TypeKind::enumeration &&
                          needs_using(change_.was->type, to_.type);
    if (converts) {
      using_expression =
          conversion(dialect_.quote(to_.name), change_.was->type, to_.type, new_type);
    }
    // Its expression has the old type, which goes by assignment alone, and stays in its text.
    const bool other_kind = change_.was && (converts || change_.was->type.kind != to_.type.kind ||
                                            change_.was->type.name != to_.type.name);
    if (changes(ModifyColumn::type) && other_kind && change_.was->default_value &&
        change_.was->type.kind != TypeKind::enumeration && to_.type.kind != TypeKind::enumeration &&
        !renumbers()) {
      add("DROP DEFAULT");
      default_aside_ = true;
    }
    std::string words = "TYPE " + new_type;
    if (!to_.collation.empty()) words += " COLLATE " + dialect_.collation(to_.collation);
    if (!using_expression.empty()) words += " USING " + using_expression;
    add(words);
    // Of a serial column the sequence has its own type.
    if (changes(ModifyColumn::type) && change_.was && serial(*change_.was) && serial(to_)) {
      result_.after.push_back("ALTER SEQUENCE " + dialect_.quote(sequence()) + " AS " + new_type);
    }
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

  void nullability() {
    constexpr int named_since = 180000;
    const auto name = to_.options.find("not null");
    if (!to_.nullable && name != to_.options.end() && scope_.server().version >= named_since) {
      result_.clauses.push_back("ADD CONSTRAINT " + dialect_.quote(name->second) + " NOT NULL " +
                                dialect_.quote(to_.name));
    } else {
      add(to_.nullable ? "DROP NOT NULL" : "SET NOT NULL");
    }
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

  // ---- how rows are numbered: by an identity, by a sequence as SERIAL makes it, or not at all
  // ----

  static std::string option(const Column& column, const char* key) {
    const auto found = column.options.find(key);
    return found == column.options.end() ? std::string() : found->second;
  }
  static bool serial(const Column& column) { return column.options.contains("serial"); }

  bool renumbers() const {
    if (changes(ModifyColumn::identity)) return true;
    if (!change_.was) return false;
    const Column& was = *change_.was;
    return option(was, "identity") != option(to_, "identity") || serial(was) != serial(to_);
  }
  /// An identity stays one, and only says otherwise who may give numbers.
  bool stays_identity() const {
    return change_.was && numbered(*change_.was) && numbered(to_) && !serial(*change_.was) &&
           !serial(to_) && option(*change_.was, "identity") == option(to_, "identity");
  }

  model::Name sequence() const {
    return {scope_.table.schema, scope_.table.name + "_" + to_.name + "_seq"};
  }

  void unnumber() {
    if (!change_.was || !numbered(*change_.was)) {
      if (change_.was && change_.was->default_value && numbered(to_)) add("DROP DEFAULT");
      if (!change_.was && !numbered(to_)) add("DROP IDENTITY IF EXISTS");
      return;
    }
    if (stays_identity()) return;
    const std::string column = "ALTER TABLE " + dialect_.quote(scope_.table) + " " + column_;
    if (serial(*change_.was)) {
      result_.before.push_back(column + "DROP DEFAULT");
      result_.before.push_back("DROP SEQUENCE " + dialect_.quote(sequence()));
    } else if (numbered(to_) || changes(ModifyColumn::type)) {
      result_.before.push_back(column + "DROP IDENTITY");
    } else {
      add("DROP IDENTITY IF EXISTS");
    }
  }

  /// The next number is behind those that the rows have.
  void number() {
    if (!numbered(to_)) return;
    if (stays_identity()) {
      return add(to_.identity == model::Identity::always ? "SET GENERATED ALWAYS"
                                                         : "SET GENERATED BY DEFAULT");
    }
    const std::string name = dialect_.quote(sequence());
    const std::string alter = "ALTER TABLE " + dialect_.quote(scope_.table) + " " + column_;
    if (serial(to_)) {
      result_.after.push_back("CREATE SEQUENCE " + name + " AS " +
                              dialect_.type_name(to_.type, scope_.server()) + " OWNED BY " +
                              dialect_.quote(scope_.table) + "." + dialect_.quote(to_.name));
      result_.after.push_back(alter + "SET DEFAULT nextval(" + dialect_.string_literal(name) +
                              "::regclass)");
    } else if (scope_.server().version < 130000) {
      // It looks at the column as it is before the statement.
      result_.after.push_back(alter + "ADD" + dialect_.identity_words(to_, scope_));
    } else {
      add("ADD" + dialect_.identity_words(to_, scope_));
    }
    if (!change_.was || option(to_, "identity").find("INCREMENT BY -") != std::string::npos) return;
    result_.after.push_back("SELECT setval(pg_get_serial_sequence(" +
                            dialect_.string_literal(dialect_.quote(scope_.table)) + ", " +
                            dialect_.string_literal(to_.name) + "), max(" +
                            dialect_.quote(to_.name) + ")) FROM " + dialect_.quote(scope_.table) +
                            " HAVING max(" + dialect_.quote(to_.name) + ") > 0");
  }

  const SqlDialect& dialect_;
  const ModifyColumn& change_;
  const TableScope& scope_;
  const Column& to_;
  std::string column_;
  bool restore_default_ = false;
  bool default_aside_ = false;
  Clauses result_;
};

}  // namespace

Clauses PostgresDialect::modify_column(const ModifyColumn& change, const TableScope& scope) const {
  return Modification(*this, change, scope).clauses();
}

}  // namespace sterna::postgres
