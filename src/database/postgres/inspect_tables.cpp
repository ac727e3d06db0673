// Tables, partitions, columns and the sequences that belong to columns.
#include "database/postgres/inspect.hpp"
#include "database/postgres/inspect_text.hpp"

#include "base/text.hpp"

namespace sterna::postgres {
namespace {

constexpr char line_end = '\n';

/// "fillfactor=70\nparallel_workers=2" into options, each key behind `prefix`.
void read_parameters(std::string_view text, const std::string& prefix,
                     std::map<std::string, std::string>& options) {
  for (const std::string& line : split(text, line_end)) {
    if (line.empty()) continue;
    const std::size_t equals = line.find('=');
    options[prefix + line.substr(0, equals)] =
        equals == std::string::npos ? "true" : line.substr(equals + 1);
  }
}

std::string parameters_of(const std::string& column) {
  return "array_to_string(" + column + ", E'\\n')";
}

// ---- tables ----

void read_table_options(model::Table& table, const Fields& row) {
  auto& options = table.options;
  const auto set = [&](const char* key, int field) {
    if (!row.null(field)) options[key] = row.string(field);
  };
  if (row.letter(4) == 'u') options["unlogged"] = "true";
  if (!row.null(5)) read_parameters(row.text(5), "", options);
  if (!row.null(6)) read_parameters(row.text(6), "toast.", options);
  set("tablespace", 7);
  set("access method", 8);
  switch (row.letter(9)) {
    case 'f':
      options["replica identity"] = "full";
      break;
    case 'n':
      options["replica identity"] = "nothing";
      break;
    default:
      break;  // 'i' comes with its index
  }
  if (row.flag(10)) options["row level security"] = row.flag(11) ? "forced" : "enabled";
  if (!row.flag(10) && row.flag(11)) options["row level security"] = "forced, disabled";
  set("partition by", 12);
  if (!row.null(13)) {
    set("partition of", 14);
    set("partition bound", 13);
  } else if (!row.null(14)) {
    set("inherits", 14);
  }
  set("of", 15);
}

void read_table(Inspection& inspection, const Fields& row) {
  TableState& state = inspection.tables[row.oid(0)];
  state.table.name = inspection.name(row.text(1), row.text(2));
  state.kind = row.letter(3);
  state.partition = !row.null(13);
  state.kept = (state.kind == 'r' || state.kind == 'p') && !row.flag(17) &&
               !inspection.left_out(state.table.name);
  for (const std::int64_t parent : row.numbers(16))
    state.parents.push_back(static_cast<Oid>(parent));
  state.table.comment = inspection.comment_of(pg_class, row.oid(0));
  read_table_options(state.table, row);
  if (!row.null(18)) state.server = row.string(18);
  if (!row.null(19)) state.foreign_options = row.string(19);
}

/// Options of a foreign table or its column as SQL: "name 'value', …".
std::string foreign_options(const std::string& column) {
  return "(SELECT string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ' "
         "ORDER BY option_name) FROM pg_options_to_table(" +
         column + "))";
}

std::string tables_question(const Inspection& inspection) {
  return "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, " +
         parameters_of("c.reloptions") + ", " + parameters_of("toast.reloptions") +
         ", (SELECT spcname FROM pg_tablespace ts WHERE ts.oid = c.reltablespace), "
         "CASE WHEN c.relkind IN ('r', 'p') AND c.relam NOT IN (0, 2) THEN (SELECT amname FROM "
         "pg_am WHERE oid = c.relam) END, c.relreplident, c.relrowsecurity, "
         "c.relforcerowsecurity, CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, "
         "CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END, "
         "parents.names, CASE WHEN c.reloftype <> 0 THEN c.reloftype::regtype::text END, "
         "parents.oids, NOT " +
         Inspection::not_of_extension("pg_class", "c.oid") +
         ", CASE WHEN c.relkind = 'f' THEN (SELECT quote_ident(srvname) FROM pg_foreign_table ft "
         "JOIN pg_foreign_server fs ON fs.oid = ft.ftserver WHERE ft.ftrelid = c.oid) END, "
         "CASE WHEN c.relkind = 'f' THEN (SELECT " +
         foreign_options("ft.ftoptions") +
         " FROM pg_foreign_table ft WHERE ft.ftrelid = c.oid) END "
         "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
         "LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid "
         "LEFT JOIN (SELECT inhrelid, string_agg(inhparent::regclass::text, ', ' ORDER BY "
         "inhseqno) AS names, array_agg(inhparent::int8 ORDER BY inhseqno) AS oids FROM "
         "pg_inherits GROUP BY inhrelid) parents ON parents.inhrelid = c.oid "
         "WHERE c.relkind IN ('r', 'p', 'f') AND " +
         inspection.wanted("n");
}

// ---- sequences of columns ----

/// The parameters of a sequence that differ from a fresh one's, as CREATE SEQUENCE takes them.
constexpr std::string_view sequence_parameters = R"(concat(
  CASE WHEN s.seqincrement <> 1 THEN ' INCREMENT BY ' || s.seqincrement END,
  CASE WHEN s.seqmin <> CASE WHEN s.seqincrement > 0 THEN 1 ELSE lowest.value END
       THEN ' MINVALUE ' || s.seqmin END,
  CASE WHEN s.seqmax <> CASE WHEN s.seqincrement > 0 THEN -(lowest.value + 1) ELSE -1 END
       THEN ' MAXVALUE ' || s.seqmax END,
  CASE WHEN s.seqstart <> CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END
       THEN ' START WITH ' || s.seqstart END,
  CASE WHEN s.seqcache <> 1 THEN ' CACHE ' || s.seqcache END,
  CASE WHEN s.seqcycle THEN ' CYCLE' END))";

