// A statement with bound values, in the server's binary protocol. Used by the connection alone.
#pragma once

#include "database/mysql/libmariadb.hpp"
#include "sql/statement.hpp"

#include <string>
#include <vector>

namespace sterna::mysql {

class Prepared {
 public:
  /// Asks the server to prepare it. @throws Error
  Prepared(const LibMariadb& api, MYSQL* handle, const Statement& statement);
  ~Prepared() { api_.mysql_stmt_close(handle_); }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  /// @throws Error
  void run();
  std::int64_t affected() const {
    return static_cast<std::int64_t>(api_.mysql_stmt_affected_rows(handle_));
  }
  /// The first result that has rows; further ones (of a procedure) are read and left.
  /// @throws Error
  Rows rows();

 private:
  void bind(std::size_t index);
  void bind_bytes(std::size_t index, const std::string& bytes, enum_field_types type);
  Rows read_result(MYSQL_RES* meta);
  Value read_field(const MYSQL_FIELD& field, const MYSQL_BIND& bound, unsigned index);
  [[noreturn]] void fail() const;

  const LibMariadb& api_;
  const Statement& statement_;
  MYSQL_STMT* handle_;
  // What the bindings point to.
  std::vector<MYSQL_BIND> binds_;
  std::vector<std::int64_t> numbers_;
  std::vector<double> reals_;
  std::vector<unsigned long> lengths_;
};

}  // namespace sterna::mysql
