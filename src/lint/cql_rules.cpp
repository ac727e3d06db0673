// CQxxx: Cassandra and ScyllaDB: what cannot be undone, what costs at every read, and what a
// cluster does with definitions.
#include "base/text.hpp"
#include "lint/rule.hpp"

#include <algorithm>
#include <charconv>

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;

template <class Visit>
void for_actions(Probe& probe, Kind kind, Visit visit) {
  for (const ActionFact& action : probe.fact().actions) {
    if (action.kind == kind) visit(action);
  }
}

std::string option(const StatementFact& fact, std::string_view name) {
  const auto found = fact.options.find(name);
  return found == fact.options.end() ? std::string() : found->second;
}

long number(const std::string& text) {
  long value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void column_comes_back(Probe& probe) {
  if (!probe.fact().is(Verb::alter, "TABLE")) return;
  const KnownTable* table = probe.known.table(probe.fact().summary.name);
  if (table == nullptr) return;
  for_actions(probe, Kind::add_column, [&](const ActionFact& action) {
    for (const KnownColumn& dropped : table->dropped) {
      if (!same_name(dropped.name, action.name)) continue;
      const bool other = dropped.type != action.column.type;
      probe
          .report(other ? action.name + " was dropped as " + to_lower(dropped.type) +
                              ": its old values still lie on disk, and another type is refused, or "
                              "makes them unreadable"
                        : action.name +
                              " was dropped before: values written with a later timestamp than the "
                              "drop come back")
          .as(other ? Severity::error : Severity::warning)
          .instead("ALTER TABLE " + in_sql(probe.server, probe.fact().summary.name) + " ADD " +
                   in_sql(probe.server, action.name + "_2") + " " + to_lower(action.column.type) +
                   ";");
    }
  });
}

void type_changes(Probe& probe) {
  for_actions(probe, Kind::set_type, [&](const ActionFact& action) {
    probe
        .report("ALTER … TYPE is gone since Cassandra 3.0.10: no server changes the type of " +
                action.name)
        .instead("ALTER TABLE " + in_sql(probe.server, probe.fact().summary.name) + " ADD " +
                 in_sql(probe.server, action.name + "_2") + " " + to_lower(action.column.type) +
                 ";  -- and copy");
  });
}

const KnownColumn* indexed_column(const Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "INDEX") || fact.index.columns.empty()) return nullptr;
  const KnownTable* table = probe.known.table(fact.summary.table);
  return table == nullptr ? nullptr : table->column(fact.index.columns.front());
}

std::string indexed_name(const Probe& probe) {
  const StatementFact& fact = probe.fact();
  return fact.is(Verb::create, "INDEX") && !fact.index.columns.empty()
             ? to_lower(fact.index.columns.front())
             : std::string();
}

bool storage_attached(const StatementFact& fact) {
  const std::string text = to_lower(fact.text());
  return text.find("storageattachedindex") != std::string::npos ||
         text.find("'sai'") != std::string::npos;
}

void index_on_many_values(Probe& probe) {
  const std::string name = indexed_name(probe);
  if (name.empty() || storage_attached(probe.fact())) return;
  const KnownColumn* column = indexed_column(probe);
  const bool by_name = name == "id" || name.ends_with("_id") || name == "email" || name == "uuid" ||
                       name.ends_with("_at") || name == "phone";
  const bool by_type = column != nullptr && one_of(column->base, {"UUID", "TIMEUUID", "TIMESTAMP"});
  if (!by_name && !by_type) return;
  probe
      .report("nearly every row has another " + name +
              ": a query over the index asks every node for one row")
      .instead("-- a table of its own with " + name + " as partition key, written along");
}

void index_on_few_values(Probe& probe) {
  const std::string name = indexed_name(probe);
  if (name.empty()) return;
  const KnownColumn* column = indexed_column(probe);
  const bool by_name = name == "status" || name == "gender" || name == "type" ||
                       name.starts_with("is_") || name.starts_with("has_") || name == "active" ||
                       name == "deleted";
  if (!by_name && (column == nullptr || column->base != "BOOLEAN")) return;
  probe
      .report("few values of " + name +
              " mean giant partitions in the index, and reads that time out")
      .instead("-- a table of its own with (" + name + ", a bucket) as partition key");
}

void plain_index(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "INDEX") || storage_attached(fact) || fact.has("CUSTOM")) return;
  probe
      .report(
          "a secondary index is local to each node: a query without the partition key asks all of "
          "them")
      .instead("-- give the partition key with every query over it, or write a second table");
}

