// The session with a real cluster: values of all types, pages, conditions, errors, failover, TLS.
#include "database/cql/connection.hpp"

#include "database/cql/engine.hpp"
#include "database/registry.hpp"
#include "support/databases.hpp"
#include "support/delay_proxy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace sterna::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class CqlServer : public testing::Test {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::cql);
    database_ = std::make_unique<TestDatabase>(Kind::cql);
    connection_ = open();
  }
  std::unique_ptr<Connection> open() const { return connect(parse_url(database_->url())); }
  /// The URL with hosts, parameters or password changed.
  std::string url(const std::function<void(Url&)>& change) const {
    Url result = parse_url(database_->url());
    change(result);
    return result.reveal();
  }
  template <class Call>
  Error failure(Call call) const {
    try {
      call();
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "it did not fail";
    return Error(ErrorKind::internal, "");
  }
  Error refusal(const std::string& text) const {
    return failure([&] { connect(parse_url(text)); });
  }

  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(CqlServer, TellsProductAndVersion) {
  EXPECT_THAT(connection_->server().product, testing::AnyOf("Cassandra", "ScyllaDB"));
  EXPECT_GE(connection_->server().version, 31100);
  EXPECT_EQ(connection_->dialect().name(), "cql");
}

TEST_F(CqlServer, EveryTypeGoesInBoundAndComesOut) {
  connection_->execute("CREATE TYPE address (street text, zip int)");
  connection_->execute(
      "CREATE TABLE v (id int PRIMARY KEY, a ascii, b bigint, c blob, d boolean, e decimal, f "
      "double, g float, h inet, i smallint, j text, k time, l timestamp, m timeuuid, n tinyint, o "
      "uuid, p varint, q date, r duration, s list<int>, t set<text>, u map<text, int>, w "
      "tuple<int, text>, x frozen<address>)");
  const std::vector<std::pair<std::string, Value>> values{
      {"a", "plain"},
      {"b", INT64_MAX},
      {"c", Blob{std::string("\0\1\xFF", 3)}},
      {"d", true},
      {"e", "-12.50"},
      {"f", 0.1},
      {"g", 1.5},
      {"h", "10.0.0.1"},
      {"i", -32768},
      {"j", "it's \xC3\xA9"},
      {"k", "14:30:22.000000001"},
      {"l", "2026-01-15 14:30:22.123000"},
      {"m", "50554d6e-29bb-11e5-b345-feff819cdc9f"},
      {"n", 127},
      {"o", "550e8400-e29b-41d4-a716-446655440000"},
      {"p", "170141183460469231731687303715884105728"},
      {"q", "2026-01-15"},
      {"r", "1y2mo3d4h"},
      {"s", "[3, 1, 2]"},
      {"t", "{'a', 'b'}"},
      {"u", "{'x': 1, 'y': 2}"},
      {"w", "(1, 'one')"},
      {"x", "{street: 'Main', zip: 12345}"}};
  for (const auto& [column, value] : values) {
    connection_->execute(
        Statement{"INSERT INTO v (id, " + column + ") VALUES (1, ?)", {value}, {}, {}});
    EXPECT_EQ(connection_->query("SELECT " + column + " FROM v WHERE id = 1").front()[0], value)
        << column;
  }
  EXPECT_TRUE(connection_->query("SELECT a FROM v WHERE id = 2").empty());
  connection_->execute(Statement{"INSERT INTO v (id, a) VALUES (2, ?)", {Value()}, {}, {}});
  EXPECT_TRUE(connection_->query("SELECT a FROM v WHERE id = 2").front()[0].is_null());
}

TEST_F(CqlServer, ResultsOfManyPagesComeWhole) {
  connection_->execute("CREATE TABLE big (p int, c int, PRIMARY KEY (p, c))");
  constexpr int rows = 11000, portion = 1000;
  for (int i = 0; i < rows; i += portion) {
    std::string batch = "BEGIN UNLOGGED BATCH ";
    for (int j = i; j < i + portion; ++j)
      batch += "INSERT INTO big (p, c) VALUES (1, " + std::to_string(j) + "); ";
    connection_->execute(batch + "APPLY BATCH");
  }
  int next = 0;
  connection_->for_each_row(Statement{"SELECT c FROM big WHERE p = 1", {}, {}, {}},
                            [&](Row&& row) { EXPECT_EQ(row.get<int>(0), next++); });
  EXPECT_EQ(next, rows);
}

TEST_F(CqlServer, ConditionsTellWhetherTheyWereMet) {
  connection_->execute("CREATE TABLE t (id int PRIMARY KEY, v int)");
  EXPECT_EQ(connection_->execute("INSERT INTO t (id, v) VALUES (1, 1) IF NOT EXISTS"), 1);
  EXPECT_EQ(connection_->execute("INSERT INTO t (id, v) VALUES (1, 2) IF NOT EXISTS"), 0);
  EXPECT_EQ(connection_->execute("UPDATE t SET v = 3 WHERE id = 1 IF v = 2"), 0);
  EXPECT_EQ(connection_->query("SELECT v FROM t").front().get<int>(0), 1);
}

TEST_F(CqlServer, ErrorsHaveTheirKindAndPlace) {
  const auto kind = [&](const std::string& cql) {
    return failure([&] { connection_->execute(cql); }).kind();
  };
  EXPECT_EQ(kind("SELEC 1"), ErrorKind::syntax);
  EXPECT_EQ(kind("SELECT * FROM nothing"), ErrorKind::schema);
  connection_->execute("CREATE TABLE t (id int PRIMARY KEY)");
  const Error exists =
      failure([&] { connection_->execute("CREATE TABLE t (id int PRIMARY KEY)"); });
  EXPECT_EQ(exists.kind(), ErrorKind::schema);
  EXPECT_EQ(exists.object(), database_->name() + ".t");
  EXPECT_THAT(exists.code(), HasSubstr("0x2400"));
  const Error place = failure([&] {
    connection_->execute(Statement{"SELECT *\nFORM t", {}, {"001.cql", 10, 3}, {}});
  });
  EXPECT_EQ(place.position(), (SourcePosition{"001.cql", 11, 1}));
  EXPECT_EQ(place.statement(), "SELECT *\nFORM t");
}

TEST_F(CqlServer, AStatementThatTheServerForgotIsPreparedAgain) {
  connection_->execute("CREATE TABLE t (id int PRIMARY KEY, v int)");
  const Statement insert{"INSERT INTO t (id, v) VALUES (?, ?)", {1, 2}, {}, {}};
  connection_->execute(insert);
  connection_->execute("DROP TABLE t");
  connection_->execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
  connection_->execute(Statement{"INSERT INTO t (id, v) VALUES (?, ?)", {1, "two"}, {}, {}});
  EXPECT_EQ(connection_->query("SELECT v FROM t").front().get<std::string>(0), "two");
}

TEST_F(CqlServer, WarningsOfTheServerAreToldAsNotices) {
  std::vector<std::string> notices;
  connection_->on_notice([&](std::string_view text) { notices.emplace_back(text); });
  connection_->execute("CREATE TABLE t (id int PRIMARY KEY)");
  connection_->query("SELECT count(*) FROM t");
  EXPECT_THAT(notices, testing::Contains(HasSubstr("Aggregation query")));
}

TEST_F(CqlServer, LooksUpTablesColumnsAndIndexes) {
  connection_->execute("CREATE TABLE \"Odd\" (id int PRIMARY KEY, v int)");
  connection_->execute("CREATE INDEX odd_v ON \"Odd\" (v)");
  EXPECT_TRUE(connection_->has_table(model::Name("Odd")));
  EXPECT_FALSE(connection_->has_table(model::Name("odd")));
  EXPECT_TRUE(connection_->has_column(model::Name(database_->name(), "Odd"), "v"));
  EXPECT_FALSE(connection_->has_column(model::Name("Odd"), "w"));
  EXPECT_TRUE(connection_->has_index(model::Name("Odd"), "odd_v"));
}

TEST_F(CqlServer, DropsEverythingOfTheKeyspace) {
  for (const char* cql :
       {"CREATE TYPE inner_type (a int)", "CREATE TYPE outer_type (i frozen<inner_type>)",
        "CREATE TABLE t (id int, c int, o frozen<outer_type>, PRIMARY KEY (id, c))",
        "CREATE MATERIALIZED VIEW by_c AS SELECT * FROM t WHERE id IS NOT NULL AND c IS NOT NULL "
        "PRIMARY KEY (c, id)",
        "CREATE FUNCTION twice (s int, i int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java "
        "AS 'return s + 2 * i;'",
        "CREATE AGGREGATE sum_twice (int) SFUNC twice STYPE int INITCOND 0"})
    connection_->execute(cql);
  connection_->drop_everything();
  for (const char* kind : {"tables", "views", "types", "functions", "aggregates"})
    EXPECT_TRUE(connection_
                    ->query(std::string("SELECT * FROM system_schema.") + kind +
                            " WHERE keyspace_name = '" + database_->name() + "'")
                    .empty())
        << kind;
}

TEST_F(CqlServer, AnotherHostIsTriedWhenOneCannotBeReached) {
  const auto session = connect(parse_url(url([](Url& url) {
    url.hosts.insert(url.hosts.begin(), {"127.0.0.1", 1});
  })));
  EXPECT_FALSE(session->query("SELECT key FROM system.local").empty());
}

TEST_F(CqlServer, ALostSessionGoesOnElsewhere) {
  auto proxy =
      std::make_unique<DelayProxy>(parse_url(database_->url()).hosts[0].port,
                                   DelayProxy::Settings{.delay = std::chrono::milliseconds(0)});
  const Url both = parse_url(url([&](Url& url) {
    url.hosts.insert(url.hosts.begin(), parse_url(proxy->in_front_of(database_->url())).hosts[0]);
  }));
  const auto session = connect(both);
  session->execute("CREATE TABLE t (id int PRIMARY KEY)");
  proxy.reset();
  session->execute("INSERT INTO t (id) VALUES (1)");
  EXPECT_EQ(session->query("SELECT id FROM t").size(), 1U);
}

TEST_F(CqlServer, NamesWhatIsWrongWithTheUrl) {
  const Error nobody = refusal("cassandra://ann:hunter2@127.0.0.1:1/k");
  EXPECT_EQ(nobody.kind(), ErrorKind::connection);
  EXPECT_THAT(nobody.what(), HasSubstr("127.0.0.1:1"));
  EXPECT_THAT(nobody.what(), Not(HasSubstr("hunter2")));
  EXPECT_THAT(refusal(url([](Url& url) { url.parameters["dc"] = "moon"; })).what(),
              HasSubstr("not in moon"));
  const Error keyspace = refusal(url([](Url& url) { url.database = "nothing_here"; }));
  EXPECT_THAT(keyspace.what(), HasSubstr("nothing_here"));
  EXPECT_THAT(keyspace.suggestions(), testing::Contains(HasSubstr("CREATE KEYSPACE")));
}

TEST_F(CqlServer, WrongPasswordsAreRefusedAndNotShown) {
  if (parse_url(database_->url()).user.empty()) GTEST_SKIP() << "the server asks for no password";
  const Error wrong = refusal(url([](Url& url) { url.password = Secret("hunter2"); }));
  EXPECT_THAT(wrong.code(), HasSubstr("bad credentials"));
  EXPECT_THAT(wrong.what(), Not(HasSubstr("hunter2")));
  EXPECT_THAT(refusal(url([](Url& url) {
                url.user.clear();
                url.password = Secret();
              })).what(),
              HasSubstr("asks for a user"));
}

TEST_F(CqlServer, ACancelledRequestEndsAtOnce) {
  DelayProxy proxy(parse_url(database_->url()).hosts[0].port,
                   {.delay = std::chrono::milliseconds(400)});
  const auto session = connect(parse_url(proxy.in_front_of(database_->url())));
  std::atomic<bool> ended{false};
  std::thread canceller([&] {
    while (!ended) {
      session->cancel();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  const Error error = failure([&] { session->query("SELECT key FROM system.local"); });
  ended = true;
  canceller.join();
  EXPECT_EQ(error.kind(), ErrorKind::timeout);
  EXPECT_FALSE(session->alive());
}

TEST_F(CqlServer, TlsChecksWhoTheServerIs) {
  const std::string tls = server_value("CQL_TLS");
  if (tls.empty()) GTEST_SKIP() << "the server's certificates are not known";
  const auto with = [&](const std::map<std::string, std::string>& parameters) {
    return url([&](Url& url) {
      for (const auto& [key, value] : parameters) url.parameters[key] = value;
    });
  };
  for (const auto& parameters : std::vector<std::map<std::string, std::string>>{
           {{"tls", "required"}},
           {{"ssl-ca", tls + "/ca.crt"}},
           {{"tls", "verify_ca"}, {"ssl-ca", tls + "/ca.crt"}},
           {{"ssl-ca", tls + "/ca.crt"},
            {"ssl-cert", tls + "/client.crt"},
            {"ssl-key", tls + "/client.key"}}}) {
    const auto session = connect(parse_url(with(parameters)));
    EXPECT_FALSE(session->query("SELECT key FROM system.local").empty());
  }
  EXPECT_THAT(refusal(with({{"ssl-ca", tls + "/other-ca.crt"}})).what(),
              HasSubstr("certificate is refused"));
  EXPECT_THAT(refusal(with({{"ssl-ca", "/nowhere/ca.crt"}})).what(), HasSubstr("cannot be read"));
}

TEST_F(CqlServer, BodiesAreCompressedWhereBothCan) {
  const std::string text(20000, 'x');
  connection_->execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
  for (const char* compression : {"lz4", "none"}) {
    const auto session =
        connect(parse_url(url([&](Url& url) { url.parameters["compression"] = compression; })));
    session->execute(Statement{"INSERT INTO t (id, v) VALUES (1, ?)", {text}, {}, {}});
    EXPECT_EQ(session->query("SELECT v FROM t").front().get<std::string>(0), text);
  }
}

/// Answers every connection with the same bytes, and then nothing or the end.
class FakeServer {
 public:
  FakeServer(std::string bytes, bool close) : bytes_(std::move(bytes)), close_(close) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 4);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      for (;;) {
        const int client = ::accept(listener_, nullptr, nullptr);
        if (client < 0) return;
        [[maybe_unused]] const auto sent =
            ::send(client, bytes_.data(), bytes_.size(), MSG_NOSIGNAL);
        if (close_)
          ::close(client);
        else
          clients_.push_back(client);
      }
    });
  }
  ~FakeServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    for (const int client : clients_) ::close(client);
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  Error refusal(std::chrono::milliseconds patience = std::chrono::minutes(1)) const {
    ConnectOptions options;
    options.connect_timeout = patience;
    try {
      connect(parse_url("cassandra://127.0.0.1:" + std::to_string(port_) + "/k"), options);
    } catch (const Error& error) {
      return error;
    }
    return Error(ErrorKind::internal, "it connected");
  }

 private:
  std::string bytes_;
  bool close_;
  int listener_ = -1, port_ = 0;
  std::vector<int> clients_;
  std::thread thread_;
};

TEST(CqlFakeServer, SilenceCutFramesAndLiesEndInAnError) {
  constexpr auto soon = std::chrono::milliseconds(300);
  EXPECT_THAT(FakeServer("", false).refusal(soon).what(), HasSubstr("did not answer in time"));
  EXPECT_THAT(FakeServer("", true).refusal().what(), HasSubstr("was lost"));
  EXPECT_THAT(FakeServer("HTTP/1.1 400 Bad Request\r\n\r\n", true).refusal().what(),
              HasSubstr("does not speak"));
  const std::string cut("\x84\0\0\0\x06\0\0\0\x20\0\1", 11);
  EXPECT_THAT(FakeServer(cut, true).refusal().what(), HasSubstr("was lost"));
  EXPECT_THAT(FakeServer(cut, false).refusal(soon).what(), HasSubstr("did not answer in time"));
}

}  // namespace
}  // namespace sterna::test
