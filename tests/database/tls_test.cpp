// TLS to servers with certificates of an authority of the test's own: what is asked for is had, and
// a server or client that cannot prove itself is refused with words that name the setting.
#include "support/tls.hpp"
#include "database/registry.hpp"
#include "support/databases.hpp"
#include "support/delay_proxy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace sterna::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Parameters = std::map<std::string, std::string>;

std::unique_ptr<Connection> open(const std::string& url) { return connect(parse_url(url)); }

/// All that a person is shown.
std::string refusal(const std::string& url) {
  try {
    open(url);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::connection) << error.what();
    std::string text = error.what();
    for (const std::string& suggestion : error.suggestions()) text += "\n" + suggestion;
    return text;
  }
  ADD_FAILURE() << "connected: " << url;
  return {};
}

/// A certificate for 127.0.0.1 is not one for 127.0.0.2.
class OtherAddress {
 public:
  explicit OtherAddress(const std::string& url)
      : proxy_(parse_url(url).hosts.at(0).port,
               {.listen = "127.0.0.2", .delay = std::chrono::milliseconds(0)}),
        url_(proxy_.in_front_of(url)) {}
  const std::string& url() const { return url_; }

 private:
  DelayProxy proxy_;
  std::string url_;
};

/// Runs a statement that takes for ever while another thread cancels it, until it ends.
void expect_cancelled(Connection& connection, const std::string& sql) {
  std::atomic<bool> ended{false};
  std::thread canceller([&] {
    while (!ended) {
      connection.cancel();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  try {
    connection.query(sql);
    ADD_FAILURE() << "it was not cancelled";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::timeout) << error.what();
  }
  ended = true;
  canceller.join();
}

template <Kind kind>
class TlsTest : public testing::Test {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(kind);
    if (const std::string reason = missing_tls(kind); !reason.empty()) {
      if (everything_required()) FAIL() << reason << " (STERNA_REQUIRE_ALL=1)";
      GTEST_SKIP() << reason;
    }
  }
  static std::string url(const Parameters& parameters) { return tls_url(kind, parameters); }
};

class PostgresTls : public TlsTest<Kind::postgres> {
 protected:
  static bool encrypted(Connection& connection) {
    return connection.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        .front()
        .get<bool>(0);
  }
  static Parameters verified() {
    return {{"sslmode", "verify-full"}, {"sslrootcert", certificate("ca.crt")}};
  }
  static Parameters as_certified(const std::string& name) {
    return {{"user", "certified"},
            {"sslmode", "require"},
            {"sslcert", certificate(name + ".crt")},
            {"sslkey", certificate(name + ".key")}};
  }
};

TEST_F(PostgresTls, RequireEncrypts) {
  EXPECT_TRUE(encrypted(*open(url({{"sslmode", "require"}}))));
}

TEST_F(PostgresTls, WithoutAWishItIsUsedWhereItIsOffered) {
  EXPECT_TRUE(encrypted(*open(url({}))));
}

TEST_F(PostgresTls, RequireIsRefusedByAServerWithoutIt) {
  Url plain = parse_url(server_value("POSTGRES_URL"));
  plain.parameters["sslmode"] = "require";
  EXPECT_THAT(refusal(plain.reveal()), HasSubstr("sslmode=require"));
}

TEST_F(PostgresTls, AServerThatAsksForItRefusesAPlainSession) {
  EXPECT_THAT(refusal(url({{"sslmode", "disable"}})), HasSubstr("no encryption"));
}

TEST_F(PostgresTls, VerifyFullAcceptsTheRightServer) {
  EXPECT_TRUE(encrypted(*open(url(verified()))));
}

TEST_F(PostgresTls, VerifyFullRefusesAnotherAuthority) {
  Parameters parameters = verified();
  parameters["sslrootcert"] = certificate("other-ca.crt");
  const std::string text = refusal(url(parameters));
  EXPECT_THAT(text, HasSubstr("certificate verify failed"));
  EXPECT_THAT(text, HasSubstr("sslrootcert (" + certificate("other-ca.crt") + ")"));
}

TEST_F(PostgresTls, VerifyCaRefusesAnotherAuthority) {
  const std::string text =
      refusal(url({{"sslmode", "verify-ca"}, {"sslrootcert", certificate("other-ca.crt")}}));
  EXPECT_THAT(text, HasSubstr("sslmode=verify-ca"));
  EXPECT_THAT(text, HasSubstr("sslrootcert"));
}

TEST_F(PostgresTls, VerifyFullRefusesAnotherHost) {
  const OtherAddress other(url(verified()));
  const std::string text = refusal(other.url());
  EXPECT_THAT(text, HasSubstr("127.0.0.2"));
  EXPECT_THAT(text, HasSubstr("sslmode=verify-full"));
  EXPECT_THAT(text, HasSubstr("made out to the host"));
}

TEST_F(PostgresTls, VerifyCaAcceptsAnotherHost) {
  Parameters parameters = verified();
  parameters["sslmode"] = "verify-ca";
  const OtherAddress other(url(parameters));
  EXPECT_TRUE(encrypted(*open(other.url())));
}

TEST_F(PostgresTls, ARootCertificateThatIsNotThereIsNamed) {
  EXPECT_THAT(refusal(url({{"sslmode", "verify-full"}, {"sslrootcert", "/nowhere/ca.crt"}})),
              HasSubstr("/nowhere/ca.crt"));
}

TEST_F(PostgresTls, AModeThatIsNotKnownIsNamed) {
  EXPECT_THAT(refusal(url({{"sslmode", "paranoid"}})), HasSubstr("paranoid"));
}

TEST_F(PostgresTls, AClientCertificateIsALogin) {
  const auto connection = open(url(as_certified("client")));
  EXPECT_EQ(connection->query("SELECT current_user::text").front().get<std::string>(0),
            "certified");
}

TEST_F(PostgresTls, ARoleThatNeedsACertificateIsRefusedWithoutOne) {
  EXPECT_THAT(refusal(url({{"user", "certified"}, {"sslmode", "require"}})),
              HasSubstr("certificate"));
}

TEST_F(PostgresTls, AClientCertificateOfAnotherAuthorityIsRefused) {
  const std::string text = refusal(url(as_certified("stranger")));
  EXPECT_THAT(text, HasSubstr("sslcert"));
  EXPECT_THAT(text, HasSubstr("ssl_ca_file"));
}

TEST_F(PostgresTls, AClientCertificateIsNoLoginForOthers) {
  Parameters parameters = as_certified("client");
  const auto super = open(url({{"sslmode", "require"}}));
  super->execute("DROP ROLE IF EXISTS somebody_else");
  parameters["user"] = "somebody_else";
  EXPECT_THAT(refusal(url(parameters)), HasSubstr("somebody_else"));
}

TEST_F(PostgresTls, RunningStatementsCanBeCancelled) {
  expect_cancelled(*open(url(verified())), "SELECT pg_sleep(600)");
}

TEST_F(PostgresTls, ALargeBatchGoesThrough) {
  const auto connection = open(url(verified()));
  std::vector<Statement> batch{{"CREATE TEMPORARY TABLE large (t text)", {}, {}, {}}};
  for (int i = 0; i < 40; ++i)
    batch.push_back({"INSERT INTO large VALUES ('" + std::string(100'000, 'x') + "')", {}, {}, {}});
  connection->execute_batch(batch, [](std::size_t) {});
  EXPECT_EQ(connection->query("SELECT sum(length(t)) FROM large").front().get<int>(0), 4'000'000);
}

class MysqlTls : public TlsTest<Kind::mysql> {
 protected:
  static bool encrypted(Connection& connection) {
    return !connection.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
                .front()
                .get<std::string>(1)
                .empty();
  }
  static Parameters verified() {
    return {{"tls", "verify_identity"}, {"ssl-ca", certificate("ca.crt")}};
  }
  static Parameters as_certified(const std::string& name) {
    return {{"user", "certified"},
            {"tls", "required"},
            {"ssl-cert", certificate(name + ".crt")},
            {"ssl-key", certificate(name + ".key")}};
  }
};

TEST_F(MysqlTls, RequiredEncryptsUnderBothNames) {
  EXPECT_TRUE(encrypted(*open(url({{"tls", "required"}}))));
  EXPECT_TRUE(encrypted(*open(url({{"ssl-mode", "REQUIRED"}}))));
}

TEST_F(MysqlTls, DisabledDoesNot) { EXPECT_FALSE(encrypted(*open(url({{"tls", "disabled"}})))); }

TEST_F(MysqlTls, AUserThatMustUseItIsRefusedAPlainSession) {
  EXPECT_THAT(refusal(url({{"user", "guarded"}, {"tls", "disabled"}})), HasSubstr("guarded"));
  EXPECT_TRUE(encrypted(*open(url({{"user", "guarded"}, {"tls", "required"}}))));
}

TEST_F(MysqlTls, WithoutAWishAPlainServerWillDo) {
  EXPECT_FALSE(encrypted(*open(server_value("MYSQL_URL"))));
}

TEST_F(MysqlTls, RequiredIsRefusedByAServerWithoutIt) {
  Url plain = parse_url(server_value("MYSQL_URL"));
  plain.parameters["tls"] = "required";
  EXPECT_THAT(refusal(plain.reveal()), AnyOf(HasSubstr("TLS"), HasSubstr("SSL")));
}

TEST_F(MysqlTls, WithoutAWishItIsUsedWhereItIsOffered) {
  EXPECT_TRUE(encrypted(*open(url({{"user", "guarded"}}))));
}

TEST_F(MysqlTls, DisabledIsObeyedEvenWithAnAuthority) {
  EXPECT_FALSE(encrypted(*open(url({{"tls", "disabled"}, {"ssl-ca", certificate("ca.crt")}}))));
}

TEST_F(MysqlTls, VerifyIdentityAcceptsTheRightServer) {
  EXPECT_TRUE(encrypted(*open(url(verified()))));
}

TEST_F(MysqlTls, VerifyIdentityRefusesAnotherAuthority) {
  Parameters parameters = verified();
  parameters["ssl-ca"] = certificate("other-ca.crt");
  const std::string text = refusal(url(parameters));
  EXPECT_THAT(text, HasSubstr("certificate"));
  EXPECT_THAT(text, HasSubstr("ssl-ca"));
}

TEST_F(MysqlTls, VerifyIdentityRefusesAnotherHost) {
  const OtherAddress other(url(verified()));
  EXPECT_THAT(refusal(other.url()), HasSubstr("host name"));
}

TEST_F(MysqlTls, VerifyCaAcceptsTheRightAuthorityAlone) {
  EXPECT_TRUE(encrypted(*open(url({{"tls", "verify_ca"}, {"ssl-ca", certificate("ca.crt")}}))));
  EXPECT_THAT(refusal(url({{"tls", "verify_ca"}, {"ssl-ca", certificate("other-ca.crt")}})),
              HasSubstr("ssl-ca"));
}

TEST_F(MysqlTls, AnAuthorityThatIsNotThereIsRefused) {
  EXPECT_THAT(refusal(url({{"tls", "verify_identity"}, {"ssl-ca", "/nowhere/ca.crt"}})),
              HasSubstr("ssl-ca"));
}

TEST_F(MysqlTls, AClientCertificateIsALogin) {
  const auto connection = open(url(as_certified("client")));
  EXPECT_THAT(connection->query("SELECT CURRENT_USER()").front().get<std::string>(0),
              HasSubstr("certified"));
}

TEST_F(MysqlTls, AUserThatNeedsACertificateIsRefusedWithoutOne) {
  EXPECT_THAT(refusal(url({{"user", "certified"}, {"tls", "required"}})), HasSubstr("certified"));
}

TEST_F(MysqlTls, AClientCertificateOfAnotherAuthorityIsRefused) {
  EXPECT_THAT(refusal(url(as_certified("stranger"))), Not(IsEmpty()));
}

TEST_F(MysqlTls, AModeThatIsNotKnownIsNamed) {
  try {
    open(url({{"tls", "paranoid"}}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), HasSubstr("paranoid"));
  }
}

TEST_F(MysqlTls, RunningStatementsCanBeCancelled) {
  expect_cancelled(*open(url(verified())), "SELECT SLEEP(600)");
}

}  // namespace
}  // namespace sterna::test
