// What stands on a column, read from the catalogs. pg_depend is asked for everything and is the
// judge: what none of the other questions knows is told as it is, so that a kind of object that a
// later version brings is not lost in silence.
#include "database/column_use.hpp"
#include "base/text.hpp"
#include "database/postgres/connection.hpp"

#include <algorithm>

namespace sterna::postgres {
namespace {

/// Types without an equality, as a condition.
const std::string comparable =
    "t.typname NOT IN ('json', 'xml', 'point', 'polygon', '_json', '_xml', '_point', '_polygon')";

/// The questions about one column, and what they fill in.
class Reading {
 public:
  Reading(Connection& connection, const std::string& table, int column, ColumnUse& use)
      : connection_(connection), table_(table), column_(column), use_(use) {}

  void run() {
    read_kind_of_table();
    read_column();
    read_indexes();
    read_constraints();
    read_triggers();
    read_policies();
    read_statistics();
    read_others();
    read_functions();
    read_publications();
  }

 private:
  bool since(int major) const { return connection_.server().version >= major * 10000; }

  /// `T` stands for the table, `N` for the number of the column, in braces.
  Rows ask(std::string sql) {
    const auto put = [&](std::string_view mark, const std::string& text) {
      for (std::size_t at = sql.find(mark); at != std::string::npos; at = sql.find(mark))
        sql.replace(at, mark.size(), text);
    };
    put("{T}", table_);
    put("{N}", std::to_string(column_));
    // The catalog that a dependency is told in, and its object.
    put("{stands on}", "d.refclassid = 'pg_class'::regclass AND d.refobjid = " + table_ +
                           " AND d.refobjsubid = " + std::to_string(column_));
    return connection_.query(sql);
  }

  void obstacle(const std::string& reason, const std::string& advice) {
    use_.obstacles.push_back({reason, advice});
  }

  void read_kind_of_table() {
    const Row row = ask("SELECT c.relkind = 'p', c.relispartition, EXISTS (SELECT FROM pg_inherits "
                        "WHERE inhparent = c.oid), a.attinhcount > 0, c.relkind = 'f', c.reloftype "
                        "<> 0 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND "
                        "a.attnum = {N} WHERE c.oid = {T}")
                        .front();
    const std::string aside = "make a new table and move the rows by a backfill";
    if (row.get<bool>(0)) {
      // Neither indexes nor foreign keys come there without a lock on all partitions.
      obstacle("the table is partitioned", aside);
    } else if (row.get<bool>(1)) {
      obstacle("the table is a partition", "detach it first, or " + aside);
    } else if (row.get<bool>(2) || row.get<bool>(3)) {
      obstacle("the table shares the column with others by inheritance",
               "take the tables apart first (ALTER TABLE … NO INHERIT)");
    } else if (row.get<bool>(4)) {
      obstacle("the table is a foreign one", "change it where it lies");
    } else if (row.get<bool>(5)) {
      obstacle("the table has the columns of a type", "ALTER TABLE … NOT OF first");
    }
  }

