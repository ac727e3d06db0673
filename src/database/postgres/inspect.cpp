// The whole schema in one message: every question is part of it, and so are the settings under
// which the server prints names and constants the same way for everybody.
#include "database/postgres/inspect.hpp"

#include "base/text.hpp"
#include "database/postgres/connection.hpp"
#include "database/postgres/values.hpp"

#include <algorithm>
#include <charconv>
#include <exception>
#include <optional>

namespace sterna::postgres {
namespace {

/// Settings that change how the catalogs' expressions are printed (pg_dump sets them too). Names in
/// the default schema stand without it, all others with theirs.
constexpr std::string_view settings =
    "SELECT set_config('search_path', coalesce(quote_ident(current_schema()), ''), true), "
    "set_config('datestyle', 'ISO, YMD', true), set_config('intervalstyle', 'postgres', true), "
    "set_config('timezone', 'UTC', true), set_config('extra_float_digits', '1', true), "
    "set_config('quote_all_identifiers', 'off', true), set_config('bytea_output', 'hex', true), "
    "set_config('jit', 'off', true), coalesce(current_schema(), '')";

void read_settings(Inspection& inspection, const Fields& row) {
  inspection.model.default_schema = row.string(8);
}

void read_comment(Inspection& inspection, const Fields& row) {
  inspection.comments[address(row.oid(0), row.oid(1))][static_cast<int>(row.number(2))] =
      row.string(3);
}

void read_dependency(Inspection& inspection, const Fields& row) {
  inspection.depend(row.oid(0), row.oid(1), row.oid(2), row.oid(3));
}

/// Who needs whom, with the parts of objects (constraints, defaults, rules of views, array types)
/// put for what they are part of. (Before version 15 a generated column itself needs what its
/// expression calls.) Foreign keys come after all tables and are left out.
constexpr std::string_view dependencies = R"(
SELECT DISTINCT
  CASE WHEN ad.oid IS NOT NULL OR k.conrelid <> 0 OR rw.rulename = '_RETURN' THEN 1259
       WHEN k.contypid <> 0 THEN 1247 ELSE d.classid::int8 END,
  coalesce(ad.adrelid, nullif(k.conrelid, 0), nullif(k.contypid, 0),
           CASE WHEN rw.rulename = '_RETURN' THEN rw.ev_class END, d.objid)::int8,
  CASE WHEN e.refobjid IS NOT NULL THEN 3079
       WHEN coalesce(el.typrelid, t.typrelid) <> 0 THEN 1259 ELSE d.refclassid::int8 END,
  coalesce(e.refobjid, nullif(coalesce(el.typrelid, t.typrelid), 0), el.oid, d.refobjid)::int8
FROM pg_depend d
LEFT JOIN pg_attrdef ad ON d.classid = 2604 AND ad.oid = d.objid
LEFT JOIN pg_constraint k ON d.classid = 2606 AND k.oid = d.objid
LEFT JOIN pg_rewrite rw ON d.classid = 2618 AND rw.oid = d.objid
LEFT JOIN pg_type t ON d.refclassid = 1247 AND t.oid = d.refobjid
LEFT JOIN pg_type el ON t.typcategory = 'A' AND el.oid = t.typelem
LEFT JOIN pg_depend e ON e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e'
WHERE (d.deptype = 'n' OR (d.deptype = 'a' AND d.classid = 1259 AND d.objsubid > 0
                           AND d.refclassid <> 1259)) AND d.objid >= 16384 AND d.refobjid >= 16384
  AND d.refclassid <> 2615 AND d.classid NOT IN (826, 3079)
  AND NOT (d.classid = 2606 AND d.refclassid = 1259)
ORDER BY 1, 2, 3, 4)";

}  // namespace

std::int64_t Fields::number(int field) const {
  const std::string_view digits = text(field);
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::vector<std::int64_t> Fields::numbers(int field) const {
  std::vector<std::int64_t> values;
  const std::string_view list = text(field);
  for (const char *at = list.data(), *end = at + list.size(); at < end;) {
    std::int64_t value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error == std::errc()) values.push_back(value);
    at = next == at ? at + 1 : next;
  }
  return values;
}

