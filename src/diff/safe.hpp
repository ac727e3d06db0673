// Changes in forms that keep nobody waiting: what a change becomes the database's dialect says;
// here they are put into parts that can be run one after the other. Used wherever a diff is written
// for a database in use; runs nothing.
#pragma once

#include "diff/script.hpp"

namespace sterna {

/// Changes that share a transaction, or, with `own_commits`, each of which commits by itself: it
/// cannot run in a transaction, or must not hold the others' locks while it looks at all rows.
struct SafePart {
  std::vector<Change> changes;
  bool own_commits = false;
  bool operator==(const SafePart&) const = default;
};

/// The changes in their safe forms, in order; `from`: the schema that they start at. Where the
/// database has no better forms (SQLite, which locks the whole file anyway): one part, as it was.
std::vector<SafePart> safe_parts(const std::vector<Change>& changes, const model::Model& from,
                                 const Dialect& dialect, const ServerInfo& server);

/// A script a part, for migrations of their own. Together they end in what `changes` end in.
std::vector<ChangeScript> safe_scripts(const std::vector<Change>& changes, const model::Model& from,
                                       Connection& like);
/// All parts as one script, which shares no transaction if any part does not: what one migration
/// can hold.
ChangeScript safe_script(const std::vector<Change>& changes, const model::Model& from,
                         Connection& like);

}  // namespace sterna
