#include "cli/plan_output.hpp"

#include "base/text.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "lint/report.hpp"

#include <fmt/format.h>

namespace sterna::cli {
namespace {

/// A plan can be read as a script: what is said of a statement is a comment above it.
void print_comment(std::string_view text, Tone tone) {
  if (trim(text).empty()) return;
  for (const std::string& line : split(std::string(trim(text)), '\n'))
    print(toned("-- " + line, tone) + "\n");
}

/// A person looks for what may hurt: notes are told when more is asked for.
class PlanText {
 public:
  explicit PlanText(bool notes) : notes_(notes) {}

  void migration(const PlannedMigration& migration, const lint::MigrationReview* review);
  int hidden() const { return hidden_; }

 private:
  void findings(const std::vector<lint::Finding>& all) {
    for (const lint::Finding& finding : all) {
      if (finding.severity == lint::Severity::note && !notes_) {
        ++hidden_;
        continue;
      }
      print_comment(lint::as_text(finding), finding.severity == lint::Severity::error ? Tone::bad
                                            : finding.severity == lint::Severity::warning
                                                ? Tone::warning
                                                : Tone::dim);
    }
  }
  void review(const lint::StatementReview& review) {
    print_comment(lint::as_text(review.estimate), Tone::dim);
    if (!review.atomicity.with_others)  // else it is said of the migration
      print_comment(
          fmt::format("{}; after a crash: {}", review.atomicity.unit, review.atomicity.after_crash),
          Tone::dim);
    findings(review.findings);
  }

  bool notes_;
  int hidden_ = 0;
};

void print_head(const PlannedMigration& migration) {
  print(fmt::format(
      "{}\n", toned(fmt::format("-- {} {}", migration.direction == Direction::up ? "up" : "down",
                                migration.id()),
                    Tone::strong)));
  print(fmt::format("-- {}; after a crash: {}\n", migration.atomicity, migration.after_crash));
  if (!migration.meta.description.empty())
    print(fmt::format("-- {}\n", migration.meta.description));
  if (migration.meta.breaking)
    print(toned("-- breaking: running code of the previous version may fail after it",
                Tone::warning) +
          "\n");
  for (const std::string& change : migration.changes) print(fmt::format("-- {}\n", change));
}

void PlanText::migration(const PlannedMigration& migration, const lint::MigrationReview* review) {
  print_head(migration);
  if (review != nullptr) findings(review->findings);
  for (std::size_t i = 0; i < migration.statements.size(); ++i) {
    const PlannedStatement& statement = migration.statements[i];
    if (statement.progress == StatementProgress::committed) {
      print(
          toned(fmt::format("-- statement {} is committed by an earlier run\n", i + 1), Tone::dim));
      continue;
    }
    if (statement.progress == StatementProgress::under_way)
      print(toned("-- under way since an earlier run: it goes on where it was\n", Tone::dim));
    else if (review != nullptr)
      this->review(review->statements[i]);
    for (const std::string& note : statement.notes)
      print(toned(fmt::format("-- note: {}", note), Tone::dim) + "\n");
    print(statement.sql + ";\n");
  }
  if (!migration.error.empty())
    print(toned("-- cannot be planned: " + migration.error, Tone::bad) + "\n");
  print("\n");
}

}  // namespace

void print_plan(const Plan& plan, const lint::PlanReview* review, const Invocation& invocation) {
  if (invocation.json()) {
    print(plan_json(plan, review));
    return;
  }
  if (plan.empty()) {
    say("nothing to do");
    return;
  }
  tell_hidden_notes(print_plan_text(plan, review, invocation));
}

int print_plan_text(const Plan& plan, const lint::PlanReview* review,
                    const Invocation& invocation) {
  PlanText text(invocation.verbosity() > 0);
  for (std::size_t i = 0; i < plan.size(); ++i)
    text.migration(plan[i], review == nullptr ? nullptr : &(*review)[i]);
  return text.hidden();
}

void tell_hidden_notes(int hidden) {
  if (hidden == 0) return;
  say(fmt::format("{} of the linter: --verbose shows {}",
                  hidden == 1 ? "a note" : fmt::format("{} notes", hidden),
                  hidden == 1 ? "it" : "them"));
}

int plan_exit(const Plan& plan) {
  for (const PlannedMigration& migration : plan) {
    if (!migration.error.empty()) return 6;
  }
  return 0;
}

}  // namespace sterna::cli
