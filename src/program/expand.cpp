#include "program/expand.hpp"

#include "base/text.hpp"
#include "program/expansion.hpp"

#include <algorithm>

namespace sterna {
namespace {

void check_column(const model::Column& column, const ColumnExpansion& wanted) {
  if (column.generated)
    refuse_expansion(wanted, "it is generated",
                     "add a new generated column and drop this one later");
  if (column.identity != model::Identity::none || column.auto_increment)
    refuse_expansion(wanted, "it counts by itself",
                     "make a new table and move the rows by a backfill");
}

/// Definitions that the server prints over several lines, as part of a remark.
std::string one_line(const std::string& text) {
  std::vector<std::string> words;
  std::string line = text;
  std::replace(line.begin(), line.end(), '\n', ' ');
  for (const std::string& word : split(line, ' '))
    if (!word.empty()) words.push_back(word);
  return join(words, " ");
}

/// The texts of both migrations.
class Writer {
 public:
  Writer(const Expansion& expansion, int version)
      : it_(expansion), not_null_by_name_(version >= first_with_named_not_null) {
    carried_ = carry_over(it_);
    default_ = it_.default_text(carried_.notes);
    tell_of_time_zones();
    if (it_.cuts() && it_.new_type != it_.old_type)
      carried_.notes.push_back("values that are longer than " + it_.new_type +
                               " are cut in the new column; the second migration fails while the "
                               "old one has such");
    for (std::string& note : carried_.notes) note = one_line(note);
    not_null_ = it_.shortened(it_.table.name.name + "_" + it_.beside + "_not_null");
  }

  ExpandedColumn write() { return {expand(), contract(), std::move(carried_.notes)}; }

 private:
  /// NOT NULL is a constraint with a name of its own since PostgreSQL 18.
  static constexpr int first_with_named_not_null = 180000;

  std::string literal(const std::string& text) const { return it_.dialect.literal(Value(text)); }
  std::string alter_new() const { return it_.alter() + "ALTER COLUMN " + it_.q(it_.beside) + " "; }

  /// The same text is another moment in another session's time zone.
  void tell_of_time_zones() {
    const auto kind = [](const std::string& type) {
      if (type.find("timestamp") == std::string::npos) return type.find("date") == 0 ? 1 : 0;
      return type.find("with time zone") != std::string::npos ||
                     type.find("timestamptz") != std::string::npos
                 ? 2
                 : 1;
    };
    const int before = kind(it_.old_type), after = kind(it_.new_type);
    if (it_.wanted.value.empty() && before != 0 && after != 0 && before != after)
      carried_.notes.push_back(
          "each session converts the values in its own time zone: say it with --value \"" +
          it_.column.name + " AT TIME ZONE 'UTC'\", unless all have the same");
  }

  std::string notes_text() const {
    std::string text;
    for (const std::string& note : carried_.notes) text += "-- to do by hand: " + note + "\n";
    return text;
  }

  std::string drop_trigger() const {
    return "DROP TRIGGER " + it_.q(it_.trigger) + " ON " + it_.table_text() + ";\nDROP FUNCTION " +
           it_.in_schema(it_.function) + "();\n";
  }

  /// What the old column has beside its type: how it is stored and counted, who may use it.
  std::string attributes() const {
    const ColumnUse& use = it_.use;
    std::string text;
    if (it_.use.toastable && !use.storage.empty())
      text += alter_new() + "SET STORAGE " + use.storage + ";\n";
    if (it_.use.toastable && !use.compression.empty())
      text += alter_new() + "SET COMPRESSION " + use.compression + ";\n";
    if (use.statistics_target >= 0)
      text += alter_new() + "SET STATISTICS " + std::to_string(use.statistics_target) + ";\n";
    if (!use.options.empty()) text += alter_new() + "SET (" + use.options + ");\n";
    if (!use.comment.empty())
      text += "COMMENT ON COLUMN " + it_.table_text() + "." + it_.q(it_.beside) + " IS " +
              literal(use.comment) + ";\n";
    for (const ColumnUse::Grant& grant : use.grants)
      text += "GRANT " + grant.privilege + " (" + it_.q(it_.beside) + ") ON " + it_.table_text() +
              " TO " + grant.grantee + (grant.grantable ? " WITH GRANT OPTION" : "") + ";\n";
    return text;
  }

