#include "cli/selection.hpp"

#include <sterna/error.hpp>

namespace sterna::cli {

Target up_target(const Invocation& invocation) {
  const auto to = invocation.value("to");
  const auto steps = invocation.number("steps", 1);
  if (to && steps) throw Error(ErrorKind::config, "--to and --steps exclude each other");
  if (to) return {Target::Kind::version, *to, 0};
  if (steps) return {Target::Kind::steps, {}, *steps};
  return {};
}

Target down_target(const Invocation& invocation) {
  const auto to = invocation.value("to");
  const auto steps = invocation.number("steps", 1);
  const int given = (to ? 1 : 0) + (steps ? 1 : 0) + (invocation.has("batch") ? 1 : 0) +
                    (invocation.has("all") ? 1 : 0);
  if (given > 1)
    throw Error(ErrorKind::config, "--steps, --to, --batch and --all exclude each other");
  if (to) return {Target::Kind::version, *to, 0};
  if (invocation.has("batch")) return {Target::Kind::batch, {}, 0};
  if (invocation.has("all")) return {};
  return {Target::Kind::steps, {}, steps.value_or(1)};
}

}  // namespace sterna::cli
