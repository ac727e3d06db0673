#include "ops/health_page.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <thread>

namespace sterna {
namespace {

using testing::HasSubstr;
using testing::Not;

Health good() {
  Health health;
  health.connection = "main";
  health.reachable = true;
  health.database = "SQLite \"3\"";
  health.applied = 3;
  health.newest = "003_posts";
  health.last_applied_at = "2026-01-15 14:30:22.000000";
  return health;
}

HttpResponse get(HealthPages& pages, const std::string& path) {
  return pages.answer({.method = "GET", .path = path});
}

TEST(HealthPages, AreReadyWhenNothingIsLeftToDo) {
  HealthPages pages({.check = good});
  EXPECT_EQ(get(pages, "/livez").status, 200);
  EXPECT_EQ(get(pages, "/readyz").status, 200);
  const HttpResponse health = get(pages, "/health");
  EXPECT_EQ(health.status, 200);
  const auto json = nlohmann::json::parse(health.body);
  EXPECT_EQ(json["status"], "ready");
  EXPECT_EQ(json["applied"], 3);
  EXPECT_TRUE(json["lock_holder"].is_null());
  EXPECT_TRUE(json["drift"].is_null());
  EXPECT_GE(json["uptime"].get<double>(), 0);
}

TEST(HealthPages, ClaimNothingOfADatabaseThatCannotBeAsked) {
  HealthPages refusing({.connection = "main", .check = [] {
                          Health health;
                          health.connection = "main";
                          health.error = "connection refused";
                          return health;
                        }});
  std::atomic<bool> over = false;
  HealthPages silent({.connection = "main",
                      .check =
                          [&over] {
                            while (!over) std::this_thread::sleep_for(std::chrono::milliseconds(5));
                            return good();
                          },
                      .patience = std::chrono::milliseconds(30)});
  for (HealthPages* pages : {&refusing, &silent}) {
    const HttpResponse health = get(*pages, "/health");
    EXPECT_EQ(health.status, 503);
    const auto json = nlohmann::json::parse(health.body);
    EXPECT_EQ(json["connection"], "main");
    EXPECT_EQ(json["status"], "unreachable");
    for (const char* field :
         {"applied", "pending", "interrupted", "changed", "missing", "newest", "last_applied_at"})
      EXPECT_TRUE(json[field].is_null()) << field << health.body;
  }
  over = true;
}

TEST(HealthPages, SayWhatKeepsTheProgramFromBeingReady) {
  HealthPages pages({.check = [] {
    Health health = good();
    health.pending = 2;
    health.changed = 1;
    health.lock_holder = "deploy@web (pid 7)";
    health.lock_seconds = 4;
    return health;
  }});
  const HttpResponse ready = get(pages, "/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_THAT(ready.body, HasSubstr("2 pending"));
  EXPECT_EQ(get(pages, "/livez").status, 200);
  const HttpResponse health = get(pages, "/health");
  EXPECT_EQ(health.status, 200);  // the database answers: nothing is broken
  EXPECT_EQ(nlohmann::json::parse(health.body)["lock_holder"]["who"], "deploy@web (pid 7)");
}

TEST(HealthPages, AnswerThatTheDatabaseIsSilentInsteadOfWaiting) {
  std::atomic<bool> go_on = false;
  HealthPages pages({.check =
                         [&] {
                           go_on.wait(false);
                           return good();
                         },
                     .patience = std::chrono::milliseconds(50)});
  EXPECT_EQ(get(pages, "/livez").status, 200);
  EXPECT_EQ(get(pages, "/health").status, 503);
  EXPECT_THAT(get(pages, "/metrics").body, HasSubstr("sterna_up{connection=\"\"} 0"));
  go_on = true;
  go_on.notify_all();
}

TEST(HealthPages, AskTheDatabaseOnceForAllWhoAskAtOneTime) {
  std::atomic<int> checks = 0;
  HealthPages pages({.check =
                         [&] {
                           ++checks;
                           std::this_thread::sleep_for(std::chrono::milliseconds(50));
                           return good();
                         },
                     .keep = std::chrono::hours(1)});
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] { EXPECT_EQ(get(pages, "/readyz").status, 200); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(checks, 2);
}

TEST(HealthPages, CarryTheLastDrift) {
  HealthPages pages(
      {.check = good,
       .check_drift =
           [] {
             return DriftReport{{"add column users.age"}, {}, "2026-01-15 14:30:22.000000"};
           },
       .drift_interval = std::chrono::hours(1)});
  nlohmann::json json;
  do {
    json = nlohmann::json::parse(get(pages, "/health").body);
  } while (json["drift"].is_null());
  EXPECT_TRUE(json["drift"]["differs"]);
  EXPECT_EQ(json["drift"]["changes"][0], "add column users.age");
  EXPECT_THAT(get(pages, "/metrics").body,
              HasSubstr("sterna_drift_changes{connection=\"main\"} 1\n"));
}

TEST(HealthPages, KnowNothingElse) {
  HealthPages pages({.check = good});
  EXPECT_EQ(get(pages, "/").status, 404);
  EXPECT_EQ(pages.answer({.method = "POST", .path = "/health"}).status, 405);
}

TEST(PrometheusText, HasAHelpAndATypeForEachMetricAndEscapesLabels) {
  const std::string text = prometheus_text(good(), std::nullopt, 12.5);
  EXPECT_THAT(text, HasSubstr("database=\"SQLite \\\"3\\\"\""));
  EXPECT_THAT(text, HasSubstr("sterna_migrations{connection=\"main\",state=\"applied\"} 3\n"));
  EXPECT_THAT(text,
              HasSubstr("sterna_last_applied_timestamp_seconds{connection=\"main\"} 1768487422\n"));
  EXPECT_THAT(text, HasSubstr("sterna_ready{connection=\"main\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("drift")));
  std::size_t samples = 0, types = 0;
  std::string family;
  std::set<std::string> families;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) {
      ++types;
      family = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(families.insert(family).second) << family;
    } else if (!line.starts_with("#")) {
      ++samples;
      EXPECT_TRUE(line.starts_with(family + "{")) << line;
    }
  }
  EXPECT_GT(types, 5U);
  EXPECT_GT(samples, types);
}

}  // namespace
}  // namespace sterna
