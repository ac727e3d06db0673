// Findings in the forms that people and machines read. Pure text; who prints it is the caller's.
#pragma once

#include "lint/estimate.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

struct Counts {
  std::size_t errors = 0, warnings = 0, notes = 0;
};
Counts count(std::span<const Finding> findings) noexcept;

/// One finding for a person: place, message, lock, loss, safe form. Without colours.
std::string as_text(const Finding& finding);
/// An estimate in lines: time with its basis, locks and whom they block.
std::string as_text(const Estimate& estimate);
/// {"schema_version":1,"findings":[…],"errors":…}
std::string as_json(std::span<const Finding> findings);
/// SARIF 2.1.0.
std::string as_sarif(std::span<const Finding> findings, std::string_view version);
/// Workflow commands: ::error file=…,line=…::…
std::string as_github(std::span<const Finding> findings);
/// GitLab's Code Quality report.
std::string as_gitlab(std::span<const Finding> findings);
std::string as_junit(std::span<const Finding> findings, std::size_t files);
/// A table, for a comment on a pull request.
std::string as_markdown(std::span<const Finding> findings);

}  // namespace sterna::lint
