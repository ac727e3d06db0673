#include "lint/postgres_locks.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;

int strength(std::string_view mode) {
  static constexpr std::string_view order[] = {
      "",          "ACCESS SHARE",  share_update_exclusive, share, share_row_exclusive,
      "EXCLUSIVE", access_exclusive};
  return static_cast<int>(std::find(std::begin(order), std::end(order), mode) - std::begin(order));
}

class Locks {
 public:
  void add(std::string_view mode, const ObjectName& on) {
    if (on.name.empty() || mode.empty()) return;
    for (TableLock& lock : locks_) {
      if (key_of(lock.on) != key_of(on)) continue;
      if (strength(mode) > strength(lock.mode)) lock.mode = mode;
      return;
    }
    locks_.push_back({mode, on});
  }
  std::vector<TableLock> take() { return std::move(locks_); }

 private:
  std::vector<TableLock> locks_;
};

void of_alter(const StatementFact& fact, Locks& locks) {
  for (const ActionFact& action : fact.actions) {
    locks.add(mode_of(action), fact.summary.name);
    if (action.kind == Kind::attach_partition) locks.add(access_exclusive, action.object);
    if (action.kind == Kind::detach_partition && !action.concurrently)
      locks.add(access_exclusive, action.object);
    if (action.kind == Kind::add_constraint)
      locks.add(share_row_exclusive, action.constraint.references.table);
    if (action.column.references) locks.add(share_row_exclusive, action.column.references->table);
  }
}

void of_create(const StatementFact& fact, Locks& locks) {
  const StatementSummary& summary = fact.summary;
  if (summary.object == "INDEX")
    locks.add(summary.concurrently ? share_update_exclusive : share, summary.table);
  if (summary.object == "TRIGGER") locks.add(share_row_exclusive, summary.table);
  if (summary.object == "RULE" || summary.object == "POLICY")
    locks.add(access_exclusive, summary.table);
  if (summary.object != "TABLE") return;
  locks.add(access_exclusive, fact.partition_of);
  for (const ColumnFact& column : fact.columns) {
    if (column.references) locks.add(share_row_exclusive, column.references->table);
  }
  for (const ConstraintFact& constraint : fact.constraints)
    locks.add(share_row_exclusive, constraint.references.table);
}

}  // namespace

std::string_view mode_of(const ActionFact& action) {
  switch (action.kind) {
    case Kind::add_constraint:
      return action.constraint.kind == ConstraintFact::Kind::foreign_key ? share_row_exclusive
                                                                         : access_exclusive;
    case Kind::validate_constraint:
    case Kind::attach_partition:
      return share_update_exclusive;
    case Kind::detach_partition:
      return action.concurrently ? share_update_exclusive : access_exclusive;
    case Kind::enable_trigger:
    case Kind::disable_trigger:
      return share_row_exclusive;
    case Kind::option:
      return action.value.find("STATISTICS") != std::string::npos ||
                     action.value.starts_with("SET (") || action.value.starts_with("RESET (") ||
                     action.value.starts_with("CLUSTER ON")
                 ? share_update_exclusive
                 : access_exclusive;
    default:
      return access_exclusive;
  }
}

std::vector<TableLock> locks_of(const StatementFact& fact, const Known& known) {
  Locks locks;
  const StatementSummary& summary = fact.summary;
  switch (summary.verb) {
    case Verb::alter:
      of_alter(fact, locks);
      break;
    case Verb::create:
      of_create(fact, locks);
      break;
    case Verb::drop:
      if (summary.object == "TABLE" || summary.object == "MATERIALIZED VIEW") {
        locks.add(access_exclusive, summary.name);
        for (const ObjectName& name : summary.more_names) locks.add(access_exclusive, name);
      } else if (summary.object == "INDEX" && !summary.concurrently) {
        if (const KnownTable* table = known.table_of_index(summary.name.name))
          locks.add(access_exclusive, table->name);
      } else if (summary.object == "TRIGGER" || summary.object == "RULE" ||
                 summary.object == "POLICY") {
        locks.add(access_exclusive, summary.table);
      }
      break;
    case Verb::truncate:
    case Verb::cluster:
      locks.add(access_exclusive, summary.name);
      break;
    case Verb::vacuum:
      if (fact.has("FULL")) locks.add(access_exclusive, summary.name);
      break;
    case Verb::refresh:
      locks.add(summary.concurrently ? "EXCLUSIVE" : access_exclusive, summary.name);
      break;
    case Verb::reindex:
      if (summary.object == "TABLE" && !summary.concurrently) locks.add(share, summary.name);
      break;
    case Verb::lock:
      locks.add(access_exclusive, summary.name);
      break;
    default:
      break;
  }
  return locks.take();
}

std::string_view blocked_by(std::string_view mode) noexcept {
  switch (strength(mode)) {
    case 2:
      return "other changes of the schema, VACUUM";
    case 3:
    case 4:
      return "writes";
    case 5:
      return "writes, SELECT … FOR UPDATE";
    case 6:
      return "reads and writes";
    default:
      return "";
  }
}

LintFinding& locked(LintFinding& finding, std::string_view mode, const ObjectName& on) {
  return finding.locks(std::string(mode), shown(on), std::string(blocked_by(mode)));
}

bool takes_time(const StatementFact& fact) {
  if (fact.in_steps) return false;
  if (fact.is(Verb::create, "INDEX")) return !fact.summary.concurrently;
  if (fact.summary.verb == Verb::update || fact.summary.verb == Verb::remove ||
      fact.summary.verb == Verb::merge)
    return true;
  if (fact.summary.verb == Verb::insert) return fact.has("SELECT");
  if (fact.summary.verb == Verb::copy || fact.summary.verb == Verb::reindex ||
      fact.summary.verb == Verb::refresh)
    return true;
  return std::any_of(fact.actions.begin(), fact.actions.end(), [](const ActionFact& action) {
    return action.kind == Kind::set_type || action.kind == Kind::validate_constraint ||
           (action.kind == Kind::add_constraint && !action.constraint.not_valid &&
            action.constraint.using_index.empty());
  });
}

}  // namespace sterna::lint
