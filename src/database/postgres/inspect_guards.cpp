// What watches over tables: policies, statistics objects, event triggers, publications.
#include "database/postgres/inspect.hpp"

#include "base/text.hpp"

namespace sterna::postgres {
namespace {

// ---- policies ----

void read_policy(Inspection& inspection, const Fields& row) {
  const model::Name table = inspection.name(row.text(1), row.text(2));
  if (inspection.left_out(table)) return;
  const std::string name = row.string(3);
  const std::string target =
      "POLICY " + inspection.dialect.quote(name) + " ON " + inspection.quoted(table);
  model::Object& object = inspection.add(pg_policy, row.oid(0), "policy", {{}, name},
                                         "CREATE " + target + row.string(4));
  object.table = table;
  object.drop = "DROP " + target;
  const std::string key = model::key_of(object);
  inspection.add_comment(target, inspection.comment_of(pg_policy, row.oid(0)), table, key);
}

std::string policies_question(const Inspection& inspection) {
  return "SELECT p.oid, n.nspname, c.relname, p.polname, concat(CASE WHEN NOT p.polpermissive THEN "
         "' AS RESTRICTIVE' END, CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR "
         "INSERT' WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' END, CASE WHEN "
         "p.polroles "
         "<> '{0}' THEN ' TO ' || (SELECT string_agg(CASE WHEN role.id = 0 THEN 'PUBLIC' ELSE "
         "quote_ident(pg_get_userbyid(role.id)) END, ', ' ORDER BY pg_get_userbyid(role.id)) FROM "
         "unnest(p.polroles) AS role (id)) END, ' USING (' || pg_get_expr(p.polqual, p.polrelid) "
         "|| "
         "')', ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')') FROM pg_policy p "
         "JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
         "WHERE " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_class", "c.oid");
}

// ---- statistics objects ----

void read_statistics(Inspection& inspection, const Fields& row) {
  const model::Name table = inspection.name(row.text(4), row.text(5));
  if (inspection.left_out(table)) return;
  const model::Name name = inspection.name(row.text(1), row.text(2));
  std::string definition = row.string(3);
  // The server writes the schema always.
  const std::string head = "CREATE STATISTICS ", qualifier = row.string(7) + ".";
  if (name.schema.empty() &&
      std::string_view(definition).substr(head.size()).starts_with(qualifier)) {
    definition.erase(head.size(), qualifier.size());
  }
  model::Object& object =
      inspection.add(pg_statistic_ext, row.oid(0), "statistics", name, std::move(definition));
  object.table = table;
  object.comment = inspection.comment_of(pg_statistic_ext, row.oid(0));
  const std::string key = model::key_of(object);
  if (row.null(6)) return;
  const std::string alter = "ALTER STATISTICS " + inspection.quoted(name) + " SET STATISTICS ";
  model::Object& target = inspection.add(0, 0, "statistics target", name, alter + row.string(6));
  target.table = table;
  target.drop = alter + "-1";
  target.depends_on.push_back(key);
}

std::string statistics_question(const Inspection& inspection) {
  const std::string target =
      inspection.since(13) ? "CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END" : "NULL";
  return "SELECT s.oid, n.nspname, s.stxname, pg_get_statisticsobjdef(s.oid), cn.nspname, "
         "c.relname, " +
         target +
         ", quote_ident(n.nspname) FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = "
         "s.stxnamespace JOIN pg_class c ON c.oid = s.stxrelid JOIN pg_namespace cn ON cn.oid = "
         "c.relnamespace WHERE " +
         inspection.wanted("n") + " AND " +
         Inspection::not_of_extension("pg_statistic_ext", "s.oid");
}

// ---- event triggers ----

void read_event_trigger(Inspection& inspection, const Fields& row) {
  const std::string name = row.string(1), quoted = inspection.dialect.quote(name);
  model::Object& object = inspection.add(pg_event_trigger, row.oid(0), "event trigger", {{}, name},
                                         "CREATE EVENT TRIGGER " + quoted + " ON " + row.string(2));
  object.comment = inspection.comment_of(pg_event_trigger, row.oid(0));
  const std::string key = model::key_of(object);
  const char state = row.letter(3);
  if (state == 'O') return;
  model::Object& changed = inspection.add(0, 0, "event trigger state", {{}, name},
                                          "ALTER EVENT TRIGGER " + quoted +
                                              (state == 'D'   ? " DISABLE"
                                               : state == 'A' ? " ENABLE ALWAYS"
                                                              : " ENABLE REPLICA"));
  changed.drop = "ALTER EVENT TRIGGER " + quoted + " ENABLE";
  changed.depends_on.push_back(key);
}

std::string event_triggers_question() {
  return "SELECT e.oid, e.evtname, e.evtevent || coalesce(' WHEN TAG IN (' || (SELECT "
         "string_agg(quote_literal(tag), ', ' ORDER BY tag) FROM unnest(e.evttags) AS tag) || ')', "
         "'') || ' EXECUTE FUNCTION ' || e.evtfoid::regproc::text || '()', e.evtenabled FROM "
         "pg_event_trigger e WHERE " +
         Inspection::not_of_extension("pg_event_trigger", "e.oid");
}

// ---- publications ----

void read_publication(Inspection& inspection, const Fields& row) {
  const std::string name = row.string(1);
  inspection
      .add(pg_publication, row.oid(0), "publication", {{}, name},
           "CREATE PUBLICATION " + inspection.dialect.quote(name) + row.string(2))
      .comment = inspection.comment_of(pg_publication, row.oid(0));
}

std::string publications_question(const Inspection& inspection) {
  const std::string root =
      inspection.since(13)
          ? " || CASE WHEN p.pubviaroot THEN ', publish_via_partition_root = true' ELSE '' END"
          : "";
  const std::string generated =
      inspection.since(18)
          ? " || CASE p.pubgencols WHEN 's' THEN ', publish_generated_columns = stored' ELSE '' END"
          : "";
  return "SELECT p.oid, p.pubname, CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE '' END || "
         "' "
         "WITH (publish = ''' || concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE "
         "WHEN "
         "p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN "
         "p.pubtruncate THEN 'truncate' END) || ''''" +
         root + generated + " || ')' FROM pg_publication p";
}

void read_published(Inspection& inspection, const Fields& row) {
  const std::string publication = row.string(0);
  const bool schema = row.null(2);
  const model::Name table = schema ? model::Name() : inspection.name(row.text(1), row.text(2));
  if (!schema && inspection.left_out(table)) return;
  const std::string alter = "ALTER PUBLICATION " + inspection.dialect.quote(publication);
  const std::string what = schema ? " TABLES IN SCHEMA " + inspection.dialect.quote(row.string(1))
                                  : " TABLE ONLY " + inspection.quoted(table);
  model::Object& object =
      inspection.add(0, 0, "publication member",
                     {{}, publication + " " + (schema ? "schema " + row.string(1) : table.text())},
                     alter + " ADD" + what + row.string(3));
  object.drop = alter + " DROP" + what;
  object.table = table;
  object.depends_on.push_back("publication " + publication);
}

std::string published_question(const Inspection& inspection) {
  const std::string parts = inspection.since(15)
                                ? "concat(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' "
                                  "ORDER BY a.attnum) FROM "
                                  "pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY "
                                  "(r.prattrs)) || ')', ' WHERE "
                                  "(' || pg_get_expr(r.prqual, c.oid) || ')')"
                                : "''";
  std::string text =
      "SELECT p.pubname, n.nspname, c.relname, " + parts +
      " FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid JOIN pg_class c ON "
      "c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE " +
      inspection.wanted("n");
  if (inspection.since(15)) {
    text +=
        " UNION ALL SELECT p.pubname, n.nspname, NULL, '' FROM pg_publication_namespace r JOIN "
        "pg_publication p ON p.oid = r.pnpubid JOIN pg_namespace n ON n.oid = r.pnnspid WHERE " +
        inspection.wanted("n");
  }
  return text;
}

}  // namespace

void ask_guards(const Inspection& inspection, std::vector<Question>& questions) {
  questions.push_back({policies_question(inspection), read_policy});
  questions.push_back({statistics_question(inspection), read_statistics});
  questions.push_back({event_triggers_question(), read_event_trigger});
  questions.push_back({publications_question(inspection), read_publication});
  questions.push_back({published_question(inspection), read_published});
}

}  // namespace sterna::postgres
