#include "testing/report.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace sterna::trial {
namespace {

std::string one_line(std::string_view sql) {
  std::string line;
  for (const char c : sql) {
    const bool space = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!space)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  constexpr std::size_t most = 160;
  return line.size() > most ? line.substr(0, most) + " …" : line;
}

std::string xml(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '&':
        result += "&amp;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        // XML 1.0 has no other control characters.
        result += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return result;
}

std::string lines_of(const Finding& finding) {
  std::string text = finding.text;
  if (!finding.statement.empty()) text += "\n  by: " + one_line(finding.statement);
  if (!finding.position.file.empty()) text += "\n  at: " + to_string(finding.position);
  for (const std::string& advice : finding.suggestions) text += "\n  try: " + advice;
  return text;
}

std::string indented(const std::string& text) {
  std::string result;
  for (const std::string& line : split(text, '\n')) result += "       " + line + "\n";
  return result;
}

}  // namespace

bool Outcome::failed() const {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.severity == Finding::Severity::failure;
  });
}

std::size_t TestReport::failed() const {
  return static_cast<std::size_t>(std::count_if(
      outcomes.begin(), outcomes.end(), [](const Outcome& outcome) { return outcome.failed(); }));
}

double TestReport::seconds() const {
  double sum = 0;
  for (const Outcome& outcome : outcomes) sum += outcome.seconds;
  return sum;
}

std::string report_text(const TestReport& report, bool verbose) {
  std::string text;
  for (const Outcome& outcome : report.outcomes) {
    const char* word = outcome.failed() ? "FAIL" : !outcome.skipped.empty() ? "skip" : "ok  ";
    text += fmt::format("{}   {}", word, outcome.name);
    if (outcome.rows > 0) text += fmt::format("  ({} rows)", outcome.rows);
    if (!outcome.skipped.empty()) text += "  " + outcome.skipped;
    text += '\n';
    for (const Finding& finding : outcome.findings) {
      if (finding.severity == Finding::Severity::note && !verbose && !outcome.failed()) continue;
      text += indented((finding.severity == Finding::Severity::note ? "note: " : "") +
                       lines_of(finding));
    }
  }
  const std::size_t failed = report.failed();
  return text + fmt::format("{} test(s), {}, {}\n", report.outcomes.size(),
                            failed == 0 ? "all passed" : fmt::format("{} failed", failed),
                            format_duration(report.seconds()));
}

std::string report_json(const TestReport& report) {
  nlohmann::ordered_json tests = nlohmann::ordered_json::array();
  for (const Outcome& outcome : report.outcomes) {
    nlohmann::ordered_json test{{"suite", outcome.suite},
                                {"name", outcome.name},
                                {"outcome", outcome.failed()           ? "failed"
                                            : !outcome.skipped.empty() ? "skipped"
                                                                       : "passed"},
                                {"rows", outcome.rows},
                                {"seconds", outcome.seconds}};
    if (!outcome.skipped.empty()) test["reason"] = outcome.skipped;
    nlohmann::ordered_json findings = nlohmann::ordered_json::array();
    for (const Finding& finding : outcome.findings) {
      nlohmann::ordered_json one{
          {"severity", finding.severity == Finding::Severity::note ? "note" : "failure"},
          {"text", finding.text}};
      if (!finding.statement.empty()) one["statement"] = finding.statement;
      if (!finding.position.file.empty())
        one["file"] = finding.position.file, one["line"] = finding.position.line;
      if (!finding.suggestions.empty()) one["suggestions"] = finding.suggestions;
      findings.push_back(std::move(one));
    }
    test["findings"] = std::move(findings);
    tests.push_back(std::move(test));
  }
  const nlohmann::ordered_json all{
      {"failed", report.failed()}, {"seconds", report.seconds()}, {"tests", std::move(tests)}};
  return all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string report_junit(const TestReport& report) {
  std::map<std::string, std::vector<const Outcome*>> suites;
  for (const Outcome& outcome : report.outcomes) suites[outcome.suite].push_back(&outcome);
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{}\" failures=\"{}\" "
      "time=\"{:.3f}\">\n",
      report.outcomes.size(), report.failed(), report.seconds());
  for (const auto& [name, outcomes] : suites) {
    const auto count = [&list = outcomes](auto is) {
      return std::count_if(list.begin(), list.end(), is);
    };
    text += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n",
                        xml(name), outcomes.size(),
                        count([](const Outcome* one) { return one->failed(); }),
                        count([](const Outcome* one) { return !one->skipped.empty(); }));
    for (const Outcome* outcome : outcomes) {
      text += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">\n",
                          xml(name), xml(outcome->name), outcome->seconds);
      if (!outcome->skipped.empty())
        text += fmt::format("      <skipped message=\"{}\"/>\n", xml(outcome->skipped));
      for (const Finding& finding : outcome->findings) {
        if (finding.severity == Finding::Severity::note) continue;
        text += fmt::format("      <failure message=\"{}\">{}</failure>\n", xml(finding.text),
                            xml(lines_of(finding)));
      }
      text += "    </testcase>\n";
    }
    text += "  </testsuite>\n";
  }
  return text + "</testsuites>\n";
}

}  // namespace sterna::trial
