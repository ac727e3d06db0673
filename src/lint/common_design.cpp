// ST3xx: names, keys and what a schema says about itself.
#include "base/text.hpp"
#include "lint/common_rules.hpp"
#include "lint/words.hpp"

#include <algorithm>
#include <set>

namespace sterna::lint {
namespace {

using C = ConstraintFact::Kind;

/// Every name that a statement gives, with what it names.
template <class Visit>
void for_new_names(const StatementFact& fact, Visit visit) {
  const bool of_table = fact.summary.object == "TABLE";
  if (fact.summary.verb == Verb::create && !fact.summary.temporary &&
      one_of(fact.summary.object, {"TABLE", "INDEX", "VIEW", "MATERIALIZED VIEW", "TYPE"}))
    visit(to_lower(fact.summary.object), fact.summary.name.name, fact.statement->position);
  if (of_table) {
    for (const ColumnFact* column : made_columns(fact))
      visit(std::string("column"), column->name, column->position);
  }
  for (const ActionFact& action : fact.actions) {
    if (action.kind == ActionFact::Kind::rename_table)
      visit(std::string("table"), action.new_name, fact.statement->position);
    if (action.kind == ActionFact::Kind::rename_column)
      visit(std::string("column"), action.new_name, fact.statement->position);
  }
  for (const ConstraintFact* constraint : made_constraints(fact))
    visit(std::string("constraint"), constraint->name, fact.statement->position);
}

void snake_case(Probe& probe) {
  for_new_names(probe.fact(), [&](const std::string& kind, const std::string& name,
                                  const SourcePosition& position) {
    const bool good = std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
             static_cast<unsigned char>(c) >= 0x80U;
    });
    if (good) return;
    probe
        .report_at(position,
                   "the " + kind + " " + name +
                       " is not written in lower case with underscores: where it is quoted "
                       "once, it must be quoted always")
        .instead(to_snake_case(name));
  });
}

void reserved_word(Probe& probe) {
  for_new_names(probe.fact(), [&](const std::string& kind, const std::string& name,
                                  const SourcePosition& position) {
    if (!is_reserved(name, probe.server.language)) return;
    probe.report_at(position,
                    "the " + kind + " " + name +
                        " bears a word of the language: it must be quoted in every statement");
  });
}

void name_too_long(Probe& probe) {
  for_new_names(probe.fact(), [&](const std::string& kind, const std::string& name,
                                  const SourcePosition& position) {
    if (name.size() <= probe.server.longest_name) return;
    probe.report_at(position,
                    "the name of the " + kind + " " + name + " has " + std::to_string(name.size()) +
                        " bytes; the database " +
                        (probe.server.language == Language::postgres ? "cuts it at " : "takes ") +
                        std::to_string(probe.server.longest_name));
  });
}

void unnamed_constraint(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::alter, "TABLE") || probe.server.language == Language::cql) return;
  for (const ActionFact& action : fact.actions) {
    const ConstraintFact& constraint = action.constraint;
    if (action.kind != ActionFact::Kind::add_constraint || !constraint.name.empty() ||
        constraint.kind == C::primary_key)
      continue;
    probe
        .report(
            "the constraint gets a name that the database chooses: the way down has to guess it")
        .instead("ALTER TABLE " + in_sql(probe.server, fact.summary.name) + " ADD CONSTRAINT … " +
                 action.text.substr(std::min<std::size_t>(4, action.text.size())) + ";");
  }
}

void no_primary_key(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE") || fact.summary.temporary ||
      probe.server.language == Language::cql)
    return;
  if (fact.as_select || !fact.partition_of.name.empty() || fact.columns.empty() ||
      fact.has("LIKE") || fact.has("INHERITS") || fact.has("VIRTUAL"))
    return;
  const bool has = std::any_of(fact.columns.begin(), fact.columns.end(),
                               [](const ColumnFact& column) { return column.primary; }) ||
                   std::any_of(fact.constraints.begin(), fact.constraints.end(),
                               [](const ConstraintFact& constraint) {
                                 return constraint.kind == C::primary_key;
                               });
  const bool later =
      std::any_of(probe.script.statements.begin(), probe.script.statements.end(),
                  [&](const StatementFact& other) {
                    return key_of(other.summary.name) == key_of(fact.summary.name) &&
                           std::any_of(other.actions.begin(), other.actions.end(),
                                       [](const ActionFact& action) {
                                         return action.kind == ActionFact::Kind::add_constraint &&
                                                action.constraint.kind == C::primary_key;
                                       });
                  });
  if (has || later) return;
  probe.report(
      shown(fact.summary.name) +
      " has no primary key: rows cannot be told apart, and logical replication refuses or reads "
      "the whole table for each");
}

