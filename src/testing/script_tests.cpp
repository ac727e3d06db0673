// Tests that people wrote: statements with the rows that they expect.
#include "base/file.hpp"
#include "base/text.hpp"
#include "database/registry.hpp"
#include "migration/planner.hpp"
#include "sql/splitter.hpp"
#include "testing/place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace sterna::trial {
namespace {

using Severity = Finding::Severity;

constexpr std::string_view test_mark = "-- sterna:test";
constexpr std::string_view before_mark = "-- sterna:before";
constexpr std::string_view after_mark = "-- sterna:after";
constexpr std::string_view expect_mark = "-- expect:";
constexpr std::string_view nothing_mark = "-- expect-nothing";
constexpr std::string_view error_mark = "-- expect-error";

/// What a statement is expected to do.
struct Step {
  Statement statement;
  std::vector<std::string> rows;
  bool expects_rows = false, expects_error = false;
  std::string error;
};

struct ScriptTest {
  std::string name;
  int line = 0;
  std::string before;       ///< the version that runs between the two parts; empty: none
  std::vector<Step> first;  ///< before it; without one: all
  std::vector<Step> second;
};

[[noreturn]] void malformed(const std::string& path, int line, const std::string& message,
                            const std::string& advice) {
  throw Error(ErrorKind::validation, message).at({path, line, 0}).suggest(advice);
}

/// Steps of the lines [first, last) and what is expected of each, from the comments behind it.
std::vector<Step> steps_of(const std::vector<std::string>& lines, std::size_t first,
                           std::size_t last, const std::string& path, Language language) {
  std::string text;
  for (std::size_t i = first; i < last; ++i) text += lines[i] + "\n";
  std::vector<Step> steps;
  for (Statement& statement : split_statements(text, language, path, static_cast<int>(first) + 1))
    steps.push_back({std::move(statement), {}, false, false, {}});
  for (std::size_t i = first; i < last; ++i) {
    const std::string_view line = trim(lines[i]);
    const bool rows = line.starts_with(expect_mark), none = line.starts_with(nothing_mark),
               error = line.starts_with(error_mark);
    if (!rows && !none && !error) continue;
    Step* step = nullptr;
    for (Step& candidate : steps) {
      if (candidate.statement.position.line <= static_cast<int>(i) + 1) step = &candidate;
    }
    if (step == nullptr)
      malformed(path, static_cast<int>(i) + 1, "an expectation stands before the first statement",
                "put it below the statement that it belongs to");
    step->expects_rows = step->expects_rows || rows || none;
    if (rows) step->rows.emplace_back(trim(line.substr(expect_mark.size())));
    if (error) {
      step->expects_error = true;
      const std::size_t colon = line.find(':');
      if (colon != std::string_view::npos) step->error = trim(line.substr(colon + 1));
    }
  }
  return steps;
}

std::vector<ScriptTest> read_tests(const std::string& path, Language language) {
  const std::vector<std::string> lines = split(read_file(path), '\n');
  std::vector<ScriptTest> tests;
  const auto starts = [&](std::size_t i, std::string_view mark) {
    const std::string_view line = trim(lines[i]);
    return line.starts_with(mark) &&
           (line.size() == mark.size() || line[mark.size()] == ' ' || mark.back() == ':');
  };
  for (std::size_t i = 0; i < lines.size();) {
    if (!starts(i, test_mark)) {
      const std::string_view line = trim(lines[i]);
      if (!line.empty() && !line.starts_with("--"))
        malformed(path, static_cast<int>(i) + 1, "a statement stands outside of any test",
                  "begin the test with '-- sterna:test NAME'");
      ++i;
      continue;
    }
    ScriptTest test;
    test.name = trim(trim(lines[i]).substr(test_mark.size()));
    test.line = static_cast<int>(i) + 1;
    if (test.name.empty())
      malformed(path, test.line, "a test without a name", "write '-- sterna:test NAME'");
    const std::size_t begin = i + 1;
    std::size_t end = begin, after = 0;
    for (; end < lines.size() && !starts(end, test_mark); ++end) {
      if (starts(end, before_mark)) test.before = trim(trim(lines[end]).substr(before_mark.size()));
      if (starts(end, after_mark)) after = end;
    }
    if (test.before.empty() != (after == 0))
      malformed(path, test.line, "test '" + test.name + "' has only one of before and after",
                "write '-- sterna:before VERSION', statements, '-- sterna:after', statements");
    if (after != 0) test.first = steps_of(lines, begin, after, path, language);
    test.second = steps_of(lines, after == 0 ? begin : after + 1, end, path, language);
    tests.push_back(std::move(test));
    i = end;
  }
  return tests;
}

std::string shown(const Row& row) {
  std::string text;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) text += " | ";
    text += row[i].is_null() ? "NULL" : row.get<std::string>(i);
  }
  return text;
}

