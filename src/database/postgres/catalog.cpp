// What a PostgreSQL session finds in the system catalogs, and the emptying of a database.
#include "database/postgres/connection.hpp"

namespace sterna::postgres {

bool PostgresConnection::has_table(const model::Name& table) {
  return !query(Statement{"SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON "
                          "n.oid = c.relnamespace WHERE c.relname = $1 AND "
                          "c.relkind IN ('r', 'p', 'v', 'm', 'f') AND CASE WHEN $2 = '' THEN "
                          "pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END",
                          {table.name, table.schema},
                          {},
                          {}})
              .empty();
}

bool PostgresConnection::has_column(const model::Name& table, std::string_view column) {
  return !query(Statement{"SELECT 1 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON "
                          "c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = "
                          "c.relnamespace WHERE c.relname = $1 AND a.attname = $3 AND a.attnum > 0 "
                          "AND NOT a.attisdropped AND CASE WHEN $2 = '' THEN "
                          "pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END",
                          {table.name, table.schema, column},
                          {},
                          {}})
              .empty();
}

bool PostgresConnection::has_index(const model::Name& table, std::string_view index) {
  return !query(Statement{"SELECT 1 FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid "
                          "= x.indexrelid JOIN pg_catalog.pg_class c ON c.oid = "
                          "x.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                          "WHERE c.relname = $1 AND i.relname = $3 AND CASE WHEN $2 = '' "
                          "THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END",
                          {table.name, table.schema, index},
                          {},
                          {}})
              .empty();
}

/// Enumerations, domains and composite types; the row type of a table is none.
bool PostgresConnection::has_type(const model::Name& type) {
  return !query(Statement{"SELECT 1 FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON "
                          "n.oid = t.typnamespace WHERE t.typname = $1 AND (t.typtype IN ('e', "
                          "'d', 'r') OR EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid = "
                          "t.typrelid AND c.relkind = 'c')) AND CASE WHEN $2 = '' "
                          "THEN pg_catalog.pg_type_is_visible(t.oid) ELSE n.nspname = $2 END",
                          {type.name, type.schema},
                          {},
                          {}})
              .empty();
}

std::vector<std::string> PostgresConnection::leftovers() {
  std::vector<std::string> lines;
  for (const Row& row :
       query("SELECT n.nspname || '.' || i.relname, c.relname::text FROM pg_index x JOIN pg_class "
             "i ON i.oid = x.indexrelid JOIN pg_class c ON "
             "c.oid = x.indrelid JOIN pg_namespace n ON n.oid = i.relnamespace WHERE NOT "
             "x.indisvalid AND NOT EXISTS (SELECT 1 FROM "
             "pg_stat_progress_create_index p WHERE p.index_relid = x.indexrelid)")) {
    lines.push_back("index " + row.get<std::string>(0) + " of " + row.get<std::string>(1) +
                    " is INVALID: DROP INDEX CONCURRENTLY, then build it again");
  }
  return lines;
}

namespace {

/// The statements that empty a database, in order. What the role owns goes; what belongs to others
/// or to an extension stays, what is part of another object goes with it, and so does `public`,
/// which not every role may make again. All names are read before the first goes: a name of what is
/// gone already could not be told any more.
constexpr std::string_view drop_statements = R"(
WITH spaces AS (
  SELECT n.oid, n.nspname, n.nspname <> 'public' AND n.nspname <> $1
         AND pg_has_role(n.nspowner, 'USAGE')
         AND NOT EXISTS (SELECT 1 FROM pg_extension e WHERE e.extnamespace = n.oid)
         AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass
                         AND d.objid = n.oid AND d.deptype = 'e') AS goes
  FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), objects AS (
  SELECT 2 AS turn, 'pg_class'::regclass AS catalog, c.oid, c.relowner AS owner,
         c.relnamespace AS space, CASE c.relkind WHEN 'v' THEN 'VIEW'
         WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'S' THEN 'SEQUENCE'
         ELSE 'TABLE' END AS kind, c.relname AS name, NULL AS signature, NULL AS method
  FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL
  SELECT 3, 'pg_operator'::regclass, o.oid, o.oprowner, o.oprnamespace, 'OPERATOR', NULL,
         o.oid::regoperator::text, NULL FROM pg_operator o
  UNION ALL
  SELECT 3, 'pg_opfamily'::regclass, f.oid, f.opfowner, f.opfnamespace, 'OPERATOR FAMILY',
         f.opfname, NULL, a.amname FROM pg_opfamily f JOIN pg_am a ON a.oid = f.opfmethod
  UNION ALL
  SELECT 4, 'pg_proc'::regclass, p.oid, p.proowner, p.pronamespace, 'ROUTINE', NULL,
         p.oid::regprocedure::text, NULL FROM pg_proc p
  UNION ALL
  SELECT 5, 'pg_type'::regclass, t.oid, t.typowner, t.typnamespace, CASE t.typtype WHEN 'd' THEN
         'DOMAIN' ELSE 'TYPE' END, t.typname, NULL, NULL FROM pg_type t
  WHERE t.typtype IN ('e', 'd', 'c', 'r') AND (t.typrelid = 0 OR EXISTS
        (SELECT 1 FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  UNION ALL
  SELECT 6, 'pg_collation'::regclass, l.oid, l.collowner, l.collnamespace, 'COLLATION', l.collname,
         NULL, NULL FROM pg_collation l
  UNION ALL
  SELECT 6, 'pg_ts_config'::regclass, g.oid, g.cfgowner, g.cfgnamespace,
         'TEXT SEARCH CONFIGURATION', g.cfgname, NULL, NULL FROM pg_ts_config g
  UNION ALL
  SELECT 7, 'pg_ts_dict'::regclass, i.oid, i.dictowner, i.dictnamespace, 'TEXT SEARCH DICTIONARY',
         i.dictname, NULL, NULL FROM pg_ts_dict i
)
SELECT statement FROM (
  SELECT 1 AS turn, format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) AS statement
  FROM spaces WHERE goes
  UNION ALL
  SELECT o.turn, format('DROP %s IF EXISTS %s%s CASCADE', o.kind,
                        coalesce(o.signature, format('%I.%I', s.nspname, o.name)),
                        coalesce(' USING ' || quote_ident(o.method), ''))
  FROM objects o JOIN spaces s ON s.oid = o.space
  WHERE NOT s.goes AND pg_has_role(o.owner, 'USAGE')
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = o.catalog AND d.objid = o.oid
                        AND d.objsubid = 0 AND d.deptype IN ('e', 'i'))
) statements ORDER BY turn, statement)";

}  // namespace

void PostgresConnection::drop_everything(std::string_view kept) {
  // A hundred at a time: a transaction that drops thousands needs more locks than a server has
  // (max_locks_per_transaction). Its notices would name every object that goes with another.
  constexpr std::size_t most = 100;
  const Statement quiet{"SELECT set_config('client_min_messages', 'warning', true)", {}, {}, {}};
  std::vector<Statement> batch;
  const auto flush = [&] {
    if (!batch.empty()) execute_batch(batch, {});
    batch.clear();
  };
  const Statement list{std::string(drop_statements), {std::string(kept)}, {}, {}};
  for (const Row& row : query(list)) {
    if (batch.empty()) batch.push_back(quiet);
    batch.push_back(Statement{row.get<std::string>(0), {}, {}, {}});
    if (batch.size() > most) flush();
  }
  flush();
}

}  // namespace sterna::postgres