  std::string trigger_body() const {
    const std::string fresh = "NEW." + it_.q(it_.beside), old = "NEW." + it_.q(it_.column.name);
    const std::string value = it_.value("NEW.");
    const std::string forwards = fresh + " := " + value + ";";
    if (!it_.renamed) return "  " + forwards + "\n";
    const std::string back = old + " := " + it_.back("NEW.") + ";";
    // Programs of both versions write; who sets the new column means it. What the backfill sets is
    // no such write, and a value that comes back a little different stays as it was written.
    return "  IF TG_OP = 'INSERT' THEN\n    IF " + fresh + " IS NULL THEN " + forwards +
           "\n    ELSIF " + it_.differ(fresh, value) + " THEN " + back + "\n    END IF;\n  ELSIF " +
           it_.differ(fresh, "OLD." + it_.q(it_.beside)) + "\n    AND " + it_.differ(fresh, value) +
           " THEN " + back + "\n  ELSIF " + fresh + " IS NULL OR " +
           it_.differ(value, it_.value("OLD.")) + " THEN " + forwards + "\n  END IF;\n";
  }

  std::string not_null() const {
    if (it_.column.nullable) return {};
    const std::string condition = not_null_by_name_
                                      ? "NOT NULL " + it_.q(it_.beside)
                                      : "CHECK (" + it_.q(it_.beside) + " IS NOT NULL)";
    return "\n-- Checked without a lock that keeps others waiting; the second migration needs no "
           "scan then.\n" +
           it_.alter() + "ADD CONSTRAINT " + it_.q(not_null_) + " " + condition + " NOT VALID;\n" +
           it_.alter() + "VALIDATE CONSTRAINT " + it_.q(not_null_) + ";\n";
  }

  /// Rows that were there before the trigger was.
  std::string unfilled() const {
    const std::string fresh = it_.q(it_.beside);
    return it_.renamed ? fresh + " IS NULL AND " + it_.value({}) + " IS NOT NULL"
                       : it_.differ(fresh, it_.value({}));
  }

  std::string expand() const {
    std::string text = "-- sterna:description " + it_.what() +
                       ": the new column beside it, kept the same by a trigger\n"
                       "-- sterna:transaction none\n-- sterna:up\n" +
                       notes_text() + it_.alter() + "ADD COLUMN " + it_.q(it_.beside) + " " +
                       it_.new_type + it_.collation + ";\n" + attributes() + "\n";
    // Types and functions are found by whoever writes as they are here.
    text += "CREATE FUNCTION " + it_.in_schema(it_.function) +
            "() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS "
            "$sterna$\nBEGIN\n" +
            trigger_body() + "  RETURN NEW;\nEND\n$sterna$;\n\n";
    text +=
        "-- Triggers fire in the order of their names; this one sees what the others made.\n"
        "CREATE TRIGGER " +
        it_.q(it_.trigger) + " BEFORE INSERT OR UPDATE ON " + it_.table_text() +
        "\n  FOR EACH ROW EXECUTE FUNCTION " + it_.in_schema(it_.function) + "();\n\n";
    text += "-- sterna:backfill\nUPDATE " + it_.table_text() + " SET " + it_.q(it_.beside) + " = " +
            it_.value({}) + "\nWHERE " + unfilled() + ";\n" + not_null() + carried_.expand +
            "\nANALYZE " + it_.table_text() + ";\n";
    return text + "\n-- sterna:down\n" + drop_trigger() + it_.alter() + "DROP COLUMN " +
           it_.q(it_.beside) + ";\n";
  }

