// Scratch databases on the server of a session. One without a session, made longer ago than it
// takes to connect, was left by a run that died.
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

}  // namespace

std::unique_ptr<Scratch> PostgresConnection::make_scratch() {
  drop_orphans(*this, orphans);
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
    Url url = url_;
    url.database = name;
    return std::make_unique<Scratch>(connect(url, options_), remove);
  } catch (...) {
    remove();
    throw;
  }
}

}  // namespace sterna::postgres
