// A lock that is a row with an expiry, for places where a session lock cannot be held: behind a
// pooler that hands one server session to many clients, on clusters that do not replicate session
// locks.
//
// What it guarantees: at most one owner at a time as the database's own clock counts; an owner that
// dies loses it when the lease ends; each taking over gives a higher fencing number, and the fence
// statements that go into an owner's transactions fail once it is lost, so that an owner that slept
// through its lease cannot commit. A heartbeat on a connection of its own renews it meanwhile.
#pragma once

#include "database/connection.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// A lease's table, which stands beside the history.
inline constexpr std::string_view lease_table_name = "sterna_lock";
/// That of the lock with this name: "schema.history" or "history".
model::Name lease_table(const std::string& lock_name);

/// One database's statements. {owner}, {fence} and {seconds} are replaced by literals.
struct LeaseSql {
  model::Name table = {};         ///< empty: it is a part of another one, which is there
  std::string create_table = {};  ///< harmless when it exists
  std::string create_row = {};    ///< likewise
  /// Where a statement cannot count by itself: gives the `owner` of a lease that has not ended and
  /// the `fence` as it stands; `acquire` may then say {current} and {next}. Empty elsewhere.
  std::string current = {};
  std::string
      acquire;  ///< takes the lease if it is free or over; then or by `owned` its row is known
  /// Gives `fence` when {owner} holds a lease that has not ended, else no row; or, where rows
  /// cannot be chosen by it, the `owner` as well.
  std::string owned;
  std::string renew;  ///< touches exactly one row while {owner} with {fence} holds it
  std::string release;
  std::string holder;              ///< gives owner and seconds held
  std::vector<std::string> fence;  ///< fail when {owner} with {fence} no longer holds it
  /// A session may be given up while its server is well: then the lease is given back by another.
  bool release_elsewhere = false;
};

struct LeaseTimes {
  std::chrono::milliseconds lease{30'000};
  std::chrono::milliseconds heartbeat{5'000};
};

/// `work` is the session that works; `reconnect` opens the heartbeat's own.
std::unique_ptr<Locker> make_lease_locker(Connection& work,
                                          std::function<std::unique_ptr<Connection>()> reconnect,
                                          LeaseSql sql, LeaseTimes times = {});

}  // namespace sterna
