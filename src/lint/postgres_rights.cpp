// PG5xx: rights, owners and what needs a superuser.
#include "base/text.hpp"
#include "lint/postgres_locks.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

void grant_to_public(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::grant || !fact.has({"TO", "PUBLIC"})) return;
  probe.report("PUBLIC is every role, also those made later").instead("GRANT … TO app_role;");
}

void grant_all(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::grant || fact.tokens.size() < 2 ||
      !sql::is_word(fact.tokens[1], "ALL"))
    return;
  probe.report("ALL takes in TRUNCATE, REFERENCES and TRIGGER, and what later versions add")
      .instead("GRANT SELECT, INSERT, UPDATE, DELETE ON … TO …;");
}

/// Extensions that a database's owner may create (trusted, since PostgreSQL 13).
bool trusted_extension(std::string_view name) {
  return one_of(
      name,
      {"btree_gin",       "btree_gist", "citext",   "cube",      "dict_int", "fuzzystrmatch",
       "hstore",          "intarray",   "isn",      "lo",        "ltree",    "pgcrypto",
       "pg_trgm",         "plpgsql",    "seg",      "tablefunc", "tcn",      "tsm_system_rows",
       "tsm_system_time", "unaccent",   "uuid-ossp"});
}

void needs_superuser(Probe& probe) {
  const StatementFact& fact = probe.fact();
  const StatementSummary& summary = fact.summary;
  std::string what;
  if (fact.is(Verb::alter, "SYSTEM"))
    what = "ALTER SYSTEM";
  else if (fact.is(Verb::create, "EXTENSION") && !trusted_extension(summary.name.name))
    what = "the extension " + summary.name.name;
  else if (fact.is(Verb::create, "EVENT TRIGGER") ||
           fact.is(Verb::create, "FOREIGN DATA WRAPPER") || fact.is(Verb::create, "TABLESPACE"))
    what = "CREATE " + summary.object;
  else if (one_of(summary.object, {"ROLE", "USER"}) &&
           (fact.has("SUPERUSER") || fact.has("BYPASSRLS") || fact.has("REPLICATION")))
    what = "a role with such rights";
  else if (fact.has({"LANGUAGE", "C"}) || fact.has({"LANGUAGE", "plpython3u"}) ||
           fact.has({"LANGUAGE", "plperlu"}))
    what = "a function in an untrusted language";
  if (what.empty()) return;
  probe.report(what + " needs a superuser, which the role that deploys should not be");
}

void server_files(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::copy) return;
  const bool program = fact.has("PROGRAM");
  const std::size_t from = std::min(fact.find({"FROM"}), fact.find({"TO"}));
  const bool file = from != StatementFact::npos && from + 1 < fact.tokens.size() &&
                    fact.tokens[from + 1].kind == sql::TokenKind::string;
  if (!program && !file) return;
  probe
      .report(program ? "COPY … PROGRAM runs a command on the server"
                      : "COPY reads or writes a file of the server's, "
                        "which other environments do not have")
      .instead("COPY … FROM stdin;");
}

void security_definer(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::create || !fact.has({"SECURITY", "DEFINER"}) ||
      fact.has({"SET", "search_path"}))
    return;
  probe
      .report(
          "a SECURITY DEFINER function without a search_path of its own runs whatever the caller "
          "puts in front")
      .instead(fact.text() + " SET search_path = pg_catalog, pg_temp;");
}

void role_of_cluster(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!one_of(fact.summary.object, {"ROLE", "USER", "GROUP"}) ||
      (fact.summary.verb != Verb::create && fact.summary.verb != Verb::drop))
    return;
  probe
      .report(
          "roles belong to the whole server: a second database on it fails on the same migration")
      .instead("-- make roles where servers are made, and only grant here");
}

void owner_change(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::alter || !fact.has({"OWNER", "TO"})) return;
  probe.report(
      "the new owner must exist in every environment, and the role that deploys must be a member "
      "of it");
}

