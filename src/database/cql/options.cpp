// Cassandra documentation, "CREATE TABLE", "Table options"; ScyllaDB documentation, "Data
// Definition", "Other table options". The defaults are those of TableParams and CompressionParams
// of each version.
#include "database/cql/options.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "database/cql/dialect.hpp"
#include "database/cql/keys.hpp"
#include "sql/token_cursor.hpp"

namespace sterna::cql {
namespace {

constexpr int never = 990000;

struct Option {
  std::string_view name;
  int since = 0, until = never;  ///< of Cassandra
  int scylla_since = 0, scylla_until = never;
  std::string_view value;  ///< its default in the newest version; empty: see below
};

constexpr std::array all_options{
    Option{"additional_write_policy", 40000, never, never, never, "'99p'"},
    Option{"allow_auto_snapshot", 50000, never, never, never, "true"},
    Option{"bloom_filter_fp_chance"},
    Option{"caching", 0, never, 0, never, {}},
    Option{"cdc"},
    Option{"comment", 0, never, 0, never, "''"},
    Option{"compaction"},
    Option{"compression"},
    Option{"crc_check_chance", 0, never, 0, never, "1.0"},
    Option{"dclocal_read_repair_chance", 0, 39999, 0, 50399, {}},
    Option{"default_time_to_live", 0, never, 0, never, "0"},
    Option{"extensions", 0, never, 0, never, "{}"},
    Option{"gc_grace_seconds", 0, never, 0, never, "864000"},
    Option{"incremental_backups", 50000, never, never, never, "true"},
    Option{"max_index_interval", 0, never, 0, never, "2048"},
    Option{"memtable", 40100, never, never, never, "'default'"},
    Option{"memtable_flush_period_in_ms", 0, never, 0, never, "0"},
    Option{"min_index_interval", 0, never, 0, never, "128"},
    Option{"paxos_grace_seconds", never, never, 0, never, {}},
    Option{"per_partition_rate_limit", never, never, 50000, never, "{}"},
    Option{"read_repair", 40000, never, never, never, "'BLOCKING'"},
    Option{"read_repair_chance", 0, 39999, 0, 50399, "0.0"},
    Option{"speculative_retry"},
    Option{"synchronous_updates", never, never, 40600, never, {}},
    Option{"tombstone_gc", never, never, 50000, never, {}},
};

bool has(const Option& option, const ServerInfo& server) {
  const int newest = never - 1;
  const int version = server.version == 0 ? newest : server.version;
  return is_scylla(server) ? version >= option.scylla_since && version <= option.scylla_until
                           : version >= option.since && version <= option.until;
}

const Option* find(std::string_view name, const ServerInfo& server) {
  for (const Option& option : all_options) {
    if (option.name == name && has(option, server)) return &option;
  }
  return nullptr;
}

/// Options whose values are texts: a person may leave the quotes out.
bool is_text(std::string_view name) {
  constexpr std::array<std::string_view, 5> names{"additional_write_policy", "comment", "memtable",
                                                  "read_repair", "speculative_retry"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string value_text(std::string_view name, std::string_view value) {
  const std::string_view given = trim(value);
  const bool quoted = given.size() > 1 && given.front() == '\'' && given.back() == '\'';
  if (is_text(name) && !quoted) return words().literal(Value(std::string(given)));
  return canonical_value(given);
}

bool is_levelled(const std::map<std::string, std::string>& all) {
  const auto compaction = all.find("compaction");
  return compaction != all.end() &&
         compaction->second.find("LeveledCompactionStrategy") != std::string::npos;
}

std::string default_compression(const ServerInfo& server) {
  if (is_scylla(server))
    return map_text({{"sstable_compression", "org.apache.cassandra.io.compress.LZ4Compressor"}});
  return map_text({{"chunk_length_in_kb", since(server, 40000, 0) ? "16" : "64"},
                   {"class", "org.apache.cassandra.io.compress.LZ4Compressor"}});
}

std::string default_compaction(const ServerInfo& server) {
  if (is_scylla(server)) return map_text({{"class", "SizeTieredCompactionStrategy"}});
  return map_text({{"class", "org.apache.cassandra.db.compaction.SizeTieredCompactionStrategy"},
                   {"max_threshold", "32"},
                   {"min_threshold", "4"}});
}

}  // namespace

std::vector<std::string> table_options(const ServerInfo& server) {
  std::vector<std::string> names;
  for (const Option& option : all_options) {
    if (has(option, server)) names.emplace_back(option.name);
  }
  return names;
}

std::string default_of(std::string_view name, const std::map<std::string, std::string>& all,
                       const ServerInfo& server) {
  const Option* option = find(name, server);
  if (option == nullptr) return {};
  if (!option->value.empty()) return std::string(option->value);
  if (name == "compaction") return default_compaction(server);
  if (name == "compression") return default_compression(server);
  if (name == "bloom_filter_fp_chance") return is_levelled(all) ? "0.1" : "0.01";
  if (name == "caching") {
    return map_text({{"keys", "ALL"}, {"rows_per_partition", is_scylla(server) ? "ALL" : "NONE"}});
  }
  if (name == "cdc") return is_scylla(server) ? "{}" : "false";
  if (name == "dclocal_read_repair_chance") return is_scylla(server) ? "0.0" : "0.1";
  if (name == "speculative_retry")
    return is_scylla(server) ? "'99.0PERCENTILE'"
                             : (since(server, 40000, 0) ? "'99p'" : "'99PERCENTILE'");
  return {};
}

std::vector<std::string> option_clauses(const std::string& object,
                                        const std::map<std::string, std::string>& options,
                                        const ServerInfo& server) {
  std::vector<std::string> clauses;
  for (const auto& [name, value] : options) {
    if (find(name, server) == nullptr) {
      const std::vector<std::string> known = table_options(server);
      Error error(ErrorKind::validation,
                  object + ": " + (server.product.empty() ? "Cassandra" : server.product) +
                      (server.version_text.empty() ? "" : " " + server.version_text) +
                      " has no table option " + name);
      error.with_object(object);
      for (const std::string& near : near_misses(name, known, 1))
        error.suggest("did you mean " + near + "?");
      error.suggest("the options are " + join(known, ", "));
      throw error;
    }
    std::string text = value.empty() ? default_of(name, options, server) : value_text(name, value);
    if (text.empty()) {
      words().refuse(
          object, "has no known default of the table option " + name + "; give its value", server);
    }
    // ScyllaDB has a map where Cassandra has a truth value ("Change Data Capture", "Using CDC").
    if (name == "cdc" && is_scylla(server) && !text.starts_with('{'))
      text = map_text({{"enabled", text}});
    if (name == "cdc" && !is_scylla(server) && text.starts_with('{'))
      words().refuse(object, "has cdc = true or false; the map is ScyllaDB's", server);
    clauses.push_back(name + " = " + text);
  }
  return clauses;
}

std::string map_text(const std::map<std::string, std::string>& entries) {
  std::string text = "{";
  for (const auto& [key, value] : entries) {
    if (text.size() > 1) text.append(", ");
    text.append(words().literal(Value(key))).append(": ").append(words().literal(Value(value)));
  }
  return text.append("}");
}

/// Values of such maps are texts to the server: `4` and `'4'` are the same.
std::string canonical_value(std::string_view value) {
  sql::TokenCursor cursor(value, Language::cql);
  if (!cursor.accept('{')) return std::string(trim(value));
  std::map<std::string, std::string> entries;
  while (!cursor.at_end() && !cursor.at('}')) {
    if (cursor.accept(',')) continue;
    const std::string key = sql::unquoted(cursor.take());
    std::string text;
    if (cursor.peek().kind == sql::TokenKind::parameter) {  // {'enabled':true}
      text = cursor.take().text.substr(1);
    } else if (!cursor.accept(':')) {
      return std::string(trim(value));
    }
    while (!cursor.at_end() && !cursor.at(',') && !cursor.at('}'))
      text += sql::unquoted(cursor.take());
    entries[key] = text;
  }
  return map_text(entries);
}

std::string CqlDialect::table_suffix(const model::Table& table, const TableScope& scope) const {
  std::vector<std::string> clauses;
  if (std::string order = keys_of(table).order(); !order.empty())
    clauses.push_back(std::move(order));
  if (table.options.contains("compact storage")) clauses.emplace_back("COMPACT STORAGE");
  std::map<std::string, std::string> options = table.options;
  options.erase("compact storage");
  if (!table.comment.empty()) options["comment"] = string_literal(table.comment);
  for (std::string& clause : option_clauses(table.name.text(), options, scope.server()))
    clauses.push_back(std::move(clause));
  return clauses.empty() ? "" : " WITH " + join(clauses, "\n  AND ");
}

std::string CqlDialect::table_option_clause(const SetTableOption& option,
                                            const TableScope& scope) const {
  return "WITH " +
         option_clauses(scope.table.text(), {{option.key, option.value}}, scope.server()).front();
}

}  // namespace sterna::cql
