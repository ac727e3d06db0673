// OpenSSL's libssl, opened when the first URL asks for TLS: a run without it must not pay for
// loading it.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace sterna::cql {

// clang-format off
#define STERNA_LIBSSL_FUNCTIONS(X) \
  X(SSL_CTX_ctrl) X(SSL_CTX_free) X(SSL_CTX_load_verify_locations) X(SSL_CTX_new) X(SSL_CTX_set_default_verify_paths) \
  X(SSL_CTX_set_verify) X(SSL_CTX_use_PrivateKey_file) X(SSL_CTX_use_certificate_chain_file) X(SSL_connect) X(SSL_ctrl) \
  X(SSL_free) X(SSL_get_error) X(SSL_get_verify_result) X(SSL_get0_param) X(SSL_new) X(SSL_read) X(SSL_set_fd) \
  X(SSL_shutdown) X(SSL_write) X(TLS_client_method)
// clang-format on

struct LibSsl {
#define STERNA_DECLARE(name) decltype(&::name) name = nullptr;
  STERNA_LIBSSL_FUNCTIONS(STERNA_DECLARE)
#undef STERNA_DECLARE
};

/// @throws Error(config) that names the package when the library cannot be opened.
const LibSsl& libssl();

}  // namespace sterna::cql