void sasi_index(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "INDEX") ||
      to_lower(fact.text()).find("sasiindex") == std::string::npos)
    return;
  probe.report("SASI is experimental, switched off since Cassandra 4.0, and unknown to ScyllaDB")
      .instead("CREATE INDEX … USING 'sai';  -- Cassandra 5.0");
}

void growing_collection(Probe& probe) {
  if (probe.fact().summary.object != "TABLE") return;
  for (const ColumnFact* column : made_columns(probe.fact())) {
    if (!one_of(column->base, {"MAP", "SET", "LIST"})) continue;
    probe
        .report_at(column->position, column->name +
                                         " is read as a whole each time, and nothing bounds it: "
                                         "beyond some hundred elements it slows every read")
        .instead("-- rows of a clustering column, or frozen<…> where it is written as a whole");
  }
}

void list_column(Probe& probe) {
  if (probe.fact().summary.object != "TABLE") return;
  for (const ColumnFact* column : made_columns(probe.fact())) {
    if (column->base != "LIST") continue;
    probe
        .report_at(column->position, column->name +
                                         " is a list: setting or removing by index reads before it "
                                         "writes, and a retried append stands there twice")
        .instead(in_sql(probe.server, column->name) + " set<…>");
  }
}

void materialized_view(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "MATERIALIZED VIEW")) return;
  probe
      .report(
          "each write to the base reads first and writes again for the view; views are "
          "experimental in Cassandra, off by default, and can differ from their base")
      .instead("-- a second table that the application writes along");
}

bool has_ttl(const StatementFact& fact) { return number(option(fact, "DEFAULT_TIME_TO_LIVE")) > 0; }

bool time_series(const StatementFact& fact) {
  if (fact.clustering_key.empty()) return false;
  return std::any_of(fact.columns.begin(), fact.columns.end(), [&](const ColumnFact& column) {
    return same_name(column.name, fact.clustering_key.front()) &&
           one_of(column.base, {"TIMESTAMP", "TIMEUUID"});
  });
}

void series_without_end(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE") || !time_series(fact) || has_ttl(fact)) return;
  probe.report("rows by time, and nothing ends them: no default_time_to_live")
      .instead("WITH default_time_to_live = 2592000");
}

void compaction_misfit(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.object != "TABLE") return;
  const std::string compaction = option(fact, "COMPACTION");
  const bool windows = compaction.find("TimeWindow") != std::string::npos;
  if (windows && fact.summary.verb == Verb::create && !has_ttl(fact)) {
    probe
        .report(
            "TimeWindowCompactionStrategy frees whole windows as they run out, and nothing here "
            "runs out")
        .instead("WITH default_time_to_live = 2592000");
  } else if (!windows && has_ttl(fact) && time_series(fact)) {
    probe
        .report(
            "rows by time that run out, without TimeWindowCompactionStrategy: they are compacted "
            "again and again before they go")
        .instead(
            "WITH compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': "
            "'DAYS', 'compaction_window_size': 1}");
  } else if (compaction.find("DateTiered") != std::string::npos) {
    probe.report("DateTieredCompactionStrategy is deprecated")
        .instead("'class': 'TimeWindowCompactionStrategy'");
  }
}

void allow_filtering(Probe& probe) {
  if (!probe.fact().has({"ALLOW", "FILTERING"})) return;
  probe.report("ALLOW FILTERING reads every row of every node to find a few")
      .scanning()
      .instead("-- query by partition key, or write a second table");
}

void deletes_leave_tombstones(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::remove) return;
  probe
      .report(
          "each DELETE writes a tombstone that every read passes until gc_grace_seconds are over "
          "(ten days)")
      .instead(
          "-- USING TTL when the row is written, or TRUNCATE of a table that is all done with");
}

void null_writes(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::insert || fact.summary.object == "BATCH" || !fact.has("NULL"))
    return;
  probe.report("writing null writes a tombstone").instead("-- leave the column out");
}

void counters_mixed(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE")) return;
  std::size_t counters = 0, others = 0;
  for (const ColumnFact& column : fact.columns) {
    const auto in = [&](const std::vector<std::string>& key) {
      return std::any_of(key.begin(), key.end(),
                         [&](const std::string& name) { return same_name(name, column.name); });
    };
    if (in(fact.partition_key) || in(fact.clustering_key)) continue;
    ++(column.base == "COUNTER" ? counters : others);
  }
  if (counters > 0 && others > 0)
    probe.report("a table of counters can hold nothing but counters beside its key")
        .instead("-- two tables with the same key");
}