  void read_column() {
    const std::string compression = since(14) ? "a.attcompression" : "''";
    const Row row =
        ask("SELECT coalesce(pg_get_expr(d.adbin, d.adrelid), ''), CASE WHEN a.attcollation <> 0 "
            "AND a.attcollation <> t.typcollation THEN (SELECT format('%I.%I', n.nspname, "
            "l.collname) FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE "
            "l.oid = a.attcollation) ELSE '' END, coalesce(col_description(a.attrelid, a.attnum), "
            "''), CASE WHEN a.attstorage = t.typstorage THEN '' ELSE CASE a.attstorage WHEN 'p' "
            "THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END, "
            "CASE " +
            compression +
            "::text WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' ELSE '' END, "
            "coalesce(array_to_string(a.attoptions, ', '), ''), coalesce(a.attstattarget, "
            "-1)::int, "
            "EXISTS (SELECT FROM pg_seclabel s WHERE s.classoid = 'pg_class'::regclass AND "
            "s.objoid "
            "= a.attrelid AND s.objsubid = a.attnum), " +
            comparable +
            " FROM pg_attribute a JOIN pg_type t ON t.oid = "
            "a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
            "WHERE a.attrelid = {T} AND a.attnum = {N}")
            .front();
    use_.default_sql = row.get<std::string>(0);
    use_.collation = row.get<std::string>(1);
    use_.comment = row.get<std::string>(2);
    use_.storage = row.get<std::string>(3);
    use_.compression = row.get<std::string>(4);
    use_.options = row.get<std::string>(5);
    use_.statistics_target = row.get<int>(6);
    use_.old_comparable = row.get<bool>(8);
    if (row.get<bool>(7))
      use_.remarks.emplace_back("the column has a security label: give the new one its own");
    for (const Row& grant :
         ask("SELECT x.privilege_type, CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE "
             "quote_ident(pg_get_userbyid(x.grantee)) END, x.is_grantable FROM pg_attribute a, "
             "aclexplode(a.attacl) x WHERE a.attrelid = {T} AND a.attnum = {N} ORDER BY 2, 1"))
      use_.grants.push_back(
          {grant.get<std::string>(0), grant.get<std::string>(1), grant.get<bool>(2)});
  }

  void read_indexes() {
    for (const Row& row :
         ask("SELECT c.relname, substr(pg_get_indexdef(c.oid), length(format('CREATE %sINDEX %I ON "
             "%I.%I ', CASE WHEN i.indisunique THEN 'UNIQUE ' END, c.relname, tn.nspname, "
             "tc.relname)) + 1), i.indisunique, i.indisvalid, "
             "i.indisreplident, i.indisclustered, coalesce(quote_ident(s.spcname), ''), "
             "coalesce(obj_description(c.oid, 'pg_class'), ''), coalesce(k.contype::text, ''), "
             "coalesce(k.condeferrable, false), coalesce(obj_description(k.oid, 'pg_constraint'), "
             "''), m.amname, coalesce((SELECT string_agg(format('%s.%s', f.conrelid::regclass, "
             "f.conname), ', ') FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.oid "
             "AND f.confrelid = {T}), ''), i.indexprs IS NOT NULL OR i.indpred IS NOT NULL, "
             "coalesce((SELECT string_agg(format('%s SET STATISTICS %s', e.attnum, "
             "e.attstattarget), '|' ORDER BY e.attnum) FROM pg_attribute e WHERE e.attrelid = "
             "c.oid "
             "AND e.attstattarget >= 0), '') FROM pg_index i JOIN pg_class c ON c.oid = "
             "i.indexrelid JOIN pg_am m ON m.oid = c.relam JOIN pg_class tc ON tc.oid = i.indrelid "
             "JOIN pg_namespace tn ON tn.oid = tc.relnamespace LEFT JOIN pg_tablespace s ON s.oid "
             "= "
             "c.reltablespace LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.conrelid = "
             "i.indrelid AND k.contype IN ('p', 'u', 'x') WHERE i.indrelid = {T} AND ({N} = "
             "ANY(i.indkey::int2[]) OR EXISTS (SELECT FROM pg_depend d WHERE {stands on} AND "
             "((d.classid = 'pg_class'::regclass AND d.objid = c.oid) OR (d.classid = "
             "'pg_constraint'::regclass AND d.objid = k.oid)))) ORDER BY 1"))
      read_index(row);
  }