void read_sequence(Inspection& inspection, const Fields& row) {
  const Oid oid = row.oid(0);
  const model::Name name = inspection.name(row.text(1), row.text(2));
  const std::string type = row.string(3), options = row.string(4);
  const bool owned = !row.null(6);
  OwnedSequence sequence;
  sequence.nextval = row.string(5);
  sequence.name = inspection.quoted(name);
  sequence.options = options;
  sequence.type = type;
  sequence.internal = owned && row.letter(8) == 'i';
  const bool logged = row.letter(9) != 'u';
  if (!sequence.internal) {
    if (inspection.left_out(name)) return;
    sequence.object = inspection.objects.size();
    model::Object& object =
        inspection.add(pg_class, oid, "sequence", name,
                       std::string(logged ? "CREATE SEQUENCE " : "CREATE UNLOGGED SEQUENCE ") +
                           sequence.name + (type == "bigint" ? "" : " AS " + type) + options);
    object.comment = inspection.comment_of(pg_class, oid);
  }
  if (!owned) return;
  inspection.sequences[address(row.oid(6), static_cast<Oid>(row.number(7)))] = std::move(sequence);
}

std::string sequences_question(const Inspection& inspection) {
  return "SELECT c.oid, n.nspname, c.relname, format_type(s.seqtypid, NULL), " +
         std::string(sequence_parameters) +
         ", 'nextval(' || quote_literal(c.oid::regclass::text) || '::regclass)', d.refobjid, "
         "d.refobjsubid, d.deptype, c.relpersistence FROM pg_sequence s JOIN pg_class c ON c.oid = "
         "s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL (SELECT CASE "
         "s.seqtypid WHEN 21 THEN '-32768'::int8 WHEN 23 THEN '-2147483648'::int8 ELSE "
         "'-9223372036854775808'::int8 END AS value) lowest LEFT JOIN pg_depend d ON d.classid = "
         "1259 AND d.objid = c.oid AND d.objsubid = 0 AND d.refclassid = 1259 AND d.deptype IN "
         "('a', 'i') WHERE " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_class", "c.oid");
}

// ---- columns ----

/// Whether SERIAL makes exactly this sequence (manual, "Serial Types"): named by the server, fresh,
/// of the column's type.
bool is_serial(const TableState& state, const model::Column& column, const OwnedSequence& sequence,
               std::string_view default_text, std::string_view type_text,
               const Inspection& inspection) {
  constexpr std::size_t longest = 63;
  const model::Name& table = state.table.name;
  const std::string name = table.name + "_" + column.name + "_seq";
  return !column.nullable && !sequence.internal && sequence.options.empty() &&
         sequence.type == type_text && default_text == sequence.nextval && name.size() <= longest &&
         sequence.name == inspection.quoted(model::Name(table.schema, name)) &&
         inspection.objects[sequence.object].object.comment.empty() &&
         inspection.objects[sequence.object].object.definition.starts_with("CREATE SEQUENCE");
}

void read_numbering(Inspection& inspection, TableState& state, Oid table, int number,
                    model::Column& column, const Fields& row) {
  const auto found = inspection.sequences.find(address(table, static_cast<Oid>(number)));
  const bool identity = row.letter(6) == 'a' || row.letter(6) == 'd';
  if (identity && !(state.partition && inspection.since(17))) {
    column.identity = row.letter(6) == 'a' ? model::Identity::always : model::Identity::by_default;
  }
  if (found == inspection.sequences.end()) return;
  const OwnedSequence& sequence = found->second;
  const model::Name& name = state.table.name;
  if (inspection.left_out(name)) {
    if (!sequence.internal) inspection.objects[sequence.object].dropped = true;
    return;
  }
  if (identity) {
    std::string words = sequence.options;
    const model::Name usual(name.schema, name.name + "_" + column.name + "_seq");
    if (sequence.name != inspection.quoted(usual))
      words = " SEQUENCE NAME " + sequence.name + words;
    if (!words.empty()) column.options["identity"] = words.substr(1);
    return;
  }
  if (state.kept && is_serial(state, column, sequence, row.text(5), row.text(3), inspection)) {
    column.auto_increment = true;
    column.options["serial"] = "true";
    column.default_value.reset();
    inspection.objects[sequence.object].dropped = true;
    return;
  }
  model::Object& owner =
      inspection.add(0, 0, "sequence owner", inspection.objects[sequence.object].object.name,
                     "ALTER SEQUENCE " + sequence.name + " OWNED BY " + inspection.quoted(name) +
                         "." + inspection.dialect.quote(column.name));
  owner.drop = "ALTER SEQUENCE " + sequence.name + " OWNED BY NONE";
  // It may have gone with its table.
  inspection.objects[sequence.object].object.drop = "DROP SEQUENCE IF EXISTS " + sequence.name;
  owner.table = name;
  owner.depends_on = {model::key_of("sequence", owner.name), model::key_of("table", name)};
}

