// The directives that stand above one statement and say how it is run: `-- sterna:backfill …` and
// `-- sterna:online …`. Such a statement travels with its directive as the first line of its text,
// so that plans, journals and hashes show what is really run. Knows the words, runs nothing.
#pragma once

#include "sql/script.hpp"
#include "sql/statement.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::bulk {

enum class StepKind { backfill, online };

/// How a step is run. What is not set is found while it runs.
struct StepOptions {
  StepKind kind = StepKind::backfill;
  std::string table;  ///< empty: the statement's
  std::optional<std::int64_t> batch;
  std::optional<std::chrono::milliseconds> pause;  ///< between batches
  std::chrono::milliseconds target{50};            ///< that one batch may take
  std::chrono::milliseconds max_lag{2000};         ///< of replicas, before it waits
  int max_running = 25;                            ///< busy sessions, before it waits
  bool sync = false;                               ///< by a trigger, while it runs
  SourcePosition position = {};
};

/// True for directives that belong to the statement below them, not to the migration.
bool belongs_to_statement(std::string_view key) noexcept;
/// @throws Error(validation) for an unknown or malformed option.
StepOptions read_step(const Directive& directive);

/// Writes each such directive onto the first statement behind it. `statements` and `directives`
/// are of one part of one file, in order. @throws Error(validation) for a directive without a
/// statement.
void attach(std::vector<Statement>& statements, const std::vector<Directive>& directives,
            int first_line, int last_line);

/// The directive that `statement` travels with; nothing for all others.
std::optional<StepOptions> step_of(const Statement& statement);
bool is_step(const Statement& statement) noexcept;
/// The statement's text without its directive.
std::string_view body_of(const std::string& sql) noexcept;
/// `sql` with a directive, for statements made in code.
std::string with_directive(std::string_view key, std::string_view value, std::string_view sql);

}  // namespace sterna::bulk