  /// Whatever kept the trigger from its work (it was switched off, rows came by replication, a
  /// later trigger was made), the old values must not go then.
  std::string comparison() const {
    std::string differs = it_.differ(it_.q(it_.beside), it_.value({}));
    if (it_.renamed) differs += " AND " + it_.differ(it_.q(it_.column.name), it_.back({}), false);
    if (it_.cuts())
      differs = "(" + differs + ")\n    OR " + it_.q(it_.beside) + "::text IS DISTINCT FROM " +
                it_.q(it_.column.name) + "::text";
    return "DO $sterna$\nBEGIN\n  IF EXISTS (SELECT FROM " + it_.table_text() + " WHERE " +
           differs + ") THEN\n    RAISE EXCEPTION " +
           literal("rows of " + it_.table.name.text() + " have another value in " + it_.beside +
                   " than " + it_.column.name + " says") +
           "\n      USING HINT = " +
           literal("see whether a BEFORE trigger fires behind " + it_.trigger +
                   ", or it was switched off; set " + it_.beside + " right, then run this again") +
           ";\n  END IF;\nEND\n$sterna$;\n";
  }

  std::string not_null_swapped() const {
    if (it_.column.nullable || not_null_by_name_) return {};
    return alter_new() + "SET NOT NULL;\n" + it_.alter() + "DROP CONSTRAINT " + it_.q(not_null_) +
           ";\n";
  }

  std::string not_null_named() const {
    if (it_.column.nullable || !not_null_by_name_) return {};
    const std::string of = it_.table.name.name + "_";
    const std::string by_itself = it_.shortened(of + it_.column.name + "_not_null");
    const std::string name = it_.use.not_null.empty() || it_.use.not_null == by_itself
                                 ? it_.shortened(of + it_.last + "_not_null")
                                 : it_.use.not_null;
    if (name == not_null_) return {};
    return it_.alter() + "RENAME CONSTRAINT " + it_.q(not_null_) + " TO " + it_.q(name) + ";\n";
  }

  std::string contract() const {
    std::string text = "-- sterna:description " + it_.what() +
                       ": the old column goes\n-- sterna:breaking true\n"
                       "-- sterna:reversible never the old column is gone; expand the new one the "
                       "other way\n-- sterna:up\n"
                       "-- Run this when no program reads or writes the old column any more.\n" +
                       notes_text() + comparison() + drop_trigger();
    if (!default_.empty()) text += alter_new() + "SET DEFAULT " + default_ + ";\n";
    text += not_null_swapped() + carried_.before_drop + it_.alter() + "DROP COLUMN " +
            it_.q(it_.column.name) + ";\n";
    if (!it_.renamed)
      text += it_.alter() + "RENAME COLUMN " + it_.q(it_.beside) + " TO " + it_.q(it_.last) + ";\n";
    return text + not_null_named() + carried_.after_swap;
  }

  const Expansion& it_;
  bool not_null_by_name_;
  CarriedOver carried_;
  std::string default_, not_null_;
};

}  // namespace

ColumnExpansion parse_expansion(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size())
    throw Error(ErrorKind::config, "'" + std::string(text) + "' names no column of a table")
        .suggest("write TABLE.COLUMN, such as users.age");
  ColumnExpansion wanted;
  wanted.table = model::Name(text.substr(0, dot));
  wanted.column = text.substr(dot + 1);
  return wanted;
}

ExpandedColumn expand_column(const model::Model& schema, const ColumnExpansion& wanted,
                             Connection& like) {
  if (wanted.type.empty() && (wanted.name.empty() || wanted.name == wanted.column))
    refuse_expansion(wanted, "neither a new type nor a new name is given",
                     "add --type TYPE or --name NAME");
  const model::Table* table = schema.table(wanted.table);
  const model::Column* column = table == nullptr ? nullptr : table->column(wanted.column);
  if (column == nullptr)
    refuse_expansion(wanted, "there is no such column",
                     "`sterna schema inspect` shows what there is");
  check_column(*column, wanted);
  const Expansion expansion(*table, *column, wanted, like);
  return Writer(expansion, like.server().version).write();
}

}  // namespace sterna