void row_security_off(Probe& probe) {
  for_actions(probe, ActionFact::Kind::row_security, [&](const ActionFact& action) {
    if (action.value != "DISABLE") return;
    locked(probe.report("without row security everybody with rights on " +
                        shown(probe.fact().summary.name) + " sees all of its rows"),
           access_exclusive, probe.fact().summary.name);
  });
}

void row_security_without_policy(Probe& probe) {
  for (const StatementFact& fact : probe.script.statements) {
    for (const ActionFact& action : fact.actions) {
      if (action.kind != ActionFact::Kind::row_security || action.value != "ENABLE") continue;
      const bool has_policy =
          std::any_of(probe.script.statements.begin(), probe.script.statements.end(),
                      [&](const StatementFact& other) {
                        return other.is(Verb::create, "POLICY") &&
                               key_of(other.summary.table) == key_of(fact.summary.name);
                      });
      if (has_policy) continue;
      probe.statement = &fact;
      probe.report("row security without a policy hides every row from everybody but the owner")
          .instead("CREATE POLICY … ON " + in_sql(probe.server, fact.summary.name) + " USING (…);");
      probe.statement = nullptr;
    }
  }
}

void extension_unguarded(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "EXTENSION") || fact.summary.if_exists) return;
  probe.report("where an administrator made the extension already, this fails")
      .instead("CREATE EXTENSION IF NOT EXISTS " + in_sql(probe.server, fact.summary.name) + ";");
}

void drop_extension(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::drop, "EXTENSION")) return;
  probe.report("with the extension go its types, and with CASCADE every column of them")
      .losing("columns of the extension's types");
}

void public_schema(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::drop, "SCHEMA") || !same_name(fact.summary.name.name, "public")) return;
  probe.report("the schema public takes everything in it along, and Sterna's history")
      .losing("every object in it");
}

constexpr Severity E = Severity::error, W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> postgres_right_rules() {
  static const Rule rules[] = {
      {"PG501", "grant-to-public", W, "GRANT … TO PUBLIC",
       "Grant to a role that stands for those who need it.", grant_to_public},
      {"PG502", "grant-all", N, "GRANT ALL", "Name the rights.", grant_all},
      {"PG503", "needs-superuser", W, "a statement that needs a superuser",
       "Hosted servers give none, and a role that deploys should not be one.", needs_superuser},
      {"PG504", "server-files", E, "COPY with the server's files or programs",
       "Send the rows over the connection.", server_files},
      {"PG505", "definer-search-path", E, "SECURITY DEFINER without a search_path",
       "Anybody who can create a temporary object can have it called with the owner's rights.",
       security_definer},
      {"PG506", "role-of-cluster", W, "roles made or dropped by a migration",
       "They are shared by all databases of a server.", role_of_cluster},
      {"PG507", "owner-change", N, "OWNER TO",
       "It depends on roles that differ from one environment to another.", owner_change},
      {"PG508", "row-security-off", E, "row security is switched off", "Policies no longer hold.",
       row_security_off},
      {"PG509", "row-security-without-policy", W, "row security without a policy",
       "Nobody but the owner sees a row.", nullptr, row_security_without_policy},
      {"PG510", "extension-unguarded", N, "CREATE EXTENSION without IF NOT EXISTS",
       "Extensions are often made beforehand by someone with more rights.", extension_unguarded},
      {"PG511", "drop-extension", E, "DROP EXTENSION",
       "Its types, functions and operators go with it.", drop_extension},
      {"PG512", "drop-public", E, "DROP SCHEMA public", "Everything in it goes too.",
       public_schema},
  };
  return rules;
}

std::span<const Rule> postgres_rules() {
  static const std::vector<Rule> rules = [] {
    std::vector<Rule> all;
    for (const std::span<const Rule> part :
         {postgres_lock_rules(), postgres_held_lock_rules(), postgres_rewrite_rules(),
          postgres_transaction_rules(), postgres_type_rules(), postgres_right_rules()})
      all.insert(all.end(), part.begin(), part.end());
    std::sort(all.begin(), all.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
    return all;
  }();
  return rules;
}

}  // namespace sterna::lint
