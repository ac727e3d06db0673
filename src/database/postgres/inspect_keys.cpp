// Constraints and indexes of tables, and the indexes of materialized views.
#include "database/postgres/inspect.hpp"
#include "database/postgres/inspect_text.hpp"

#include "base/text.hpp"

namespace sterna::postgres {
namespace {

using Options = std::map<std::string, std::string>;

std::vector<std::string> names_of(const TableState& state,
                                  const std::vector<std::int64_t>& numbers) {
  std::vector<std::string> names;
  for (const std::int64_t number : numbers) {
    const auto at = static_cast<std::size_t>(number);
    if (number > 0 && at < state.column.size() && state.column[at] >= 0) {
      names.push_back(state.table.columns[static_cast<std::size_t>(state.column[at])].name);
    }
  }
  return names;
}

model::ReferentialAction action_of(char letter) {
  switch (letter) {
    case 'r':
      return model::ReferentialAction::restrict_;
    case 'c':
      return model::ReferentialAction::cascade;
    case 'n':
      return model::ReferentialAction::set_null;
    case 'd':
      return model::ReferentialAction::set_default;
    default:
      return model::ReferentialAction::no_action;
  }
}

// ---- constraints ----

/// The fields of one constraint, named.
struct Constraint {
  explicit Constraint(const Fields& fields) : row(fields) {}
  const Fields& row;
  Oid oid() const { return row.oid(0); }
  Oid table() const { return row.oid(1); }
  std::string name() const { return row.string(2); }
  char type() const { return row.letter(3); }
  std::vector<std::int64_t> columns() const { return row.numbers(4); }
  Oid referenced() const { return row.oid(5); }
  std::vector<std::int64_t> referenced_columns() const { return row.numbers(6); }
  char on_update() const { return row.letter(7); }
  char on_delete() const { return row.letter(8); }
  char match() const { return row.letter(9); }
  bool deferrable() const { return row.flag(10); }
  bool deferred() const { return row.flag(11); }
  bool valid() const { return row.flag(12); }
  bool local() const { return row.flag(13); }
  bool has_parent() const { return row.flag(14); }
  std::string_view expression() const { return row.text(15); }
  bool whole() const { return !row.null(16); }
  std::string_view definition() const { return row.text(16); }
  bool distinct_nulls() const { return !row.flag(20); }
  std::string_view referenced_schema() const { return row.text(21); }
  std::string_view referenced_name() const { return row.text(22); }
  std::string_view referenced_names() const { return row.text(23); }
  bool enforced() const { return row.flag(24); }
  Oid index() const { return row.oid(25); }
};

Options options_of(const Inspection& inspection, const Constraint& constraint) {
  Options options;
  const Fields& row = constraint.row;
  if (constraint.whole()) options["definition"] = constraint.definition();
  if (!row.null(17)) options["with"] = row.string(17);
  if (!row.null(18)) options["tablespace"] = row.string(18);
  if (!row.null(19)) options["attached to"] = row.string(19);
  if (std::string text = inspection.comment_of(pg_constraint, constraint.oid()); !text.empty()) {
    options["comment"] = std::move(text);
  }
  if (std::string text = inspection.comment_of(pg_class, constraint.index()); !text.empty()) {
    options["index comment"] = std::move(text);
  }
  return options;
}

void read_primary_key(TableState& state, const Constraint& c, Options options) {
  model::PrimaryKey key;
  key.name = c.name();
  for (std::string& name : names_of(state, c.columns())) {
    key.parts.push_back({std::move(name), {}, false, {}, {}, {}, {}});
  }
  key.options = std::move(options);
  state.table.primary_key = std::move(key);
}

void read_unique(TableState& state, const Constraint& c, Options options) {
  model::Unique unique;
  unique.name = c.name();
  unique.columns = names_of(state, c.columns());
  unique.deferrable = c.deferrable();
  unique.initially_deferred = c.deferred();
  unique.nulls_not_distinct = !c.distinct_nulls();
  unique.options = std::move(options);
  state.table.uniques.push_back(std::move(unique));
}

void read_foreign_key(Inspection& inspection, TableState& state, const Constraint& c,
                      Options options) {
  model::ForeignKey key;
  key.name = c.name();
  key.columns = names_of(state, c.columns());
  if (const auto other = inspection.tables.find(c.referenced()); other != inspection.tables.end()) {
    key.referenced_table = other->second.table.name;
    key.referenced_columns = names_of(other->second, c.referenced_columns());
  } else {
    key.referenced_table = inspection.name(c.referenced_schema(), c.referenced_name());
    key.referenced_columns = identifiers(c.referenced_names());
  }
  key.on_update = action_of(c.on_update());
  key.on_delete = action_of(c.on_delete());
  if (c.match() == 'f') key.match = "full";
  key.deferrable = c.deferrable();
  key.initially_deferred = c.deferred();
  key.not_valid = !c.valid() && c.enforced();
  key.options = std::move(options);
  state.table.foreign_keys.push_back(std::move(key));
}

void read_check(TableState& state, const Constraint& c, Options options) {
  model::Check check;
  check.name = c.name();
  check.expression = without_parentheses(c.expression());
  check.not_enforced = !c.enforced();
  check.not_valid = !c.valid() && c.enforced();
  check.options = std::move(options);
  state.table.checks.push_back(std::move(check));
}

/// "EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (active)".
void read_exclusion(TableState& state, const Constraint& c, Options options) {
  model::Exclusion exclusion;
  exclusion.name = c.name();
  std::string_view text = c.definition();
  constexpr std::string_view head = "EXCLUDE USING ";
  text.remove_prefix(std::min(text.size(), head.size()));
  exclusion.method = take_identifier(text);
  text = trim(text);
  const std::size_t end = skip_item(text, 0);
  bool plain = end > 1;
  for (const std::string_view part : split_list(text.substr(1, end - 2))) {
    constexpr std::string_view with = " WITH ";
    const std::size_t at = part.rfind(with);
    if (at == std::string_view::npos) {
      plain = false;
      continue;
    }
    const std::string_view what = part.substr(0, at);
    std::string_view rest = what;
    const std::string column = take_identifier(rest);
    // The renderer quotes what looks like a name; all else is written as it stands.
    const bool name = rest.empty() && column.find_first_of("() ,:'\"") == std::string::npos;
    exclusion.elements.push_back(
        {name ? column : std::string(what), std::string(part.substr(at + with.size()))});
  }
  text = trim(text.substr(end));
  constexpr std::string_view where = "WHERE ";
  if (text.starts_with(where)) {
    text.remove_prefix(where.size());
    const std::size_t close = skip_item(text, 0);
    exclusion.where = without_parentheses(text.substr(0, close));
    text = trim(text.substr(close));
  }
  exclusion.deferrable = c.deferrable();
  exclusion.initially_deferred = c.deferred();
  plain = plain && (text.empty() || text.starts_with("DEFERRABLE"));
  if (plain) options.erase("definition");
  exclusion.options = std::move(options);
  state.table.exclusions.push_back(std::move(exclusion));
}

/// PostgreSQL 18 keeps NOT NULL as a constraint: its name where it is not the server's own choice.
void read_not_null(Inspection& inspection, TableState& state, const Constraint& c,
                   Options options) {
  for (const std::int64_t number : c.columns()) {
    const auto at = static_cast<std::size_t>(number);
    if (number <= 0 || at >= state.column.size() || state.column[at] < 0) continue;
    model::Column& column = state.table.columns[static_cast<std::size_t>(state.column[at])];
    const bool usual = c.name() == state.table.name.name + "_" + column.name + "_not_null";
    if (!usual || column.options.contains("inherited")) column.options["not null"] = c.name();
    // The server chooses a name that no other table of the schema has: where one has it (a renamed
    // table, a detached partition), all say theirs.
    if (!state.partition) {
      const std::string full = state.table.name.schema + "." + c.name();
      const auto [first, fresh] = inspection.not_null_names.emplace(full, &column);
      if (!fresh) column.options["not null"] = first->second->options["not null"] = c.name();
    }
    if (!c.valid()) column.options["not null not valid"] = "true";
    if (options.contains("definition") && c.definition().ends_with("NO INHERIT")) {
      column.options["not null no inherit"] = "true";
    }
    if (options.contains("comment")) column.options["not null comment"] = options["comment"];
  }
}

void read_constraint(Inspection& inspection, const Fields& row) {
  const Constraint c(row);
  TableState* state = inspection.table(c.table());
  if (state == nullptr) return;
  // What a partition or child has from its parent comes with it; checks and keys of a partition
  // must stand there before it is attached.
  if (c.type() == 'f' && c.has_parent()) return;
  if ((c.type() == 'c' || c.type() == 'n') && !c.local() && !state->partition) return;
  Options options = options_of(inspection, c);
  switch (c.type()) {
    case 'p':
      return read_primary_key(*state, c, std::move(options));
    case 'u':
      return read_unique(*state, c, std::move(options));
    case 'f':
      return read_foreign_key(inspection, *state, c, std::move(options));
    case 'c':
      return read_check(*state, c, std::move(options));
    case 'x':
      return read_exclusion(*state, c, std::move(options));
    case 'n':
      return read_not_null(inspection, *state, c, std::move(options));
    default:
      return;
  }
}

std::string constraints_question(const Inspection& inspection) {
  const auto gate = [&](int version, const char* then, const char* otherwise) {
    return std::string(inspection.since(version) ? then : otherwise);
  };
  // What no field of the model holds makes the whole text part of it.
  const std::string whole =
      "k.contype = 'x' OR (k.contype IN ('c', 'n') AND k.connoinherit) OR (k.contype = 'p' AND "
      "k.condeferrable) OR (i.oid IS NOT NULL AND x.indnatts <> x.indnkeyatts)" +
      gate(15, " OR k.confdelsetcols IS NOT NULL", "") +
      gate(18, " OR k.conperiod OR (k.contype = 'f' AND NOT k.conenforced)", "");
  return "SELECT k.oid, k.conrelid, k.conname, k.contype, k.conkey, k.confrelid, k.confkey, "
         "k.confupdtype, k.confdeltype, k.confmatchtype, k.condeferrable, k.condeferred, "
         "k.convalidated, k.conislocal, k.conparentid <> 0, CASE WHEN k.contype = 'c' THEN "
         "pg_get_expr(k.conbin, k.conrelid) END, CASE WHEN " +
         whole +
         " THEN pg_get_constraintdef(k.oid) END, array_to_string(i.reloptions, ', '), (SELECT "
         "spcname FROM pg_tablespace ts WHERE ts.oid = i.reltablespace), CASE WHEN i.oid IS NOT "
         "NULL AND i.relispartition THEN (SELECT pc.relname FROM pg_inherits pi JOIN pg_class pc "
         "ON pc.oid = pi.inhparent WHERE pi.inhrelid = i.oid) END, " +
         gate(15, "x.indnullsnotdistinct", "false") +
         ", rn.nspname, r.relname, CASE WHEN k.contype = 'f' AND NOT " + inspection.wanted("rn") +
         " THEN (SELECT string_agg(quote_ident(ra.attname), ', ' ORDER BY "
         "array_position(k.confkey, "
         "ra.attnum)) FROM pg_attribute ra WHERE ra.attrelid = k.confrelid AND ra.attnum = "
         "ANY (k.confkey)) END, " +
         gate(18, "k.conenforced", "true") +
         ", i.oid FROM pg_constraint k LEFT JOIN pg_class i ON k.contype IN ('p', 'u', 'x') AND "
         "i.oid = "
         "k.conindid LEFT JOIN pg_index x ON x.indexrelid = i.oid LEFT JOIN pg_class r ON "
         "k.confrelid <> 0 AND r.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = "
         "r.relnamespace WHERE k.conrelid >= 16384 AND k.contype IN ('p', 'u', 'f', 'c', 'x', "
         "'n') ORDER BY k.conrelid, k.conname";
}

// ---- indexes ----

/// "USING btree (a, lower(b) text_ops DESC) INCLUDE (c) WHERE …" of pg_get_indexdef().
void read_index_text(std::string_view text, model::Index& index) {
  constexpr std::string_view word = "USING ";
  text.remove_prefix(word.size());
  index.method = take_identifier(text);
  if (index.method == "btree") index.method.clear();  // the default
  text = trim(text);
  std::size_t end = skip_item(text, 0);
  for (const std::string_view part : split_list(text.substr(1, end - 2))) {
    index.parts.push_back(read_index_part(part));
  }
  text = trim(text.substr(end));
  constexpr std::string_view include = "INCLUDE ";
  if (text.starts_with(include)) {
    text.remove_prefix(include.size());
    end = skip_item(text, 0);
    index.include = identifiers(text.substr(1, end - 2));
  }
}

/// Where " USING method (…" begins: behind the name of the table, which may hold anything in
/// quotes.
std::string_view using_clause(std::string_view definition) {
  constexpr std::string_view word = " USING ";
  for (std::size_t at = 0; at < definition.size(); at = skip_item(definition, at)) {
    if (definition.substr(at).starts_with(word)) return definition.substr(at + 1);
  }
  return {};
}

void read_index_options(model::Index& index, const Fields& row) {
  auto& options = index.options;
  for (const std::string& option : split(row.text(7), '\n')) {
    const std::size_t equals = option.find('=');
    if (equals != std::string::npos) options[option.substr(0, equals)] = option.substr(equals + 1);
  }
  if (!row.null(8)) options["tablespace"] = row.string(8);
  if (!row.null(9)) options["attached to"] = row.string(9);
  if (!row.flag(10)) options["invalid"] = "true";
  if (!row.null(11)) options["statistics"] = row.string(11);
}

void mark_table(model::Table& table, const Fields& row) {
  if (row.flag(12)) table.options["cluster on"] = row.string(2);
  if (row.flag(13)) table.options["replica identity"] = "index " + row.string(2);
}

void read_view_index(Inspection& inspection, const Fields& row, std::string_view clause) {
  const model::Name view = inspection.name(row.text(16), row.text(15));
  const model::Name name = inspection.name(row.text(16), row.text(2));
  model::Object& object =
      inspection.add(pg_class, row.oid(0), "index", name,
                     std::string(row.flag(3) ? "CREATE UNIQUE INDEX " : "CREATE INDEX ") +
                         inspection.dialect.quote(name.name) + " ON " + inspection.quoted(view) +
                         " " + std::string(clause));
  object.comment = inspection.comment_of(pg_class, row.oid(0));
  object.table = view;
  object.depends_on = {model::key_of("materialized view", view)};
  if (!row.flag(12)) return;
  const std::string index = model::key_of(object);
  const std::string alter = "ALTER MATERIALIZED VIEW " + inspection.quoted(view) + " ";
  model::Object& clustered = inspection.add(
      0, 0, "cluster", view, alter + "CLUSTER ON " + inspection.dialect.quote(name.name));
  clustered.drop = alter + "SET WITHOUT CLUSTER";
  clustered.table = view;
  clustered.depends_on = {index};
}

void read_index(Inspection& inspection, const Fields& row) {
  const Oid table = row.oid(1);
  TableState* state = inspection.table(table);
  if (!row.null(14)) {  // the index of a constraint: the constraint stands for it
    if (state != nullptr) mark_table(state->table, row);
    return;
  }
  const std::string_view clause = using_clause(row.text(4));
  if (row.letter(17) == 'm') return read_view_index(inspection, row, clause);
  if (state == nullptr) return;
  mark_table(state->table, row);
  inspection.alias(pg_class, row.oid(0), pg_class, table);
  model::Index& index = state->table.indexes.emplace_back();
  index.name = row.string(2);
  index.unique = row.flag(3);
  read_index_text(clause, index);
  index.nulls_not_distinct = row.flag(5);
  if (!row.null(6)) index.where = without_parentheses(row.text(6));
  read_index_options(index, row);
  index.comment = inspection.comment_of(pg_class, row.oid(0));
}

std::string indexes_question(const Inspection& inspection) {
  const std::string distinct = inspection.since(15) ? "x.indnullsnotdistinct" : "false";
  return "SELECT x.indexrelid, x.indrelid, i.relname, x.indisunique, CASE WHEN k.oid IS NULL THEN "
         "pg_get_indexdef(x.indexrelid) END, " +
         distinct +
         ", CASE WHEN x.indpred IS NOT NULL THEN pg_get_expr(x.indpred, x.indrelid) END, "
         "array_to_string(i.reloptions, E'\\n'), (SELECT spcname FROM pg_tablespace ts WHERE "
         "ts.oid = i.reltablespace), CASE WHEN i.relispartition THEN (SELECT pc.relname FROM "
         "pg_inherits pi JOIN pg_class pc ON pc.oid = pi.inhparent WHERE pi.inhrelid = i.oid) END, "
         "x.indisvalid, CASE WHEN x.indexprs IS NOT NULL THEN (SELECT string_agg(a.attnum || ' ' "
         "|| a.attstattarget, ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = "
         "x.indexrelid AND a.attstattarget >= 0) END, x.indisclustered, x.indisreplident, k.oid, "
         "c.relname, n.nspname, c.relkind FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
         "JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace LEFT "
         "JOIN pg_constraint k ON k.conindid = x.indexrelid AND k.conrelid = x.indrelid AND "
         "k.contype IN ('p', 'u', 'x') WHERE x.indrelid >= 16384 AND c.relkind IN ('r', 'p', 'm') "
         "AND " +
         inspection.wanted("n") + " AND (c.relkind <> 'm' OR " +
         Inspection::not_of_extension("pg_class", "c.oid") + ") ORDER BY x.indrelid, i.relname";
}

}  // namespace

void ask_keys(const Inspection& inspection, std::vector<Question>& questions) {
  questions.push_back({constraints_question(inspection), read_constraint});
  questions.push_back({indexes_question(inspection), read_index});
}

}  // namespace sterna::postgres
