#include "database/dialect.hpp"

namespace sterna {

std::string Dialect::quote(const model::Name& name) const {
  return name.schema.empty() ? quote(name.name) : quote(name.schema) + "." + quote(name.name);
}

std::optional<std::string> Dialect::refuses_transaction(const Statement& statement) const {
  return sterna::refuses_transaction(classify(statement.sql, language()), statement.sql,
                                     language());
}

bool Dialect::commits_implicitly(const Statement& statement) const {
  return sterna::commits_implicitly(classify(statement.sql, language()), language());
}

std::string Dialect::fingerprint(Connection& /*connection*/, const Statement& /*statement*/) const {
  return {};
}

void Dialect::explain(Error& /*error*/, Connection& /*connection*/) const noexcept {}

}  // namespace sterna
