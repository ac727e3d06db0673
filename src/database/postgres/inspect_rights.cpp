// Owners, privileges and default privileges. Privileges are told as what differs from those that a
// fresh object of the same owner has, so that what was taken away is seen too.
#include "database/postgres/inspect.hpp"

#include "base/text.hpp"

namespace sterna::postgres {
namespace {

/// Everything that has an owner and privileges: key of the model, words of ALTER and GRANT, schema,
/// name as SQL, owner, privileges and their default, whether the owner is the object's own matter,
/// the table that it is.
std::string things(const Inspection& inspection) {
  const auto in_schema = [&](const std::string& catalog, const std::string& id) {
    return inspection.wanted("n") + " AND " + Inspection::not_of_extension(catalog, id);
  };
  const std::string type_words = "CASE WHEN t.typtype = 'd' THEN 'DOMAIN' ELSE 'TYPE' END";
  return "SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' "
         "THEN 'foreign table' WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, c.relname::text "
         "AS plain, CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' "
         "THEN 'FOREIGN TABLE' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS altered, CASE "
         "c.relkind "
         "WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS granted, n.nspname::text AS space, "
         "c.oid::regclass::text AS target, c.relowner AS owner, c.relacl AS acl, "
         "CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\" AS acl_kind, NOT (c.relkind = "
         "'S' "
         "AND EXISTS (SELECT 1 FROM pg_depend own WHERE own.classid = 1259 AND own.objid = c.oid "
         "AND own.refclassid = 1259 AND own.deptype IN ('a', 'i'))) AS owned, c.relkind <> 'S' AS "
         "is_table FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind "
         "IN "
         "('r', 'p', 'v', 'm', 'f', 'S') AND " +
         in_schema("pg_class", "c.oid") +
         " UNION ALL SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' "
         "ELSE "
         "'function' END, p.proname || '(' || CASE WHEN p.prokind = 'a' AND p.pronargs = 0 THEN "
         "'*' "
         "ELSE oidvectortypes(p.proargtypes) END || ')', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' "
         "WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END, CASE p.prokind WHEN 'p' THEN 'PROCEDURE' "
         "ELSE 'FUNCTION' END, n.nspname::text, CASE WHEN p.prokind = 'a' THEN "
         "p.oid::regproc::text "
         "|| '(' || coalesce(nullif(pg_get_function_identity_arguments(p.oid), ''), '*') || ')' "
         "ELSE "
         "p.oid::regprocedure::text END, p.proowner, p.proacl, 'f', true, false FROM pg_proc p "
         "JOIN "
         "pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= 16384 AND " +
         in_schema("pg_proc", "p.oid") +
         " AND NOT EXISTS (SELECT 1 FROM pg_depend own WHERE own.classid = 1255 AND own.objid = "
         "p.oid AND own.deptype = 'i' AND own.refclassid = 1247)"
         " UNION ALL SELECT CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' ELSE 'type' "
         "END, t.typname::text, " +
         type_words + ", " + type_words +
         ", n.nspname::text, t.oid::regtype::text, t.typowner, t.typacl, 'T', true, false FROM "
         "pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE (t.typtype IN ('e', 'd', "
         "'r') OR (t.typtype = 'c' AND EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = t.typrelid "
         "AND "
         "c.relkind = 'c'))) AND t.oid >= 16384 AND " +
         in_schema("pg_type", "t.oid") +
         " UNION ALL SELECT 'schema', n.nspname::text, 'SCHEMA', 'SCHEMA', n.nspname::text, "
         "quote_ident(n.nspname), n.nspowner, n.nspacl, 'n', n.oid >= 16384, false FROM "
         "pg_namespace n WHERE " +
         in_schema("pg_namespace", "n.oid") +
         " UNION ALL SELECT 'server', s.srvname::text, 'SERVER', 'FOREIGN SERVER', '', "
         "quote_ident(s.srvname), s.srvowner, s.srvacl, 'S', true, false FROM pg_foreign_server s "
         "WHERE " +
         Inspection::not_of_extension("pg_foreign_server", "s.oid") +
         " UNION ALL SELECT 'foreign data wrapper', w.fdwname::text, 'FOREIGN DATA WRAPPER', "
         "'FOREIGN DATA WRAPPER', '', quote_ident(w.fdwname), w.fdwowner, w.fdwacl, 'F', true, "
         "false "
         "FROM pg_foreign_data_wrapper w WHERE " +
         Inspection::not_of_extension("pg_foreign_data_wrapper", "w.oid");
}

/// What has an owner and no privileges of its own: further rows for the question about owners.
std::string owned_things(const Inspection& inspection) {
  const auto one = [&](const std::string& kind, const std::string& plain, const std::string& target,
                       const std::string& owner, const std::string& from,
                       const std::string& catalog, const std::string& space) {
    const bool in_schema = !space.empty();
    return " UNION ALL SELECT '" + kind + "', " + plain + ", upper('" + kind + "'), " +
           (in_schema ? "n.nspname::text" : "''") + ", " + target + ", x." + owner +
           ", false FROM " + from + " x" +
           (in_schema
                ? " JOIN pg_namespace n ON n.oid = x." + space + " AND " + inspection.wanted("n")
                : "") +
           " WHERE x.oid >= 16384 AND " + Inspection::not_of_extension(catalog, "x.oid");
  };
  const auto named = [&](const std::string& kind, const std::string& catalog,
                         const std::string& name, const std::string& owner,
                         const std::string& space) {
    const std::string local = "quote_ident(x." + name + ")";
    const std::string target = space.empty()
                                   ? local
                                   : "CASE WHEN n.nspname = current_schema() THEN '' ELSE "
                                     "quote_ident(n.nspname) || '.' END || " +
                                         local;
    return one(kind, "x." + name + "::text", target, owner, catalog, catalog, space);
  };
  const std::string operands =
      "CASE WHEN x.oprleft = 0 THEN 'NONE' ELSE format_type(x.oprleft, NULL) END || ', ' || CASE "
      "WHEN x.oprright = 0 THEN 'NONE' ELSE format_type(x.oprright, NULL) END || ')'";
  return named("collation", "pg_collation", "collname", "collowner", "collnamespace") +
         named("text search dictionary", "pg_ts_dict", "dictname", "dictowner", "dictnamespace") +
         named("text search configuration", "pg_ts_config", "cfgname", "cfgowner", "cfgnamespace") +
         named("statistics", "pg_statistic_ext", "stxname", "stxowner", "stxnamespace") +
         named("publication", "pg_publication", "pubname", "pubowner", "") +
         named("event trigger", "pg_event_trigger", "evtname", "evtowner", "") +
         one("operator", "x.oprname || '(' || " + operands,
             "CASE WHEN n.nspname = current_schema() THEN '' ELSE quote_ident(n.nspname) || '.' "
             "END || x.oprname || ' (' || " +
                 operands,
             "oprowner", "pg_operator", "pg_operator", "oprnamespace");
}

/// The schema of the thing itself; a schema is in none.
model::Name name_of(const Inspection& inspection, const Fields& row, int kind, int space,
                    int plain) {
  if (row.text(kind) == "schema") return {{}, row.string(plain)};
  return inspection.name(row.text(space), row.text(plain));
}

void read_owner(Inspection& inspection, const Fields& row) {
  const model::Name name = name_of(inspection, row, 0, 2, 3);
  if (inspection.left_out(name)) return;
  const std::string alter = "ALTER " + row.string(1) + " " + row.string(4) + " OWNER TO ";
  const std::string key = model::key_of(row.text(0), name);
  // What watches over all changes is made last, and so is all that belongs to it.
  model::Object& object =
      inspection.add(0, 0, row.text(0) == "event trigger" ? "event trigger owner" : "owner",
                     {name.schema, row.string(0) + " " + name.name}, alter + row.string(5));
  object.drop = alter + "CURRENT_USER";
  if (row.flag(6)) object.table = name;
  object.depends_on.push_back(key);
}

void read_grant(Inspection& inspection, const Fields& row) {
  const model::Name name = name_of(inspection, row, 0, 2, 3);
  if (inspection.left_out(name)) return;
  const bool taken = row.flag(8);
  const bool grantable = row.flag(7);
  const std::string on = row.string(9) + " ON " + row.string(1) + " " + row.string(4);
  const std::string role = row.string(5);
  const std::string given = "GRANT " + on + " TO " + role + (grantable ? " WITH GRANT OPTION" : "");
  const std::string revoked = "REVOKE " + on + " FROM " + role;
  const std::string thing = row.string(0) + " " + name.name;
  const std::string column = row.null(10) ? "" : "." + row.string(10);
  model::Object& object =
      inspection.add(0, 0, taken ? "revoke" : "grant",
                     {name.schema, thing + column + (taken ? " from " : " to ") + role +
                                       (grantable ? " with grant option" : "")},
                     taken ? revoked : given);
  object.drop = taken ? given : revoked;
  if (row.flag(6)) object.table = name;
  object.depends_on = {model::key_of(row.text(0), name),
                       model::key_of("owner", {name.schema, thing})};
}

/// Privileges of `acl` and not of `fresh`, or the other way round (`taken`), one row a role.
std::string differences(const std::string& acl, const std::string& fresh) {
  const auto explode = [](const std::string& list) {
    return "SELECT grantee, privilege_type, is_grantable FROM aclexplode(" + list + ")";
  };
  return "(SELECT grantee, is_grantable, taken, array_agg(privilege_type ORDER BY privilege_type) "
         "AS privileges FROM ((SELECT *, false AS taken FROM (" +
         explode(acl) + " EXCEPT " + explode(fresh) + ") more) UNION ALL (SELECT *, true FROM (" +
         explode(fresh) + " EXCEPT " + explode(acl) +
         ") less)) x GROUP BY grantee, is_grantable, taken)";
}

constexpr std::string_view role_name =
    "CASE WHEN d.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(d.grantee)) END";

std::string grants_question(const Inspection& inspection) {
  const std::string role(role_name);
  return "SELECT x.kind, x.granted, x.space, x.plain, x.target, " + role +
         ", x.is_table, d.is_grantable, d.taken, array_to_string(d.privileges, ', '), NULL FROM (" +
         things(inspection) + ") x, LATERAL " +
         differences("x.acl", "acldefault(x.acl_kind, x.owner)") +
         " d WHERE x.acl IS NOT NULL UNION ALL SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' "
         "THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END, 'TABLE', "
         "n.nspname::text, c.relname::text, c.oid::regclass::text, " +
         role +
         ", true, d.is_grantable, false, (SELECT string_agg(p || ' (' || quote_ident(a.attname) || "
         "')', ', ' ORDER BY p) FROM unnest(d.privileges) AS p), a.attname::text FROM pg_attribute "
         "a "
         "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace, "
         "LATERAL (SELECT grantee, is_grantable, array_agg(privilege_type ORDER BY privilege_type) "
         "AS privileges FROM aclexplode(a.attacl) GROUP BY grantee, is_grantable) d WHERE a.attacl "
         "IS NOT NULL AND NOT a.attisdropped AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_class", "c.oid");
}

void read_default_privilege(Inspection& inspection, const Fields& row) {
  const bool taken = row.flag(6);
  const std::string of = row.string(0), things_granted = row.string(2), to = row.string(3);
  const std::string head =
      "ALTER DEFAULT PRIVILEGES FOR ROLE " + of +
      (row.null(1) ? "" : " IN SCHEMA " + inspection.dialect.quote(row.string(1))) + " ";
  const std::string on = row.string(4) + " ON " + things_granted;
  const std::string given =
      head + "GRANT " + on + " TO " + to + (row.flag(5) ? " WITH GRANT OPTION" : "");
  const std::string revoked = head + "REVOKE " + on + " FROM " + to;
  model::Object& object =
      inspection.add(0, 0, "default privilege",
                     {row.null(1) ? std::string() : row.string(1),
                      to_lower(things_granted) + " of " + of + (taken ? " from " : " to ") + to +
                          (row.flag(5) ? " with grant option" : "")},
                     taken ? revoked : given);
  object.drop = taken ? given : revoked;
}

std::string default_privileges_question(const Inspection& inspection) {
  // Those of a schema add to those of the database, and begin with nothing.
  const std::string fresh =
      "CASE WHEN f.defaclnamespace = 0 THEN acldefault(CASE f.defaclobjtype WHEN 'S' THEN 's' ELSE "
      "f.defaclobjtype END, f.defaclrole) ELSE NULL::aclitem[] END";
  return "SELECT quote_ident(pg_get_userbyid(f.defaclrole)), n.nspname, CASE f.defaclobjtype WHEN "
         "'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN "
         "'TYPES' WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END, " +
         std::string(role_name) +
         ", array_to_string(d.privileges, ', '), d.is_grantable, d.taken FROM pg_default_acl f "
         "LEFT "
         "JOIN pg_namespace n ON n.oid = f.defaclnamespace, LATERAL " +
         differences("f.defaclacl", fresh) + " d WHERE n.oid IS NULL OR " + inspection.wanted("n");
}

}  // namespace

void ask_rights(const Inspection& inspection, std::vector<Question>& questions) {
  if (!inspection.options.grants) return;
  questions.push_back(
      {"SELECT x.kind, x.altered, x.space, x.plain, x.target, "
       "quote_ident(pg_get_userbyid(x.owner)), x.is_table FROM ("
       "SELECT kind, plain, altered, space, target, owner, is_table FROM (" +
           things(inspection) + ") y WHERE y.owned" + owned_things(inspection) + ") x",
       read_owner});
  questions.push_back({grants_question(inspection), read_grant});
  questions.push_back({default_privileges_question(inspection), read_default_privilege});
}

}  // namespace sterna::postgres
