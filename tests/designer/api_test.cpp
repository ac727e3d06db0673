// What the page asks and what it is told, without a socket.
#include "database/registry.hpp"
#include "designer/project_fixture.hpp"

#include <atomic>
#include <random>
#include <thread>

namespace sterna::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class DesignerApi : public testing::Test {
 protected:
  DesignerApi() { project.write("migrations/001_users.sql", users_migration); }
  DesignerProject project;
};

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> result;
  for (const Json& item : list) result.push_back(item["text"]);
  return result;
}

TEST_F(DesignerApi, TellsTheProjectWithTypesAndNoPassword) {
  const Json told = project.json("GET", "project");
  EXPECT_EQ(told["dialect"], "sqlite");
  EXPECT_EQ(told["folder"], "migrations");
  EXPECT_FALSE(told["allow_apply"]);
  EXPECT_THAT(texts(told["types"]), testing::Contains("decimal(10,2)"));
}

TEST_F(DesignerApi, GivesTheMigrationsSchemaWithTypesAsTheDatabaseSpellsThem) {
  const Json state = project.json("GET", "state");
  EXPECT_EQ(state["model"]["tables"][0]["name"], "users");
  EXPECT_THAT(state["type_texts"][0], Json::parse(R"x(["integer", "varchar(40)", "integer"])x"));
}

TEST_F(DesignerApi, AnUnchangedSchemaMeansNoChange) {
  const Json preview = project.json("POST", "preview", {{"model", project.model()}});
  EXPECT_THAT(preview["changes"], IsEmpty());
  EXPECT_EQ(preview["sql"], "");
}

TEST_F(DesignerApi, TheDrawingLiesOnAFileWhenThatIsAskedFor) {
  project.write("schema.sql", "CREATE TABLE cities (id integer PRIMARY KEY);\n");
  project.draw_on("schema.sql");
  EXPECT_EQ(project.json("GET", "project")["base"], "schema.sql");
  Json model = project.model();
  ASSERT_EQ(model["tables"].size(), 1U);
  EXPECT_EQ(model["tables"][0]["name"], "cities");
  DesignerProject::table(model, "cities")["columns"].push_back(
      {{"name", "name"}, {"type", {{"kind", "text"}}}, {"nullable", true}});
  const Json preview = project.json("POST", "preview", {{"model", model}});
  EXPECT_THAT(texts(preview["changes"]), ElementsAre(HasSubstr("add column name")));
  project.json("PUT", "design", {{"revision", 0}, {"document", {{"version", 1}}}});
  EXPECT_TRUE(std::filesystem::exists(project.folder.path() / ".sterna/design@schema.sql.json"));
  EXPECT_FALSE(std::filesystem::exists(project.folder.path() / ".sterna/design.json"));
}

TEST_F(DesignerApi, RefusesToLieOnWhatIsNoState) {
  project.draw_on("postgres://elsewhere/app");
  EXPECT_THROW(project.answer("GET", "project"), Error);
}

TEST_F(DesignerApi, ANewColumnIsSaidInWordsAndInSqlBothWays) {
  Json model = project.model();
  DesignerProject::table(model, "users")["columns"].push_back(
      {{"name", "email"}, {"type", {{"kind", "string"}, {"length", 80}}}, {"nullable", true}});
  const Json preview = project.json("POST", "preview", {{"model", model}, {"cpp", true}});
  EXPECT_THAT(texts(preview["changes"]), ElementsAre(HasSubstr("add column email")));
  EXPECT_THAT(preview["up"].get<std::string>(), HasSubstr("ADD COLUMN \"email\" varchar(80)"));
  EXPECT_THAT(preview["down"].get<std::string>(), HasSubstr("DROP COLUMN \"email\""));
  EXPECT_THAT(preview["cpp"].get<std::string>(), HasSubstr("table.string(\"email\", 80)"));
  EXPECT_EQ(preview["down_losses"][0]["object"], "users.email");
}

