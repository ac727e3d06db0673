// What the tests of long steps share: a table of many rows, runs that die, another program that
// writes meanwhile.
#pragma once

#include "migration/killed_run.hpp"
#include "migration/scenario.hpp"
#include "support/numbers.hpp"

#include <functional>
#include <thread>

namespace sterna::test {

struct BulkScenario : Scenario {
  using Scenario::Scenario;

  /// users(id, email, email_lower, n), `rows` of them, of which every id is the double of a number.
  void make_users(std::int64_t rows) {
    const auto session = connect();
    session->execute(
        "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(80), email_lower varchar(80), n "
        "int NOT NULL DEFAULT 0)");
    session->execute("INSERT INTO users (id, email) SELECT n * 2, " +
                     std::string(kind == Kind::mysql ? "concat('User', n)" : "'User' || n") +
                     " FROM " + numbers(rows <= 1000 ? 3 : 6) + " WHERE n < " +
                     std::to_string(rows));
  }

  /// And the odd ids from `least`, so that numbers stand close from there on.
  void make_odd_users(std::int64_t least, std::int64_t most) {
    connect()->execute("INSERT INTO users (id, email) SELECT n * 2 + 1, 'Odd' FROM " + numbers(6) +
                       " WHERE n * 2 > " + std::to_string(least) + " AND n * 2 < " +
                       std::to_string(most));
  }

  std::int64_t count(const std::string& from) const {
    return connect()->query("SELECT count(*) FROM " + from).front().get<std::int64_t>(0);
  }

  /// A run in a process of its own, that ends when `dies` says so at one of its events. True when
  /// it died.
  bool run_until(const std::function<bool(const Event&)>& dies) const {
    return is_killed("run", [&] {
      MigrationEngine engine(options());
      engine.on_event([&](const Event& event) {
        if (dies(event)) ::kill(::getpid(), SIGKILL);
      });
      engine.up({});
    });
  }

  /// The same, that dies at a statement.
  bool run_mortal(int die_at) const {
    return is_killed_at(die_at, options(), [](MigrationEngine& engine) { engine.up({}); });
  }

  /// Events of an undisturbed run, as "kind: text".
  std::vector<std::string> run() const {
    std::vector<std::string> events;
    MigrationEngine engine(options());
    engine.on_event([&](const Event& event) {
      events.push_back(std::string(to_string(event.kind)) + ": " + event.text);
    });
    engine.up({});
    return events;
  }
};

/// Another program, in a process of its own, that does `work` again and again.
class Writer {
 public:
  Writer(const Scenario& scenario, const std::function<void(Connection&, int)>& work)
      : process_(::fork()) {
    if (process_ != 0) return;
    std::signal(SIGTERM, [](int) { ended() = 1; });
    try {
      const auto session = scenario.connect();
      for (int i = 0; ended() == 0; ++i) {
        try {
          work(*session, i);
        } catch (const Error& error) {
          session->rollback();
          if (error.kind() != ErrorKind::lock) throw;
        }
        ::usleep(500);
      }
      ::_exit(0);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "writer: %s\n", error.what());
      ::_exit(1);
    }
  }
  ~Writer() { stop(); }
  /// Lets it finish what it is doing: nothing of it reaches the server later.
  void stop() {
    if (process_ <= 0) return;
    int status = 0;
    EXPECT_EQ(::waitpid(process_, &status, WNOHANG), 0) << "the writer gave up";
    ::kill(process_, SIGTERM);
    ::waitpid(process_, &status, 0);
    process_ = -1;
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

 private:
  static volatile std::sig_atomic_t& ended() {
    static volatile std::sig_atomic_t value = 0;
    return value;
  }

  pid_t process_;
};

inline bool holds(const std::vector<std::string>& events, std::string_view text) {
  return std::any_of(events.begin(), events.end(), [&](const std::string& event) {
    return event.find(text) != std::string::npos;
  });
}

}  // namespace sterna::test
