#include "program/expansion.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "bulk/shape.hpp"
#include "sql/substitute.hpp"

#include <algorithm>

namespace sterna {
namespace {

constexpr std::size_t longest_name = 63;

/// "text COLLATE "C"" in its two parts; a CAST takes the first alone.
std::size_t collate_in(std::string_view type) { return to_lower(type).find(" collate "); }

}  // namespace

void refuse_expansion(const ColumnExpansion& wanted, const std::string& reason,
                      const std::string& advice) {
  throw Error(ErrorKind::validation, "column " + wanted.table.text() + "." + wanted.column +
                                         " cannot be changed by expanding it: " + reason)
      .with_object(wanted.table.text() + "." + wanted.column)
      .with_state("nothing was written")
      .suggest(advice);
}

Expansion::Expansion(const model::Table& its_table, const model::Column& its_column,
                     const ColumnExpansion& asked, Connection& like)
    : table(its_table), column(its_column), wanted(asked), dialect(like.dialect()) {
  old_type = dialect.type_name(column.type, like.server());
  new_type = wanted.type.empty() ? old_type : wanted.type;
  if (const std::size_t at = collate_in(new_type); at != std::string::npos) {
    collation = new_type.substr(at);
    new_type.resize(at);
  }
  renamed = !wanted.name.empty() && wanted.name != column.name;
  beside = renamed ? wanted.name : shortened(column.name + "_new");
  last = renamed ? wanted.name : column.name;
  function = shortened("sterna_expand_" + table.name.name + "_" + column.name);
  std::optional<ColumnUse> found = like.column_use(table.name, column.name, new_type);
  if (!found)
    refuse_expansion(wanted, like.server().product + " changes columns in another way",
                     "on MySQL and MariaDB put `-- sterna:online` above the ALTER TABLE; on SQLite "
                     "the table is made anew in one transaction");
  use = std::move(*found);
  if (table.column(beside) != nullptr)
    refuse_expansion(wanted, "the table has a column " + beside + " already",
                     "rename or drop that first");
  if (!use.obstacles.empty())
    refuse_expansion(wanted, use.obstacles.front().reason, use.obstacles.front().advice);
  if (!use.type_exists)
    refuse_expansion(wanted, "there is no type " + new_type,
                     "write the type as ALTER TABLE … ADD COLUMN takes it");
  if (renamed && !wanted.value.empty() && wanted.back.empty())
    refuse_expansion(wanted,
                     "programs write both columns, and no value of the old one is told for what "
                     "they write into the new one",
                     "add --back SQL, which undoes --value: \"" + beside + " / 100.0\"");
  if (!renamed && !wanted.back.empty())
    refuse_expansion(
        wanted, "--back is for a column that gets another name",
        "leave it out: programs write the old column alone until the second migration");
  if (collation.empty() && use.collatable && !use.collation.empty())
    collation = " COLLATE " + use.collation;
  trigger = last_trigger_name();
  check_values(like);
}

std::string Expansion::shortened(const std::string& name) const {
  return name.size() <= longest_name
             ? name
             : name.substr(0, longest_name - 9) + "_" + sha256_hex(name).substr(0, 8);
}

std::string Expansion::over_new(std::string_view text) const {
  return sql::substitute_column(text, column.name, q(beside), table.name.name);
}

/// PostgreSQL fires triggers by their names, byte by byte: what a later one writes into the old
/// column would not reach the new one.
std::string Expansion::last_trigger_name() const {
  std::string latest;
  for (const ColumnUse::Trigger& other : use.triggers) {
    const bool ours = other.name.find("sterna_expand_") != std::string::npos;
    if (other.before_row && !ours) latest = std::max(latest, other.name);
  }
  const std::string name = shortened("zz_" + function);
  if (name > latest) return name;
  std::string longer = latest + "_" + name;
  if (longer.size() > longest_name) longer = latest + "_" + sha256_hex(name).substr(0, 8);
  if (longer.size() > longest_name)
    refuse_expansion(wanted,
                     "trigger " + latest + " may change rows, and no name comes behind its own",
                     "give it a shorter name first (ALTER TRIGGER … RENAME TO)");
  return longer;
}

std::vector<std::string> Expansion::column_names() const {
  std::vector<std::string> names;
  for (const model::Column& one : table.columns) names.push_back(one.name);
  names.push_back(beside);
  return names;
}

std::string Expansion::value(const std::string& prefix) const {
  const std::string given = wanted.value.empty() ? q(column.name) : wanted.value;
  const std::string text = prefix.empty() ? given
                                          : bulk::with_prefix(given, dialect.language(), prefix,
                                                              column_names(), table.name.name);
  return new_type == old_type && wanted.value.empty() ? text
                                                      : "CAST(" + text + " AS " + new_type + ")";
}

std::string Expansion::back(const std::string& prefix) const {
  const std::string given = wanted.back.empty() ? q(beside) : wanted.back;
  const std::string text = prefix.empty() ? given
                                          : bulk::with_prefix(given, dialect.language(), prefix,
                                                              column_names(), table.name.name);
  return new_type == old_type && wanted.back.empty() ? text
                                                     : "CAST(" + text + " AS " + old_type + ")";
}

std::string Expansion::differ(const std::string& one, const std::string& other, bool of_new) const {
  // json, xml and some shapes have no equality, but a text.
  const bool comparable = of_new ? use.comparable : use.old_comparable;
  return comparable ? one + " IS DISTINCT FROM " + other
                    : "(" + one + ")::text IS DISTINCT FROM (" + other + ")::text";
}

std::string Expansion::default_text(std::vector<std::string>& notes) const {
  if (use.default_sql.empty()) return {};
  if (wanted.value.empty()) {
    if (new_type == old_type) return use.default_sql;
    // A literal becomes of any type by itself, and looks in the schema as it did.
    if (column.default_value && column.default_value->kind == model::Default::Kind::literal) {
      const bool quoted = column.default_value->literal == model::Default::Literal::string;
      return quoted ? dialect.literal(Value(column.default_value->text))
                    : column.default_value->text;
    }
    return "CAST(" + use.default_sql + " AS " + new_type + ")";
  }
  // The default of the new values is the new value of the default.
  const std::vector<std::string> reads =
      bulk::columns_read(wanted.value, dialect.language(), column_names());
  if (reads != std::vector<std::string>{column.name}) {
    notes.push_back("the default " + use.default_sql +
                    " goes with the old column, because the new value is made of other columns "
                    "too: give the new one a default in the second migration, or rows that leave "
                    "it out get none");
    return {};
  }
  const std::string plain =
      bulk::with_prefix(wanted.value, dialect.language(), "", column_names(), table.name.name);
  return "CAST(" +
         sql::substitute_column(plain, column.name, "(" + use.default_sql + ")", table.name.name) +
         " AS " + new_type + ")";
}

/// Whatever the server can tell without a row is told before anything is written.
void Expansion::check_values(Connection& like) const {
  for (const model::Column& one : table.columns) {
    const std::vector<std::string> name{one.name};
    if (one.generated && !bulk::columns_read(wanted.value, dialect.language(), name).empty())
      refuse_expansion(wanted,
                       "--value reads the generated column " + one.name +
                           ", which has no value yet when triggers fire",
                       "write what that is computed from");
  }
  std::vector<std::string> unused;
  const std::string converted = default_text(unused);
  const auto ask = [&](const std::string& sql, const std::string& advice) {
    try {
      like.query(sql);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::connection) throw;
      refuse_expansion(wanted, error.what(), advice);
    }
  };
  const std::string of_no_row = " FROM " + table_text() + " WHERE false";
  ask("SELECT " + value({}) + of_no_row, "say with --value how the old values become new ones");
  if (renamed)
    ask("SELECT " + back({}) + " FROM (SELECT *, CAST(NULL AS " + new_type + ") AS " + q(beside) +
            " FROM " + table_text() + ") " + q(table.name.name) + " WHERE false",
        "say with --back how new values become old ones");
  if (!converted.empty())
    ask("SELECT CAST(" + converted + " AS " + new_type + ") WHERE false",
        "drop the column's default first, and give the new column its own");
}

std::string Expansion::what() const {
  std::string text = table.name.text() + "." + column.name;
  if (renamed) text += " becomes " + last;
  if (!wanted.type.empty()) text += (renamed ? ", as " : " becomes ") + new_type;
  return text;
}

}  // namespace sterna