void few_replicas(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.object != "KEYSPACE" ||
      (fact.summary.verb != Verb::create && fact.summary.verb != Verb::alter))
    return;
  const std::string replication = option(fact, "REPLICATION");
  if (replication.find("SimpleStrategy") != std::string::npos) {
    probe
        .report(
            "SimpleStrategy knows no data centres: a second one cannot be added without moving "
            "everything")
        .instead("{'class': 'NetworkTopologyStrategy', 'datacenter1': 3}");
    return;
  }
  for (std::size_t at = replication.find(':'); at != std::string::npos;
       at = replication.find(':', at + 1)) {
    const std::string_view rest = trim(std::string_view(replication).substr(at + 1));
    const bool one = rest.starts_with("1") || rest.starts_with("'1'");
    if (one && (rest.size() < 2 || rest[0] == '\'' || rest[1] < '0' || rest[1] > '9')) {
      probe
          .report(
              "with one replica, a node that is down takes its rows away, and a disk that breaks "
              "takes them for ever")
          .losing("rows of a node that is lost")
          .instead("'datacenter1': 3");
      return;
    }
  }
}

void definitions_in_succession(Probe& probe) {
  std::size_t definitions = 0;
  for (const StatementFact& fact : probe.script.statements) definitions += fact.defines() ? 1 : 0;
  if (definitions <= 10) return;
  probe
      .report(std::to_string(definitions) +
              " definitions in one migration: each waits until all nodes agree, and one that fails "
              "leaves the others in force")
      .instead("-- fewer a migration");
}

void partition_without_bound(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE") || fact.clustering_key.empty() ||
      fact.partition_key.size() != 1)
    return;
  const std::string key = to_lower(fact.partition_key.front());
  const auto column = std::find_if(fact.columns.begin(), fact.columns.end(),
                                   [&](const ColumnFact& c) { return same_name(c.name, key); });
  const bool coarse =
      column != fact.columns.end() && one_of(column->base, {"BOOLEAN", "TINYINT", "DATE"});
  const bool by_name = key == "status" || key == "type" || key == "country" || key == "day" ||
                       key == "year" || key == "month" || key == "category" || key == "bucket";
  if (!coarse && !by_name && !time_series(fact)) return;
  probe
      .report("one partition for each " + key +
              ", and no bound on its rows: beyond 100 MB reads and repairs suffer")
      .instead("PRIMARY KEY ((" + key + ", bucket), " + listed(fact.clustering_key) + ")");
}

void no_grace(Probe& probe) {
  const StatementFact& fact = probe.fact();
  const std::string grace = option(fact, "GC_GRACE_SECONDS");
  if (grace.empty() || number(grace) < 0 || number(grace) >= 10800) return;
  probe
      .report(
          "tombstones that go before a repair has told every replica let deleted rows come back")
      .losing("the deletion of rows")
      .instead("WITH gc_grace_seconds = 864000");
}

void not_durable(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.object != "KEYSPACE" || !same_name(option(fact, "DURABLE_WRITES"), "false"))
    return;
  probe
      .report(
          "without durable_writes nothing is in the commit log: a crash loses what was not flushed")
      .losing("recent writes, after a crash");
}

void batch_of_partitions(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.object != "BATCH") return;
  std::size_t writes = 0;
  for (const sql::Token& token : fact.tokens) {
    if (sql::is_word(token, "INSERT") || sql::is_word(token, "UPDATE") ||
        sql::is_word(token, "DELETE"))
      ++writes;
  }
  if (writes < 2) return;
  probe
      .report(
          "a batch over several partitions makes one node do the work of all, and is no "
          "transaction that others cannot see into")
      .instead("-- single statements, or a batch of one partition");
}

void compact_storage(Probe& probe) {
  if (!probe.fact().has({"COMPACT", "STORAGE"}) || probe.fact().has({"DROP", "COMPACT"})) return;
  probe
      .report(
          "a table with COMPACT STORAGE takes no further column and no collection, and the way out "
          "of it (DROP COMPACT STORAGE) is experimental and switched off by default")
      .instead("CREATE TABLE …;  -- without COMPACT STORAGE");
}

void type_grows(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::alter, "TYPE")) return;
  probe.report(
      "a field of a type can never be taken away again, and frozen values keep the shape they were "
      "written with");
}

void truncate_needs_all(Probe& probe) {
  if (probe.fact().summary.verb != Verb::truncate) return;
  probe
      .report(
          "TRUNCATE fails when a single node is down, and leaves a snapshot that keeps the disk "
          "full")
      .losing("all rows of " + shown(probe.fact().summary.name));
}

void lightweight(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.changes_rows() || (!fact.has({"IF", "NOT", "EXISTS"}) && !fact.has("IF"))) return;
  probe.report(
      "a conditional write costs four round trips between replicas, and must not be mixed with "
      "plain ones on the same rows");
}

