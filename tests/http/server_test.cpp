#include "http/server.hpp"

#include "http/text.hpp"
#include "support/raw_client.hpp"

#include <sterna/error.hpp>

#include <atomic>
#include <thread>

namespace sterna {
namespace {

using test::RawClient;

/// A server that runs while it lives.
struct Running {
  StopSource stop;
  HttpServer server;
  std::thread thread;
  explicit Running(HttpHandler handler, HttpServerOptions options = {})
      : server(std::move(options), std::move(handler)) {
    thread = std::thread([this] { server.run(stop); });
  }
  ~Running() { end(); }
  void end() {
    stop.request();
    if (thread.joinable()) thread.join();
  }
  std::string ask(std::string_view text) { return RawClient(server.port()).send(text).read_all(); }
  std::string get(std::string_view target, std::string_view host = "localhost") {
    return ask("GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) +
               "\r\nConnection: close\r\n\r\n");
  }
};

HttpResponse echo(const HttpRequest& request) {
  std::string out = request.method + " " + request.path;
  for (const auto& [name, value] : request.parameters) out += " " + name + "=" + value;
  return {.status = 200,
          .body = out + "|" + request.body,
          .headers = {{"X-Seen", std::string(request.header("x-sent"))}}};
}

TEST(HttpServer, GivesTheHandlerTheDecodedRequest) {
  Running running(echo);
  auto answer = running.ask(
      "POST /api/a%20b?name=a+b%26&empty= HTTP/1.1\r\nHost: 127.0.0.1:9\r\nX-Sent: "
      "here\r\nContent-Length: 4\r\nConnection: "
      "close\r\n\r\nbody");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nPOST /api/a b empty= name=a b&|body")) << answer;
  EXPECT_NE(answer.find("X-Seen: here"), std::string::npos);
  EXPECT_NE(answer.find("X-Content-Type-Options: nosniff"), std::string::npos);
  EXPECT_NE(answer.find("Cache-Control: no-store"), std::string::npos);
}

TEST(HttpServer, RefusesAForeignNameBeforeTheHandlerSeesIt) {
  std::atomic<int> calls = 0;
  Running running([&](const HttpRequest&) {
    ++calls;
    return HttpResponse{};
  });
  for (const auto* host :
       {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost:x", "[::1"})
    EXPECT_TRUE(running.get("/", host).starts_with("HTTP/1.1 421")) << host;
  EXPECT_TRUE(
      running.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 421"));
  EXPECT_TRUE(running
                  .ask("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: "
                       "close\r\n\r\n")
                  .starts_with("HTTP/1.1 4"));
  EXPECT_EQ(calls, 0);
  for (const auto* host : {"localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:4000", "10.1.2.3:4000"})
    EXPECT_TRUE(running.get("/", host).starts_with("HTTP/1.1 200")) << host;
  EXPECT_EQ(calls, 5);
}

TEST(HttpServer, TakesTheNamesItWasGiven) {
  Running running(echo, {.allowed_hosts = {"sterna.internal"}});
  EXPECT_TRUE(running.get("/", "Sterna.Internal:4000").starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(running.get("/", "other.internal").starts_with("HTTP/1.1 421"));
}

TEST(HttpServer, LimitsHeaderAndBody) {
  Running running(echo, {.header_limit = 512, .body_limit = 100});
  EXPECT_TRUE(running
                  .ask("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + std::string(2000, 'x') +
                       "\r\n\r\n")
                  .starts_with("HTTP/1.1 431"));
  EXPECT_TRUE(running
                  .ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 101\r\n\r\n" +
                       std::string(101, 'x'))
                  .starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(running
                  .ask("POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                       "100\r\n\r\n" +
                       std::string(100, 'x'))
                  .starts_with("HTTP/1.1 200"));
}

TEST(HttpServer, RefusesWhatIsNoRequest) {
  Running running(echo);
  EXPECT_TRUE(running.ask("hello there\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(running.get("/%zz").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(running.get("/%00").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(running.get("http://localhost/").starts_with("HTTP/1.1 400"));
}

TEST(HttpServer, EndsARequestThatNeverComesWhole) {
  Running running(echo, {.transfer_time = std::chrono::milliseconds(200)});
  EXPECT_EQ(running.ask("GET / HTTP/1.1\r\nHost: loc"), "");
}

TEST(HttpServer, AnswersOneConnectionTooManyWithABusySign) {
  Running running(echo, {.connections = 1});
  RawClient first(running.server.port());
  first.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  first.read_until("GET /|");
  EXPECT_TRUE(running.get("/").starts_with("HTTP/1.1 503"));
}

TEST(HttpServer, KeepsAConnectionForFurtherRequests) {
  Running running(echo);
  RawClient client(running.server.port());
  client.send("GET /one HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(client.read_until("GET /one|").ends_with("GET /one|"));
  client.send("HEAD /two HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  auto answer = client.read_all();
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
  EXPECT_NE(answer.find("Content-Length: 9"), std::string::npos) << answer;
}

TEST(HttpServer, TurnsAnExceptionIntoAnAnswer) {
  Running running([](const HttpRequest&) -> HttpResponse {
    throw Error(ErrorKind::connection, "the server is away");
  });
  auto answer = running.get("/");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500"));
  EXPECT_NE(answer.find("the server is away"), std::string::npos);
}

TEST(HttpServer, FinishesTheAnswerUnderWayWhenItIsStopped) {
  std::atomic<bool> entered = false, go_on = false;
  Running running([&](const HttpRequest& request) {
    entered = true;
    entered.notify_all();
    go_on.wait(false);
    return echo(request);
  });
  RawClient idle(running.server.port());
  RawClient client(running.server.port());
  client.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  entered.wait(false);
  running.stop.request();
  go_on = true;
  go_on.notify_all();
  EXPECT_TRUE(client.read_all().ends_with("GET /slow|"));
  running.end();
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_THROW(RawClient(running.server.port()), std::runtime_error);
}

TEST(HttpServer, SaysWhenAPortIsTakenAndTakesAnotherWhenItMay) {
  HttpServer first({}, echo);
  try {
    HttpServer second({.port = first.port()}, echo);
    FAIL() << "two servers on one port";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_FALSE(error.suggestions().empty());
  }
  HttpServer third({.port = first.port(), .other_port_when_taken = true}, echo);
  EXPECT_NE(third.port(), 0);
  EXPECT_NE(third.port(), first.port());
}

TEST(HttpText, KnowsWhatOnlyThisMachineCanReach) {
  EXPECT_TRUE(is_loopback_host("127.0.0.1"));
  EXPECT_TRUE(is_loopback_host("127.9.9.9"));
  EXPECT_TRUE(is_loopback_host("::1"));
  EXPECT_TRUE(is_loopback_host("localhost"));
  EXPECT_FALSE(is_loopback_host("0.0.0.0"));
  EXPECT_FALSE(is_loopback_host("example.org"));
}

TEST(HttpText, DecodesOnlyWholeEscapes) {
  EXPECT_EQ(percent_decode("a%2Fb+c", false), "a/b+c");
  EXPECT_EQ(percent_decode("a%2Fb+c", true), "a/b c");
  EXPECT_EQ(percent_decode("a%2", false), std::nullopt);
  EXPECT_EQ(percent_decode("a%-1", false), std::nullopt);
}

}  // namespace
}  // namespace sterna