void duplicate_index(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "INDEX") || !fact.index.where.empty() || fact.index.columns.empty() ||
      fact.index.full_text || fact.index.spatial)
    return;
  const KnownTable* table = probe.known.table(fact.summary.table);
  if (table == nullptr || probe.server.language == Language::cql) return;
  const auto begins = [&](const std::vector<std::string>& have) {
    return have.size() >= fact.index.columns.size() &&
           std::equal(fact.index.columns.begin(), fact.index.columns.end(), have.begin(),
                      [](const std::string& a, const std::string& b) { return same_name(a, b); });
  };
  const std::string method = fact.index.method.empty() ? "btree" : fact.index.method;
  std::string other;
  if (begins(table->primary_key) && !fact.index.unique) other = "the primary key";
  for (const KnownIndex& index : table->indexes) {
    const bool same_kind = !index.partial && !index.full_text &&
                           (index.method.empty() ? "btree" : index.method) == method;
    const bool covers = fact.index.unique
                            ? index.unique && index.columns.size() == fact.index.columns.size()
                            : true;
    if (same_kind && covers && begins(index.columns) &&
        !same_name(index.name, fact.summary.name.name))
      other = index.name.empty() ? "a unique key" : "the index " + index.name;
  }
  if (other.empty()) return;
  probe.report(other + " begins with (" + listed(fact.index.columns) +
               ") already: a second index costs every write and helps no query");
}

void key_without_index(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.object != "TABLE" || probe.server.language == Language::mysql ||
      probe.server.language == Language::cql)
    return;
  const auto look = [&](const std::vector<std::string>& columns, const ObjectName& referenced) {
    if (columns.empty()) return;
    Known after = {};
    for (std::size_t i = 0; i < probe.script.statements.size(); ++i) {
      const StatementFact& other = probe.script.statements[i];
      if (key_of(table_of(other)) == key_of(fact.summary.name)) after.apply(other, 0);
    }
    const KnownTable* now = after.table(fact.summary.name);
    const KnownTable* then = probe.known.table(fact.summary.name);
    if ((now != nullptr && now->leads_with(columns)) ||
        (then != nullptr && then->leads_with(columns)))
      return;
    const std::string name = fact.summary.name.name + "_" + join(columns, "_") + "_index";
    probe
        .report("nothing indexes " + listed(columns) + ": each DELETE from " + shown(referenced) +
                " reads all of " + shown(fact.summary.name))
        .instead("CREATE INDEX " + in_sql(probe.server, name) + " ON " +
                 in_sql(probe.server, fact.summary.name) + " (" + listed(columns) + ");");
  };
  for (const ColumnFact* column : made_columns(fact)) {
    if (column->references) look({column->name}, column->references->table);
  }
  for (const ConstraintFact* constraint : made_constraints(fact)) {
    if (constraint->kind == C::foreign_key) look(constraint->columns, constraint->references.table);
  }
}

std::string comparable(const std::string& base, const std::string& type) {
  if (one_of(base, {"INT", "INTEGER", "INT4", "SERIAL"})) return "INTEGER";
  if (one_of(base, {"BIGINT", "INT8", "BIGSERIAL"})) return "BIGINT";
  if (one_of(base, {"SMALLINT", "INT2", "SMALLSERIAL"})) return "SMALLINT";
  if (one_of(base, {"VARCHAR", "CHARACTER", "CHAR", "TEXT"})) return "TEXT";
  return type.find("UNSIGNED") != std::string::npos ? base + " UNSIGNED" : base;
}

void key_types_differ(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.object != "TABLE") return;
  const auto look = [&](const ColumnFact* own, const Reference& reference, std::size_t position) {
    const KnownTable* table = probe.known.table(reference.table);
    if (own == nullptr || table == nullptr) return;
    const std::vector<std::string>& columns =
        reference.columns.empty() ? table->primary_key : reference.columns;
    const KnownColumn* target =
        position < columns.size() ? table->column(columns[position]) : nullptr;
    if (target == nullptr ||
        comparable(own->base, own->type) == comparable(target->base, target->type))
      return;
    probe.report_at(own->position,
                    own->name + " is " + to_lower(own->type) + ", and " + shown(reference.table) +
                        "." + target->name + " is " + to_lower(target->type) +
                        ": one holds values that the other cannot, and indexes are not used");
  };
  const std::vector<const ColumnFact*> columns = made_columns(fact);
  for (const ColumnFact* column : columns) {
    if (column->references) look(column, *column->references, 0);
  }
  for (const ConstraintFact* constraint : made_constraints(fact)) {
    if (constraint->kind != C::foreign_key) continue;
    for (std::size_t i = 0; i < constraint->columns.size(); ++i) {
      const auto own = std::find_if(columns.begin(), columns.end(), [&](const ColumnFact* column) {
        return same_name(column->name, constraint->columns[i]);
      });
      look(own == columns.end() ? nullptr : *own, constraint->references, i);
    }
  }
}

