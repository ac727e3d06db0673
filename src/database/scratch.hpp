// A throw-away database beside a given one, for loading a desired schema: the server itself then
// normalises types, defaults and expressions. Made by Connection::make_scratch, which each database
// implements; whoever holds it need not clean up.
#pragma once

#include "database/confine.hpp"
#include "database/connection.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sterna {

class Scratch {
 public:
  /// `within` keeps its sessions inside.
  Scratch(std::unique_ptr<Connection> session, std::function<void()> remove,
          std::shared_ptr<Confinement> within);
  ~Scratch() {
    session_.reset();
    try {
      if (remove_) remove_();
    } catch (const std::exception&) {
      // The next run that makes one finds it without an owner and removes it.
    }
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  Connection& session() const { return *session_; }
  /// Opens further sessions in it; usable as long as the scratch lives.
  std::function<std::unique_ptr<Connection>()> opener() const;

  /// The schema in which the sessions of the database beside it make what they do not name in full,
  /// where that is not one that every database has.
  void make_schema(const std::string& name);
  bool has_made_schema() const noexcept { return !made_schema_.empty(); }
  /// It is taken away again when one of these statements makes it, and would fail if it were there.
  void leave_schema_to(std::span<const Statement> statements);

  /// Where no database could be made: the schema that stands for one. Nothing outside of it is the
  /// scratch's.
  const std::string& schema() const noexcept { return schema_; }
  void in_schema(std::string name) { schema_ = std::move(name); }

 private:
  std::unique_ptr<Connection> session_;
  std::function<void()> remove_;
  std::string schema_, made_schema_;
};

/// Names of scratch databases begin with this.
inline constexpr std::string_view scratch_prefix = "sterna_scratch_";
/// A name that no other process uses.
std::string scratch_name();

/// Drops the databases whose names the query `names` gives: those that runs which died have left.
void drop_orphans(Connection& session, std::string_view names,
                  const std::function<void(const std::string& name)>& drop);

/// A database that the user set aside for this (--scratch URL). It is emptied afterwards.
/// `beside`: of the database that it stands for. @throws Error(refused) when it holds anything.
std::unique_ptr<Scratch> scratch_at(const Url& url, const Connection& beside);

}  // namespace sterna
