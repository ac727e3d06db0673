// Scratch databases on the server of a session; for a role that may not make one, a schema in the
// session's own database. One without a session, made longer ago than it takes to connect, was left
// by a run that died.
#include "database/scratch.hpp"
#include "database/postgres/connection.hpp"
#include "database/registry.hpp"

namespace sterna::postgres {
namespace {

constexpr std::string_view orphans =
    "SELECT d.datname FROM pg_catalog.pg_database d WHERE d.datname ~ "
    "'^sterna_scratch_[0-9]{13}_[0-9]+_[0-9]+$' AND pg_catalog.pg_has_role(d.datdba, 'USAGE') AND "
    "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_stat_activity a WHERE a.datname = d.datname) AND "
    "split_part(d.datname, '_', 3)::numeric < extract(epoch FROM now()) * 1000 - 120000";

/// A schema bears no session: its maker holds an advisory lock that is named like it.
constexpr std::string_view orphaned_schemas =
    "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname ~ "
    "'^sterna_scratch_[0-9]{13}_[0-9]+_[0-9]+$' AND pg_catalog.pg_has_role(nspowner, 'USAGE') AND "
    "split_part(nspname, '_', 3)::numeric < extract(epoch FROM now()) * 1000 - 120000 AND "
    "pg_catalog.pg_try_advisory_lock(pg_catalog.hashtext(nspname))";

/// Extensions stay where they are: what they define is found behind the scratch schema.
std::string search_path(Connection& session, const std::string& schema) {
  std::string path = schema;
  for (const Row& row :
       session.query("SELECT DISTINCT n.nspname FROM pg_catalog.pg_extension e JOIN "
                     "pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE n.nspname NOT IN "
                     "('pg_catalog', 'public') ORDER BY 1"))
    path += "," + row.get<std::string>(0);
  return path;
}

std::unique_ptr<Scratch> make_scratch_schema(Connection& session, Url url,
                                             const ConnectOptions& options,
                                             const std::string& origin) {
  for (const Row& row : session.query(orphaned_schemas)) {
    const std::string name = row.get<std::string>(0);
    session.execute("DROP SCHEMA IF EXISTS " + session.dialect().quote(name) + " CASCADE");
    session.query("SELECT pg_catalog.pg_advisory_unlock(pg_catalog.hashtext(" +
                  session.dialect().literal(Value(name)) + "))");
  }
  const std::string name = scratch_name();
  const std::string given = url.parameter("options");
  url.parameters["options"] =
      given + (given.empty() ? "" : " ") + "-csearch_path=" + search_path(session, name);
  std::unique_ptr<Connection> own = connect(url, options);
  own->query("SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtext(" +
             session.dialect().literal(Value(name)) + "))");
  own->execute("CREATE SCHEMA " + session.dialect().quote(name));
  const auto remove = [url, quoted = session.dialect().quote(name)] {
    connect(url, {})->execute("DROP SCHEMA IF EXISTS " + quoted + " CASCADE");
  };
  auto scratch =
      std::make_unique<Scratch>(std::move(own), remove,
                                std::make_shared<Confinement>(Confinement::Bounds{
                                    Language::postgres, Confinement::Scope::schema, name, origin}));
  scratch->in_schema(name);
  return scratch;
}

/// The settings that ALTER DATABASE … SET gave to the session's database, of those that this role
/// may give to another one; and always the search path, wherever the session has it from.
constexpr std::string_view settings_of_database =
    "SELECT 'search_path' UNION SELECT p.name FROM pg_catalog.pg_db_role_setting s CROSS JOIN "
    "unnest(s.setconfig) AS c JOIN pg_catalog.pg_settings p ON p.name = split_part(c, '=', 1) "
    "WHERE s.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = "
    "current_database()) AND s.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = "
    "current_user)) AND p.context = 'user'";

}  // namespace

std::unique_ptr<Scratch> PostgresConnection::make_scratch() {
  const Row here =
      query(
          "SELECT rolcreatedb OR rolsuper, pg_catalog.has_database_privilege(current_database(), "
          "'CREATE'), current_database(), coalesce(current_schema(), '') FROM pg_catalog.pg_roles "
          "WHERE rolname = current_user")
          .front();
  const auto schema = here.get<std::string>(3);
  if (!here.get<bool>(0) && here.get<bool>(1)) {
    return make_scratch_schema(*this, url_, options_,
                               confinement() && !confinement()->bounds().origin.empty()
                                   ? confinement()->bounds().origin
                                   : schema);
  }
  drop_orphans(*this, orphans, [this](const std::string& name) {
    execute("DROP DATABASE IF EXISTS " + dialect().quote(name));
  });
  const std::string name = scratch_name();
  const std::string quoted = dialect().quote(name);
  // template0 holds nothing of the site's own; encoding and collation are those of the database.
  const Row row = query(
                      "SELECT pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype FROM "
                      "pg_catalog.pg_database WHERE datname = current_database()")
                      .front();
  const auto text = [&](std::size_t i) {
    return dialect().literal(Value(row.get<std::string>(i)));
  };
  execute("CREATE DATABASE " + quoted + " TEMPLATE template0 ENCODING " + text(0) + " LC_COLLATE " +
          text(1) + " LC_CTYPE " + text(2));
  const auto remove = [url = url_, quoted] {
    connect(url, {})->execute("DROP DATABASE IF EXISTS " + quoted);
  };
  try {
    for (const Row& setting : query(settings_of_database))
      execute("ALTER DATABASE " + quoted + " SET " + dialect().quote(setting.get<std::string>(0)) +
              " FROM CURRENT");
    Url url = url_;
    url.database = name;
    auto scratch = std::make_unique<Scratch>(
        connect(url, options_), remove,
        std::make_shared<Confinement>(Confinement::Bounds{
            Language::postgres, Confinement::Scope::none, name,
            confinement() ? confinement()->bounds().origin : here.get<std::string>(2)}));
    if (!schema.empty() && schema != "public" && !schema.starts_with("pg_"))
      scratch->make_schema(schema);
    return scratch;
  } catch (...) {
    remove();
    throw;
  }
}

}  // namespace sterna::postgres
