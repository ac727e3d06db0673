// Views, materialized views, triggers and rules.
#include "database/postgres/inspect.hpp"

#include "base/text.hpp"

namespace sterna::postgres {
namespace {

std::string without_semicolon(std::string_view text) {
  text = trim(text);
  if (text.ends_with(';')) text = trim(text.substr(0, text.size() - 1));
  return std::string(text);
}

/// The schema taken out of the one place where the server always writes it: "… ON public.t …".
std::string unqualified(std::string text, const std::string& before, std::string_view schema,
                        std::string_view relation) {
  const std::string full = before + std::string(schema) + "." + std::string(relation);
  const std::size_t at = text.find(full);
  if (at != std::string::npos) text.erase(at + before.size(), schema.size() + 1);
  return text;
}

// ---- views ----

void read_view(Inspection& inspection, const Fields& row) {
  const model::Name name = inspection.name(row.text(1), row.text(2));
  if (inspection.left_out(name)) return;
  const bool materialized = row.letter(3) == 'm';
  std::string definition = materialized ? "CREATE MATERIALIZED VIEW " : "CREATE VIEW ";
  definition += inspection.quoted(name);
  if (!row.null(7)) definition += " USING " + inspection.dialect.quote(row.string(7));
  if (!row.null(4)) definition += " WITH (" + row.string(4) + ")";
  if (!row.null(5)) definition += " TABLESPACE " + inspection.dialect.quote(row.string(5));
  definition += " AS\n" + without_semicolon(row.text(6));
  if (materialized && !row.flag(8)) definition += "\n WITH NO DATA";
  inspection
      .add(pg_class, row.oid(0), materialized ? "materialized view" : "view", name,
           std::move(definition))
      .comment = inspection.comment_of(pg_class, row.oid(0));
}

std::string views_question(const Inspection& inspection) {
  return "SELECT c.oid, n.nspname, c.relname, c.relkind, array_to_string(c.reloptions, ', '), "
         "(SELECT spcname FROM pg_tablespace ts WHERE ts.oid = c.reltablespace), "
         "pg_get_viewdef(c.oid), CASE WHEN c.relam NOT IN (0, 2) THEN (SELECT amname FROM pg_am "
         "WHERE oid = c.relam) END, c.relispopulated FROM pg_class c JOIN pg_namespace n ON n.oid "
         "= "
         "c.relnamespace WHERE c.relkind IN ('v', 'm') AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_class", "c.oid");
}

/// What columns of views and the like have besides: defaults, statistics, comments.
void read_view_column(Inspection& inspection, const Fields& row) {
  const model::Name name = inspection.name(row.text(1), row.text(2));
  if (inspection.left_out(name)) return;
  const char kind = row.letter(3);
  const std::string column = inspection.dialect.quote(row.string(4));
  const std::string words = kind == 'v'   ? "view"
                            : kind == 'm' ? "materialized view"
                            : kind == 'c' ? "type"
                                          : "foreign table";
  const std::string key = model::key_of(words, name);
  const std::string alter = "ALTER " + to_upper(words) + " " + inspection.quoted(name) +
                            " ALTER COLUMN " + column + " SET ";
  const auto setting = [&](const std::string& what, const std::string& value) {
    model::Object& object =
        inspection.add(0, 0, "column setting", {{}, row.string(4) + " " + what}, alter + value);
    object.table = name;
    object.depends_on.push_back(key);
    return &object;
  };
  if (!row.null(5) && kind == 'v') {
    setting("default", "DEFAULT " + row.string(5))->drop =
        "ALTER VIEW " + inspection.quoted(name) + " ALTER COLUMN " + column + " DROP DEFAULT";
  }
  if (!row.null(6)) {
    setting("statistics", "STATISTICS " + row.string(6))->drop = alter + "STATISTICS -1";
  }
  inspection.add_comment(
      "COLUMN " + inspection.quoted(name) + "." + column,
      inspection.comment_of(pg_class, row.oid(0), static_cast<int>(row.number(7))),
      kind == 'c' ? model::Name() : name, key);
}

std::string view_columns_question(const Inspection& inspection) {
  return "SELECT c.oid, n.nspname, c.relname, c.relkind, a.attname, CASE WHEN a.atthasdef AND "
         "c.relkind = 'v' THEN pg_get_expr(d.adbin, d.adrelid) END, CASE WHEN a.attstattarget >= 0 "
         "AND c.relkind IN ('m', 'f') THEN a.attstattarget END, a.attnum FROM pg_class c JOIN "
         "pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND "
         "a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND "
         "d.adnum = a.attnum LEFT JOIN pg_description t ON t.classoid = 1259 AND t.objoid = c.oid "
         "AND t.objsubid = a.attnum WHERE c.relkind IN ('v', 'm', 'c', 'f') AND "
         "(t.description IS NOT NULL OR (d.oid IS NOT NULL AND c.relkind = 'v') OR "
         "(a.attstattarget >= 0 AND c.relkind IN ('m', 'f'))) AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_class", "c.oid");
}

