// What every session with a server promises when the server is not there, stays silent, or ends the
// session.
#include "database/registry.hpp"
#include "database/silent_port.hpp"
#include "support/databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>

namespace sterna::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Statement on_line(std::string sql, int line, std::vector<Value> parameters = {}) {
  return {std::move(sql), std::move(parameters), {"001_test.sql", line, 1}, {}};
}

class ServerContract : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    database_ = std::make_unique<TestDatabase>(GetParam());
    connection_ = open();
  }
  std::unique_ptr<Connection> open() const { return connect(parse_url(database_->url())); }
  Url local(std::initializer_list<int> ports) const {
    Url url = parse_url(database_->url());
    url.password = Secret("hunter2");
    url.hosts.clear();
    for (const int port : ports) url.hosts.push_back({"127.0.0.1", port});
    return url;
  }
  /// A statement that ends the session that runs it.
  std::string suicide() const {
    return GetParam() == Kind::postgres
               ? "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)"
               : "KILL CONNECTION_ID()";
  }
  Error refusal(const Url& url, const ConnectOptions& options = {}) const {
    try {
      connect(url, options);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error(ErrorKind::internal, "nothing was thrown");
  }

  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Connection> connection_;
};

INSTANTIATE_TEST_SUITE_P(Engines, ServerContract, testing::Values(Kind::postgres, Kind::mysql),
                         testing::PrintToStringParamName());

TEST_P(ServerContract, AnEndedSessionIsAConnectionErrorInEveryCall) {
  const std::string end = suicide();
  const std::string bound = GetParam() == Kind::postgres
                                ? "SELECT $1::int"
                                : "SELECT " + connection_->dialect().placeholder(1);
  const std::vector<std::function<void(Connection&)>> calls{
      [&](Connection& c) { c.query(end); },
      [&](Connection& c) {
        c.execute_batch(std::vector<Statement>{on_line("SELECT 1", 1), on_line(end, 2),
                                               on_line("SELECT 2", 3)});
      },
      [&](Connection& c) {
        c.execute_batch(std::vector<Statement>{on_line(bound, 1, {1}), on_line(end, 2),
                                               on_line(bound, 3, {2})});
      }};
  for (const auto& call : calls) {
    const auto session = open();
    try {
      call(*session);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::connection) << error.what();
      EXPECT_THAT(error.suggestions(), Not(IsEmpty()));
      EXPECT_EQ(error.statement_index().value_or(1), 1u);
    }
    EXPECT_FALSE(session->alive());
    EXPECT_FALSE(session->in_transaction());
    EXPECT_THROW(session->query("SELECT 1"), Error);
  }
}

TEST_P(ServerContract, UnreachableServersAreNamedWithHostAndPort) {
  const int first = refused_port(), second = refused_port();
  const Error error = refusal(local({first, second}));
  EXPECT_EQ(error.kind(), ErrorKind::connection);
  EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:" + std::to_string(first)));
  EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:" + std::to_string(second)));
  EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
  EXPECT_THAT(error.suggestions(), Not(IsEmpty()));
}

TEST_P(ServerContract, AServerThatIsSilentEndsInTime) {
  const SilentPort silent;
  const auto begun = std::chrono::steady_clock::now();
  const Error error = refusal(local({silent.number()}), {std::chrono::milliseconds(300), {}});
  EXPECT_EQ(error.kind(), ErrorKind::connection);
  EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:" + std::to_string(silent.number())));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(60));
}

TEST_P(ServerContract, AHostThatRefusesOrStaysSilentIsFollowedByTheNext) {
  const SilentPort silent;
  Url url = parse_url(database_->url());
  url.hosts.insert(url.hosts.begin(), {"127.0.0.1", silent.number()});
  url.hosts.insert(url.hosts.begin(), {"127.0.0.1", refused_port()});
  const auto session = connect(url, {std::chrono::seconds(4), {}});
  EXPECT_EQ(session->query("SELECT 1").front().get<int>(0), 1);
}

}  // namespace
}  // namespace sterna::test