/// The two that ALTER TABLE can set (manual, "ALTER TABLE", attribute_option). A server may keep
/// others there for itself: no statement brings those back, so that they are no part of the schema.
void read_attribute_options(Inspection& inspection, std::string_view text,
                            std::map<std::string, std::string>& options) {
  std::map<std::string, std::string> all;
  read_parameters(text, "", all);
  for (auto& [key, value] : all) {
    if (key == "n_distinct" || key == "n_distinct_inherited") {
      options[key] = std::move(value);
    } else {
      inspection.not_managed("column option " + key + ": ALTER TABLE cannot set it");
    }
  }
}

void read_column_options(Inspection& inspection, model::Column& column, const TableState& state,
                         const Fields& row) {
  static const std::map<char, std::string> storages{
      {'p', "plain"}, {'e', "external"}, {'x', "extended"}, {'m', "main"}};
  auto& options = column.options;
  if (!row.null(9)) {
    const auto storage = storages.find(row.letter(9));
    if (storage != storages.end()) options["storage"] = storage->second;
  }
  if (row.letter(10) != '\0') options["compression"] = row.letter(10) == 'l' ? "lz4" : "pglz";
  if (!row.null(11)) options["statistics"] = row.string(11);
  if (!row.null(12)) read_attribute_options(inspection, row.text(12), options);
  if (!state.partition && !row.flag(13)) options["inherited"] = "true";
  if (!row.null(14)) options["options"] = row.string(14);
}

void read_column(Inspection& inspection, const Fields& row) {
  const Oid table = row.oid(0);
  const auto found = inspection.tables.find(table);
  if (found == inspection.tables.end()) return;
  TableState& state = found->second;
  const auto number = static_cast<std::size_t>(row.number(1));
  if (state.column.size() <= number) state.column.resize(number + 1, -1);
  state.column[number] = static_cast<int>(state.table.columns.size());
  model::Column& column = state.table.columns.emplace_back();
  column.name = row.string(2);
  column.type = read_type(row.text(3));
  column.nullable = !row.flag(4);
  if (!row.null(5)) {
    if (row.letter(7) != '\0') {
      column.generated = {std::string(without_parentheses(row.text(5))), row.letter(7) == 's'};
    } else {
      column.default_value = read_default(row.text(5), column.type, row.text(3));
    }
  }
  if (!row.null(8)) column.collation = row.string(8);
  read_column_options(inspection, column, state, row);
  read_numbering(inspection, state, table, static_cast<int>(number), column, row);
  const auto comments = inspection.comments.find(address(pg_class, table));
  if (comments == inspection.comments.end()) return;
  if (const auto text = comments->second.find(static_cast<int>(number));
      text != comments->second.end()) {
    column.comment = text->second;
  }
}

std::string columns_question(const Inspection& inspection) {
  const std::string compression = inspection.since(14) ? "a.attcompression" : "NULL";
  const std::string statistics = inspection.since(17)
                                     ? "a.attstattarget"
                                     : "CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END";
  // A collation is told by its plain name where that finds it, else quoted and with its schema.
  const std::string collation =
      "CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 THEN (SELECT CASE WHEN "
      "cn.nspname IN ('pg_catalog', coalesce(current_schema(), '')) THEN co.collname ELSE "
      "format('\"%s\".\"%s\"', replace(cn.nspname, '\"', '\"\"'), replace(co.collname, '\"', "
      "'\"\"')) END FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE "
      "co.oid = a.attcollation) END";
  return "SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), "
         "a.attnotnull, CASE WHEN a.atthasdef THEN pg_get_expr(d.adbin, d.adrelid) END, "
         "a.attidentity, a.attgenerated, " +
         collation + ", CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, " +
         compression + ", " + statistics + ", " + parameters_of("a.attoptions") +
         ", a.attislocal, CASE WHEN a.attfdwoptions IS NOT NULL THEN " +
         foreign_options("a.attfdwoptions") +
         " END FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = "
         "a.atttypid LEFT JOIN pg_attrdef d ON a.atthasdef AND d.adrelid = a.attrelid AND d.adnum "
         "= a.attnum WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped AND "
         "c.relkind IN ('r', 'p', 'f') ORDER BY a.attrelid, a.attnum";
}

}  // namespace

void ask_tables(const Inspection& inspection, std::vector<Question>& questions) {
  questions.push_back({tables_question(inspection), read_table});
  questions.push_back({sequences_question(inspection), read_sequence});
  questions.push_back({columns_question(inspection), read_column});
}

}  // namespace sterna::postgres
