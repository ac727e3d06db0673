#include "lint/report_json.hpp"

namespace sterna::lint {
using Json = nlohmann::ordered_json;

Json json_of(const Finding& finding) {
  Json item;
  item["rule"] = finding.rule;
  item["name"] = finding.name;
  item["severity"] = to_string(finding.severity);
  item["migration"] = finding.migration;
  item["file"] = finding.position.file;
  item["line"] = finding.position.line;
  item["column"] = finding.position.column;
  item["message"] = finding.message;
  item["statement"] = finding.statement;
  item["lock"] = finding.lock;
  item["lock_on"] = finding.lock_on;
  item["blocks"] = finding.blocks;
  item["algorithm"] = finding.algorithm;
  item["rewrites"] = finding.rewrites;
  item["scans"] = finding.scans;
  if (finding.rows >= 0) item["rows"] = finding.rows;
  item["loses"] = finding.loses;
  item["safe_form"] = finding.safe_form;
  item["help"] = finding.help;
  return item;
}

Json json_of(std::span<const Finding> findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) list.push_back(json_of(finding));
  return list;
}

Json json_of(const Estimate& estimate) {
  Json item;
  item["lock"] = estimate.lock;
  item["blocks"] = estimate.blocks;
  if (!estimate.algorithm.empty()) item["algorithm"] = estimate.algorithm;
  item["time"] = to_string(estimate.time);
  item["basis"] = estimate.basis;
  item["tables"] = Json::array();
  for (const TouchedTable& table : estimate.tables) {
    Json one{{"name", table.name}, {"lock", table.lock}, {"blocks", table.blocks}};
    if (table.rows >= 0) one["rows"] = table.rows;
    if (table.bytes >= 0) one["bytes"] = table.bytes;
    if (table.made_by_run) one["made_by_run"] = true;
    item["tables"].push_back(std::move(one));
  }
  return item;
}

void add(Json& item, const StatementReview& review) {
  item["atomicity"] = review.atomicity.unit;
  item["after_crash"] = review.atomicity.after_crash;
  item["estimate"] = json_of(review.estimate);
  // A statement that stands in the plan need not be repeated with each of its findings.
  Json findings = json_of(review.findings);
  for (Json& finding : findings) finding.erase("statement");
  item["findings"] = std::move(findings);
}

}  // namespace sterna::lint