Inspection::Inspection(const InspectOptions& asked, const ServerInfo& on,
                       const PostgresDialect& words)
    : options(asked), server(on), dialect(words) {
  model.dialect = "postgres";
  model.product = on.product;
  model.version = on.version;
  for (const model::Name& table : asked.without) without_.insert(table.text());
}

model::Name Inspection::name(std::string_view schema, std::string_view plain) const {
  return {schema == model.default_schema ? std::string() : std::string(schema), std::string(plain)};
}

std::string Inspection::wanted(const std::string& alias) const {
  const std::string column = alias + ".nspname";
  if (options.schemas.empty()) {
    return "(" + column + " !~ '^pg_' AND " + column + " <> 'information_schema')";
  }
  std::vector<std::string> names;
  for (const std::string& schema : options.schemas) {
    names.push_back(dialect.string_literal(schema));
  }
  return column + " IN (" + join(names, ", ") + ")";
}

std::string Inspection::not_of_extension(std::string_view catalog, std::string_view oid) {
  return "NOT EXISTS (SELECT 1 FROM pg_depend ext WHERE ext.classid = '" + std::string(catalog) +
         "'::regclass AND ext.objid = " + std::string(oid) +
         " AND ext.objsubid = 0 AND ext.deptype = 'e')";
}

std::string Inspection::comment_of(Oid catalog, Oid object, int part) const {
  const auto found = comments.find(address(catalog, object));
  if (found == comments.end()) return {};
  const auto text = found->second.find(part);
  return text == found->second.end() ? std::string() : text->second;
}

model::Object& Inspection::add(Oid catalog, Oid oid, std::string kind, model::Name object_name,
                               std::string definition) {
  model::Object object;
  object.kind = std::move(kind);
  object.name = std::move(object_name);
  object.definition = std::move(definition);
  if (catalog != 0) {
    Item item;
    item.is_object = true;
    item.object = objects.size();
    items_[address(catalog, oid)] = std::move(item);
  }
  objects.push_back({std::move(object), false});
  return objects.back().object;
}

void Inspection::add_comment(const std::string& target, const std::string& text,
                             const model::Name& table, const std::string& depends_on) {
  if (text.empty()) return;
  const std::string statement = "COMMENT ON " + target + " IS ";
  model::Object& object =
      add(0, 0, "comment", {{}, target}, statement + dialect.string_literal(text));
  object.drop = statement + "NULL";
  object.table = table;
  if (!depends_on.empty()) object.depends_on.push_back(depends_on);
}

void Inspection::alias(Oid catalog, Oid oid, Oid of_catalog, Oid of_oid) {
  aliases_[address(catalog, oid)] = address(of_catalog, of_oid);
}

void register_key(Inspection& inspection, Oid catalog, Oid oid, std::string key) {
  inspection.items_[address(catalog, oid)].key = std::move(key);
}

const Inspection::Item* Inspection::item(Oid catalog, Oid oid) const {
  std::uint64_t at = address(catalog, oid);
  if (const auto other = aliases_.find(at); other != aliases_.end()) at = other->second;
  const auto found = items_.find(at);
  return found == items_.end() ? nullptr : &found->second;
}

std::string Inspection::key(const Item& item) const {
  return item.is_object ? key_of(objects[item.object].object) : item.key;
}

void Inspection::depend(Oid catalog, Oid oid, Oid on_catalog, Oid on_oid) {
  if (catalog == pg_class) {  // an index needs what its table must wait for
    const auto whole = aliases_.find(address(catalog, oid));
    if (whole != aliases_.end()) oid = static_cast<Oid>(whole->second);
  }
  std::string on;
  if (on_catalog == pg_class) {
    if (const TableState* state = table(on_oid)) on = model::key_of("table", state->table.name);
  }
  if (on.empty()) {
    const Item* found = item(on_catalog, on_oid);
    if (found == nullptr || (found->is_object && objects[found->object].dropped)) return;
    on = key(*found);
  }
  if (catalog == pg_class) {
    if (TableState* state = table(oid)) {
      if (on != model::key_of("table", state->table.name)) {
        state->table.depends_on.keys.push_back(on);
      }
      return;
    }
  }
  const Item* from = item(catalog, oid);
  if (from != nullptr && from->is_object && key(*from) != on) {
    objects[from->object].object.depends_on.push_back(on);
  }
}