// ---- triggers and rules ----

/// "ALTER TABLE t DISABLE TRIGGER x" for what does not fire as usual.
void add_state(Inspection& inspection, const std::string& kind, const model::Name& table,
               const std::string& name, char state, const std::string& key) {
  if (state == 'O') return;
  const std::string words = state == 'D'   ? "DISABLE "
                            : state == 'A' ? "ENABLE ALWAYS "
                                           : "ENABLE REPLICA ";
  const std::string alter = "ALTER TABLE " + inspection.quoted(table) + " ";
  const std::string target = to_upper(kind) + " " + inspection.dialect.quote(name);
  model::Object& object = inspection.add(0, 0, kind + " state", {{}, name}, alter + words + target);
  object.drop = alter + "ENABLE " + target;
  object.table = table;
  if (!key.empty()) object.depends_on.push_back(key);
}

void read_trigger(Inspection& inspection, const Fields& row) {
  const model::Name table = inspection.name(row.text(1), row.text(2));
  if (inspection.left_out(table)) return;
  const std::string name = row.string(3);
  if (row.flag(7)) {  // a partition has it from its parent; only its state may be its own
    add_state(inspection, "trigger", table, name, row.letter(5), {});
    return;
  }
  std::string definition = row.string(4);
  if (table.schema.empty()) {
    definition = unqualified(std::move(definition), " ON ", row.text(6), row.text(8));
  }
  model::Object& object =
      inspection.add(pg_trigger, row.oid(0), "trigger", {{}, name}, std::move(definition));
  object.table = table;
  object.comment = inspection.comment_of(pg_trigger, row.oid(0));
  const std::string key = model::key_of(object);
  add_state(inspection, "trigger", table, name, row.letter(5), key);
}

std::string triggers_question(const Inspection& inspection) {
  // Copies on partitions name their parent since version 13; before, a dependency does.
  const std::string parent =
      inspection.since(13)
          ? "g.tgparentid"
          : "coalesce((SELECT up.refobjid FROM pg_depend up WHERE up.classid = 2620 AND up.objid = "
            "g.oid AND up.refclassid = 2620 AND up.deptype IN ('P', 'I') LIMIT 1), 0)";
  const std::string copy = parent + " <> 0";
  const std::string parent_state =
      "(g.tgname NOT LIKE 'RI\\_ConstraintTrigger%' AND EXISTS (SELECT 1 FROM pg_trigger u WHERE "
      "u.oid = " +
      parent + " AND u.tgenabled <> g.tgenabled))";
  return "SELECT g.oid, n.nspname, c.relname, g.tgname, pg_get_triggerdef(g.oid), g.tgenabled, "
         "quote_ident(n.nspname), " +
         copy +
         ", quote_ident(c.relname) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN "
         "pg_namespace n ON n.oid = c.relnamespace WHERE ((NOT g.tgisinternal AND NOT " +
         copy + ") OR " + parent_state + ") AND " + inspection.wanted("n") + " AND " +
         Inspection::not_of_extension("pg_trigger", "g.oid") + " AND " +
         Inspection::not_of_extension("pg_class", "c.oid") + " ORDER BY g.oid";
}

void read_rule(Inspection& inspection, const Fields& row) {
  const model::Name table = inspection.name(row.text(1), row.text(2));
  if (inspection.left_out(table)) return;
  std::string definition = without_semicolon(row.text(4));
  if (table.schema.empty()) {
    definition = unqualified(std::move(definition), " TO ", row.text(6), row.text(7));
  }
  const std::string name = row.string(3);
  const std::string target =
      "RULE " + inspection.dialect.quote(name) + " ON " + inspection.quoted(table);
  model::Object& object =
      inspection.add(pg_rewrite, row.oid(0), "rule", {{}, name}, std::move(definition));
  object.table = table;
  object.drop = "DROP " + target;
  const std::string key = model::key_of(object);
  inspection.add_comment(target, inspection.comment_of(pg_rewrite, row.oid(0)), table, key);
  add_state(inspection, "rule", table, name, row.letter(5), key);
}

std::string rules_question(const Inspection& inspection) {
  return "SELECT r.oid, n.nspname, c.relname, r.rulename, pg_get_ruledef(r.oid), r.ev_enabled, "
         "quote_ident(n.nspname), quote_ident(c.relname) FROM pg_rewrite r JOIN pg_class c ON "
         "c.oid "
         "= r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN' "
         "AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_class", "c.oid") +
         " ORDER BY r.oid";
}

}  // namespace

void ask_views(const Inspection& inspection, std::vector<Question>& questions) {
  questions.push_back({views_question(inspection), read_view});
  questions.push_back({view_columns_question(inspection), read_view_column});
  questions.push_back({triggers_question(inspection), read_trigger});
  questions.push_back({rules_question(inspection), read_rule});
}

}  // namespace sterna::postgres
