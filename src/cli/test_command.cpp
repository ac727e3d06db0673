// test: migrations on scratch databases full of rows, and the tests that people wrote.
#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/schema.hpp"
#include "database/registry.hpp"
#include "sql/script.hpp"
#include "testing/migrations.hpp"

#include <filesystem>

namespace sterna::cli {
namespace {

namespace fs = std::filesystem;

constexpr int a_test_failed = 9;

/// The scripts of a folder; of no folder none, unless it was asked for by name.
std::vector<std::string> files_of(const fs::path& folder, const std::string& shown, bool named) {
  std::vector<std::string> files;
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    if (!named) return files;
    Error error(ErrorKind::config, "--tests names '" + shown + "', which is no folder");
    error.with_state("nothing was run").at({fs::absolute(folder).string(), 0, 0});
    if (is_script_name(shown)) error.suggest("a file is named by itself: sterna test " + shown);
    throw error;
  }
  for (const std::string& name : list_files(folder)) {
    if (is_script_name(name)) files.push_back(shown + "/" + name);
  }
  return files;
}

}  // namespace

int run_test(Invocation& invocation) {
  Session session(invocation, Access::reads_states);
  StateReader reader = reader_of(session, invocation);
  trial::TestOptions options;
  options.make_scratch = [&reader] { return reader.make_scratch(); };
  options.pending = invocation.has("pending");
  if (const auto last = invocation.number("last", 1))
    options.last = static_cast<std::size_t>(*last);
  if (const auto rows = invocation.number("rows", 0))
    options.rows = static_cast<std::size_t>(*rows);
  std::vector<std::string> scripts;
  for (const std::string& name : invocation.all("NAME"))
    (is_script_name(name) ? scripts : options.only).push_back(name);
  const bool migrations = scripts.empty() || !options.only.empty();
  // Without names: the files of the tests folder too.
  if (scripts.empty() && options.only.empty() && !options.pending && !options.last) {
    const std::string folder = invocation.value("tests").value_or("tests");
    scripts = files_of(session.config().root / folder, folder, invocation.has("tests"));
  }
  trial::MigrationTests tests(session.engine(), std::move(options));
  trial::TestReport report;
  if (migrations) report.outcomes = tests.run();
  for (const std::string& script : scripts) {
    for (trial::Outcome& outcome : tests.run_file(
             fs::path(script).is_absolute() ? script : (session.config().root / script).string()))
      report.outcomes.push_back(std::move(outcome));
  }
  session.clear_progress();
  const std::string format = invocation.value("format").value_or("text");
  print(format == "json"    ? trial::report_json(report)
        : format == "junit" ? trial::report_junit(report)
                            : trial::report_text(report, invocation.verbosity() > 0));
  return report.failed() == 0 ? 0 : a_test_failed;
}

}  // namespace sterna::cli
