// Keeps what is run in a scratch database inside it. Names that are written in full would lead out
// of it, into the very database that is only looked at; users, roles and settings exist once for a
// whole server. Asked by a scratch's sessions before they send a statement.
#pragma once

#include "sql/language.hpp"
#include "sql/statement.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace sterna {

class Confinement {
 public:
  /// What a name in front of a dot means in the scratch.
  enum class Scope {
    server,  ///< places of the whole server: MySQL's databases, CQL's keyspaces
    schema,  ///< schemas of one database, of which one is the scratch (PostgreSQL)
    none,    ///< nothing outside: the scratch is a database of its own (PostgreSQL, SQLite)
  };

  struct Bounds {
    Language language = Language::postgres;
    Scope scope = Scope::none;
    std::string place;   ///< the scratch
    std::string origin;  ///< what it stands for, whose name means the scratch; empty: nothing
  };
  explicit Confinement(Bounds bounds);

  struct Admitted {
    std::string sql;       ///< what may be sent in the statement's place
    std::string left_out;  ///< why nothing is; empty when something is sent
  };
  /// `role_exists` is asked about roles whose making was left out. @throws Error(refused) when the
  /// statement would change what is outside of the scratch.
  Admitted admit(const Statement& statement,
                 const std::function<bool(const std::string&)>& role_exists = {});

  const Bounds& bounds() const noexcept { return bounds_; }
  /// Whether names of the origin were replaced.
  bool has_renamed() const noexcept { return has_renamed_; }
  /// A text of the catalogs (bodies of routines) with the origin's name in front of dots again,
  /// where the scratch's was put.
  std::string given_back(std::string text) const;
  /// What came by and is no part of the schema: what was left out, owners, privileges, settings of
  /// the database, as the statements were given.
  std::vector<std::string> rights() const;

 private:
  const Bounds bounds_;
  std::atomic<bool> has_renamed_ = false;
  mutable std::mutex mutex_;
  std::set<std::string> roles_;  ///< whose CREATE was left out
  std::vector<std::string> rights_;
};

}  // namespace sterna
