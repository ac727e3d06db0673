#include "base/text.hpp"
#include "import/readers.hpp"

namespace sterna {

using namespace detail;

const std::vector<ForeignTool>& foreign_tools() {
  static const std::vector<ForeignTool> table{
      {"flyway", "sql src/main/resources/db/migration db/migration",
       "flyway_schema_history schema_version", read_flyway, mark_flyway},
      {"liquibase",
       "db.changelog-master.xml db.changelog-master.yaml db.changelog-master.sql changelog.xml "
       "changelog.yaml changelog.sql "
       "src/main/resources/db/changelog/db.changelog-master.xml "
       "src/main/resources/db/changelog/db.changelog-master.yaml",
       "databasechangelog DATABASECHANGELOG databasechangeloglock DATABASECHANGELOGLOCK",
       read_liquibase, mark_liquibase},
      {"goose", "migrations db/migrations .", "goose_db_version", read_marked, mark_goose},
      {"dbmate", "db/migrations migrations", "schema_migrations", read_marked, mark_by_version},
      {"sql-migrate", "migrations db/migrations", "gorp_migrations", read_marked, mark_by_id},
      {"golang-migrate", "migrations db/migrations", "schema_migrations", read_pairs,
       mark_golang_migrate},
      {"sqlx", "migrations", "_sqlx_migrations", read_pairs, mark_sqlx},
      {"atlas", "migrations",
       "atlas_schema_revisions.atlas_schema_revisions atlas_schema_revisions", read_pairs,
       mark_atlas},
      {"refinery", "migrations src/migrations", "refinery_schema_history", read_refinery,
       mark_refinery},
      {"diesel", "migrations", "__diesel_schema_migrations", read_diesel, mark_by_version},
      {"prisma", "prisma/migrations migrations", "_prisma_migrations", read_prisma, mark_prisma},
      {"drizzle", "drizzle migrations", "drizzle.__drizzle_migrations __drizzle_migrations",
       read_drizzle, mark_drizzle},
      {"sqitch", ".", "sqitch.changes changes", read_sqitch, mark_sqitch},
      {"gocqlx", "migrations cql", "gocqlx_migrate", read_cql, mark_gocqlx},
      {"cassandra-migration",
       "src/main/resources/cassandra/migration cassandra/migration migrations",
       "schema_migration schema_migration_leader", read_cql, mark_cassandra_migration},
      {"knex", "migrations src/migrations", "knex_migrations knex_migrations_lock", read_javascript,
       mark_by_name},
      {"kysely", "migrations src/migrations", "kysely_migration kysely_migration_lock",
       read_javascript, mark_by_name},
      {"typeorm", "src/migrations migrations src/migration", "migrations typeorm_metadata",
       read_typeorm, mark_by_name},
      {"alembic", "alembic/versions migrations/versions versions", "alembic_version", read_alembic,
       mark_alembic},
      {"django", ".", "django_migrations", read_django, mark_django},
      {"rails", "db/migrate", "schema_migrations ar_internal_metadata", read_rails,
       mark_by_version},
      {"laravel", "database/migrations", "migrations", read_laravel, mark_by_migration},
  };
  return table;
}

const ForeignTool& foreign_tool(std::string_view name) {
  std::vector<std::string> names;
  for (const ForeignTool& tool : foreign_tools()) {
    if (tool.name == name) return tool;
    names.emplace_back(tool.name);
  }
  Error error(ErrorKind::config,
              "'" + std::string(name) + "' is no tool that can be imported from");
  for (const std::string& near : near_misses(name, names))
    error.suggest("did you mean " + near + "?");
  error.suggest("there are " + join(names, ", "));
  throw error;
}

}  // namespace sterna
