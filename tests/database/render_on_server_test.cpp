// What is rendered is accepted by the real servers: the same changes as in the golden files, one
// case a database, in order. And what invert says undoes a change does undo it there.
#include <gtest/gtest.h>

#include "database/registry.hpp"
#include "render_build.hpp"
#include "render_cases.hpp"
#include "support/databases.hpp"

namespace sterna::test {
namespace {

/// Renders against the live schema and runs it. Nothing when the dialect refuses the change.
std::optional<std::string> apply(Connection& connection, const Change& change) {
  Rendered rendered;
  try {
    rendered = connection.dialect().render(change, {connection.server(), &connection});
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::validation) return error.what();
    throw;
  }
  const bool enforced = rendered.needs_foreign_keys_off ? connection.set_foreign_keys(false) : true;
  if (rendered.needs_foreign_keys_off) connection.begin();
  for (const Statement& statement : rendered.statements) connection.execute(statement);
  if (rendered.needs_foreign_keys_off) {
    EXPECT_TRUE(connection.foreign_key_violations().empty()) << describe(change);
    connection.commit();
    connection.set_foreign_keys(enforced);
  }
  return std::nullopt;
}

std::string report(const Change& change, const Error& error) {
  return describe(change) + "\n" + error.what() + "\n" + error.statement();
}

std::string kind_name(Kind kind) {
  return kind == Kind::sqlite     ? "sqlite"
         : kind == Kind::postgres ? "postgres"
         : kind == Kind::cql      ? "cql"
                                  : "mysql";
}

/// What becomes of a case when the first of its tables is refused: older versions of MySQL have no
/// checks, and no expressions as defaults.
bool ends_case(const RenderStep& step, const ServerInfo& server) {
  return server.product == "MySQL" && server.version < 80016 &&
         std::holds_alternative<CreateTable>(step.change);
}

/// MySQL 8.0.15 takes expressions of the clock as defaults, but alters no table that has one.
bool known_fault(const Error& error, const ServerInfo& server) {
  return server.product == "MySQL" && server.version < 80016 && error.code().starts_with("1067 ");
}

using CaseOnServer = std::tuple<std::size_t, Kind>;

class RenderOnServer : public ::testing::TestWithParam<CaseOnServer> {};

TEST_P(RenderOnServer, IsAccepted) {
  const auto& [number, kind] = GetParam();
  STERNA_REQUIRE_SERVER(kind);
  TestDatabase database(kind);
  const auto connection = connect(parse_url(database.url()));
  const ServerInfo& server = connection->server();
  int accepted = 0;
  for (const RenderStep& step : render_cases()[number].steps) {
    if (!step.server || !is_for(step, kind_name(kind))) continue;
    try {
      const bool refused = apply(*connection, step.change).has_value();
      if (refused && ends_case(step, server)) GTEST_SKIP() << "for newer servers";
      accepted += refused ? 0 : 1;
    } catch (const Error& error) {
      if (known_fault(error, server)) continue;
      ADD_FAILURE() << report(step.change, error);
      if (connection->in_transaction()) connection->rollback();
    }
  }
  EXPECT_GT(accepted, 0) << "everything was refused";
}

std::vector<CaseOnServer> instances() {
  std::vector<CaseOnServer> result;
  for (std::size_t each = 0; each < render_cases().size(); ++each) {
    for (const Kind kind : all_kinds()) {
      if (is_for(render_cases()[each], kind_name(kind))) result.emplace_back(each, kind);
    }
    if (is_for(render_cases()[each], "cql")) result.emplace_back(each, Kind::cql);
  }
  return result;
}

INSTANTIATE_TEST_SUITE_P(All, RenderOnServer, ::testing::ValuesIn(instances()),
                         [](const auto& instance) {
                           return render_cases()[std::get<0>(instance.param)].name + "_" +
                                  kind_name(std::get<1>(instance.param));
                         });

std::vector<Change> reversible_changes(bool checks) {
  model::Table users = table(
      "users", {column("email", TypeKind::string, 190), enumeration("role", {"admin", "guest"})});
  users.uniques = {unique({"email"})};
  model::Table posts = table("posts", {nullable(column("author_id", TypeKind::integer)),
                                       column("title", TypeKind::string, 100),
                                       with_unsigned(column("views", TypeKind::integer))});
  posts.indexes = {index({part("title")})};
  posts.foreign_keys = {foreign({"author_id"}, "users")};
  if (checks) posts.checks = {check("posts_views_check", "views < 1000000")};
  const model::Column slug = nullable(column("slug", TypeKind::string, 80));
  const model::Column wide = nullable(column("title", TypeKind::string, 300));
  const auto drop = [](DropConstraint::Kind kind, const char* name) {
    return DropConstraint{kind, name, false, std::nullopt};
  };
  std::vector<Change> changes{
      create(users),
      create(posts),
      alter("posts",
            {AddColumn{slug, false, false, {}},
             AddColumn{nullable(enumeration("state", {"draft", "live"})), false, false, {}},
             AddUnique{unique({"slug"})},
             AddIndex{index({part("title"), part("author_id")}), false, false}}),
      alter(
          "posts",
          {ModifyColumn{
              wide, ModifyColumn::type | ModifyColumn::nullability, std::nullopt, {}, false, {}}}),
      alter("posts", {RenameColumn{"slug", "path"}}),
      alter("posts", {DropIndex{"posts_title_index", false, false, std::nullopt}}),
      alter("posts", {drop(DropConstraint::Kind::foreign_key, "posts_author_id_foreign")}),
      alter("users", {DropColumn{"role", false, std::nullopt}}),
      RenameTable{"posts", "articles"}};
  if (!checks) return changes;
  changes.insert(changes.end() - 1,
                 {alter("posts", {AddCheck{check("posts_title_check", "title <> ''")}}),
                  alter("posts", {drop(DropConstraint::Kind::check, "posts_views_check")})});
  return changes;
}

class InvertOnServer : public ::testing::TestWithParam<Kind> {};

TEST_P(InvertOnServer, LeavesNothingBehindAndCanBeDoneAgain) {
  STERNA_REQUIRE_SERVER(GetParam());
  TestDatabase database(GetParam());
  const auto connection = connect(parse_url(database.url()));
  const ServerInfo& server = connection->server();
  const bool checks = server.product != "MySQL" || server.version >= 80016;
  const std::vector<Change> changes = reversible_changes(checks);
  const Inverse inverse = invert(changes);
  ASSERT_EQ(inverse.obstacle, "");
  EXPECT_TRUE(inverse.loses_rows);
  const auto run = [&](const std::vector<Change>& all) {
    for (const Change& change : all) {
      try {
        EXPECT_EQ(apply(*connection, change).value_or(""), "");
      } catch (const Error& error) {
        FAIL() << report(change, error);
      }
    }
  };
  for (int round = 0; round < 2; ++round) {
    ASSERT_NO_FATAL_FAILURE(run(changes));
    EXPECT_TRUE(connection->has_table("articles"));
    EXPECT_TRUE(connection->has_column("articles", "path"));
    EXPECT_FALSE(connection->has_index("articles", "posts_title_index"));
    ASSERT_NO_FATAL_FAILURE(run(inverse.changes));
    EXPECT_FALSE(connection->has_table("articles"));
    EXPECT_FALSE(connection->has_table("posts"));
    EXPECT_FALSE(connection->has_table("users"));
  }
}

INSTANTIATE_TEST_SUITE_P(All, InvertOnServer, ::testing::ValuesIn(all_kinds()),
                         [](const auto& instance) { return kind_name(instance.param); });

}  // namespace
}  // namespace sterna::test
