#include "database/scratch.hpp"

#include "base/text.hpp"
#include "database/registry.hpp"
#include "sql/classify.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>

namespace sterna {

std::string scratch_name() {
  static std::atomic<unsigned> count{0};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::string(scratch_prefix) +
         std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) + "_" +
         std::to_string(::getpid()) + "_" + std::to_string(++count);
}

void drop_orphans(Connection& session, std::string_view names,
                  const std::function<void(const std::string& name)>& drop) {
  for (const Row& row : session.query(names)) {
    try {
      drop(row.get<std::string>(0));
    } catch (const Error&) {  // somebody else was quicker, or it is not ours to drop
    }
  }
}

namespace {

/// Anything at all but what a site puts into every database (extensions); empty when there is
/// nothing.
std::string first_held(const model::Model& model, const Dialect& dialect) {
  if (!model.tables.empty()) return model::key_of("table", model.tables.front().name);
  if (!model.enums.empty()) return model::key_of("enum", model.enums.front().name);
  if (!model.types.empty()) return model::key_of("type", model.types.front().name);
  if (!model.schemas.empty()) return "schema " + model.schemas.front();
  for (const model::Object& object : model.objects) {
    if (dialect.creation_rank(object.kind) >= 0) return model::key_of(object);
  }
  return {};
}

}  // namespace

Scratch::Scratch(std::unique_ptr<Connection> session, std::function<void()> remove,
                 std::shared_ptr<Confinement> within)
    : session_(std::move(session)), remove_(std::move(remove)) {
  session_->confine(std::move(within));
}

std::function<std::unique_ptr<Connection>()> Scratch::opener() const {
  return [url = session_->url(), within = session_->confinement()] {
    std::unique_ptr<Connection> session = connect(url);
    session->confine(within);
    return session;
  };
}

void Scratch::make_schema(const std::string& name) {
  session_->execute("CREATE SCHEMA " + session_->dialect().quote(name));
  made_schema_ = name;
}

void Scratch::leave_schema_to(std::span<const Statement> statements) {
  if (made_schema_.empty()) return;
  const Dialect& dialect = session_->dialect();
  const bool made = std::any_of(statements.begin(), statements.end(), [&](const Statement& one) {
    const StatementSummary summary = classify(one.sql, dialect.language());
    return summary.verb == Verb::create && summary.object == "SCHEMA" && !summary.if_exists &&
           equals_ignoring_case(summary.name.name, made_schema_);
  });
  if (!made) return;
  session_->execute("DROP SCHEMA " + dialect.quote(made_schema_));
  made_schema_.clear();
}

std::unique_ptr<Scratch> scratch_at(const Url& url, const Connection& beside) {
  std::unique_ptr<Connection> session = connect(url);
  const model::Model model = session->inspect({});
  if (const std::string held = first_held(model, session->dialect()); !held.empty()) {
    throw Error(ErrorKind::refused,
                "the scratch database " + url.masked() + " is not empty: it holds " + held)
        .with_state("nothing was changed")
        .suggest("name a database that holds nothing: everything in it is dropped after use");
  }
  const Language language = session->dialect().language();
  const bool of_server = language == Language::mysql || language == Language::cql;
  return std::make_unique<Scratch>(
      std::move(session), [url] { connect(url)->drop_everything(); },
      std::make_shared<Confinement>(Confinement::Bounds{
          language, of_server ? Confinement::Scope::server : Confinement::Scope::none, url.database,
          beside.url().database}));
}

}  // namespace sterna
