// Indexes, constraints, statistics, triggers and policies of a column that another one takes the
// place of: made over the new one while programs run, and given their names when the old is gone.
#include "program/expansion.hpp"

#include <algorithm>

namespace sterna {
namespace {

class Carrier {
 public:
  explicit Carrier(const Expansion& expansion) : it_(expansion) {}

  CarriedOver run() {
    for (const ColumnUse::Constraint& one : it_.use.constraints) carry(one);
    for (const ColumnUse::Index& one : it_.use.indexes) carry(one);
    for (const ColumnUse::Statistics& one : it_.use.statistics) carry(one);
    for (const ColumnUse::Policy& one : it_.use.policies) carry(one);
    for (const ColumnUse::Trigger& one : it_.use.triggers) carry(one);
    tell_others();
    return std::move(made_);
  }

 private:
  std::string literal(const std::string& text) const { return it_.dialect.literal(Value(text)); }
  void note(const std::string& text) { made_.notes.push_back(text); }

  /// What was written for the old values may not fit the new ones: only a person can tell.
  void let_review(const std::string& what, const std::string& text) {
    if (!it_.wanted.value.empty())
      note(what + " is taken over as it stands: see whether it fits the new values: " + text);
  }

  void carry(const ColumnUse::Constraint& one) {
    std::string text = one.definition;
    constexpr std::string_view not_valid = " NOT VALID";
    if (text.ends_with(not_valid)) text.resize(text.size() - not_valid.size());
    if (!it_.wanted.value.empty()) {
      // Refusing what programs write by a rule for other values would stop them.
      note("constraint " + one.name +
           " goes with the old column, being made for the old values: add one for the new values "
           "(NOT VALID, then VALIDATE CONSTRAINT) to the first migration: " +
           text);
      return;
    }
    const bool enforced = !text.ends_with(" NOT ENFORCED");
    const std::string name = it_.interim(one.name);
    made_.expand += "\n" + it_.alter() + "ADD CONSTRAINT " + it_.q(name) + " " +
                    (one.foreign_key ? foreign_key_over_new(text) : it_.over_new(text)) +
                    (enforced ? "\n  NOT VALID" : "") + ";\n";
    if (one.validated && enforced)
      made_.expand += it_.alter() + "VALIDATE CONSTRAINT " + it_.q(name) + ";\n";
    made_.after_swap +=
        it_.alter() + "RENAME CONSTRAINT " + it_.q(name) + " TO " + it_.q(one.name) + ";\n";
    comment_constraint(one.name, one.comment);
  }

  void comment_constraint(const std::string& name, const std::string& comment) {
    if (!comment.empty())
      made_.after_swap += "COMMENT ON CONSTRAINT " + it_.q(name) + " ON " + it_.table_text() +
                          " IS " + literal(comment) + ";\n";
  }

  /// The columns of the other table may bear the same name, and stay.
  std::string foreign_key_over_new(const std::string& text) const {
    const std::size_t other = text.find(") REFERENCES ");
    std::size_t actions = text.find(" ON DELETE SET ", other);
    if (actions == std::string::npos) actions = text.size();
    return it_.over_new(text.substr(0, other)) + text.substr(other, actions - other) +
           it_.over_new(text.substr(actions));
  }

  void carry(const ColumnUse::Index& one) {
    const std::string name = it_.interim(one.name), in_schema = it_.in_schema(name);
    const std::string definition = it_.over_new(one.definition);
    made_.expand += "\nCREATE " + std::string(one.unique ? "UNIQUE " : "") + "INDEX CONCURRENTLY " +
                    it_.q(name) + " ON " + it_.table_text() + " " + definition + ";\n";
    if (one.reads) let_review("index " + one.name, one.definition);
    if (!one.comment.empty())
      made_.expand += "COMMENT ON INDEX " + in_schema + " IS " + literal(one.comment) + ";\n";
    for (const std::string& part : one.statistics)
      made_.expand += "ALTER INDEX " + in_schema + " ALTER COLUMN " + part + ";\n";
    if (one.replica_identity)
      made_.before_drop += it_.alter() + "REPLICA IDENTITY USING INDEX " + it_.q(name) + ";\n";
    if (one.constraint) {
      // The index takes the constraint's name.
      made_.after_swap += it_.alter() + "ADD CONSTRAINT " + it_.q(one.name) +
                          " UNIQUE USING INDEX " + it_.q(name) + ";\n";
      comment_constraint(one.name, one.constraint_comment);
    } else {
      made_.after_swap += "ALTER INDEX " + in_schema + " RENAME TO " + it_.q(one.name) + ";\n";
    }
    if (one.clustered) made_.after_swap += it_.alter() + "CLUSTER ON " + it_.q(one.name) + ";\n";
  }

