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
#include <vector>

namespace sterna {

/// One database's statements. {owner}, {fence} and {seconds} are replaced by literals.
struct LeaseSql {
  std::vector<std::string> create;  ///< makes the table; harmless when it exists
  std::string
      acquire;  ///< takes the lease if it is free or over; then or by `owned` its row is known
  std::string owned;  ///< gives `fence` when {owner} holds a lease that has not ended, else no row
  std::string renew;  ///< touches exactly one row while {owner} with {fence} holds it
  std::string release;
  std::string holder;              ///< gives owner and seconds held
  std::vector<std::string> fence;  ///< fail when {owner} with {fence} no longer holds it
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
