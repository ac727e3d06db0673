#include "lint/report.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "lint/report_json.hpp"
#include "lint/rule.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>
#include <set>

namespace sterna::lint {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string place(const Finding& finding) { return to_string(finding.position); }

/// What is known besides the message, in a line.
std::string cost_line(const Finding& finding) {
  std::vector<std::string> parts;
  if (!finding.lock.empty())
    parts.push_back(fmt::format("lock: {}{}{}", finding.lock,
                                finding.lock_on.empty() ? "" : " on " + finding.lock_on,
                                finding.blocks.empty() ? "" : ", blocks " + finding.blocks));
  if (!finding.algorithm.empty()) parts.push_back("at best ALGORITHM=" + finding.algorithm);
  if (finding.rewrites) parts.emplace_back("rewrites the table");
  if (finding.scans) parts.emplace_back("reads every row");
  const bool costs = !parts.empty() || !finding.loses.empty();
  if (costs && finding.rows >= 0) parts.push_back(fmt::format("about {} rows", finding.rows));
  if (!finding.loses.empty()) parts.push_back("loses " + finding.loses);
  return join(parts, "; ");
}

std::string percent(std::string_view text, std::string_view also) {
  std::string result;
  for (const char c : text) {
    if (c == '%' || c == '\n' || c == '\r' || also.find(c) != std::string_view::npos)
      result += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      result += c;
  }
  return result;
}

std::string xml(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
      result += c;
  }
  return result;
}

std::string indented(std::string_view text, std::string_view by) {
  std::string result;
  for (const std::string& line : split(text, '\n')) result += std::string(by) + line + "\n";
  return result;
}

/// Names each finding the same when lines move. What stands in one file more than once is counted,
/// the first without a number: by its hash alone a report would merge it.
class Fingerprints {
 public:
  std::string of(const Finding& finding) {
    std::string text = finding.rule + "\n" + finding.position.file + "\n" + finding.statement +
                       "\n" + finding.message;
    const std::size_t before = seen_[text]++;
    if (before > 0) text += fmt::format("\n{}", before + 1);
    return sha256_hex(text).substr(0, 32);
  }

 private:
  std::map<std::string, std::size_t> seen_;
};

}  // namespace

Counts count(std::span<const Finding> findings) noexcept {
  Counts counts;
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::error) ++counts.errors;
    if (finding.severity == Severity::warning) ++counts.warnings;
    if (finding.severity == Severity::note) ++counts.notes;
  }
  return counts;
}

std::string as_text(const Finding& finding) {
  std::string text = fmt::format("{}: {} {} {}\n", place(finding), to_string(finding.severity),
                                 finding.rule, finding.message);
  if (const std::string cost = cost_line(finding); !cost.empty()) text += "    " + cost + "\n";
  if (!finding.safe_form.empty()) text += "    instead:\n" + indented(finding.safe_form, "      ");
  return text;
}

std::string as_text(const Estimate& estimate) {
  if (estimate.basis.empty()) return {};  // of a migration that cannot be read
  std::string text = fmt::format("time: {} ({})\n", to_string(estimate.time), estimate.basis);
  std::vector<std::string> locks;
  for (const TouchedTable& table : estimate.tables) {
    if (table.lock.empty()) continue;
    locks.push_back(fmt::format("{} on {}{}", table.lock, table.name,
                                table.made_by_run      ? ", which this run makes"
                                : table.blocks.empty() ? ""
                                                       : ", blocks " + table.blocks));
  }
  if (!locks.empty()) text += "lock: " + join(locks, "; ") + "\n";
  if (!estimate.algorithm.empty()) text += "at best ALGORITHM=" + estimate.algorithm + "\n";
  return text;
}

std::string as_json(std::span<const Finding> findings) {
  Json json;
  json["schema_version"] = 1;
  const Counts counts = count(findings);
  json["errors"] = counts.errors;
  json["warnings"] = counts.warnings;
  json["notes"] = counts.notes;
  json["findings"] = json_of(findings);
  return dumped(json);
}

