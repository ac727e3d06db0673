// Walks over migrations in their order and asks every rule about every statement. Used by `lint`,
// by `up` in protected environments, and by the designer. Needs no database: one that is known
// (as a model, a version) makes the findings sharper.
#pragma once

#include "lint/code_rules.hpp"
#include "lint/estimate.hpp"
#include "lint/rule.hpp"
#include "lint/sizes.hpp"
#include "sql/script.hpp"

#include <functional>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

/// One of sterna.toml: a pattern over the statement on one line, comments left out.
struct CustomRule {
  std::string id;
  std::string pattern;
  std::string message;
  Severity severity = Severity::warning;
  std::string safe_form;
};

/// What a team wants of the rules.
struct Policy {
  std::map<std::string, Severity, std::less<>> severities;  ///< by id, upper case
  std::vector<CustomRule> custom;
  std::vector<CodeRule> code;  ///< in C++: registered_rules()
};
/// One of Sterna's, or of the policy's own.
bool has_rule(const Policy& policy, std::string_view id);

/// One migration, read. Never throws what is wrong with it: that is a finding.
struct Input {
  std::string id;
  std::string file;
  std::string text;  ///< empty for code
  std::string down_file;
  Meta meta;
  std::vector<Statement> up, down;
  std::vector<Directive> directives;
  bool has_down = false;
  bool repeatable = false;
  bool code = false;
  bool reported = true;  ///< false: only followed, so that what comes after it is understood
  std::vector<Finding> unreadable;
};

/// Reads a script. `down_text`: of a pair of files.
Input read_input(std::string id, std::string file, std::string text, Language language,
                 std::string down_file = {}, const std::string& down_text = {});

struct Options {
  Server server;
  Policy policy;
  const model::Model* model = nullptr;  ///< the schema before the first migration, when known
  std::function<std::string(const model::Type&)> spell;  ///< of its types; needed with `model`
  std::vector<TableSize> sizes;                          ///< of its tables
};

/// All findings, in the order of files and lines, without those that are allowed or switched off.
/// @throws Error(config) for a custom pattern that is none, or a policy about an unknown rule.
std::vector<Finding> lint(const std::vector<Input>& inputs, const Options& options);

/// One migration with what its statements cost.
struct Review {
  std::vector<Finding> findings;    ///< as lint() gives them
  std::vector<Estimate> estimates;  ///< of the statements of Input::up
};
/// The same for each input, with estimates. @throws as lint().
std::vector<Review> review(const std::vector<Input>& inputs, const Options& options);

/// Takes out what the inputs allow, and reports allowances without a reason or without a use.
void suppress(const Input& input, std::vector<Finding>& findings, const Policy& policy);

/// The whole catalogue as a page: docs/lint.md.
std::string catalogue();

}  // namespace sterna::lint
