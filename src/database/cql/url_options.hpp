// What a cassandra:// or scylla:// URL asks for beside hosts, user and keyspace. Used by everything
// in this folder that talks to a server.
#pragma once

#include "base/url.hpp"
#include "database/cql/frame.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace sterna::cql {

struct TlsOptions {
  /// `required`: encrypted, whoever the server is; verify_ca: its certificate must be of a known
  /// authority; verify_identity: and for this host.
  enum class Mode { disabled, required, verify_ca, verify_identity } mode = Mode::disabled;
  std::string authority, certificate, key;  ///< files; no authority: those of the system
};

/// Which nodes must have a definition before the next one is sent.
enum class AgreementPolicy {
  all,   ///< every node; one that cannot be reached ends the run
  live,  ///< those that can be reached
};

struct UrlOptions {
  std::string data_center;  ///< only nodes of it are spoken to; empty: of any
  Consistency consistency = Consistency::local_quorum;
  Consistency serial = Consistency::serial;
  TlsOptions tls;
  bool compression = true;
  std::chrono::milliseconds request_timeout{12'000};
  AgreementPolicy agreement = AgreementPolicy::all;
  std::chrono::milliseconds agreement_timeout{60'000};
  bool moving_nodes = false;  ///< start although nodes join or leave
  std::chrono::milliseconds lease{30'000};
};

constexpr int default_port = 9042;

/// @throws Error(config) that names the parameter and what it may be.
UrlOptions read_options(const Url& url);

/// "127.0.0.1:9042".
std::string to_string(const Url::Host& host);

}  // namespace sterna::cql
