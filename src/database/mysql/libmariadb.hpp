// libmariadb, opened when the first mysql or mariadb URL is used: a run on another database must
// not pay for loading it.
#pragma once

#include <mysql.h>

namespace sterna::mysql {

// clang-format off
#define STERNA_LIBMARIADB_FUNCTIONS(X) \
  X(mysql_affected_rows) X(mysql_autocommit) X(mysql_close) X(mysql_errno) X(mysql_error) \
  X(mysql_fetch_fields) X(mysql_fetch_lengths) X(mysql_fetch_row) X(mysql_free_result) \
  X(mysql_get_server_info) X(mysql_get_socket) X(mysql_get_ssl_cipher) X(mysql_init) X(mysql_more_results) \
  X(mysql_next_result) X(mysql_num_fields) X(mysql_options) X(mysql_options4) X(mysql_ping) \
  X(mysql_real_connect) X(mysql_real_query) X(mysql_sqlstate) X(mysql_stmt_affected_rows) \
  X(mysql_stmt_bind_param) X(mysql_stmt_bind_result) X(mysql_stmt_close) X(mysql_stmt_errno) \
  X(mysql_stmt_error) X(mysql_stmt_execute) X(mysql_stmt_fetch) X(mysql_stmt_fetch_column) \
  X(mysql_stmt_free_result) X(mysql_stmt_init) X(mysql_stmt_more_results) \
  X(mysql_stmt_next_result) X(mysql_stmt_param_count) X(mysql_stmt_prepare) \
  X(mysql_stmt_result_metadata) X(mysql_stmt_sqlstate) X(mysql_stmt_store_result) \
  X(mysql_store_result) X(mysql_thread_id) X(mysql_use_result) X(mysql_warning_count)
// clang-format on

struct LibMariadb {
#define STERNA_DECLARE(name) decltype(&::name) name = nullptr;
  STERNA_LIBMARIADB_FUNCTIONS(STERNA_DECLARE)
#undef STERNA_DECLARE
};

/// @throws Error(config) that names the package when the library cannot be opened.
const LibMariadb& libmariadb();

}  // namespace sterna::mysql