/// "a|b" and "a | b" are the same row.
std::string normalised(const std::string& row) {
  std::vector<std::string> fields;
  for (const std::string& field : split(row, '|')) fields.emplace_back(trim(field));
  return join(fields, " | ");
}

void failure(Outcome& outcome, const Step& step, std::string text) {
  outcome.findings.push_back(
      {Severity::failure, std::move(text), step.statement.sql, step.statement.position, {}});
}

void check_rows(const Step& step, const Rows& rows, Outcome& outcome) {
  std::vector<std::string> wanted, found;
  for (const std::string& row : step.rows) wanted.push_back(normalised(row));
  for (const Row& row : rows) found.push_back(normalised(shown(row)));
  if (wanted == found) return;
  const auto listed = [](const std::vector<std::string>& list) {
    return list.empty() ? std::string("no row") : "\n    " + join(list, "\n    ");
  };
  failure(outcome, step, "expected " + listed(wanted) + "\n  but found " + listed(found));
}

/// False when the test cannot go on.
bool run_step(Connection& connection, const Step& step, Outcome& outcome) {
  try {
    const Rows rows = connection.query(step.statement);
    if (step.expects_error) {
      failure(outcome, step, "an error was expected, and none came");
      return false;
    }
    if (step.expects_rows) check_rows(step, rows, outcome);
    return true;
  } catch (const Error& error) {
    if (!step.expects_error) {
      outcome.findings.push_back(finding_of(error, "the statement fails"));
      return false;
    }
    const std::string text = error.what() + (" " + error.detail());
    if (to_lower(text).find(to_lower(step.error)) == std::string::npos)
      failure(outcome, step,
              "an error with '" + step.error + "' was expected, not: " + error.what());
    return false;  // an open transaction takes nothing more on some servers
  }
}

void run_steps(Connection& connection, const std::vector<Step>& steps, Outcome& outcome) {
  for (const Step& step : steps) {
    if (!run_step(connection, step, outcome)) return;
  }
}

}  // namespace

std::vector<Outcome> MigrationTests::run_file(const std::string& path) {
  const Language language = engine_for(engine_.options().url).dialect().language();
  std::vector<Outcome> outcomes;
  std::unique_ptr<Place> shared;
  for (const ScriptTest& test : read_tests(path, language)) {
    if (options_.begins) options_.begins(test.name);
    Outcome outcome{path, test.name, {}, {}, 0, 0};
    const auto begun = std::chrono::steady_clock::now();
    try {
      if (!test.before.empty()) {
        const std::unique_ptr<Place> own = fresh();
        std::string previous;
        bool known = false;
        for (const Source& source : engine_.sources()) {
          known = source.id() == test.before || source.version.text() == test.before ||
                  source.name == test.before;
          if (known) break;
          if (source.kind != SourceKind::repeatable)
            previous = target_name(source.scope, source.id());
        }
        if (!known)
          malformed(path, test.line, "there is no migration '" + test.before + "'",
                    "`sterna status` lists them all");
        if (!previous.empty()) own->engine->up({Target::Kind::version, previous, 0});
        run_steps(own->connection(), test.first, outcome);
        if (!outcome.failed()) {
          own->engine->up({});
          run_steps(own->connection(), test.second, outcome);
        }
      } else {
        if (!shared) {
          shared = fresh();
          shared->engine->up({});
        }
        Connection& connection = shared->connection();
        connection.begin();
        run_steps(connection, test.second, outcome);
        // What a definition committed by itself would be met by the next test.
        const bool left = !connection.begin_sql().empty() && !connection.in_transaction();
        connection.rollback();
        if (left || connection.begin_sql().empty()) shared.reset();
      }
    } catch (const Error& error) {
      outcome.findings.push_back(finding_of(error, "the test could not run"));
      shared.reset();
    }
    outcome.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace sterna::trial
