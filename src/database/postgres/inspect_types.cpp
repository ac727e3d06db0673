// Schemas, extensions, and the types a database defines: enums, domains, composite types, ranges,
// collations.
#include "database/postgres/inspect.hpp"

#include <algorithm>

namespace sterna::postgres {
namespace {

// ---- schemas and extensions ----

void read_schema(Inspection& inspection, const Fields& row) {
  const std::string schema = row.string(1);
  // Every database is made with `public`: no script makes it, wherever unqualified names lead.
  if (schema != inspection.model.default_schema && schema != "public")
    inspection.model.schemas.push_back(schema);
  const std::string target = "SCHEMA " + inspection.dialect.quote(schema);
  const std::string text = inspection.comment_of(pg_namespace, row.oid(0));
  const std::string usual = row.null(2) ? std::string() : row.string(2);
  if (text == usual) return;
  const auto comment = [&](const std::string& words) {
    return "COMMENT ON " + target + " IS " +
           (words.empty() ? "NULL" : inspection.dialect.string_literal(words));
  };
  inspection.add(0, 0, "comment", {{}, target}, comment(text)).drop = comment(usual);
}

std::string schemas_question(const Inspection& inspection) {
  // initdb makes the schema public with a comment.
  return "SELECT n.oid, n.nspname, CASE WHEN n.oid = 2200 THEN 'standard public schema' END FROM "
         "pg_namespace n WHERE " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_namespace", "n.oid");
}

/// The version is the server's matter: what one has at hand another may not.
void read_extension(Inspection& inspection, const Fields& row) {
  std::string definition = "CREATE EXTENSION " + inspection.dialect.quote(row.string(1));
  const std::string schema = row.string(2);
  if (schema != inspection.model.default_schema) {
    definition += " WITH SCHEMA " + inspection.dialect.quote(schema);
  }
  inspection.add(pg_extension, row.oid(0), "extension", {{}, row.string(1)}, definition).comment =
      inspection.comment_of(pg_extension, row.oid(0));
}

constexpr std::string_view extensions_question =
    "SELECT e.oid, e.extname, n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = "
    "e.extnamespace WHERE e.oid >= 16384 ORDER BY e.extname";

// ---- enums ----

void read_enum_value(Inspection& inspection, const Fields& row) {
  auto& enums = inspection.model.enums;
  model::Name name = inspection.name(row.text(1), row.text(2));
  if (enums.empty() || enums.back().name != name) {
    enums.push_back({name, {}, inspection.comment_of(pg_type, row.oid(0))});
    register_key(inspection, pg_type, row.oid(0), model::key_of("enum", name));
  }
  if (!row.null(3)) enums.back().values.push_back(row.string(3));
}

std::string enums_question(const Inspection& inspection) {
  return "SELECT t.oid, n.nspname, t.typname, e.enumlabel FROM pg_type t JOIN pg_namespace n ON "
         "n.oid = t.typnamespace LEFT JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typtype = 'e' "
         "AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_type", "t.oid") +
         " ORDER BY t.oid, e.enumsortorder";
}

// ---- domains ----

void read_domain(Inspection& inspection, const Fields& row) {
  const model::Name name = inspection.name(row.text(1), row.text(2));
  std::string definition = "CREATE DOMAIN " + inspection.quoted(name) + " AS " + row.string(3);
  if (!row.null(4)) definition += " COLLATE " + row.string(4);
  if (!row.null(5)) definition += " DEFAULT " + row.string(5);
  if (row.flag(6)) definition += row.string(8) + " NOT NULL";
  if (!row.null(7)) definition += row.string(7);
  inspection.add(pg_type, row.oid(0), "domain", name, std::move(definition)).comment =
      inspection.comment_of(pg_type, row.oid(0));
}

std::string domains_question(const Inspection& inspection) {
  // Since version 17 NOT NULL is a constraint; its name where it is not the server's own choice.
  const std::string not_null =
      inspection.since(17) ? "(SELECT format(' CONSTRAINT %I', k.conname) FROM pg_constraint k "
                             "WHERE k.contypid = t.oid AND k.contype = 'n' AND k.conname <> "
                             "t.typname || '_not_null')"
                           : "NULL";
  return "SELECT t.oid, n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod), CASE WHEN "
         "t.typcollation <> b.typcollation THEN (SELECT quote_ident(cn.nspname) || '.' || "
         "quote_ident(co.collname) FROM pg_collation co JOIN pg_namespace cn ON cn.oid = "
         "co.collnamespace WHERE co.oid = t.typcollation) END, CASE WHEN t.typdefaultbin IS NOT "
         "NULL THEN pg_get_expr(t.typdefaultbin, 0) END, t.typnotnull, (SELECT string_agg(format(' "
         "CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), '' ORDER BY k.conname) FROM "
         "pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated), " +
         not_null +
         " FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = "
         "t.typbasetype WHERE t.typtype = 'd' AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_type", "t.oid");
}

