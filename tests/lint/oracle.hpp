// PostgreSQL's own parser (libpg_query, the grammar of PostgreSQL 15) as an oracle: what a
// statement says, in lines that can be compared with what the token reader says of it.
#pragma once

#include "lint/facts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sterna::test {

/// False when the tests were built without libpg_query.
bool has_oracle();

/// One line a fact, in one order: "create table app.t if", "column id int8 not-null primary", …
/// Nothing when the statement is not of the grammar; then `error` says why.
std::optional<std::vector<std::string>> lines_of_oracle(const std::string& sql, std::string& error);
/// The SQL statements of a PL/pgSQL body, in no order, and the texts that it executes as they
/// stand.
std::optional<std::vector<std::string>> body_of_oracle(const std::string& body, std::string& error);
/// The same lines from facts.
std::vector<std::string> lines_of_facts(const lint::StatementFact& fact);

}  // namespace sterna::test
