#include "lint/mysql_algorithm.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;
using C = ConstraintFact::Kind;

AlterCost copying() { return {Algorithm::copy, true, true, true}; }
AlterCost rebuilding() { return {Algorithm::in_place, false, true, true}; }
AlterCost in_place(bool blocks_writes = false) {
  return {Algorithm::in_place, blocks_writes, false, true};
}

AlterCost of_new_column(const ColumnFact& column, const KnownTable* table, const Server& server) {
  if (column.generated && column.stored) return copying();
  if (column.auto_increment) return {Algorithm::in_place, true, true, true};
  const bool last = !column.first && column.after.empty();
  const bool compressed = table != nullptr && table->row_format == "COMPRESSED";
  const bool instant = (last ? server.since(80012, 100302) : server.since(80029, 100400)) &&
                       !compressed && (table == nullptr || !table->has_full_text());
  return instant || (column.generated && !column.stored) ? AlterCost{} : rebuilding();
}

/// Values are only added behind the others.
bool extends(const std::vector<std::string>& from, const std::vector<std::string>& to) {
  return to.size() >= from.size() &&
         std::equal(from.begin(), from.end(), to.begin(),
                    [](const std::string& a, const std::string& b) { return same_name(a, b); });
}

bool same_type(const KnownColumn& from, const ColumnFact& to) {
  // A display width says nothing of what is stored.
  const auto canonical = [](std::string_view base, std::string_view type) {
    std::string text(type);
    if (text.starts_with("INTEGER")) text.replace(0, 7, "INT");
    const std::size_t bracket = text.find('(');
    if (base.ends_with("INT") || base == "INTEGER") {
      const std::size_t end = text.find(')');
      if (bracket != std::string::npos && end != std::string::npos)
        text.erase(bracket, end - bracket + 1);
    }
    return text;
  };
  return canonical(from.base, from.type) == canonical(to.base, to.type) &&
         from.is_unsigned == to.is_unsigned;
}

AlterCost of_modified(const ColumnFact& to, const KnownColumn* from, const Server& server) {
  if (from == nullptr) {
    AlterCost cost = copying();
    cost.known = false;
    return cost;
  }
  const bool moves = to.first || !to.after.empty();
  const int old_length = length_of(from->arguments), new_length = length_of(to.arguments);
  bool quick = same_type(*from, to), wider = false;
  if (from->base == "VARCHAR" && to.base == "VARCHAR") {
    // The length byte becomes two at 256 bytes; four bytes a character are assumed.
    const bool one_byte = old_length * 4 <= 255;
    quick = new_length >= old_length && (one_byte == (new_length * 4 <= 255));
    wider = quick && new_length > old_length;
  } else if (from->base == to.base && (to.base == "ENUM" || to.base == "SET")) {
    quick = extends(from->arguments, to.arguments);
  }
  if (!quick) return copying();
  if (from->not_null != to.not_null)
    return server.mariadb && !to.not_null && server.since(0, 100400) ? AlterCost{} : rebuilding();
  if (moves) return server.mariadb && server.since(0, 100400) ? AlterCost{} : rebuilding();
  return wider && !server.mariadb ? in_place() : AlterCost{};
}

AlterCost of_constraint(const ConstraintFact& constraint, const Server& server) {
  switch (constraint.kind) {
    case C::foreign_key:
      return copying();
    case C::check:
      return keeps_checks(server) ? copying() : in_place();
    case C::primary_key:
      return rebuilding();
    case C::full_text:
    case C::spatial:
      return in_place(true);
    default:
      return in_place();
  }
}

bool adds_primary_key(const StatementFact& fact) {
  return std::any_of(fact.actions.begin(), fact.actions.end(), [](const ActionFact& action) {
    return action.kind == Kind::add_constraint && action.constraint.kind == C::primary_key;
  });
}

/// What MySQL does by an entry in its catalogs alone, once the action as such allows it (manual,
/// "Online DDL Operations").
bool instant_on_mysql(const ActionFact& action, const Server& server) {
  switch (action.kind) {
    case Kind::add_column:
    case Kind::drop_column:
    case Kind::modify_column:
    case Kind::set_default:
    case Kind::drop_default:
    case Kind::rename_table:
    case Kind::algorithm:
    case Kind::lock:
      return true;
    case Kind::rename_column:
      return server.since(80028, 0);
    default:
      return false;
  }
}

bool knows_instant(const ActionFact& action, const Server& server) {
  return server.since(80012, 100302) && (server.mariadb || instant_on_mysql(action, server));
}

AlterCost least_cost(const ActionFact& action, const StatementFact& fact, const KnownTable* table,
                     const Server& server) {
  switch (action.kind) {
    case Kind::add_column:
      return of_new_column(action.column, table, server);
    case Kind::drop_column:
      return server.since(80029, 100400) &&
                     (table == nullptr ||
                      (table->row_format != "COMPRESSED" && !table->has_full_text()))
                 ? AlterCost{}
                 : rebuilding();
    case Kind::modify_column:
      return of_modified(action.column, table == nullptr ? nullptr : table->column(action.name),
                         server);
    case Kind::drop_primary_key:
      return adds_primary_key(fact) ? rebuilding() : copying();
    case Kind::add_constraint:
      return of_constraint(action.constraint, server);
    case Kind::drop_index:
    case Kind::drop_constraint:
      return in_place();
    case Kind::convert_charset:
      return copying();
    case Kind::engine: {
      const bool same = action.value == "INNODB" &&
                        (table == nullptr || table->engine.empty() || table->engine == "INNODB");
      return same ? rebuilding() : copying();
    }
    case Kind::row_format:
    case Kind::force:
      return rebuilding();
    case Kind::partition:
      if (one_of(action.value, {"PARTITION", "REMOVE", "COALESCE", "REORGANIZE", "REBUILD"}))
        return copying();
      return in_place();
    default:
      return {};
  }
}

}  // namespace

bool keeps_checks(const Server& server) { return server.since(80016, 100201); }

std::string_view to_string(Algorithm algorithm) noexcept {
  static constexpr std::string_view words[] = {"INSTANT", "INPLACE", "COPY"};
  return words[static_cast<int>(algorithm)];
}

AlterCost cost_of(const ActionFact& action, const StatementFact& fact, const KnownTable* table,
                  const Server& server) {
  const AlterCost cost = least_cost(action, fact, table, server);
  if (cost.algorithm == Algorithm::instant && !knows_instant(action, server)) return in_place();
  return cost;
}

bool held_to_algorithm(const StatementFact& fact) {
  return std::any_of(fact.actions.begin(), fact.actions.end(), [](const ActionFact& action) {
    return (action.kind == Kind::algorithm &&
            one_of(action.value, {"INSTANT", "INPLACE", "NOCOPY"})) ||
           (action.kind == Kind::lock && action.value == "NONE");
  });
}

Finding& costing(Finding& finding, const Probe& probe, const AlterCost& cost) {
  if (cost.known) finding.algorithm = to_string(cost.algorithm);
  if (cost.blocks_writes && cost.known)
    finding.locks("SHARED", shown(probe.fact().summary.name), "writes");
  if (cost.rebuilds && cost.known) finding.rewriting();
  if (cost.algorithm == Algorithm::copy && finding.safe_form.empty())
    finding.instead("-- let the server refuse rather than copy:\n" + probe.fact().text() +
                    ", ALGORITHM=INPLACE, LOCK=NONE;\n-- when it does: a new table, triggers that "
                    "keep it in step, the rows in batches, "
                    "RENAME TABLE");
  return finding;
}

}  // namespace sterna::lint