void own_timestamp(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.changes_rows() || !fact.has({"USING", "TIMESTAMP"})) return;
  probe.report(
      "a timestamp of its own in the future keeps every later write of these cells without effect");
}

void dropped_column(Probe& probe) {
  if (!probe.fact().is(Verb::alter, "TABLE")) return;
  for_actions(probe, Kind::drop_column, [&](const ActionFact& action) {
    probe
        .report("the values of " + action.name +
                " stay on disk until they are compacted, and a column of the name with another "
                "type can never come again")
        .losing("all values of " + action.name);
  });
}

void index_on_counter(Probe& probe) {
  const KnownColumn* column = indexed_column(probe);
  if (column == nullptr || column->base != "COUNTER") return;
  probe.report("a counter cannot be indexed");
}

constexpr Severity E = Severity::error, W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> cql_rules() {
  static const Rule rules[] = {
      {"CQ101", "column-comes-back", E, "a dropped column is added again",
       "Old cells are still on disk. Take another name.", column_comes_back},
      {"CQ102", "type-changes", E, "ALTER … TYPE", "Add a column and copy.", type_changes},
      {"CQ103", "index-on-many-values", W, "an index on a column with nearly unique values",
       "Every node is asked for at most one row.", index_on_many_values},
      {"CQ104", "index-on-few-values", W, "an index on a column with few values",
       "Its partitions are giants.", index_on_few_values},
      {"CQ105", "plain-index", N, "a secondary index",
       "It helps where the partition key is given too.", plain_index},
      {"CQ106", "sasi-index", E, "a SASI index", "Experimental for ever.", sasi_index},
      {"CQ107", "growing-collection", N, "a collection that is not frozen",
       "It is for few, small elements.", growing_collection},
      {"CQ108", "list-column", W, "a list",
       "Sets and maps have no read before write, and no doubles.", list_column},
      {"CQ109", "materialized-view", W, "a materialized view",
       "Its cost is paid by each write, and it may drift from its base.", materialized_view},
      {"CQ110", "series-without-end", W, "a time series without a TTL",
       "Deletes later are the dearest thing there is.", series_without_end},
      {"CQ111", "compaction-misfit", W, "a compaction strategy that does not fit",
       "TimeWindow for rows that run out by time, and for no others.", compaction_misfit},
      {"CQ112", "allow-filtering", E, "ALLOW FILTERING", "It reads the cluster.", allow_filtering},
      {"CQ113", "tombstones", W, "DELETE in a migration",
       "What is deleted has to be read over for ten days.", deletes_leave_tombstones},
      {"CQ114", "null-writes", W, "INSERT of null", "It is a delete.", null_writes},
      {"CQ115", "counters-mixed", E, "counters beside other columns", "The server refuses it.",
       counters_mixed},
      {"CQ116", "few-replicas", E, "one replica, or SimpleStrategy",
       "Three replicas a data centre survive one node.", few_replicas},
      {"CQ117", "definitions-in-succession", W, "many definitions in one migration",
       "The schema must reach all nodes after each.", nullptr, definitions_in_succession},
      {"CQ118", "partition-without-bound", W, "partitions that grow without a bound",
       "Put a bucket into the partition key.", partition_without_bound},
      {"CQ119", "no-grace", E, "gc_grace_seconds below three hours", "Deleted rows come back.",
       no_grace},
      {"CQ120", "not-durable", E, "durable_writes = false",
       "For what can be made again at any time alone.", not_durable},
      {"CQ121", "batch-of-partitions", W, "a batch of several writes",
       "For one partition it is good, for many it is a burden.", batch_of_partitions},
      {"CQ122", "compact-storage", E, "COMPACT STORAGE", "A leftover of Thrift.", compact_storage},
      {"CQ123", "type-grows", W, "ALTER TYPE", "There is no way down.", type_grows},
      {"CQ124", "truncate-needs-all", W, "TRUNCATE", "All nodes must be up.", truncate_needs_all},
      {"CQ125", "conditional-write", N, "IF in a data step", "Paxos has its price.", lightweight},
      {"CQ126", "own-timestamp", W, "USING TIMESTAMP", "The highest timestamp wins, for ever.",
       own_timestamp},
      {"CQ127", "column-stays-on-disk", N, "a column is dropped",
       "Its name is spent for other types.", dropped_column},
      {"CQ128", "index-on-counter", E, "an index on a counter", "The server refuses it.",
       index_on_counter},
  };
  return rules;
}

}  // namespace sterna::lint
