// Throughput of the readers of SQL text: splitter, script parser, token hash, classify. Bytes a
// second are the figure to watch.
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "sql/classify.hpp"
#include "sql/script.hpp"
#include "sql/splitter.hpp"

namespace {

using sterna::Language;

constexpr std::string_view schema_sql = R"sql(-- people who write
CREATE TABLE users_NNN (
    id bigint NOT NULL,
    email varchar(255) NOT NULL DEFAULT '',
    display_name varchar(100),
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, -- UTC
    balance decimal(12, 2) CHECK (balance >= 0),
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX users_NNN_email ON users_NNN (email);
ALTER TABLE users_NNN ADD CONSTRAINT users_NNN_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE;
)sql";

constexpr std::string_view rows_sql =
    "INSERT INTO users_NNN (id, email, display_name, balance) VALUES (1, 'ada@example.org', 'Ada; "
    "Lovelace', 12.50), "
    "(2, 'grace@example.org', 'Grace ''Amazing'' Hopper', 99.00), (3, 'linus@example.org', NULL, "
    "0);\n";

constexpr std::string_view postgres_body =
    R"sql(CREATE FUNCTION touch_NNN() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF NEW.balance <> OLD.balance THEN NEW.updated_at := now(); END IF;
  RETURN NEW;
END;
$body$;
)sql";

constexpr std::string_view mysql_body =
    R"sql(CREATE TRIGGER touch_NNN BEFORE UPDATE ON users_NNN FOR EACH ROW
BEGIN
  IF NEW.balance <> OLD.balance THEN SET NEW.updated_at = CASE WHEN NEW.x THEN NOW() ELSE NULL END; END IF;
END;
)sql";

constexpr std::string_view sqlite_body = R"sql(CREATE TRIGGER touch_NNN AFTER UPDATE ON users_NNN
BEGIN
  UPDATE users_NNN SET updated_at = CASE WHEN NEW.id THEN 1 ELSE 2 END WHERE id = NEW.id;
END;
)sql";

std::string_view body_of(Language language) {
  if (language == Language::mysql) return mysql_body;
  return language == Language::postgres ? postgres_body : sqlite_body;
}

/// A script of about `size` bytes: definitions, rows and bodies mixed.
std::string make_script(Language language, std::size_t size) {
  std::string script;
  for (int n = 0; script.size() < size; ++n) {
    for (const std::string_view part : {schema_sql, rows_sql, rows_sql, body_of(language)}) {
      std::string text(part);
      for (auto at = text.find("NNN"); at != std::string::npos; at = text.find("NNN"))
        text.replace(at, 3, std::to_string(n));
      script += text;
    }
  }
  return script;
}

void count_bytes(benchmark::State& state, std::size_t size) {
  state.SetBytesProcessed(static_cast<std::int64_t>(size) *
                          static_cast<std::int64_t>(state.iterations()));
}

void split(benchmark::State& state, Language language) {
  const std::string script = make_script(language, 8 << 20);
  for (auto _ : state)
    benchmark::DoNotOptimize(sterna::split_statements(script, language, "bench.sql"));
  count_bytes(state, script.size());
}
BENCHMARK_CAPTURE(split, postgres, Language::postgres)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(split, mysql, Language::mysql)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(split, sqlite, Language::sqlite)->Unit(benchmark::kMillisecond);

void token_hash(benchmark::State& state, Language language) {
  const std::string script = make_script(language, 8 << 20);
  for (auto _ : state) benchmark::DoNotOptimize(sterna::token_hash(script, language));
  count_bytes(state, script.size());
}
BENCHMARK_CAPTURE(token_hash, postgres, Language::postgres)->Unit(benchmark::kMillisecond);

/// What a start with many files costs: read the markers and hash both directions of 5000 small
/// migrations.
void five_thousand_files(benchmark::State& state) {
  const std::string text = "-- sterna:description a table\n-- sterna:up\n" +
                           make_script(Language::postgres, 10).substr(0, 320) +
                           "\n-- sterna:down\nDROP TABLE users_0;\n";
  for (auto _ : state) {
    for (int n = 0; n < 5000; ++n) {
      const sterna::Script script = sterna::parse_script(text, Language::postgres, "bench.sql");
      benchmark::DoNotOptimize(sterna::token_hash(script.up.text, Language::postgres));
      benchmark::DoNotOptimize(sterna::token_hash(script.down.text, Language::postgres));
    }
  }
  count_bytes(state, text.size() * 5000);
}
BENCHMARK(five_thousand_files)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
