// Foreign servers and tables, text search, and what can only be named.
#include "database/postgres/inspect.hpp"

#include "base/text.hpp"

namespace sterna::postgres {
namespace {

std::string options_of(const std::string& column) {
  return "(SELECT ' OPTIONS (' || string_agg(quote_ident(option_name) || ' ' || "
         "quote_literal(option_value), ', ' ORDER BY option_name) || ')' FROM "
         "pg_options_to_table(" +
         column + "))";
}

// ---- foreign data ----

void read_wrapper(Inspection& inspection, const Fields& row) {
  inspection
      .add(pg_foreign_data_wrapper, row.oid(0), "foreign data wrapper", {{}, row.string(1)},
           "CREATE FOREIGN DATA WRAPPER " + inspection.dialect.quote(row.string(1)) + row.string(2))
      .comment = inspection.comment_of(pg_foreign_data_wrapper, row.oid(0));
}

std::string wrappers_question() {
  return "SELECT w.oid, w.fdwname, concat(' HANDLER ' || nullif(w.fdwhandler, 0)::regproc::text, ' "
         "VALIDATOR ' || nullif(w.fdwvalidator, 0)::regproc::text, " +
         options_of("w.fdwoptions") + ") FROM pg_foreign_data_wrapper w WHERE " +
         Inspection::not_of_extension("pg_foreign_data_wrapper", "w.oid");
}

void read_server(Inspection& inspection, const Fields& row) {
  inspection
      .add(pg_foreign_server, row.oid(0), "server", {{}, row.string(1)},
           "CREATE SERVER " + inspection.dialect.quote(row.string(1)) + row.string(2))
      .comment = inspection.comment_of(pg_foreign_server, row.oid(0));
}

std::string servers_question() {
  return "SELECT s.oid, s.srvname, concat(' TYPE ' || quote_literal(s.srvtype), ' VERSION ' || "
         "quote_literal(s.srvversion), ' FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname), " +
         options_of("s.srvoptions") +
         ") FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE " +
         Inspection::not_of_extension("pg_foreign_server", "s.oid");
}

std::string foreign_column(const Inspection& inspection, const model::Column& column) {
  const PostgresDialect& dialect = inspection.dialect;
  std::string text =
      dialect.quote(column.name) + " " + dialect.type_name(column.type, inspection.server);
  if (const auto options = column.options.find("options"); options != column.options.end()) {
    text += " OPTIONS (" + options->second + ")";
  }
  if (!column.collation.empty()) text += " COLLATE " + dialect.collation(column.collation);
  if (column.generated) {
    text += " GENERATED ALWAYS AS (" + column.generated->expression + ")" +
            (column.generated->stored ? " STORED" : " VIRTUAL");
  }
  if (!column.nullable) text += " NOT NULL";
  if (column.default_value) {
    text += " DEFAULT " + dialect.default_value(column, inspection.server);
  }
  return text;
}

/// Columns and checks are there already: tables of all kinds are read together.
void read_foreign_table(Inspection& inspection, const Fields& row) {
  const auto found = inspection.tables.find(row.oid(0));
  if (found == inspection.tables.end()) return;
  const TableState& state = found->second;
  const model::Table& table = state.table;
  if (inspection.left_out(table.name)) return;
  std::vector<std::string> lines;
  for (const model::Column& column : table.columns) {
    if (!column.options.contains("inherited")) lines.push_back(foreign_column(inspection, column));
  }
  if (!row.null(1)) lines.push_back(row.string(1));
  const std::string name = inspection.quoted(table.name);
  std::string definition = "CREATE FOREIGN TABLE " + name + " (" + join(lines, ", ") + ")";
  if (const auto parents = table.options.find("inherits"); parents != table.options.end()) {
    definition += " INHERITS (" + parents->second + ")";
  }
  definition += " SERVER " + state.server;
  if (!state.foreign_options.empty()) definition += " OPTIONS (" + state.foreign_options + ")";
  model::Object& object =
      inspection.add(pg_class, row.oid(0), "foreign table", table.name, std::move(definition));
  object.comment = table.comment;
  const std::string key = model::key_of(object);
  if (state.partition) {
    const std::string parent = "ALTER TABLE " + table.options.at("partition of");
    model::Object& attached = inspection.add(
        0, 0, "partition", table.name,
        parent + " ATTACH PARTITION " + name + " " + table.options.at("partition bound"));
    attached.drop = parent + " DETACH PARTITION " + name;
    attached.table = table.name;
    attached.depends_on.push_back(key);
  }
}

std::string foreign_tables_question() {
  return "SELECT f.ftrelid, (SELECT string_agg(format('CONSTRAINT %I %s', k.conname, "
         "pg_get_constraintdef(k.oid)), ', ' ORDER BY k.conname) FROM pg_constraint k WHERE "
         "k.conrelid = f.ftrelid AND k.contype = 'c' AND (k.conislocal OR c.relispartition)) FROM "
         "pg_foreign_table f JOIN pg_class c ON c.oid = f.ftrelid WHERE " +
         Inspection::not_of_extension("pg_class", "c.oid");
}

// ---- text search ----

void read_dictionary(Inspection& inspection, const Fields& row) {
  const model::Name name = inspection.name(row.text(1), row.text(2));
  inspection
      .add(pg_ts_dict, row.oid(0), "text search dictionary", name,
           "CREATE TEXT SEARCH DICTIONARY " + inspection.quoted(name) + " (" + row.string(3) + ")")
      .comment = inspection.comment_of(pg_ts_dict, row.oid(0));
}

std::string dictionaries_question(const Inspection& inspection) {
  return "SELECT d.oid, n.nspname, d.dictname, concat_ws(', ', 'TEMPLATE = ' || "
         "quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname), d.dictinitoption) FROM "
         "pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace JOIN pg_ts_template t ON "
         "t.oid "
         "= d.dicttemplate JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE d.oid >= 16384 "
         "AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_ts_dict", "d.oid");
}

void read_search(Inspection& inspection, const Fields& row) {
  const model::Name name = inspection.name(row.text(1), row.text(2));
  inspection
      .add(pg_ts_config, row.oid(0), "text search configuration", name,
           "CREATE TEXT SEARCH CONFIGURATION " + inspection.quoted(name) +
               " (PARSER = " + row.string(3) + ")")
      .comment = inspection.comment_of(pg_ts_config, row.oid(0));
}

std::string searches_question(const Inspection& inspection) {
  return "SELECT g.oid, n.nspname, g.cfgname, quote_ident(pn.nspname) || '.' || "
         "quote_ident(p.prsname) FROM pg_ts_config g JOIN pg_namespace n ON n.oid = g.cfgnamespace "
         "JOIN pg_ts_parser p ON p.oid = g.cfgparser JOIN pg_namespace pn ON pn.oid = "
         "p.prsnamespace WHERE g.oid >= 16384 AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_ts_config", "g.oid");
}