TEST_F(DesignerApi, ARenameThatThePageKnowsOfIsOneAlsoWhereAnUnnamedCheckSaysTheName) {
  Json model = project.model();
  Json& users = DesignerProject::table(model, "users");
  users["columns"][2]["name"] = "amount";
  users["checks"][0]["expression"] = "amount >= 0";
  const Json renames =
      Json::array({{{"kind", "column"}, {"table", "users"}, {"part", "total"}, {"to", "amount"}}});
  const Json preview = project.json("POST", "preview", {{"model", model}, {"renames", renames}});
  EXPECT_THAT(texts(preview["changes"]), ElementsAre("users: rename column total to amount"));
  EXPECT_THAT(preview["losses"], IsEmpty());
  EXPECT_THAT(preview["up"].get<std::string>(), Not(HasSubstr("DROP")));
}

TEST_F(DesignerApi, WhatTheDatabaseRefusesIsSaidWithItsReason) {
  Json model = project.model();
  DesignerProject::table(model, "users")["checks"].push_back({{"expression", "nobody > 3"}});
  const Json refused = project.json("POST", "preview", {{"model", model}}, 422);
  EXPECT_THAT(refused["error"]["message"].get<std::string>(), HasSubstr("nobody"));
}

TEST_F(DesignerApi, GeneratesAMigrationThatIsWhatWasDrawn) {
  project.write("migrations/sterna.sum", "");
  std::filesystem::remove(project.folder.path() / "migrations" / "sterna.sum");
  Json model = project.model();
  DesignerProject::table(model, "users")["columns"].push_back(
      {{"name", "email"}, {"type", {{"kind", "text"}}}, {"nullable", true}});
  const std::string fingerprint = project.json("GET", "state")["fingerprint"];
  const Json made = project.json(
      "POST", "generate", {{"model", model}, {"name", "Add emails"}, {"fingerprint", fingerprint}});
  EXPECT_EQ(made["path"], "migrations/002_add_emails.sql");
  EXPECT_EQ(made["version"], "002");
  const Json now = project.json("GET", "state");
  EXPECT_EQ(now["model"]["tables"][0]["columns"][3]["name"], "email");
  EXPECT_NE(now["fingerprint"], fingerprint);
  const Json late = project.json(
      "POST", "generate", {{"model", model}, {"name", "again"}, {"fingerprint", fingerprint}}, 409);
  EXPECT_EQ(late["error"]["kind"], "conflict");
}

TEST_F(DesignerApi, TheWorkingCopyIsNeverOverwrittenInSilence) {
  EXPECT_EQ(project.json("GET", "design")["revision"], 0);
  const Json first = {{"revision", 0}, {"document", {{"a", 1}}}};
  EXPECT_EQ(project.json("PUT", "design", first)["revision"], 1);
  const Json conflict = project.json("PUT", "design", first, 409);
  EXPECT_EQ(conflict["document"]["a"], 1);
  EXPECT_EQ(conflict["revision"], 1);
  EXPECT_EQ(project.json("DELETE", "design", {{"revision", 0}}, 409)["revision"], 1);
  EXPECT_EQ(project.json("DELETE", "design", {{"revision", 1}})["document"], nullptr);
  EXPECT_TRUE(std::filesystem::exists(project.folder.path() / ".sterna/design.json.discarded"));
}

TEST_F(DesignerApi, KeepsTheDrawingWhileADatabaseIsAtWork) {
  project.answer("GET", "project");
  std::atomic<bool> done = false;
  std::thread slow([&] {
    const Json sent = {{"format", "sql"},
                       {"text",
                        "CREATE TABLE n AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 "
                        "FROM c WHERE n < 4000000) SELECT count(*) AS n FROM c;"}};
    project.answer("POST", "import", sent.dump());
    done = true;
  });
  std::int64_t revision = 0;
  for (int i = 0; i < 3; ++i) {
    const Json sent = {{"revision", revision}, {"document", {{"a", i}}}};
    revision = project.json("PUT", "design", sent)["revision"];
  }
  project.json("POST", "layout", {{"nodes", Json::array()}, {"edges", Json::array()}});
  EXPECT_FALSE(done);
  slow.join();
  EXPECT_EQ(revision, 3);
}

