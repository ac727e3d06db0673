// The review of a plan as a library call, for programs that decide by themselves what may run.
#include "base/text.hpp"
#include "lint/review.hpp"
#include "migration/runner_access.hpp"

#include <algorithm>

namespace sterna {
namespace {

std::vector<LintFinding> public_findings(const std::vector<lint::Finding>& findings) {
  return {findings.begin(), findings.end()};
}

MigrationReview public_review(const PlannedMigration& planned, lint::MigrationReview reviewed) {
  MigrationReview result;
  result.id = std::move(reviewed.id);
  result.error = planned.error;
  result.findings = public_findings(reviewed.findings);
  for (std::size_t i = 0; i < planned.statements.size(); ++i) {
    lint::StatementReview& statement = reviewed.statements[i];
    result.statements.push_back({planned.statements[i].sql, planned.statements[i].position,
                                 std::move(statement.estimate), std::move(statement.atomicity),
                                 public_findings(statement.findings)});
  }
  return result;
}

lint::Policy policy_of(const ReviewOptions& options) {
  lint::Policy policy;
  for (const auto& [rule, severity] : options.severities)
    policy.severities[to_upper(rule)] = severity;
  policy.code = lint::registered_rules();
  return policy;
}

}  // namespace

std::size_t PlanReview::count(LintSeverity least) const {
  const auto among = [&](const std::vector<LintFinding>& findings) {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [&](const LintFinding& finding) { return finding.severity >= least; }));
  };
  std::size_t result = 0;
  for (const MigrationReview& migration : migrations) {
    result += among(migration.findings);
    for (const StatementReview& statement : migration.statements)
      result += among(statement.findings);
  }
  return result;
}

PlanReview review(Runner& runner) { return review(runner, Target{}); }

PlanReview review(Runner& runner, const Target& target, const ReviewOptions& options) {
  PlanReview result;
  RunnerAccess::run(runner, [&](MigrationEngine& engine) {
    const Plan plan = engine.plan(target, Direction::up);
    std::vector<lint::MigrationReview> reviewed = lint::review(engine, plan, policy_of(options));
    for (std::size_t i = 0; i < plan.size(); ++i)
      result.migrations.push_back(public_review(plan[i], std::move(reviewed[i])));
  });
  return result;
}

}  // namespace sterna
