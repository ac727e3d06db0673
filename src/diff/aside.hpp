// Objects that must go before types and tables change: for good, or for a while because they read
// what moves. Used by diff.cpp alone.
#pragma once

#include "diff/diff.hpp"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace sterna::detail {

std::string table_key(const model::Name& name);
std::string enum_key(const model::Name& name);
/// Names of triggers, policies and grants may be local to what they belong to.
std::string identity(const model::Object& object);
/// Keys of what an object cannot be without.
std::vector<std::string> needs_of(const model::Object& object);

class Aside {
 public:
  /// Both models must outlive it, with their objects where they are.
  Aside(const model::Model& from, const model::Model& to, const DiffOptions& options);

  /// What `keys` name moves: all that read it step aside, and all that need one which does.
  /// Objects that are gone, or cannot become what they shall be in place, do so in any case.
  void step(std::vector<std::string> keys);

  bool contains(const model::Object& object) const { return aside_.contains(identity(object)); }
  /// Steps aside, and is made anew afterwards.
  bool returns(const model::Object& object) const {
    return contains(object) && wanted_.contains(identity(object));
  }
  /// Goes by itself when what it belongs to is dropped.
  bool goes_along(const model::Object& object) const;
  /// Keys of what tables, and what goes along with dropped ones, need as they are now: it can be
  /// dropped when they have changed or are gone.
  std::unordered_set<std::string> held_by_old_tables() const;

 private:
  bool cannot_stay(const model::Object& object) const;

  const model::Model &from_, &to_;
  const DiffOptions& options_;
  std::unordered_map<std::string, const model::Object*> wanted_;  ///< those of `to`, by identity
  std::unordered_set<std::string> aside_;                         ///< identities
  std::unordered_set<std::string> moved_;  ///< keys of what others must step aside for
};

}  // namespace sterna::detail
