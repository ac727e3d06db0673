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

namespace {

std::string listed(const Dialect& dialect, const Dialect::OwnFields& fields,
                   std::string_view separator) {
  std::string text;
  for (const auto& [column, value] : fields) {
    if (!text.empty()) text += separator;
    text.append(dialect.own_column(column)).append(" = ").append(value);
  }
  return text;
}

}  // namespace

std::string Dialect::own_select(const std::vector<std::string_view>& columns,
                                std::string_view table, std::string_view order) const {
  std::string sql;
  for (const std::string_view column : columns)
    sql.append(sql.empty() ? "SELECT " : ", ").append(own_column(column));
  return sql.append(" FROM ").append(table).append(" ORDER BY ").append(order);
}

std::string Dialect::own_insert(std::string_view table, const OwnFields& fields,
                                const OwnFields& key) const {
  std::string columns, values;
  for (const OwnFields* part : {&key, &fields}) {
    for (const auto& [column, value] : *part) {
      if (!columns.empty()) {
        columns += ", ";
        values += ", ";
      }
      columns += own_column(column);
      values += value;
    }
  }
  return "INSERT INTO " + std::string(table) + " (" + columns + ") VALUES (" + values + ")";
}

std::string Dialect::own_update(std::string_view table, const OwnFields& fields,
                                const OwnFields& key) const {
  return "UPDATE " + std::string(table) + " SET " + listed(*this, fields, ", ") + " WHERE " +
         listed(*this, key, " AND ");
}

std::string Dialect::own_delete(std::string_view table, const OwnFields& key) const {
  return "DELETE FROM " + std::string(table) + " WHERE " + listed(*this, key, " AND ");
}

std::optional<std::string> Dialect::own_clear(std::string_view table) const {
  return "DELETE FROM " + std::string(table);
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
