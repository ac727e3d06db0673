// What a statement runs besides itself: the block it is, the routines that it calls, the triggers
// that it fires, the text that it executes; and what those run in turn. Their definitions are taken
// from the same script, from migrations before it, and from the database.
#pragma once

#include "lint/rule.hpp"
#include "lint/stored_programs.hpp"

namespace sterna::lint {

/// Follows scripts in the order in which they run. Bodies are read only where a statement may run
/// them: a routine or a trigger that is merely made locks nothing yet.
class Running {
 public:
  /// `model`: the schema before the first script, when it is known; must stay.
  Running(Language language, const model::Model* model);

  /// What a repeatable script defines is there when migrations before it run on a database that is
  /// in use.
  void expect(const Script& repeatable);
  /// Puts behind each statement what it runs. `reported`: findings are wanted; without them
  /// triggers are passed over.
  void follow(Script& script, bool reported);
  /// The same for the way down, which makes nothing for those that come later.
  void follow_down(Script& script) const;

 private:
  Language language_;
  StoredPrograms programs_;
};

}  // namespace sterna::lint
