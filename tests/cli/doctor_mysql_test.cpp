// What doctor says of a MySQL or MariaDB server, and of a session that does not come about.
#include "base/url.hpp"
#include "database/registry.hpp"
#include "support/command.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct MysqlDoctor : testing::Test {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::mysql);
    database = std::make_unique<TestDatabase>(Kind::mysql);
    administrator = connect(parse_url(database->url()));
    std::filesystem::create_directory(folder.path() / "migrations");
  }
  CommandResult doctor(const std::string& url) {
    CommandOptions options;
    options.folder = folder.path();
    options.environment = environment;
    return sterna_command({"doctor", "--url", url}, options);
  }
  /// A user of this test alone, who may do `rights` in its database.
  std::string url_of_user(const std::string& rights) {
    account = "`" + database->name().substr(0, 30) + "`@`127.0.0.1`";
    administrator->execute("CREATE USER " + account);
    administrator->execute("GRANT " + rights + " ON `" + database->name() + "`.* TO " + account);
    Url url = parse_url(database->url());
    url.user = database->name().substr(0, 30);
    return url.reveal();
  }
  void TearDown() override {
    if (!account.empty()) administrator->execute("DROP USER " + account);
  }

  TempFolder folder;
  std::map<std::string, std::string> environment;
  std::unique_ptr<TestDatabase> database;
  std::unique_ptr<Connection> administrator;
  std::string account;
};

TEST_F(MysqlDoctor, TellsVersionLockRightsClockAndSurroundings) {
  const CommandResult result = doctor(database->url());
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr(administrator->server().version_text + " at mysql://"),
                    HasSubstr("migration lock: GET_LOCK"), HasSubstr("right to create tables: yes"),
                    HasSubstr("writes: taken"), HasSubstr("clock: as here"),
                    HasSubstr("replicas: none seen"), HasSubstr("cluster: no Galera"),
                    HasSubstr("old transactions: "), HasSubstr("sql_mode: strict"),
                    HasSubstr("unfinished migrations: none")));
}

TEST_F(MysqlDoctor, NamesTheRightsThatAreMissing) {
  const std::string url = url_of_user("SELECT");
  const CommandResult result = doctor(url);
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("bad      right to create tables: CREATE command denied"),
                    HasSubstr("replicas: this user may not see them"),
                    HasSubstr("old transactions: this user may not see them (PROCESS)")));
}

TEST_F(MysqlDoctor, SaysWhichPartOfTheClientLibraryIsMissing) {
  const bool asked = administrator->server().product == "MySQL" &&
                     administrator->server().version >= 80004;  // caching_sha2_password by itself
  if (!asked) GTEST_SKIP() << "this server logs in without a plugin of the client";
  environment["MARIADB_PLUGIN_DIR"] = "/nowhere";
  const CommandResult result = doctor(database->url_through("MYSQL_SECRET_URL"));
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("caching_sha2_password"), HasSubstr("libmariadb3"),
                                HasSubstr("MARIADB_PLUGIN_DIR"), Not(HasSubstr("hunter2")),
                                Not(HasSubstr("were refused"))));
}

}  // namespace
}  // namespace sterna::test