TEST_F(DesignerApi, AWorkingCopyThatIsNoneIsLeftAlone) {
  std::filesystem::create_directories(project.folder.path() / ".sterna");
  project.write(".sterna/design.json", "[1, 2]");
  const Json refused =
      project.json("PUT", "design", {{"revision", 0}, {"document", Json::object()}}, 422);
  EXPECT_THAT(refused["error"]["message"].get<std::string>(), HasSubstr("working copy"));
  EXPECT_EQ(read_file(project.folder.path() / ".sterna/design.json"), "[1, 2]");
}

TEST_F(DesignerApi, OpensNothingOutsideOfTheProject) {
  for (const char* state : {"../secret.sql", "/etc/passwd", "sqlite:other.db", "exec:/bin/true",
                            "postgres://somewhere/db", "@nobody"})
    EXPECT_EQ(project.answer("GET", "state?state=" + std::string(state)).status, 422) << state;
  std::filesystem::create_symlink("/etc/hostname", project.folder.path() / "link.sql");
  EXPECT_EQ(project.answer("GET", "state?state=link.sql").status, 422);
  project.write("wanted.sql", "CREATE TABLE a (id integer PRIMARY KEY);");
  EXPECT_EQ(project.json("GET", "state?state=wanted.sql")["model"]["tables"][0]["name"], "a");
}

TEST_F(DesignerApi, ATypeIsReadByTheDatabase) {
  const Json type = project.json("POST", "type", {{"text", " DECIMAL(8, 3)"}});
  EXPECT_EQ(type["model"]["tables"][0]["columns"][0]["type"]["kind"], "decimal");
  EXPECT_EQ(type["type_texts"][0][0], "decimal(8,3)");
  EXPECT_EQ(project.answer("POST", "type", R"({"text": "integer); DROP TABLE x; --"})").status,
            422);
}

/// In the database are no types: those of the drawing go along.
TEST(DesignerTypes, AreReadWithTheEnumsOfTheDrawing) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  TestDatabase database(Kind::postgres);
  DesignerProject project(database.url());
  Json drawn = project.model();
  drawn["enums"] = Json::array({{{"name", "mood"}, {"values", {"well", "ill"}}}});
  const Json type = project.json("POST", "type", {{"text", "mood[]"}, {"types", drawn}});
  EXPECT_EQ(type["type_texts"][0][0], "mood[]");
  project.json("POST", "type", {{"text", "mood[]"}}, 422);
}

TEST(DesignerTypes, AreReadWithTheStructuredTypesOfTheDrawing) {
  STERNA_REQUIRE_SERVER(Kind::cql);
  TestDatabase database(Kind::cql);
  DesignerProject project(database.url());
  EXPECT_TRUE(project.json("GET", "project")["capabilities"]["structured_types"]);
  Json drawn = project.model();
  drawn["types"] =
      Json::array({{{"name", "place"},
                    {"fields", Json::array({{{"name", "at"}, {"type", {{"kind", "text"}}}}})}}});
  const Json type =
      project.json("POST", "type", {{"text", "list<frozen<place>>"}, {"types", drawn}});
  EXPECT_EQ(type["model"]["tables"][0]["columns"][0]["type"]["kind"], "list");
  project.json("POST", "type", {{"text", "list<frozen<place>>"}}, 422);
}

