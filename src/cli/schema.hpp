// What the schema commands share: states compared, and what the difference means in words.
#pragma once

#include "cli/session.hpp"
#include "diff/diff.hpp"
#include "program/author.hpp"
#include "program/state.hpp"

#include <string>
#include <string_view>

namespace sterna::cli {

struct Comparison {
  model::Model from, to;
  Difference difference;
  DiffOptions options;
  bool narrowed = false;  ///< StateReader::narrowed
};

StateReader reader_of(Session& session, const Invocation& invocation);
/// What is looked at: sterna.toml, and what the command adds. @throws Error(validation).
ObjectFilter filter_of(const ConnectionConfig& connection, const Invocation& invocation);
/// The state that --to names, else `schema` of the configuration. @throws Error(config).
std::string desired_state(const Session& session, const Invocation& invocation);
Comparison compare(Session& session, const Invocation& invocation, std::string_view from,
                   std::string_view to);
/// On a terminal each possible rename is asked about; true when one was agreed to, which is then
/// among the renames of `compared.options`, and the difference is made anew.
void ask_about_renames(Comparison& compared);
/// Changes that lead from what the applied migrations make to the database.
std::vector<Problem> drift_problems(const std::vector<Change>& changes);
void tell_unmanaged(const model::Model& model);
void tell_difference(const Difference& difference);
/// Writes the difference as a migration and prints its path.
int write_derived_migration(Session& session, const Invocation& invocation, Comparison compared,
                            const std::string& name);

}  // namespace sterna::cli