  void read_index(const Row& row) {
    ColumnUse::Index index;
    index.name = row.get<std::string>(0);
    index.unique = row.get<bool>(2);
    index.replica_identity = row.get<bool>(4);
    index.clustered = row.get<bool>(5);
    index.comment = row.get<std::string>(7);
    const auto kind = row.get<std::string>(8);
    index.constraint = !kind.empty();
    index.constraint_comment = row.get<std::string>(10);
    index.reads = row.get<bool>(13);
    const auto method = row.get<std::string>(11), keys = row.get<std::string>(12);
    if (kind == "p") {
      obstacle("it is part of the primary key", "make a new table and move the rows by a backfill");
    } else if (!keys.empty()) {
      obstacle("foreign key " + keys + " refers to " + index.name + ", which it is part of",
               "drop the foreign key first and add it again behind, NOT VALID");
    } else if (kind == "x" || (kind == "u" && method != "btree")) {
      obstacle("it is part of the constraint " + index.name + ", which no index becomes",
               "drop the constraint first and add it again behind, over the new column");
    } else if (kind == "u" && row.get<bool>(9)) {
      // Its twin over the new column would not wait for the end of the transaction.
      obstacle("the unique constraint " + index.name + " is deferrable",
               "put a unique index in the place of the constraint first");
    } else if (!row.get<bool>(3)) {
      use_.remarks.push_back("index " + index.name +
                             " is INVALID, and is not made over the new column");
    } else {
      index.definition = row.get<std::string>(1);
      if (const auto space = row.get<std::string>(6); !space.empty()) {
        const std::string in = " TABLESPACE " + space;
        const std::size_t where = index.definition.rfind(" WHERE ");
        index.definition.insert(where == std::string::npos ? index.definition.size() : where, in);
      }
      for (const std::string& one : split(row.get<std::string>(14), '|'))
        if (!one.empty()) index.statistics.push_back(one);
      use_.indexes.push_back(std::move(index));
    }
  }

  void read_constraints() {
    for (const Row& row :
         ask("SELECT conname, contype::text, pg_get_constraintdef(oid), convalidated, "
             "coalesce(obj_description(oid, 'pg_constraint'), '') FROM pg_constraint WHERE "
             "conrelid "
             "= {T} AND contype IN ('c', 'f', 'n') AND {N} = ANY(conkey) ORDER BY 1")) {
      const auto kind = row.get<std::string>(1);
      if (kind == "n") {
        use_.not_null = row.get<std::string>(0);
        continue;
      }
      use_.constraints.push_back({row.get<std::string>(0), row.get<std::string>(4),
                                  row.get<std::string>(2), kind == "f", row.get<bool>(3)});
    }
    for (const Row& row : ask("SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE "
                              "confrelid = {T} AND contype = 'f' AND {N} = ANY(confkey) AND "
                              "conparentid = 0 ORDER BY 1"))
      obstacle("foreign key " + row.get<std::string>(0) + " of " + row.get<std::string>(1) +
                   " refers to it",
               "drop the foreign key first and add it again behind, NOT VALID");
  }

  void read_triggers() {
    for (const Row& row :
         ask("SELECT t.tgname, pg_get_triggerdef(t.oid), CASE t.tgenabled WHEN 'D' THEN 'DISABLE' "
             "WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE '' END, "
             "coalesce(obj_description(t.oid, 'pg_trigger'), ''), EXISTS (SELECT FROM pg_depend d "
             "WHERE {stands on} AND d.classid = 'pg_trigger'::regclass AND d.objid = t.oid), "
             "{N} = ANY(t.tgattr::int2[]), (t.tgtype & 3) = 3 AND (t.tgtype & 20) <> 0, (t.tgtype "
             "& "
             "16) <> 0 AND cardinality(t.tgattr::int2[]) = 0 FROM pg_trigger t WHERE t.tgrelid = "
             "{T} AND NOT t.tgisinternal ORDER BY 1"))
      use_.triggers.push_back({row.get<std::string>(0), row.get<std::string>(3),
                               row.get<std::string>(1), row.get<std::string>(2), row.get<bool>(4),
                               row.get<bool>(5), row.get<bool>(6), row.get<bool>(7)});
  }

  void read_policies() {
    for (const Row& row :
         ask("SELECT p.polname, coalesce(pg_get_expr(p.polqual, p.polrelid), ''), "
             "coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') FROM pg_policy p WHERE "
             "p.polrelid = {T} AND EXISTS (SELECT FROM pg_depend d WHERE {stands on} AND d.classid "
             "= 'pg_policy'::regclass AND d.objid = p.oid) ORDER BY 1"))
      use_.policies.push_back(
          {row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2)});
  }

