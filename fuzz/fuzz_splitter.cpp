// Any bytes, in any language: split or refused with a syntax error, every statement standing where
// its position says.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sql/classify.hpp"
#include "sql/splitter.hpp"

namespace {

using sterna::Language;

void require(bool holds) {
  if (!holds) std::abort();
}

std::size_t offset_of(std::string_view text, const sterna::SourcePosition& position) {
  std::size_t start = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (int line = 1; line < position.line; ++line) start = text.find('\n', start) + 1;
  return start + static_cast<std::size_t>(position.column) - 1;
}

void check(std::string_view text, Language language) {
  std::vector<sterna::Statement> statements;
  try {
    statements = sterna::split_statements(text, language);
  } catch (const sterna::Error& error) {
    require(error.kind() == sterna::ErrorKind::syntax);
    require(offset_of(text, error.position()) < text.size());
    return;
  }
  std::size_t last = 0;
  for (const sterna::Statement& statement : statements) {
    const std::size_t offset = offset_of(text, statement.position);
    require(!statement.sql.empty() && offset >= last);
    require(text.substr(offset, statement.sql.size()) == statement.sql);
    last = offset + statement.sql.size();
    const sterna::StatementSummary summary = sterna::classify(statement.sql, language);
    (void)sterna::refuses_transaction(summary, statement.sql, language);
    (void)sterna::commits_implicitly(summary, language);
    (void)sterna::controls_transaction(summary, statement.sql, language);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  check(text, static_cast<Language>(data[0] % 4));
  return 0;
}