void money_as_float(Probe& probe) {
  if (probe.fact().summary.object != "TABLE") return;
  for (const ColumnFact* column : made_columns(probe.fact())) {
    if (!one_of(column->base, {"FLOAT", "REAL", "DOUBLE", "FLOAT4", "FLOAT8"})) continue;
    const std::string name = to_lower(column->name);
    for (const std::string_view word :
         {"price", "amount", "total", "cost", "balance", "salary", "fee", "tax"}) {
      if (!holds_word(name, word) && !name.ends_with("_" + std::string(word)) &&
          !name.starts_with(std::string(word) + "_"))
        continue;
      probe
          .report_at(column->position,
                     column->name +
                         " sounds like money and is a binary fraction: 0.1 + 0.2 is not 0.3 in it")
          .instead(in_sql(probe.server, column->name) + " " +
                   (probe.server.language == Language::cql ? "decimal" : "numeric(12, 2)"));
      break;
    }
  }
}

void unknown_table(Probe& probe) {
  const StatementFact& fact = probe.fact();
  const bool changes = fact.is(Verb::alter, "TABLE") || fact.is(Verb::create, "INDEX") ||
                       fact.is(Verb::drop, "TABLE");
  const ObjectName& name = table_of(fact);
  if (!probe.known.whole() || !changes || fact.summary.if_exists ||
      probe.known.table(name) != nullptr)
    return;
  if (probe.known.has_view(to_lower(name.name)) || !name.schema.empty()) return;
  probe.report("there is no table " + shown(name) + " when this runs");
}

void twice_the_column(Probe& probe) {
  const StatementFact& fact = probe.fact();
  const KnownTable* table = probe.known.table(fact.summary.name);
  if (!fact.is(Verb::alter, "TABLE") || table == nullptr) return;
  for (const ActionFact& action : fact.actions) {
    if (action.kind == ActionFact::Kind::add_column && !action.if_exists &&
        table->column(action.name) != nullptr)
      probe.report(shown(fact.summary.name) + " has a column " + action.name + " already");
    const bool needs = action.kind == ActionFact::Kind::drop_column ||
                       action.kind == ActionFact::Kind::rename_column ||
                       action.kind == ActionFact::Kind::set_type ||
                       action.kind == ActionFact::Kind::set_not_null;
    if (needs && table->complete && !action.if_exists && table->column(action.name) == nullptr)
      probe.report(shown(fact.summary.name) + " has no column " + action.name + " when this runs");
  }
}

constexpr Severity E = Severity::error, W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> design_rules() {
  static const Rule rules[] = {
      {"ST301", "snake-case", N, "a name that is not in lower case with underscores",
       "Databases fold names differently; one spelling works everywhere.", snake_case},
      {"ST302", "reserved-word", W, "a name that is a reserved word",
       "It must be quoted for ever, also by tools.", reserved_word},
      {"ST303", "name-too-long", E, "a name that is longer than the database keeps",
       "PostgreSQL cuts it in silence; others refuse it.", name_too_long},
      {"ST304", "unnamed-constraint", N, "a constraint without a name",
       "A later migration has to name it, and environments may differ.", unnamed_constraint},
      {"ST305", "no-primary-key", W, "a table without a primary key",
       "Replication, and every tool that changes one row, needs it.", no_primary_key},
      {"ST306", "duplicate-index", W, "an index that another one covers",
       "It is kept up to date for nothing.", duplicate_index},
      {"ST307", "key-without-index", W, "a foreign key without an index",
       "The database looks for rows that refer to each row that is deleted or gets another key.",
       key_without_index},
      {"ST308", "key-types-differ", W, "a foreign key of another type than what it refers to",
       "Give both the same type.", key_types_differ},
      {"ST309", "money-as-float", W, "an amount as a binary fraction", "Use an exact type.",
       money_as_float},
      {"ST310", "unknown-table", E, "a table that is not there",
       "Found where the schema is known as a whole (`sterna lint --pending`).", unknown_table},
      {"ST311", "column-mismatch", E, "a column that is there already, or is not",
       "Found by following the migrations before this one.", twice_the_column},
  };
  return rules;
}

}  // namespace sterna::lint
