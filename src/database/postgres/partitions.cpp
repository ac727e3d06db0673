// Partitions that are attached to their table, and detached (manual, "ALTER TABLE", ATTACH
// PARTITION). The inspector's two options, whose it is and with which bound, change as one.
#include "database/postgres/dialect.hpp"

namespace sterna::postgres {
namespace {

constexpr std::string_view parent_key = "partition of";
constexpr std::string_view bound_key = "partition bound";
/// Of both together: "measures FOR VALUES FROM (…) TO (…)".
constexpr std::string_view both_key = "partition";

std::string partition_of(const model::Table& table) {
  const auto parent = table.options.find(std::string(parent_key));
  const auto bound = table.options.find(std::string(bound_key));
  if (parent == table.options.end() || bound == table.options.end()) return {};
  return parent->second + " " + bound->second;
}

/// How long the quoted name is that `text` begins with.
std::size_t name_length(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == ' ' && !quoted) return i;
  }
  return text.size();
}

}  // namespace

std::vector<SetTableOption> PostgresDialect::option_changes(const model::Table& from,
                                                            const model::Table& to) const {
  std::vector<SetTableOption> changes = SqlDialect::option_changes(from, to);
  // Taken away first, so that the parent's changes do not reach it any more.
  std::erase_if(changes, [](const SetTableOption& change) {
    return change.key == parent_key || change.key == bound_key;
  });
  const std::string old = partition_of(from), now = partition_of(to);
  if (old == now) return changes;
  if (!old.empty()) changes.push_back(SetTableOption{std::string(both_key), {}, old});
  if (!now.empty()) changes.push_back(SetTableOption{std::string(both_key), now, ""});
  return changes;
}

std::string PostgresDialect::parent_of(const model::Table& table) const {
  const auto parent = table.options.find(std::string(parent_key));
  return parent == table.options.end() ? std::string() : parent->second;
}

bool PostgresDialect::follows_parent(const model::Table& from, const model::Table& to,
                                     std::string_view column) const {
  const std::string partition = partition_of(from);
  if (!partition.empty() && partition == partition_of(to)) return true;
  if (column.empty()) return false;
  const model::Column* old = from.column(column);
  const model::Column* now = to.column(column);
  const auto inherited = [](const model::Column* one) {
    return one == nullptr || one->options.contains("inherited");
  };
  return inherited(old) && inherited(now);
}

/// Its indexes are attached to the parent's, and those of a key with the key.
bool PostgresDialect::follows_table(std::string_view option) const {
  return option == "attached to";
}

std::vector<std::string> PostgresDialect::table_option_statements(const SetTableOption& option,
                                                                  const TableScope& scope) const {
  if (option.key != both_key) return {};
  std::vector<std::string> result;
  const std::string partition = quote(scope.table);
  const std::string old = option.was.value_or("");
  if (!old.empty()) {
    result.push_back("ALTER TABLE " + old.substr(0, name_length(old)) + " DETACH PARTITION " +
                     partition);
  }
  if (!option.value.empty()) {
    const std::size_t length = name_length(option.value);
    result.push_back("ALTER TABLE " + option.value.substr(0, length) + " ATTACH PARTITION " +
                     partition + option.value.substr(length));
  }
  return result;
}

}  // namespace sterna::postgres
