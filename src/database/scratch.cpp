#include "database/scratch.hpp"

#include "database/registry.hpp"

#include <unistd.h>

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

void drop_orphans(Connection& session, std::string_view names) {
  for (const Row& row : session.query(names)) {
    try {
      session.execute("DROP DATABASE IF EXISTS " +
                      session.dialect().quote(row.get<std::string>(0)));
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

std::unique_ptr<Scratch> scratch_at(const Url& url) {
  std::unique_ptr<Connection> session = connect(url);
  const model::Model model = session->inspect({});
  if (const std::string held = first_held(model, session->dialect()); !held.empty()) {
    throw Error(ErrorKind::refused,
                "the scratch database " + url.masked() + " is not empty: it holds " + held)
        .with_state("nothing was changed")
        .suggest("name a database that holds nothing: everything in it is dropped after use");
  }
  return std::make_unique<Scratch>(std::move(session), [url] { connect(url)->drop_everything(); });
}

}  // namespace sterna
