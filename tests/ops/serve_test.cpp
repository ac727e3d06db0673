// `sterna serve` and `sterna wait-for`, as processes.
#include "base/file.hpp"
#include "http/server.hpp"
#include "support/command.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include "support/raw_client.hpp"

#include <nlohmann/json.hpp>

#include <csignal>
#include <thread>

namespace sterna::test {
namespace {

using testing::HasSubstr;

constexpr int most_tries = 4000;  // far more than it ever takes

struct Serving : testing::Test {
  void SetUp() override {
    write("sterna.toml", "url = \"sqlite:app.db\"\n");
    write("migrations/001_users.sql", "CREATE TABLE users (id integer PRIMARY KEY);\n");
  }
  void write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  CommandOptions options() const { return {.folder = folder.path()}; }
  CommandResult run(std::vector<std::string> arguments) const {
    return sterna_command(arguments, options());
  }
  static int free_port() { return HttpServer({}, {}).port(); }
  static std::string get(int port, const std::string& path) {
    for (int tries = 0;; ++tries) {
      try {
        return RawClient(port)
            .send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .read_all();
      } catch (const std::exception&) {
        if (tries > most_tries) throw;
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
      }
    }
  }
  static nlohmann::json body(const std::string& answer) {
    return nlohmann::json::parse(answer.substr(answer.find("\r\n\r\n")));
  }
  TempFolder folder;
};

TEST_F(Serving, BecomesReadyWhenTheMigrationsAreApplied) {
  const int port = free_port();
  RunningCommand serving({"serve", "--port", std::to_string(port), "--drift", "1h"}, options());
  EXPECT_THAT(get(port, "/livez"), HasSubstr("200 OK"));
  EXPECT_THAT(get(port, "/readyz"), HasSubstr("there is no database"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "app.db"));
  ASSERT_EQ(run({"up"}).exit_code, 0);
  std::string ready;
  for (int tries = 0; tries < most_tries && ready.find("200 OK") == std::string::npos; ++tries) {
    ready = get(port, "/readyz");
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  EXPECT_THAT(ready, HasSubstr("200 OK"));
  EXPECT_EQ(body(get(port, "/health"))["newest"], "001_users");
  EXPECT_THAT(get(port, "/metrics"), HasSubstr("sterna_ready{connection=\"main\"} 1"));
  serving.signal(SIGTERM);
  EXPECT_EQ(serving.wait().exit_code, 0);
}

TEST_F(Serving, FindsWhatSomebodyChangedByHand) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  ASSERT_EQ(run({"query", "ALTER TABLE users ADD COLUMN age integer"}).exit_code, 0);
  ASSERT_EQ(run({"query", "CREATE TABLE tmp_copy (id integer)"}).exit_code, 0);
  write("sterna.toml", "url = \"sqlite:app.db\"\nschema_without = [\"tmp_*\"]\n");
  const int port = free_port();
  RunningCommand serving({"serve", "--port", std::to_string(port), "--drift", "1h"}, options());
  nlohmann::json drift;
  for (int tries = 0; tries < most_tries && drift.is_null(); ++tries) {
    drift = body(get(port, "/health"))["drift"];
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  ASSERT_FALSE(drift.is_null());
  EXPECT_TRUE(drift["differs"]) << drift.dump();
  ASSERT_EQ(drift["changes"].size(), 1U) << drift.dump();
  EXPECT_THAT(drift["changes"][0].get<std::string>(), HasSubstr("age"));
  serving.signal(SIGINT);
  EXPECT_EQ(serving.wait().exit_code, 0);
}

TEST_F(Serving, SaysThatAPortIsTaken) {
  HttpServer taken({}, {});
  const CommandResult result = run({"serve", "--port", std::to_string(taken.port())});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("--port"));
}

TEST_F(Serving, WaitForGoesOnWhenTheVersionIsApplied) {
  RunningCommand waiting({"wait-for", "--version", "001", "--timeout", "30s"}, options());
  RunningCommand anything({"wait-for", "--up-to-date", "--timeout", "30s"}, options());
  EXPECT_EQ(run({"up"}).exit_code, 0);
  EXPECT_EQ(waiting.wait().exit_code, 0);
  EXPECT_EQ(anything.wait().exit_code, 0);
}

/// 4 for a database that does not let us in, 1 for one that is not there yet in its migrations.
TEST_F(Serving, WaitForTellsAConnectionThatFailsFromWhatIsPending) {
  const int nobody = free_port();
  const std::string gone = "127.0.0.1:" + std::to_string(nobody);
  for (const std::string& url : {"postgres://u@" + gone + "/d", "mysql://u@" + gone + "/d"}) {
    const CommandResult result =
        run({"wait-for", "--up-to-date", "--timeout", "100ms", "--url", url});
    EXPECT_EQ(result.exit_code, 4) << result.err;
    EXPECT_THAT(result.err, HasSubstr("after 100 ms"));
  }
  STERNA_REQUIRE_SERVER(Kind::postgres);
  std::string url = TestDatabase(Kind::postgres).url_through("POSTGRES_SECRET_URL");
  const std::size_t password = url.find("hunter2");
  ASSERT_NE(password, std::string::npos) << url;
  url.replace(password, 7, "wrong");
  const CommandResult result =
      run({"wait-for", "--up-to-date", "--timeout", "100ms", "--url", url});
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_THAT(result.err, HasSubstr("password"));
  EXPECT_THAT(result.err, testing::Not(HasSubstr("wrong")));
}

TEST_F(Serving, WaitForGivesUpAndSaysWhatIsMissing) {
  EXPECT_THAT(run({"wait-for", "--up-to-date", "--timeout", "0s"}).err,
              HasSubstr("there is no database yet"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "app.db"));
  ASSERT_EQ(run({"query", "CREATE TABLE other (a integer)"}).exit_code, 0);
  const CommandResult result = run({"wait-for", "--up-to-date", "--timeout", "300ms"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("001_users is pending"));
  EXPECT_EQ(run({"wait-for"}).exit_code, 3);
  EXPECT_EQ(run({"wait-for", "--version", "001", "--up-to-date"}).exit_code, 3);
}

}  // namespace
}  // namespace sterna::test