TEST_F(DesignerApi, TellsWhichStatesCanBePutBesideOneAnother) {
  project.write("wanted.sql", "CREATE TABLE users (id integer PRIMARY KEY);");
  std::filesystem::create_directories(project.folder.path() / "db" / "deeper");
  project.write("db/other.sql", "CREATE TABLE a (id integer PRIMARY KEY);");
  project.write("db/deeper/no.sql", "");
  project.write(".hidden.sql", "");
  EXPECT_EQ(project.json("GET", "project")["states"],
            Json::parse(
                R"(["empty", "migrations", "applied", "database", "db/other.sql", "wanted.sql"])"));
  HttpRequest request = project.request("GET", "compare");
  request.parameters = {{"from", "migrations"}, {"to", "wanted.sql"}};
  const Json compared = Json::parse(project.answer(request).body);
  EXPECT_THAT(texts(compared["changes"]), testing::Contains(HasSubstr("drop column name")));
}

TEST_F(DesignerApi, ImportsDbmlAndSqlAsTheDatabaseReadsThem) {
  const Json dbml = project.json(
      "POST", "import",
      {{"format", "dbml"}, {"text", "Table birds {\n  id integer [primary key]\n}\n"}});
  EXPECT_EQ(dbml["model"]["tables"][0]["name"], "birds");
  const Json sql = project.json(
      "POST", "import",
      {{"format", "sql"}, {"text", "CREATE TABLE nests (id integer PRIMARY KEY, at DATE);"}});
  EXPECT_EQ(sql["type_texts"][0][1], "date");
  const Json wrong =
      project.json("POST", "import", {{"format", "sql"}, {"text", "CREATE TABEL x (id);"}}, 422);
  EXPECT_THAT(wrong["error"]["position"].get<std::string>(), HasSubstr("import.sql:1"));
}

TEST_F(DesignerApi, ExportsInEveryForm) {
  const Json model = project.model();
  for (const auto& [format, holds] :
       std::vector<std::pair<std::string, std::string>>{{"sql", "CREATE TABLE"},
                                                        {"mermaid", "erDiagram"},
                                                        {"dbml", "Table users"},
                                                        {"markdown", "# Data dictionary"},
                                                        {"svg", "<svg"},
                                                        {"json", "sterna_model"},
                                                        {"cpp", "struct"}}) {
    const HttpResponse response =
        project.answer("POST", "export", Json{{"format", format}, {"model", model}}.dump());
    EXPECT_EQ(response.status, 200) << format << response.body;
    EXPECT_THAT(response.body, HasSubstr(holds)) << format;
  }
  EXPECT_EQ(
      project.answer("POST", "export", Json{{"format", "png"}, {"model", model}}.dump()).status,
      422);
}

TEST_F(DesignerApi, LaysOutWithoutMovingWhatWasPlaced) {
  const Json nodes = Json::array({{{"width", 200}, {"height", 100}, {"x", 500}, {"y", 40}},
                                  {{"width", 200}, {"height", 120}}});
  const Json edges = Json::array({{{"from", 1}, {"to", 0}}});
  const Json layout = project.json("POST", "layout", {{"nodes", nodes}, {"edges", edges}});
  EXPECT_EQ(layout["positions"][0], Json::parse("[500.0, 40.0]"));
  EXPECT_EQ(layout["routes"].size(), 1U);
  const Json astray = {{"nodes", nodes}, {"edges", Json::array({{{"from", 7}, {"to", 0}}})}};
  project.json("POST", "layout", astray, 422);
}

TEST_F(DesignerApi, DriftIsToldWithTheWayBack) {
  Json drift = project.json("GET", "drift");
  EXPECT_TRUE(drift["equal"]);
  const auto database = connect(parse_url("sqlite:" + (project.folder.path() / "app.db").string()));
  database->execute("CREATE TABLE stray (id integer PRIMARY KEY)");
  drift = project.json("GET", "drift");
  EXPECT_FALSE(drift["equal"]);
  EXPECT_THAT(texts(drift["changes"]), ElementsAre(HasSubstr("create table stray")));
  EXPECT_THAT(drift["back"].get<std::string>(), HasSubstr("DROP TABLE \"stray\""));
}