TableState* Inspection::table(Oid oid) {
  const auto found = tables.find(oid);
  return found != tables.end() && found->second.kept ? &found->second : nullptr;
}

model::Model Inspection::take() {
  const auto tidy = [](std::vector<std::string>& keys) {
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  };
  for (auto& [oid, state] : tables) {
    if (!state.kept) continue;
    for (const Oid parent : state.parents) depend(pg_class, oid, pg_class, parent);
  }
  for (auto& [oid, state] : tables) {
    if (!state.kept) continue;
    tidy(state.table.depends_on.keys);
    model.tables.push_back(std::move(state.table));
  }
  for (Pending& pending : objects) {
    if (pending.dropped) continue;
    tidy(pending.object.depends_on);
    model.objects.push_back(std::move(pending.object));
  }
  model.not_managed.assign(not_managed_.begin(), not_managed_.end());
  std::sort(model.not_managed.begin(), model.not_managed.end());
  model::sort(model);
  return std::move(model);
}

void PostgresConnection::ask(const std::string& text, std::size_t answers,
                             const std::function<void(std::size_t, const PGresult*)>& answer) {
  const Statement statement{text, {}, {}, {}};
  refuse_zero_bytes({&statement, 1}, {});
  if (api_.PQsendQuery(handle_, text.c_str()) == 0) throw lost(statement);
  std::size_t at = 0;
  std::optional<Error> failure;
  std::exception_ptr thrown;
  while (PGresult* raw = api_.PQgetResult(handle_)) {
    const Result result = own(raw);
    const ExecStatusType status = api_.PQresultStatus(raw);
    if (status == PGRES_TUPLES_OK && !failure && !thrown) {
      try {
        answer(at++, raw);
      } catch (...) {
        thrown = std::current_exception();
      }
    } else if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !failure) {
      failure = failure_of(raw, statement);
    }
    if (!connected()) break;
  }
  if (!failure && !connected()) failure = lost(statement);
  if (failure) throw *failure;
  if (thrown) std::rethrow_exception(thrown);
  if (at != answers) throw Error(ErrorKind::internal, "the server left catalog questions open");
}

model::Model PostgresConnection::inspect(const InspectOptions& options) {
  Inspection inspection(options, server_, static_cast<const PostgresDialect&>(dialect()));
  std::vector<Question> questions{
      {std::string(settings), read_settings},
      {"SELECT classoid::int8, objoid::int8, objsubid, description FROM pg_description "
       "WHERE objoid >= 16384 OR (classoid = 2615 AND objoid = 2200)",
       read_comment}};
  for (const auto ask_more : {ask_tables, ask_keys, ask_types, ask_routines, ask_views, ask_guards,
                              ask_others, ask_rights}) {
    ask_more(inspection, questions);
  }
  questions.push_back({std::string(dependencies), read_dependency});
  // In an open transaction a savepoint takes the settings back.
  const bool inside = in_transaction();
  std::string text = inside ? "SAVEPOINT sterna_inspect;\n"
                            : "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;\n";
  for (const Question& question : questions) text += question.sql + ";\n";
  text +=
      inside ? "ROLLBACK TO SAVEPOINT sterna_inspect; RELEASE SAVEPOINT sterna_inspect" : "COMMIT";
  try {
    ask(text, questions.size(), [&](std::size_t number, const PGresult* result) {
      const int rows = api_.PQntuples(result);
      for (int row = 0; row < rows; ++row) {
        questions[number].row(inspection, Fields(api_, result, row));
      }
    });
  } catch (...) {
    if (!inside) rollback();
    throw;
  }
  return inspection.take();
}

}  // namespace sterna::postgres
