#include "diff/script.hpp"

#include "database/scratch.hpp"
#include "diff/diff.hpp"

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
  create_model(scratch->session(), from);
  return render_all(changes, scratch->session(), true);
}

}  // namespace sterna
