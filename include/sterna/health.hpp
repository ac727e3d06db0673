// How a database and its migrations are, for probes and monitors of a program that embeds Sterna.
// Only looks: takes no lock, makes no table, changes nothing.
//
//   sterna::Health health = sterna::check_health(connections["main"]);
//   if (!health.ready()) …
#pragma once

#include <sterna/export.hpp>
#include <sterna/runner.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace sterna {

struct Health {
  std::string connection;             ///< its name
  bool reachable = false;             ///< the database answered, and the migrations could be read
  std::string error;                  ///< why not; without a password
  std::string database;               ///< "PostgreSQL 15.4"
  std::string timestamp;              ///< of the check: UTC, "YYYY-MM-DD HH:MM:SS.ffffff"
  std::chrono::microseconds took{0};  ///< by the check, the connecting included when it was needed
  std::size_t applied = 0;
  std::size_t pending = 0;            ///< out of order ones included
  std::size_t interrupted = 0;        ///< a run died in them; the next one goes on there
  std::size_t changed = 0;            ///< applied, and their file was edited
  std::size_t missing = 0;            ///< applied, and their file is gone
  std::string newest;                 ///< id of the newest applied one
  std::string last_applied_at;        ///< UTC
  std::string lock_holder;            ///< who migrates now; empty: nobody
  double lock_seconds = -1;           ///< for how long; negative: not known
  std::optional<Freeze> frozen = {};  ///< no run begins

  /// The program may work with this database: it answers, and nothing is left to apply or to mend.
  bool ready() const noexcept {
    return reachable && pending + interrupted + changed + missing == 0;
  }
};

/// Waits while another thread uses the same runner. Failures are in the result: it throws nothing
/// of the database.
STERNA_API Health check_health(Runner& runner);
/// Every connection, by name. Those that were never initialized count as not reachable.
STERNA_API std::map<std::string, Health> health_status(Connections& connections);

}  // namespace sterna