std::string as_sarif(std::span<const Finding> findings, std::string_view version) {
  Json driver{{"name", "sterna"}, {"version", version}, {"rules", Json::array()}};
  std::set<std::string> told;
  Json results = Json::array();
  Fingerprints fingerprints;
  for (const Finding& finding : findings) {
    if (told.insert(finding.rule).second) {
      Json rule{{"id", finding.rule}, {"name", finding.name}};
      const Rule* known = find_rule(finding.rule);
      rule["shortDescription"]["text"] =
          known != nullptr ? std::string(known->summary) : finding.message;
      if (known != nullptr && !known->why.empty()) rule["fullDescription"]["text"] = known->why;
      driver["rules"].push_back(std::move(rule));
    }
    Json result{{"ruleId", finding.rule}, {"level", to_string(finding.severity)}};
    const std::string cost = cost_line(finding);
    result["message"]["text"] = finding.message + (cost.empty() ? "" : " (" + cost + ")");
    Json region{{"startLine", std::max(finding.position.line, 1)},
                {"startColumn", std::max(finding.position.column, 1)}};
    result["locations"] = Json::array(
        {{{"physicalLocation",
           {{"artifactLocation", {{"uri", finding.position.file}}}, {"region", region}}}}});
    result["partialFingerprints"]["sterna/v1"] = fingerprints.of(finding);
    results.push_back(std::move(result));
  }
  Json sarif{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}};
  sarif["runs"] =
      Json::array({{{"tool", {{"driver", std::move(driver)}}}, {"results", std::move(results)}}});
  return dumped(sarif);
}

std::string as_github(std::span<const Finding> findings) {
  std::string text;
  for (const Finding& finding : findings) {
    const std::string_view kind =
        finding.severity == Severity::note ? "notice" : to_string(finding.severity);
    const std::string cost = cost_line(finding);
    text += fmt::format(
        "::{} file={},line={},col={},title={}::{}\n", kind, percent(finding.position.file, ":,"),
        std::max(finding.position.line, 1), std::max(finding.position.column, 1),
        percent(finding.rule + " " + finding.name, ":,"),
        percent(finding.message + (cost.empty() ? "" : "\n" + cost) +
                    (finding.safe_form.empty() ? "" : "\ninstead:\n" + finding.safe_form),
                ""));
  }
  return text;
}

std::string as_gitlab(std::span<const Finding> findings) {
  Json json = Json::array();
  Fingerprints fingerprints;
  for (const Finding& finding : findings) {
    Json item;
    item["description"] = finding.message;
    item["check_name"] = finding.rule;
    item["fingerprint"] = fingerprints.of(finding);
    item["severity"] = finding.severity == Severity::error     ? "critical"
                       : finding.severity == Severity::warning ? "major"
                                                               : "info";
    item["location"]["path"] = finding.position.file;
    item["location"]["lines"]["begin"] = std::max(finding.position.line, 1);
    json.push_back(std::move(item));
  }
  return dumped(json);
}

std::string as_junit(std::span<const Finding> findings, std::size_t files) {
  const Counts counts = count(findings);
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"sterna lint\" tests=\"{}\" "
      "failures=\"{}\">\n",
      std::max(files, findings.size()), counts.errors);
  for (const Finding& finding : findings) {
    text += fmt::format("  <testcase classname=\"{}\" name=\"{} line {}\">",
                        xml(finding.position.file), xml(finding.rule), finding.position.line);
    if (finding.severity == Severity::error)
      text += fmt::format("\n    <failure type=\"{}\" message=\"{}\">{}</failure>\n  ",
                          xml(finding.rule), xml(finding.message), xml(as_text(finding)));
    else
      text += fmt::format("\n    <system-out>{}</system-out>\n  ", xml(as_text(finding)));
    text += "</testcase>\n";
  }
  if (findings.empty()) text += "  <testcase classname=\"sterna\" name=\"lint\"/>\n";
  return text + "</testsuite>\n";
}

std::string as_markdown(std::span<const Finding> findings) {
  const Counts counts = count(findings);
  std::string text = fmt::format("### sterna lint: {} error(s), {} warning(s), {} note(s)\n\n",
                                 counts.errors, counts.warnings, counts.notes);
  if (findings.empty()) return text;
  const auto cell = [](std::string_view part) {
    std::string result;
    for (const char c : part) result += c == '|' ? "\\|" : c == '\n' ? " " : std::string(1, c);
    return result;
  };
  text += "| | rule | where | what |\n|---|---|---|---|\n";
  for (const Finding& finding : findings) {
    const std::string cost = cost_line(finding);
    text += fmt::format("| {} | {} | `{}` | {}{} |\n", to_string(finding.severity), finding.rule,
                        cell(place(finding)), cell(finding.message),
                        cost.empty() ? "" : " *(" + cell(cost) + ")*");
  }
  for (const Finding& finding : findings) {
    if (finding.safe_form.empty()) continue;
    text += fmt::format(
        "\n<details><summary>{} at {}: safe form</summary>\n\n```sql\n{}\n```\n</details>\n",
        finding.rule, place(finding), finding.safe_form);
  }
  return text;
}

}  // namespace sterna::lint
