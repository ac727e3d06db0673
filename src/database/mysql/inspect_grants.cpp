// Privileges on this database, its tables, columns and routines (MySQL manual, "GRANT Statement").
// Global privileges belong to the server, not to a schema.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "database/mysql/inspect_reading.hpp"

namespace sterna::mysql {
namespace {

/// One GRANT statement in the making.
struct Grant {
  std::string on, grantee;
  model::Name table;
  std::string depends_on;
  std::set<std::string> privileges;
  bool grantable = false;
};

class GrantReader {
 public:
  explicit GrantReader(Reading& reading) : reading_(reading) {}

  // grantee, privilege, grantable
  void on_schema(Row& row) { add("*", {}, {}, row, 0, row.get<std::string>(1)); }
  // table, grantee, privilege, grantable
  void on_table(Row& row) {
    const auto table = row.get<std::string>(0);
    add(quote(table), table, table_key(table), row, 1, row.get<std::string>(2));
  }
  // table, column, grantee, privilege, grantable
  void on_column(Row& row) {
    const auto table = row.get<std::string>(0);
    add(quote(table), table, table_key(table), row, 2,
        row.get<std::string>(3) + " (" + quote(row.get<std::string>(1)) + ")");
  }
  // type, name, grantee, privileges with commas
  void on_routine(Row& row) {
    const auto type = row.get<std::string>(0);
    const auto name = row.get<std::string>(1);
    Grant& grant = grant_of(type + " " + quote(name), row.get<std::string>(2));
    grant.depends_on = model::key_of(to_lower(type), model::Name(std::string(), name));
    for (const std::string& privilege : split(row.get<std::string>(3), ',')) {
      if (privilege == "Grant")
        grant.grantable = true;
      else
        grant.privileges.insert(to_upper(privilege));
    }
  }

  void finish() {
    for (auto& [key, grant] : grants_) {
      if (grant.privileges.size() > 1) grant.privileges.erase("USAGE");
      const std::vector<std::string> list(grant.privileges.begin(), grant.privileges.end());
      model::Object object;
      object.kind = "grant";
      object.name.name = (grant.on == "*" ? "" : grant.on + " to ") + grant.grantee;
      object.table = grant.table;
      object.definition = "GRANT " + (list.empty() ? "USAGE" : join(list, ", ")) + " ON " +
                          grant.on + " TO " + grant.grantee +
                          (grant.grantable ? " WITH GRANT OPTION" : "");
      object.drop = "REVOKE " + join(list, ", ") +
                    (grant.grantable ? (list.empty() ? "GRANT OPTION" : ", GRANT OPTION") : "") +
                    " ON " + grant.on + " FROM " + grant.grantee;
      if (!grant.depends_on.empty()) object.depends_on.push_back(grant.depends_on);
      reading_.model.objects.push_back(std::move(object));
    }
    grants_.clear();
  }

 private:
  std::string quote(const std::string& name) const {
    return reading_.connection.dialect().quote(name);
  }
  std::string table_key(const std::string& name) const {
    const bool view =
        std::find(reading_.views.begin(), reading_.views.end(), name) != reading_.views.end();
    return model::key_of(view ? "view" : "table", model::Name(std::string(), name));
  }
  Grant& grant_of(const std::string& on, std::string grantee) {
    // MariaDB's roles have no host, and everybody is no name.
    if (reading_.mariadb && grantee.ends_with("@''")) grantee.resize(grantee.size() - 3);
    if (reading_.mariadb && grantee == "'PUBLIC'") grantee = "PUBLIC";
    Grant& grant = grants_[on + " " + grantee];
    grant.on = on;
    grant.grantee = std::move(grantee);
    return grant;
  }
  /// From `grantee` on the row holds grantee, privilege, grantable.
  void add(const std::string& on, const std::string& table, const std::string& depends_on,
           const Row& row, std::size_t grantee, const std::string& privilege) {
    if (reading_.without.contains(table)) return;
    Grant& grant = grant_of(on, row.get<std::string>(grantee));
    grant.table.name = table;
    grant.depends_on = depends_on;
    if (privilege != "USAGE") grant.privileges.insert(privilege);
    grant.grantable = grant.grantable || row.get<std::string>(grantee + 2) == "YES";
  }

  Reading& reading_;
  std::map<std::string, Grant> grants_;
};

}  // namespace

std::vector<CatalogQuery> grant_queries(Reading& reading) {
  const auto reader = std::make_shared<GrantReader>(reading);
  const auto with = [&](void (GrantReader::*read)(Row&)) {
    return [reader, read](Row& row) { ((*reader).*read)(row); };
  };
  const std::string& schema = reading.schema;
  return {{"SELECT grantee, privilege_type, is_grantable FROM information_schema.schema_privileges "
           "WHERE table_schema = " +
               schema,
           with(&GrantReader::on_schema), "grants on the database"},
          {"SELECT table_name, grantee, privilege_type, is_grantable FROM "
           "information_schema.table_privileges WHERE table_schema = " +
               schema,
           with(&GrantReader::on_table), "grants on tables"},
          {"SELECT table_name, column_name, grantee, privilege_type, is_grantable FROM "
           "information_schema.column_privileges WHERE table_schema = " +
               schema,
           with(&GrantReader::on_column), "grants on columns"},
          {"SELECT routine_type, routine_name, CONCAT(QUOTE(user), '@', QUOTE(host)), "
           "CAST(proc_priv AS CHAR) FROM mysql.procs_priv WHERE db = " +
               schema,
           with(&GrantReader::on_routine), "grants on routines"},
          {"SELECT 1", [reader](Row&) { reader->finish(); }, "grants"}};
}

}  // namespace sterna::mysql