void read_mapping(Inspection& inspection, const Fields& row) {
  const model::Name name = inspection.name(row.text(0), row.text(1));
  const std::string alter = "ALTER TEXT SEARCH CONFIGURATION " + inspection.quoted(name);
  const std::string token = row.string(2);
  model::Object& object =
      inspection.add(0, 0, "text search mapping", {name.schema, name.name + " " + token},
                     alter + " ADD MAPPING FOR " + token + " WITH " + row.string(3));
  object.drop = alter + " DROP MAPPING FOR " + token;
  object.depends_on.push_back(model::key_of("text search configuration", name));
  for (const std::string& dictionary : split(row.text(4), '\n')) {
    object.depends_on.push_back("text search dictionary " + dictionary);
  }
}

std::string mappings_question(const Inspection& inspection) {
  return "SELECT n.nspname, g.cfgname, (SELECT alias FROM ts_token_type(g.cfgparser) k WHERE "
         "k.tokid = m.maptokentype), string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY "
         "m.mapseqno), string_agg(CASE WHEN dn.nspname = current_schema() THEN '' ELSE dn.nspname "
         "|| '.' END || d.dictname, E'\\n' ORDER BY m.mapseqno) FROM pg_ts_config_map m JOIN "
         "pg_ts_config g ON g.oid = m.mapcfg JOIN pg_namespace n ON n.oid = g.cfgnamespace JOIN "
         "pg_ts_dict d ON d.oid = m.mapdict JOIN pg_namespace dn ON dn.oid = d.dictnamespace WHERE "
         "g.oid >= 16384 AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_ts_config", "g.oid") +
         " GROUP BY g.oid, n.nspname, g.cfgname, g.cfgparser, m.maptokentype";
}

