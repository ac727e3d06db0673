// What testing migrations found, as values, and its forms: text, JSON, JUnit XML. Knows nothing of
// how it was found.
#pragma once

#include <sterna/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sterna::trial {

struct Finding {
  /// note: worth knowing, nothing is wrong.
  enum class Severity { note, failure } severity = Severity::failure;
  std::string text;
  std::string statement;  ///< that did it, as far as it is known
  SourcePosition position;
  std::vector<std::string> suggestions;
};

/// One test: a migration, or one that a person wrote.
struct Outcome {
  std::string suite;  ///< "migrations", or the file
  std::string name;
  std::vector<Finding> findings;
  std::string skipped;   ///< the reason; empty: it ran
  std::size_t rows = 0;  ///< that lay in the tables
  double seconds = 0;

  bool failed() const;
};

struct TestReport {
  std::vector<Outcome> outcomes;
  std::size_t failed() const;
  double seconds() const;
};

std::string report_text(const TestReport& report, bool verbose);
std::string report_json(const TestReport& report);
/// As Jenkins, GitLab and GitHub's actions read it: one testsuite a suite.
std::string report_junit(const TestReport& report);

}  // namespace sterna::trial