TEST_F(DesignerApi, HistoryTellsWhatIsPendingAndWhatEachVersionMade) {
  project.write("migrations/002_more.sql", "CREATE TABLE more (id integer PRIMARY KEY);\n");
  const Json history = project.json("GET", "history");
  EXPECT_EQ(history["migrations"].size(), 2U);
  EXPECT_EQ(history["migrations"][0]["state"], "pending");
  HttpRequest request = project.request("GET", "compare");
  request.parameters = {{"from", "migrations@001"}, {"to", "migrations@002"}};
  const Json made = Json::parse(project.answer(request).body);
  EXPECT_THAT(texts(made["changes"]), ElementsAre(HasSubstr("create table more")));
}

TEST_F(DesignerApi, RequestsThatAreNoneAreRefusedInOneShape) {
  for (const auto& [method, path, body, status] :
       std::vector<std::tuple<std::string, std::string, std::string, int>>{
           {"GET", "nowhere", "", 404},
           {"POST", "project", "{}", 405},
           {"POST", "preview", "", 422},
           {"POST", "preview", "[]", 422},
           {"POST", "preview", R"({"model": 3})", 422},
           {"POST", "preview", R"({"model": {"sterna_model": 1}, "renames": [{"kind": 1}]})", 422},
           {"PUT", "design", R"({"revision": "x", "document": {}})", 422},
           {"POST", "layout", R"({"nodes": 1})", 422},
           {"POST", "type", "{}", 422}}) {
    const HttpResponse response = project.answer(method, path, body);
    EXPECT_EQ(response.status, status) << path << body << response.body;
    EXPECT_TRUE(Json::parse(response.body)["error"]["message"].is_string());
  }
}

/// A body with one place of it changed, cut or doubled.
std::string mangled(std::string body, std::mt19937& random) {
  const auto below = [&](std::size_t end) { return end == 0 ? 0 : random() % end; };
  static constexpr std::string_view signs = "{}[]\",:0123456789eE-+.tfn\\\x01\xff";
  for (std::size_t i = 0, end = 1 + below(3); i < end; ++i) {
    const std::size_t at = below(body.size());
    switch (below(4)) {
      case 0:
        body[at] = signs[below(signs.size())];
        break;
      case 1:
        body.erase(at, 1 + below(8));
        break;
      case 2:
        body.insert(at, 1, signs[below(signs.size())]);
        break;
      default:
        body.insert(at, body.substr(at, 1 + below(24)));
    }
  }
  return body;
}

TEST_F(DesignerApi, WhateverIsSentIsAnsweredOrRefusedAndNeverAFault) {
  const Json model = project.model();
  const std::vector<std::pair<std::string, Json>> requests = {
      {"layout",
       {{"nodes", Json::array({{{"width", 200}, {"height", 90}, {"x", 1}, {"y", 2}},
                               {{"width", 10}, {"height", 20}}})},
        {"edges", Json::array({{{"from", 1}, {"to", 0}, {"to_offset", 5}}})}}},
      {"preview",
       {{"model", model},
        {"renames",
         Json::array(
             {{{"kind", "column"}, {"table", "users"}, {"part", "total"}, {"to", "sum"}}})}}},
      {"export", {{"format", "svg"}, {"model", model}, {"placed", {{"users", {1, 2}}}}}},
      {"import", {{"format", "dbml"}, {"text", "Table a {\n  id integer [pk]\n}\n"}}}};
  std::mt19937 random(20261121);
  for (int i = 0; i < 400; ++i) {
    const auto& [path, body] = requests[static_cast<std::size_t>(i) % requests.size()];
    const std::string sent = mangled(body.dump(), random);
    const HttpResponse response = project.answer("POST", path, sent);
    EXPECT_TRUE(response.status == 200 || response.status == 422)
        << response.status << " " << path << " " << sent << "\n"
        << response.body;
  }
}

