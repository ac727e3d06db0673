#include "database/mysql/lock_holders.hpp"

#include "base/url.hpp"
#include "database/mysql/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace sterna::mysql {
namespace {

constexpr std::size_t shown_sessions = 3;

bool is_definition(const StatementSummary& summary) {
  switch (summary.verb) {
    case Verb::insert:
    case Verb::update:
    case Verb::remove:
    case Verb::replace:
    case Verb::merge:
    case Verb::select:
    case Verb::call:
    case Verb::copy:
      return false;
    default:
      return true;
  }
}

/// Every reader's lock stops a definition; changes of rows wait for stronger ones alone (MySQL
/// manual, "Metadata Locking").
bool stops(const std::string& mode, bool definition) {
  const auto has = [&](std::string_view word) { return mode.find(word) != std::string::npos; };
  return definition || has("EXCLUSIVE") || has("NO_WRITE") || has("NO_READ_WRITE") ||
         has("READ_ONLY");
}

/// Connections with a metadata lock on the table. MySQL shows them in performance_schema; MariaDB
/// too, when the instrument is switched on, or through a plugin.
std::vector<std::int64_t> metadata_lock_holders(Questions& questions, const ObjectName& table,
                                                bool definition) {
  std::vector<std::int64_t> ids;
  const auto add = [&](const Rows& rows) {
    for (const Row& row : rows) {
      const auto id = row.get<std::int64_t>(0);
      if (stops(row.get<std::string>(1), definition) &&
          std::find(ids.begin(), ids.end(), id) == ids.end())
        ids.push_back(id);
    }
  };
  add(questions.ask_if_allowed(fmt::format(
      "SELECT t.processlist_id, m.lock_type FROM performance_schema.metadata_locks m JOIN "
      "performance_schema.threads t ON t.thread_id = m.owner_thread_id WHERE m.object_type = "
      "'TABLE' AND m.lock_status = 'GRANTED' AND t.processlist_id <> CONNECTION_ID() AND {}",
      questions.is_table("m.object_schema", "m.object_name", table))));
  add(questions.ask_if_allowed(fmt::format(
      "SELECT thread_id, lock_mode FROM information_schema.metadata_lock_info WHERE thread_id <> "
      "CONNECTION_ID() AND {}",
      questions.is_table("table_schema", "table_name", table))));
  return ids;
}

struct OpenTransactions {
  bool allowed = true;
  std::vector<std::int64_t> ids;              // of the same database first, then the oldest
  std::map<std::int64_t, std::int64_t> ages;  // seconds
};

OpenTransactions open_transactions(Questions& questions, bool definition) {
  OpenTransactions open;
  try {
    for (const Row& row : questions.ask(fmt::format(
             "SELECT trx_mysql_thread_id, TIMESTAMPDIFF(SECOND, trx_started, NOW()) FROM "
             "information_schema.innodb_trx WHERE trx_mysql_thread_id NOT IN (0, "
             "CONNECTION_ID()){} "
             "ORDER BY COALESCE((SELECT p.db = DATABASE() FROM information_schema.processlist p "
             "WHERE p.id = trx_mysql_thread_id), 0) DESC, trx_started",
             definition ? "" : " AND trx_rows_locked > 0"))) {
      open.ids.push_back(row.get<std::int64_t>(0));
      open.ages[open.ids.back()] = row[1].is_null() ? 0 : row.get<std::int64_t>(1);
    }
  } catch (const Error& error) {
    open.allowed = error.kind() != ErrorKind::permission;
  }
  return open;
}

/// "connection 12 (app@10.0.0.7:5001) in a transaction for 34 s, idle"
std::string described(Questions& questions, std::int64_t id, const OpenTransactions& open) {
  std::string text = fmt::format("connection {}", id);
  const auto age = open.ages.find(id);
  const auto add_age = [&] {
    if (age != open.ages.end()) text += fmt::format(", in a transaction for {} s", age->second);
  };
  const Rows rows = questions.ask_if_allowed(
      fmt::format("SELECT user, host, command, LEFT(COALESCE(info, ''), 120), time FROM "
                  "information_schema.processlist WHERE id = {}",
                  id));
  if (rows.empty()) {
    add_age();
    return text;
  }
  const Row& row = rows.front();
  text += fmt::format(" ({}@{})", row.get<std::string>(0), row.get<std::string>(1));
  add_age();
  const std::string info = mask_secrets(row.get<std::string>(3));
  if (!info.empty())
    text += ", runs: " + info;
  else if (row.get<std::string>(2) == "Sleep")
    text += fmt::format(", idle for {} s", row[4].is_null() ? 0 : row.get<std::int64_t>(4));
  return text;
}

void advise(Error& error, Questions& questions, const OpenTransactions& open) {
  if (!open.allowed) {
    error.suggest(
        "with the PROCESS privilege Sterna could tell who holds the lock: GRANT PROCESS "
        "ON *.* TO the user of the URL");
    return;
  }
  const Rows plugin = questions.ask_if_allowed(
      "SELECT 1 FROM information_schema.tables WHERE table_schema = 'information_schema' AND "
      "table_name = 'METADATA_LOCK_INFO'");
  const Rows instrument = questions.ask_if_allowed(
      "SELECT 1 FROM performance_schema.setup_instruments WHERE name = "
      "'wait/lock/metadata/sql/mdl' AND enabled = 'YES'");
  if (plugin.empty() && instrument.empty()) {
    error.suggest(
        "INSTALL SONAME 'metadata_lock_info' (MariaDB), or the instrument "
        "wait/lock/metadata/sql/mdl of performance_schema, lets the server tell who "
        "holds a table");
  }
}

}  // namespace

void explain_lock(Error& error, Questions& questions) {
  const StatementSummary summary = classify(error.statement(), Language::mysql);
  const ObjectName& table = summary.table.name.empty() ? summary.name : summary.table;
  const bool definition = is_definition(summary);
  const OpenTransactions open = open_transactions(questions, definition);
  std::vector<std::int64_t> ids = metadata_lock_holders(questions, table, definition);
  const bool sure = !ids.empty();
  if (!sure) ids = open.ids;
  std::string text;
  for (std::size_t i = 0; i < std::min(ids.size(), shown_sessions); ++i)
    text += (i > 0 ? "; " : "") + described(questions, ids[i], open);
  if (ids.size() > shown_sessions)
    text += fmt::format("; and {} more", ids.size() - shown_sessions);
  if (!text.empty()) error.with_detail((sure ? "held by " : "it may be held by ") + text);
  if (!ids.empty()) error.suggest(fmt::format("if that session may end: KILL {}", ids.front()));
  if (!sure) advise(error, questions, open);
}

}  // namespace sterna::mysql