  void read_statistics() {
    const std::string target = since(13) ? "coalesce(s.stxstattarget, -1)::int" : "-1";
    for (const Row& row :
         ask("SELECT n.nspname, s.stxname, pg_get_statisticsobjdef(s.oid), " + target +
             ", coalesce(obj_description(s.oid, 'pg_statistic_ext'), '') FROM pg_statistic_ext s "
             "JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE EXISTS (SELECT FROM pg_depend d "
             "WHERE {stands on} AND d.classid = 'pg_statistic_ext'::regclass AND d.objid = s.oid) "
             "ORDER BY 1, 2")) {
      const auto text = row.get<std::string>(2);
      // CREATE STATISTICS name (kinds) ON …, or without kinds when it has all of them.
      const std::size_t on = text.find(" ON "), kinds = text.find(" (");
      use_.statistics.push_back({model::Name(row.get<std::string>(0), row.get<std::string>(1)),
                                 text.substr(std::min(on, kinds) + 1), row.get<std::string>(4),
                                 row.get<int>(3)});
    }
  }

  /// All that pg_depend knows, without what the other questions have read.
  void read_others() {
    for (
        const Row& row :
        ask("SELECT DISTINCT CASE WHEN r.rulename = '_RETURN' THEN CASE v.relkind WHEN 'm' THEN "
            "'materialized view ' ELSE 'view ' END || v.oid::regclass::text ELSE "
            "pg_describe_object(d.classid, d.objid, d.objsubid) END, bool_or(d.deptype IN ('a', "
            "'i')), bool_or(q.relkind = 'S'), bool_or(g.attrelid IS NOT NULL) FROM pg_depend d "
            "LEFT "
            "JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid LEFT JOIN "
            "pg_class v ON v.oid = r.ev_class LEFT JOIN pg_class q ON d.classid = "
            "'pg_class'::regclass AND q.oid = d.objid LEFT JOIN pg_attrdef e ON d.classid = "
            "'pg_attrdef'::regclass AND e.oid = d.objid LEFT JOIN pg_attribute g ON g.attnum <> "
            "{N} "
            "AND ((g.attrelid = e.adrelid AND g.attnum = e.adnum) OR (d.classid = "
            "'pg_class'::regclass AND d.objid = {T} AND d.objsubid = g.attnum AND g.attrelid = "
            "{T})) WHERE {stands on} AND NOT (d.classid = "
            "'pg_attrdef'::regclass AND e.adnum = {N} AND e.adrelid = {T}) AND NOT (d.classid = "
            "'pg_class'::regclass AND q.relkind IN ('i', 'I')) AND NOT (d.classid = "
            "'pg_constraint'::regclass AND EXISTS (SELECT FROM pg_constraint k WHERE k.oid = "
            "d.objid AND (k.conrelid = {T} OR k.confrelid = {T}))) AND NOT (d.classid = "
            "'pg_trigger'::regclass AND EXISTS (SELECT FROM pg_trigger t WHERE t.oid = d.objid AND "
            "t.tgrelid = {T})) AND NOT (d.classid = 'pg_policy'::regclass AND EXISTS (SELECT FROM "
            "pg_policy p WHERE p.oid = d.objid AND p.polrelid = {T})) AND d.classid <> "
            "'pg_statistic_ext'::regclass GROUP BY 1 ORDER BY 1")) {
      const auto what = row.get<std::string>(0);
      if (!row[2].is_null() && row.get<bool>(2)) {
        obstacle(what + " belongs to it and would go with it",
                 "ALTER SEQUENCE … OWNED BY NONE first");
      } else if (row.get<bool>(3)) {
        obstacle("a generated column is computed from it (" + what + ")",
                 "drop the generated column first and add it again behind");
      } else if (row.get<bool>(1)) {
        obstacle(what + " would go with it", "drop it first and make it again behind");
      } else {
        use_.others.push_back(what);
      }
    }
  }