/// Constraints of domains that do not hold for all values there are, and comments of all.
void read_domain_constraint(Inspection& inspection, const Fields& row) {
  const model::Name domain = inspection.name(row.text(1), row.text(2));
  const std::string quoted = inspection.quoted(domain), key = model::key_of("domain", domain);
  const std::string name = inspection.dialect.quote(row.string(3));
  std::string needed = key;
  if (!row.flag(5)) {
    const std::string alter = "ALTER DOMAIN " + quoted;
    model::Object& object = inspection.add(pg_constraint, row.oid(0), "domain constraint",
                                           {domain.schema, domain.name + "." + row.string(3)},
                                           alter + " ADD CONSTRAINT " + name + " " + row.string(4));
    object.drop = alter + " DROP CONSTRAINT " + name;
    object.depends_on.push_back(key);
    needed = model::key_of(object);
  }
  inspection.add_comment("CONSTRAINT " + name + " ON DOMAIN " + quoted,
                         inspection.comment_of(pg_constraint, row.oid(0)), {}, needed);
}

std::string domain_constraints_question(const Inspection& inspection) {
  return "SELECT k.oid, n.nspname, t.typname, k.conname, pg_get_constraintdef(k.oid), "
         "k.convalidated FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN "
         "pg_namespace n ON n.oid = t.typnamespace WHERE k.contypid <> 0 AND k.contype = 'c' AND "
         "(NOT "
         "k.convalidated OR EXISTS (SELECT 1 FROM pg_description c WHERE c.classoid = 2606 AND "
         "c.objoid = k.oid)) AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_type", "t.oid");
}

// ---- composite types and ranges ----

void read_composite(Inspection& inspection, const Fields& row) {
  const model::Name name = inspection.name(row.text(1), row.text(2));
  inspection
      .add(pg_class, row.oid(0), "type", name,
           "CREATE TYPE " + inspection.quoted(name) + " AS (" + row.string(4) + ")")
      .comment = inspection.comment_of(pg_type, row.oid(3));
  inspection.alias(pg_type, row.oid(3), pg_class, row.oid(0));
}

std::string composites_question(const Inspection& inspection) {
  return "SELECT c.oid, n.nspname, c.relname, c.reltype, (SELECT string_agg(quote_ident(a.attname) "
         "|| ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attcollation <> "
         "t.typcollation THEN ' COLLATE ' || (SELECT quote_ident(cn.nspname) || '.' || "
         "quote_ident(co.collname) FROM pg_collation co JOIN pg_namespace cn ON cn.oid = "
         "co.collnamespace WHERE co.oid = a.attcollation) ELSE '' END, ', ' ORDER BY a.attnum) "
         "FROM "
         "pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND "
         "a.attnum "
         "> 0 AND NOT a.attisdropped) FROM pg_class c JOIN pg_namespace n ON n.oid = "
         "c.relnamespace WHERE c.relkind = 'c' AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_type", "c.reltype");
}

