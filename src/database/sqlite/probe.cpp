#include "database/sqlite/probe.hpp"

#include "database/connection.hpp"

namespace sterna::sqlite {

// Nearly everything is transactional here and commits together with the journal. What is not can be
// run again without harm, but for VACUUM INTO, which refuses a file that exists and says so itself.
bool needs_fingerprint(const Statement&) { return false; }
std::string fingerprint(Connection&, const Statement&) { return {}; }

EffectReport effect(Connection&, const Statement& statement, std::string_view) {
  const StatementSummary summary = classify(statement.sql, Language::sqlite);
  switch (summary.verb) {
    case Verb::vacuum:
    case Verb::pragma:
    case Verb::analyze:
    case Verb::reindex:
    case Verb::attach:
      return {Effect::repeatable, "running it again gives the same result", {}};
    default:
      return {Effect::unknown, "this statement is not known to run outside a transaction", {}};
  }
}

void explain(Error& error, Connection& connection) noexcept {
  if (error.code() != "SQLITE_CONSTRAINT_FOREIGNKEY (787)") return;
  try {
    const std::vector<std::string> rows = connection.foreign_key_violations();
    std::string text;
    for (std::size_t i = 0; i < rows.size() && i < 5; ++i) text += (i > 0 ? "; " : "") + rows[i];
    if (!text.empty()) error.with_detail(text);
  } catch (const Error&) {  // the error itself is what matters
  }
}

}  // namespace sterna::sqlite
