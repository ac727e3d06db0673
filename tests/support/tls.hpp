// Servers that speak TLS, with certificates of their own making (tests/support/servers.sh
// start-tls); for the tests of TLS alone, the others go without.
#pragma once

#include "support/databases.hpp"

#include <map>
#include <string>

namespace sterna::test {

/// Why the TLS server of a kind cannot be had; empty when it can. Starts the servers if need be.
std::string missing_tls(Kind kind);
/// The URL of the TLS server of a kind, with parameters added.
std::string tls_url(Kind kind, const std::map<std::string, std::string>& parameters);
/// The path of "ca.crt", "other-ca.crt", "client.crt", "client.key" (common name "certified"),
/// "stranger.crt", "stranger.key" (the same name, signed by the other authority).
std::string certificate(const std::string& name);

}  // namespace sterna::test
