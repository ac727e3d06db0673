// A domain that changes while columns have it: what ALTER DOMAIN can do of the difference between
// two definitions, as the inspector writes them (manual, "ALTER DOMAIN").
#include "base/text.hpp"
#include "database/postgres/dialect.hpp"
#include "database/postgres/inspect_text.hpp"
#include "sql/token_cursor.hpp"

#include <map>

namespace sterna::postgres {
namespace {

/// CREATE DOMAIN name AS type [COLLATE …] [DEFAULT …] [[CONSTRAINT …] NOT NULL] [CONSTRAINT … CHECK
/// …]
struct DomainText {
  std::string_view head;  ///< up to the collation: no ALTER changes it
  std::string_view default_value;
  std::string_view not_null;                            ///< with its CONSTRAINT, where it has one
  std::map<std::string_view, std::string_view> checks;  ///< by the quoted name
};

class DomainReader {
 public:
  explicit DomainReader(std::string_view text) : text_(text), cursor_(text, Language::postgres) {}

  DomainText read() {
    DomainText domain;
    domain.head = up_to_next();
    if (cursor_.accept("DEFAULT")) domain.default_value = up_to_next();
    while (!cursor_.at_end()) {
      const std::size_t from = here();
      std::string_view name;
      if (cursor_.accept("CONSTRAINT")) name = cursor_.take().text;
      if (cursor_.accept({"NOT", "NULL"})) {
        domain.not_null = since(from);
      } else {
        cursor_.skip();
        cursor_.skip_to({"CONSTRAINT", "NOT"});
        domain.checks.emplace(name, since(from));
      }
    }
    return domain;
  }

 private:
  std::size_t here() {
    return cursor_.at_end() ? text_.size()
                            : static_cast<std::size_t>(cursor_.peek().text.data() - text_.data());
  }
  std::string_view since(std::size_t from) { return text_.substr(from, here() - from); }
  std::string_view up_to_next() {
    const std::size_t from = here();
    cursor_.skip_to({"DEFAULT", "CONSTRAINT", "NOT"});
    return since(from);
  }

  std::string_view text_;
  sql::TokenCursor cursor_;
};

}  // namespace

std::vector<std::string> PostgresDialect::alter_object(const model::Object& from,
                                                       const model::Object& to) const {
  if (from.kind != "domain" || to.kind != "domain") return {};
  // Both texts end alike, so that the pieces compare equal whatever follows them.
  const std::string old_text = from.definition + " ", new_text = to.definition + " ";
  const DomainText old = DomainReader(old_text).read(), now = DomainReader(new_text).read();
  const auto same = [](std::string_view a, std::string_view b) { return trim(a) == trim(b); };
  if (!same(old.head, now.head)) return {};
  const std::string alter = "ALTER DOMAIN " + quote(to.name) + " ";
  std::vector<std::string> result;
  for (const auto& [name, text] : old.checks) {
    const auto found = now.checks.find(name);
    if (found == now.checks.end() || !same(found->second, text))
      result.push_back(alter + "DROP CONSTRAINT " + std::string(name));
  }
  if (!same(old.default_value, now.default_value)) {
    result.push_back(alter + (now.default_value.empty()
                                  ? "DROP DEFAULT"
                                  : "SET DEFAULT " + std::string(trim(now.default_value))));
  }
  if (!same(old.not_null, now.not_null)) {
    if (!old.not_null.empty()) result.push_back(alter + "DROP NOT NULL");
    if (now.not_null.starts_with("NOT"))
      result.push_back(alter + "SET NOT NULL");
    else if (!now.not_null.empty())
      result.push_back(alter + "ADD " + std::string(trim(now.not_null)));
  }
  for (const auto& [name, text] : now.checks) {
    const auto found = old.checks.find(name);
    if (found == old.checks.end() || !same(found->second, text))
      result.push_back(alter + "ADD " + std::string(trim(text)));
  }
  if (from.comment != to.comment) {
    result.push_back("COMMENT ON DOMAIN " + quote(to.name) + " IS " +
                     (to.comment.empty() ? "NULL" : string_literal(to.comment)));
  }
  return result;
}

model::Type PostgresDialect::base_of_domain(const model::Object& domain) const {
  sql::TokenCursor cursor(domain.definition, Language::postgres);
  if (!cursor.skip_to({"AS"})) return {};
  cursor.skip();
  const char* const from = cursor.peek().text.data();
  const char* end = domain.definition.data() + domain.definition.size();
  if (cursor.skip_to({"COLLATE", "DEFAULT", "CONSTRAINT", "NOT"})) end = cursor.peek().text.data();
  return read_type(trim(std::string_view(from, static_cast<std::size_t>(end - from))));
}

}  // namespace sterna::postgres