void read_range(Inspection& inspection, const Fields& row) {
  const model::Name name = inspection.name(row.text(1), row.text(2));
  inspection
      .add(pg_type, row.oid(0), "type", name,
           "CREATE TYPE " + inspection.quoted(name) + " AS RANGE (" + row.string(3) + ")")
      .comment = inspection.comment_of(pg_type, row.oid(0));
  if (!row.null(4)) inspection.alias(pg_type, row.oid(4), pg_type, row.oid(0));
}

std::string ranges_question(const Inspection& inspection) {
  const bool multiranges = inspection.since(14);
  const std::string multirange =
      multiranges ? ", 'MULTIRANGE_TYPE_NAME = ' || r.rngmultitypid::regtype::text" : "";
  return "SELECT t.oid, n.nspname, t.typname, concat_ws(', ', 'SUBTYPE = ' || "
         "format_type(r.rngsubtype, NULL), (SELECT 'SUBTYPE_OPCLASS = ' || "
         "quote_ident(opn.nspname) "
         "|| '.' || quote_ident(op.opcname) FROM pg_opclass op JOIN pg_namespace opn ON opn.oid = "
         "op.opcnamespace WHERE op.oid = r.rngsubopc AND NOT op.opcdefault), (SELECT 'COLLATION = "
         "' "
         "|| quote_ident(cn.nspname) || '.' || quote_ident(co.collname) FROM pg_collation co JOIN "
         "pg_namespace cn ON cn.oid = co.collnamespace JOIN pg_type s ON s.oid = r.rngsubtype "
         "WHERE "
         "co.oid = r.rngcollation AND s.typcollation <> co.oid), 'CANONICAL = ' || "
         "nullif(r.rngcanonical, 0)::regproc::text, 'SUBTYPE_DIFF = ' || nullif(r.rngsubdiff, "
         "0)::regproc::text" +
         multirange + ")" + (multiranges ? ", r.rngmultitypid" : ", NULL") +
         " FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid JOIN pg_namespace n ON n.oid = "
         "t.typnamespace WHERE t.oid >= 16384 AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_type", "t.oid");
}

// ---- collations ----

void read_collation(Inspection& inspection, const Fields& row) {
  const model::Name name = inspection.name(row.text(1), row.text(2));
  inspection
      .add(pg_collation, row.oid(0), "collation", name,
           "CREATE COLLATION " + inspection.quoted(name) + " (" + row.string(3) + ")")
      .comment = inspection.comment_of(pg_collation, row.oid(0));
}

std::string collations_question(const Inspection& inspection) {
  // The locale of a provider moved twice: collcollate, colliculocale (15), colllocale (17).
  const std::string locale = inspection.since(17)   ? "l.colllocale"
                             : inspection.since(15) ? "l.colliculocale"
                                                    : "l.collcollate";
  const std::string rules =
      inspection.since(16) ? ", 'RULES = ' || quote_literal(l.collicurules)" : "";
  return "SELECT l.oid, n.nspname, l.collname, concat_ws(', ', 'PROVIDER = ' || CASE "
         "l.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END, CASE WHEN "
         "l.collprovider IN ('i', 'b') THEN 'LOCALE = ' || quote_literal(" +
         locale +
         ") ELSE 'LC_COLLATE = ' || quote_literal(l.collcollate) || ', LC_CTYPE = ' || "
         "quote_literal(l.collctype) END, CASE WHEN NOT l.collisdeterministic THEN 'DETERMINISTIC "
         "= "
         "false' END" +
         rules +
         ") FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid >= "
         "16384 AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_collation", "l.oid");
}

}  // namespace

void ask_types(const Inspection& inspection, std::vector<Question>& questions) {
  questions.push_back({schemas_question(inspection), read_schema});
  questions.push_back({std::string(extensions_question), read_extension});
  questions.push_back({enums_question(inspection), read_enum_value});
  questions.push_back({domains_question(inspection), read_domain});
  questions.push_back({domain_constraints_question(inspection), read_domain_constraint});
  questions.push_back({composites_question(inspection), read_composite});
  questions.push_back({ranges_question(inspection), read_range});
  questions.push_back({collations_question(inspection), read_collation});
}

}  // namespace sterna::postgres