  /// The functions whose text names the column and the table, and those of the table's triggers.
  /// PL/pgSQL keeps the types of a record's fields with its plans and refuses others ("type of
  /// parameter … does not match that when preparing the plan"), in each session until the function
  /// changes: a cost that stays as it was is such a change.
  void read_functions() {
    for (const Row& row :
         ask("SELECT DISTINCT p.oid::regprocedure::text, p.prosrc, a.attname, c.relname, EXISTS "
             "(SELECT FROM pg_trigger t WHERE t.tgrelid = {T} AND t.tgfoid = p.oid), CASE WHEN "
             "l.lanname = 'plpgsql' AND p.prokind = 'f' AND pg_has_role(p.proowner, 'USAGE') THEN "
             "format('ALTER "
             "FUNCTION %s COST %s', p.oid::regprocedure, p.procost) ELSE '' END FROM pg_proc p "
             "JOIN pg_language l ON l.oid = p.prolang, pg_attribute a JOIN pg_class c ON c.oid = "
             "a.attrelid WHERE a.attrelid = {T} AND a.attnum = {N} AND p.oid >= 16384 AND "
             "l.lanname "
             "NOT IN ('c', 'internal') AND p.prokind IN ('f', 'p') AND strpos(lower(p.prosrc), "
             "lower(a.attname)) > 0 AND p.proname NOT LIKE 'sterna\\_expand\\_%' ORDER BY 1")) {
      const std::string text = to_lower(row.get<std::string>(1));
      if (holds_word(text, to_lower(row.get<std::string>(2))) &&
          (row.get<bool>(4) || holds_word(text, to_lower(row.get<std::string>(3)))))
        use_.functions.push_back({row.get<std::string>(0), row.get<std::string>(5)});
    }
  }

  void read_publications() {
    for (const Row& row :
         ask("SELECT DISTINCT pubname FROM pg_publication_tables x JOIN pg_class c "
             "ON c.relname = x.tablename AND c.relnamespace = (SELECT oid FROM "
             "pg_namespace WHERE nspname = x.schemaname) WHERE c.oid = {T} ORDER "
             "BY 1"))
      use_.remarks.push_back("publication " + row.get<std::string>(0) +
                             " sends the table: add the new column at the subscribers before the "
                             "first migration, and to its list of columns if it has one");
  }

  Connection& connection_;
  std::string table_;
  int column_;
  ColumnUse& use_;
};

void read_type(Connection& connection, std::string_view type, ColumnUse& use) {
  const Rows rows =
      connection.query(Statement{"SELECT t.typcollation <> 0, t.typstorage <> 'p', " + comparable +
                                     " FROM pg_type t WHERE t.oid = to_regtype($1)",
                                 {Value(std::string(type))},
                                 {},
                                 {}});
  use.type_exists = !rows.empty();
  if (rows.empty()) return;
  use.collatable = rows.front().get<bool>(0);
  use.toastable = rows.front().get<bool>(1);
  use.comparable = rows.front().get<bool>(2);
}

}  // namespace

std::optional<ColumnUse> PostgresConnection::column_use(const model::Name& table,
                                                        std::string_view column,
                                                        std::string_view new_type) {
  const Rows rows = query(
      Statement{"SELECT a.attrelid::text, a.attnum::int FROM pg_attribute a WHERE a.attrelid = "
                "to_regclass($1) AND a.attname = $2 AND NOT a.attisdropped AND a.attnum > 0",
                {Value(dialect().quote(table)), Value(std::string(column))},
                {},
                {}});
  if (rows.empty()) return std::nullopt;
  ColumnUse use;
  Reading(*this, rows.front().get<std::string>(0), rows.front().get<int>(1), use).run();
  read_type(*this, new_type, use);
  return use;
}

}  // namespace sterna::postgres