// ---- what can only be named ----

void read_not_managed(Inspection& inspection, const Fields& row) {
  inspection.not_managed(row.string(0));
}

/// Kinds that need C code, hold secrets, or have no statement that creates them again.
std::string not_managed_question(const Inspection& inspection) {
  const auto in_schema = [&](const std::string& words, const std::string& why,
                             const std::string& catalog, const std::string& name,
                             const std::string& space, const std::string& condition) {
    return "SELECT '" + words + " ' || n.nspname || '.' || x." + name + " || ': " + why +
           "' FROM " + catalog + " x JOIN pg_namespace n ON n.oid = x." + space +
           " WHERE x.oid >= 16384 AND " + condition + inspection.wanted("n") + " AND " +
           Inspection::not_of_extension(catalog, "x.oid") + " UNION ALL ";
  };
  const auto global = [](const std::string& words, const std::string& why,
                         const std::string& catalog, const std::string& name) {
    return "SELECT '" + words + " ' || x." + name + " || ': " + why + "' FROM " + catalog +
           " x WHERE x.oid >= 16384 AND " + Inspection::not_of_extension(catalog, "x.oid") +
           " UNION ALL ";
  };
  const std::string code = "it is made with C functions";
  return in_schema("base type", code, "pg_type", "typname", "typnamespace",
                   "x.typtype IN ('b', 'p') AND x.typcategory <> 'A' AND ") +
         in_schema("operator class", "operator classes are not read", "pg_opclass", "opcname",
                   "opcnamespace", "") +
         in_schema("operator family", "operator families are not read", "pg_opfamily", "opfname",
                   "opfnamespace", "") +
         in_schema("conversion", "conversions are not read", "pg_conversion", "conname",
                   "connamespace", "") +
         in_schema("text search parser", code, "pg_ts_parser", "prsname", "prsnamespace", "") +
         in_schema("text search template", code, "pg_ts_template", "tmplname", "tmplnamespace",
                   "") +
         global("language", code, "pg_language", "lanname") +
         global("access method", code, "pg_am", "amname") +
         "SELECT 'transform for ' || format_type(x.trftype, NULL) || ' in ' || l.lanname || ': "
         "transforms are not read' FROM pg_transform x JOIN pg_language l ON l.oid = x.trflang "
         "WHERE x.oid >= 16384 AND " +
         Inspection::not_of_extension("pg_transform", "x.oid") +
         " UNION ALL SELECT 'user mapping of ' || u.usename || ' at ' || u.srvname || ': it holds "
         "secrets' FROM pg_user_mappings u UNION ALL SELECT 'subscription ' || s.subname || ': it "
         "holds secrets' FROM pg_subscription s WHERE s.subdbid = (SELECT oid FROM pg_database "
         "WHERE datname = current_database()) UNION ALL SELECT 'security label of ' || s.provider "
         "|| ' on ' || pg_describe_object(s.classoid, s.objoid, s.objsubid) || ': labels are not "
         "read' FROM pg_seclabel s UNION ALL SELECT DISTINCT 'foreign key triggers of ' || "
         "t.tgrelid::regclass || ': not all are enabled' FROM pg_trigger t JOIN pg_class c ON "
         "c.oid "
         "= t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE t.tgisinternal AND "
         "t.tgenabled <> 'O' AND t.tgconstraint <> 0 AND t.tgname LIKE 'RI\\_ConstraintTrigger%' "
         "AND " +
         inspection.wanted("n");
}

}  // namespace

void ask_others(const Inspection& inspection, std::vector<Question>& questions) {
  questions.push_back({wrappers_question(), read_wrapper});
  questions.push_back({servers_question(), read_server});
  questions.push_back({foreign_tables_question(), read_foreign_table});
  questions.push_back({dictionaries_question(inspection), read_dictionary});
  questions.push_back({searches_question(inspection), read_search});
  questions.push_back({mappings_question(inspection), read_mapping});
  questions.push_back({not_managed_question(inspection), read_not_managed});
}

}  // namespace sterna::postgres