TEST(DesignerApply, IsRefusedUnlessItWasAllowed) {
  DesignerProject project;
  EXPECT_EQ(project.json("POST", "apply", Json::object(), 403)["error"]["kind"], "refused");
}

TEST(DesignerApply, NeverChangesAProtectedEnvironment) {
  DesignerProject project("sqlite:app.db", true, "protected = true\n");
  EXPECT_EQ(project.answer("POST", "apply", "{}").status, 403);
  EXPECT_FALSE(project.json("GET", "project")["allow_apply"]);
}

TEST(DesignerApply, RunsThePendingMigrationsAndTellsHow) {
  DesignerProject project("sqlite:app.db", true);
  project.write("migrations/001_users.sql", users_migration);
  Json job = project.json("POST", "apply", Json::object(), 202);
  while (job["state"] == "running") {
    std::this_thread::yield();
    job = project.json("GET", "apply");
  }
  EXPECT_EQ(job["state"], "done") << job.dump();
  EXPECT_EQ(job["applied"], Json::parse(R"(["001_users"])"));
  EXPECT_TRUE(project.json("GET", "drift")["equal"]);
}

TEST(DesignerApply, MakesTheDatabaseWhichLookingDoesNot) {
  DesignerProject project("sqlite:app.db", true);
  project.write("migrations/001_users.sql", users_migration);
  const std::filesystem::path file = project.folder.path() / "app.db";
  for (const char* path : {"project", "state", "state?state=database", "state?state=applied",
                           "history", "drift", "lint"})
    EXPECT_NE(project.answer("GET", path).status, 500) << path;
  EXPECT_THAT(project.json("GET", "state?state=database")["model"]["tables"], IsEmpty());
  project.json("POST", "preview", {{"model", project.model()}});
  EXPECT_FALSE(std::filesystem::exists(file));
  Json job = project.json("POST", "apply", Json::object(), 202);
  while (job["state"] == "running") {
    std::this_thread::yield();
    job = project.json("GET", "apply");
  }
  EXPECT_EQ(job["state"], "done") << job.dump();
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_EQ(project.json("GET", "state?state=database")["model"]["tables"].size(), 1U);
  EXPECT_EQ(project.json("GET", "history")["migrations"][0]["state"], "applied");
}

TEST(DesignerApply, WhatIsCancelledLeavesNothing) {
  DesignerProject project("sqlite:app.db", true);
  project.write(
      "migrations/001_long.sql",
      "CREATE TABLE numbers (n integer);\n"
      "INSERT INTO numbers WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c "
      "WHERE n < 4000000000) SELECT count(*) FROM c;\n");
  project.json("POST", "apply", Json::object(), 202);
  const auto begun = [](const Json& job) {
    return std::any_of(job["events"].begin(), job["events"].end(),
                       [](const Json& event) { return event["kind"] == "statement_started"; });
  };
  Json job = project.json("GET", "apply");
  while (job["state"] == "running" && !begun(job)) {
    std::this_thread::yield();
    job = project.json("GET", "apply");
  }
  EXPECT_EQ(project.json("POST", "apply", Json::object(), 409)["error"]["kind"], "conflict");
  job = project.json("DELETE", "apply");
  while (job["state"] == "running") {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    job = project.json("GET", "apply");
  }
  EXPECT_EQ(job["state"], "failed") << job.dump();
  EXPECT_EQ(job["error"]["kind"], "interrupted");
  EXPECT_THAT(job["applied"], IsEmpty());
  EXPECT_THAT(project.json("GET", "state?state=database")["model"]["tables"], IsEmpty());
  EXPECT_EQ(project.json("GET", "history")["migrations"][0]["state"], "pending");
}

}  // namespace
}  // namespace sterna::test