  void carry(const ColumnUse::Statistics& one) {
    const model::Name name(one.name.schema, it_.interim(one.name.name));
    const std::string text = it_.dialect.quote(name);
    const std::size_t from = one.definition.rfind(" FROM ");
    made_.expand += "\nCREATE STATISTICS " + text + " " +
                    it_.over_new(one.definition.substr(0, from)) + one.definition.substr(from) +
                    ";\n";
    if (one.target >= 0)
      made_.expand +=
          "ALTER STATISTICS " + text + " SET STATISTICS " + std::to_string(one.target) + ";\n";
    if (!one.comment.empty())
      made_.expand += "COMMENT ON STATISTICS " + text + " IS " + literal(one.comment) + ";\n";
    made_.after_swap += "ALTER STATISTICS " + text + " RENAME TO " + it_.q(one.name.name) + ";\n";
  }

  void carry(const ColumnUse::Policy& one) {
    const std::string all = one.visible + one.written;
    if (all.find("SELECT ") != std::string::npos) {
      note("policy " + one.name +
           " reads it beside other tables: write ALTER POLICY over the new column above DROP "
           "COLUMN in the second migration, which fails as long as that is missing: " +
           all);
      return;
    }
    let_review("policy " + one.name, all);
    made_.before_drop += "ALTER POLICY " + it_.q(one.name) + " ON " + it_.table_text();
    if (!one.visible.empty()) made_.before_drop += " USING (" + it_.over_new(one.visible) + ")";
    if (!one.written.empty())
      made_.before_drop += " WITH CHECK (" + it_.over_new(one.written) + ")";
    made_.before_drop += ";\n";
  }

  void carry(const ColumnUse::Trigger& one) {
    if (one.on_update && one.enabled != "DISABLE" && one.enabled != "ENABLE REPLICA")
      note("trigger " + one.name + " fires for the rows that the backfill fills");
    if (!one.names_column) return;
    let_review("trigger " + one.name, one.definition);
    if (it_.renamed && one.update_of)
      note("trigger " + one.name +
           " does not fire, until the second migration, for programs that "
           "set " +
           it_.last + " alone");
    // DROP COLUMN fails while it is there. Nobody writes between the two: the table is locked.
    made_.before_drop += "DROP TRIGGER " + it_.q(one.name) + " ON " + it_.table_text() + ";\n";
    made_.after_swap += trigger_over_last(one.definition) + ";\n";
    if (!one.enabled.empty())
      made_.after_swap += it_.alter() + one.enabled + " TRIGGER " + it_.q(one.name) + ";\n";
    if (!one.comment.empty())
      made_.after_swap += "COMMENT ON TRIGGER " + it_.q(one.name) + " ON " + it_.table_text() +
                          " IS " + literal(one.comment) + ";\n";
  }

  /// Column names stand between UPDATE OF and ON, and in WHEN; the rest names other things.
  std::string trigger_over_last(const std::string& text) const {
    if (!it_.renamed) return text;
    const std::size_t size = text.size();
    const std::size_t list = std::min(text.find(" UPDATE OF "), size);
    const std::size_t on = std::min(text.find(" ON ", list), size);
    const std::size_t when = std::min(text.find(" WHEN (", on), size);
    if (list == size) {  // no list of columns
      const std::size_t alone = std::min(text.find(" WHEN ("), size);
      return text.substr(0, alone) + it_.over_new(text.substr(alone));
    }
    return text.substr(0, list) + it_.over_new(text.substr(list, on - list)) +
           text.substr(on, when - on) + it_.over_new(text.substr(when));
  }

  void tell_others() {
    for (const std::string& other : it_.use.others)
      note(other +
           " reads it, and DROP COLUMN in the second migration fails as long as it does: drop or "
           "alter it above that, and make it again over the new column below");
    for (const ColumnUse::Function& function : it_.use.functions) {
      note("function " + function.signature +
           " names it in its text, which PostgreSQL does not follow: " +
           (it_.renamed ? "make it again over " + it_.last + " in the second migration"
                        : "see whether it fits the new type"));
      if (!it_.renamed && !function.keeps_types.empty())
        made_.after_swap += "-- For open sessions, which remember the column's former type.\n" +
                            function.keeps_types + ";\n";
    }
    for (const std::string& remark : it_.use.remarks) note(remark);
  }

  const Expansion& it_;
  CarriedOver made_;
};

}  // namespace

CarriedOver carry_over(const Expansion& expansion) { return Carrier(expansion).run(); }

}  // namespace sterna
