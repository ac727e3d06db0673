#include "diff/script.hpp"

#include "database/scratch.hpp"
#include "diff/diff.hpp"

#include <string>
#include <unordered_set>

namespace sterna {
namespace {

/// Renders one after the other; with `executing` each is made before the next is looked at.
ChangeScript render_all(const std::vector<Change>& changes, Connection& session, bool executing) {
  ChangeScript script;
  const Dialect& dialect = session.dialect();
  const RenderContext context{session.server(), executing ? &session : nullptr};
  const auto add = [&](std::vector<Statement>& statements) {
    for (Statement& statement : statements) {
      if (executing) session.execute(statement);
      script.statements.push_back(std::move(statement));
    }
  };
  Dialect::Frame frame = dialect.script_frame(changes);
  add(frame.before);
  for (const Change& change : changes) {
    Rendered rendered = dialect.render(change, context);
    // A table that is dropped deletes its rows first, and with them those that refer to them; where
    // keys can be off, the rows that would be left alone are found before the commit instead.
    script.foreign_keys_off |=
        rendered.needs_foreign_keys_off ||
        (std::holds_alternative<DropTable>(change) && session.capabilities().rebuilds_tables);
    add(rendered.statements);
  }
  add(frame.after);
  return script;
}

/// The table that a change is about; nothing for objects.
const model::Name* table_of(const Change& change) {
  if (const auto* create = std::get_if<CreateTable>(&change)) return &create->table.name;
  if (const auto* drop = std::get_if<DropTable>(&change)) return &drop->name;
  if (const auto* rename = std::get_if<RenameTable>(&change)) return &rename->from;
  if (const auto* alter = std::get_if<AlterTable>(&change)) return &alter->name;
  return nullptr;
}

/// The part of a schema that the changes meet: their tables, those tied to them by foreign keys,
/// and all that views and triggers name. SQLite looks at all tables there are whenever it makes
/// one, so that the whole schema would cost the square of its size.
model::Model met_by(const std::vector<Change>& changes, const model::Model& from) {
  std::unordered_set<std::string> wanted;
  const auto want = [&](const model::Name& name) { wanted.insert(model::key_of("table", name)); };
  for (const Change& change : changes) {
    if (const model::Name* name = table_of(change)) want(*name);
  }
  const auto changed = wanted;
  for (const model::Table& table : from.tables) {
    for (const model::ForeignKey& key : table.foreign_keys) {
      if (changed.contains(model::key_of("table", key.referenced_table))) want(table.name);
      if (changed.contains(model::key_of("table", table.name))) want(key.referenced_table);
    }
  }
  for (const model::Object& object : from.objects) {
    want(object.table);
    wanted.insert(object.depends_on.begin(), object.depends_on.end());
  }
  model::Model part = from;
  std::erase_if(part.tables, [&](const model::Table& table) {
    return !wanted.contains(model::key_of("table", table.name));
  });
  return part;
}

}  // namespace

std::string directives_of(const ChangeScript& script) {
  return std::string(script.outside_transaction ? "-- sterna:transaction none\n" : "") +
         (script.foreign_keys_off ? "-- sterna:foreign-keys off\n" : "");
}

void create_model(Connection& empty, const model::Model& model) {
  model::Model nothing;
  nothing.dialect = model.dialect;
  render_all(diff(nothing, model, {empty.dialect(), empty.server()}).changes, empty, true);
}

ChangeScript script_of(const std::vector<Change>& changes, const model::Model& from,
                       Connection& like) {
  if (!like.capabilities().renders_from_live) return render_all(changes, like, false);
  const std::unique_ptr<Scratch> scratch = like.make_scratch();
  scratch->session().set_foreign_keys(false);
  create_model(scratch->session(), met_by(changes, from));
  return render_all(changes, scratch->session(), true);
}

}  // namespace sterna
