#include "database/dialect.hpp"

namespace sterna {

std::string Dialect::quote(const model::Name& name) const {
  return name.schema.empty() ? quote(name.name) : quote(name.schema) + "." + quote(name.name);
}

std::vector<SetTableOption> Dialect::option_changes(const model::Table& from,
                                                    const model::Table& to) const {
  std::vector<SetTableOption> changes;
  const auto set = [&](const std::string& key, const std::string& old, const std::string& now) {
    if (old != now) changes.push_back(SetTableOption{key, now, old});
  };
  set("engine", from.engine, to.engine);
  set("charset", from.charset, to.charset);
  set("collation", from.collation, to.collation);
  const auto flag = [&](const std::string& key, bool old, bool now) {
    set(key, old ? "true" : "false", now ? "true" : "false");
  };
  flag("strict", from.strict, to.strict);
  flag("without_rowid", from.without_rowid, to.without_rowid);
  for (const auto& [key, old] : from.options) {
    const auto found = to.options.find(key);
    set(key, old, found == to.options.end() ? std::string() : found->second);
  }
  for (const auto& [key, now] : to.options) {
    if (!from.options.contains(key)) set(key, {}, now);
  }
  return changes;
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
