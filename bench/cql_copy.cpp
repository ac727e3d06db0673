// COPY ROWS beside a plain copy in one stream, on a cluster that is given: rows a second of both,
// and of a copy that is killed in the middle and taken up.
//   cql_copy_bench cassandra://HOST/KEYSPACE [ROWS]
// makes tables bench_… there and drops them at the end.
#include "base/file.hpp"
#include "database/registry.hpp"
#include "migration/engine.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>

using namespace sterna;

namespace {

constexpr int rows_of_partition = 100;
using SteadyClock = std::chrono::steady_clock;

double seconds_since(SteadyClock::time_point begun) {
  return std::chrono::duration<double>(SteadyClock::now() - begun).count();
}

const char* const columns =
    " (sensor int, at int, value double, unit text, note text, PRIMARY KEY (sensor, at))";

void fill(const std::string& url, int rows) {
  constexpr int sessions = 4;
  std::vector<std::thread> threads;
  for (int number = 0; number < sessions; ++number) {
    threads.emplace_back([&, number] {
      const auto session = connect(parse_url(url));
      for (int sensor = number; sensor < rows / rows_of_partition; sensor += sessions) {
        std::string batch = "BEGIN UNLOGGED BATCH ";
        for (int at = 0; at < rows_of_partition; ++at)
          batch += "INSERT INTO bench_old (sensor, at, value, unit, note) VALUES (" +
                   std::to_string(sensor) + "," + std::to_string(at) + "," +
                   std::to_string(at * 0.5) + ",'celsius','reading " + std::to_string(at) + "');";
        session->execute(batch + "APPLY BATCH");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

struct Enough {};

/// A page is read, its rows are written one after the other, each when the one before is answered;
/// for half a minute at most. The number of rows.
std::int64_t plain_copy(const std::string& url) {
  const auto reads = connect(parse_url(url)), writes = connect(parse_url(url));
  Statement insert{
      "INSERT INTO bench_plain (sensor, at, value, unit, note) VALUES (?, ?, ?, ?, ?) USING "
      "TIMESTAMP ?",
      {},
      {},
      {}};
  const Statement select{
      "SELECT sensor, at, value, unit, note, WRITETIME(value) FROM bench_old", {}, {}, {}};
  const SteadyClock::time_point begun = SteadyClock::now();
  std::int64_t rows = 0;
  try {
    reads->for_each_row(select, [&](Row&& row) {
      insert.parameters.clear();
      for (std::size_t i = 0; i < row.size(); ++i) insert.parameters.push_back(row[i]);
      writes->execute(insert);
      if (++rows % 1000 == 0 && seconds_since(begun) > 30) throw Enough{};
    });
  } catch (const Enough&) {
  }
  return rows;
}

EngineOptions engine_options(const std::string& url, const std::filesystem::path& folder) {
  EngineOptions options;
  options.url = parse_url(url);
  options.url.parameters["lease"] = "4s";
  options.base = folder;
  options.run.directories = {"migrations"};
  options.run.registered = false;
  options.run.history_table = "bench_migrations";
  return options;
}

void migrate(const std::string& url, const std::filesystem::path& folder, bool tell) {
  MigrationEngine engine(engine_options(url, folder));
  if (tell)
    engine.on_event([](const Event& event) {
      if (event.kind == EventKind::notice) std::printf("    %s\n", event.text.c_str());
    });
  engine.up({});
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "cql_copy_bench cassandra://HOST/KEYSPACE [ROWS]\n");
    return 2;
  }
  const std::string url = arguments[1];
  const int rows = count > 2 ? std::atoi(arguments[2]) : 1000000;
  const auto connection = connect(parse_url(url));
  const auto drop = [&] {
    for (const char* table :
         {"bench_old", "bench_new", "bench_plain", "bench_again", "bench_migrations"})
      connection->execute("DROP TABLE IF EXISTS " + std::string(table));
  };
  drop();
  for (const char* table : {"bench_old", "bench_new", "bench_plain", "bench_again"})
    connection->execute("CREATE TABLE " + std::string(table) + columns);
  SteadyClock::time_point begun = SteadyClock::now();
  fill(url, rows);
  std::printf("%d rows made in %.1f s\n", rows, seconds_since(begun));

  begun = SteadyClock::now();
  connection->execute("COPY ROWS FROM bench_old TO bench_new");
  const double copied = seconds_since(begun);
  std::printf("COPY ROWS, compared at the end: %.1f s, %.0f rows/s\n", copied, rows / copied);

  begun = SteadyClock::now();
  const std::int64_t plain_rows = plain_copy(url);
  const double plain = seconds_since(begun);
  std::printf("plain copy in one stream, nothing compared: %.1f s, %.0f rows/s\n", plain,
              static_cast<double>(plain_rows) / plain);

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("bench-cql-copy-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder / "migrations");
  write_file_atomically(folder / "migrations" / "001_copy.cql",
                        "COPY ROWS FROM bench_old TO bench_again;\n");
  begun = SteadyClock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    migrate(url, folder, false);
    ::_exit(0);
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(copied / 3));
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  migrate(url, folder, true);
  std::printf(
      "killed after %.1f s%s and taken up: %.1f s in all, with the wait for the lease of 4 s\n",
      copied / 3, WIFSIGNALED(status) ? "" : " (it was done already)", seconds_since(begun));
  std::filesystem::remove_all(folder);
  drop();
  return 0;
}
