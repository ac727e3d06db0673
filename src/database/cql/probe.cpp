#include "database/cql/probe.hpp"

namespace sterna::cql {

EffectReport effect(Connection& /*connection*/, const Statement& /*statement*/,
                    std::string_view /*fingerprint_before*/) {
  return {Effect::unknown, {}, {}};
}

void explain(Error& /*error*/, Connection& /*connection*/) noexcept {}

}  // namespace sterna::cql
