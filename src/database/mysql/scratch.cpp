// Scratch databases on the server of a session. Its maker holds a lock of the database's name as
// long as it lives: one whose lock is free was left by a run that died.
#include "database/scratch.hpp"
#include "database/mysql/connection.hpp"
#include "database/mysql/engine.hpp"

namespace sterna::mysql {
namespace {

constexpr std::string_view orphans =
    "SELECT schema_name FROM information_schema.schemata WHERE schema_name REGEXP "
    "'^sterna_scratch_[0-9]{13}_[0-9]+_[0-9]+$' AND IS_FREE_LOCK(schema_name) = 1";

/// Privileges outlive the database on which they were given (manual, "DROP DATABASE").
/// What this user may not read or revoke keeps no scratch from going.
void revoke_all(const Url& url, const ConnectOptions& options) noexcept {
  try {
    MysqlConnection session(url, options);
    InspectOptions what;
    what.grants = true;
    for (const model::Object& object : session.inspect(what).objects) {
      if (object.kind != "grant") continue;
      try {
        session.execute(object.drop);
      } catch (const Error&) {  // its routine or table took it along
      }
    }
  } catch (const std::exception&) {
  }
}

}  // namespace

std::unique_ptr<Scratch> MysqlConnection::make_scratch() {
  const auto url_of = [this](const std::string& name) {
    Url url = url_;
    url.database = name;
    return url;
  };
  drop_orphans(*this, orphans, [&](const std::string& name) {
    revoke_all(url_of(name), options_);
    execute("DROP DATABASE IF EXISTS " + dialect().quote(name));
  });
  const std::string name = scratch_name();
  const Row row = query("SELECT @@character_set_database, @@collation_database").front();
  // The lock belongs to a session of its own, which makes the database and lives as long as it.
  std::shared_ptr<Connection> owner = connect(url_, options_);
  owner->query("SELECT GET_LOCK(" + dialect().literal(Value(name)) + ", 10)");
  const std::string quoted = dialect().quote(name);
  owner->execute("CREATE DATABASE " + quoted + " CHARACTER SET " + row.get<std::string>(0) +
                 " COLLATE " + row.get<std::string>(1));
  const auto within = std::make_shared<Confinement>(
      Confinement::Bounds{Language::mysql, Confinement::Scope::server, name,
                          confinement() ? confinement()->bounds().origin : url_.database});
  const Url url = url_of(name);
  const auto remove = [owner, quoted, within, url, options = options_] {
    if (!within->rights().empty()) revoke_all(url, options);
    owner->execute("DROP DATABASE IF EXISTS " + quoted);
  };
  try {
    return std::make_unique<Scratch>(connect(url, options_), remove, within);
  } catch (...) {
    remove();
    throw;
  }
}

}  // namespace sterna::mysql
