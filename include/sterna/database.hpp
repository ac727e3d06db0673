// A database outside of migrations: opens a URL, and reads and writes rows with the same query
// builder and typed rows.
//
//   sterna::Database db{"sqlite:blog.db"};
//   for (const sterna::Row& row : db.table("users").where("age", ">", 17).get()) …
//
// Not safe for concurrent use; open one a thread.
#pragma once

#include <sterna/export.hpp>
#include <sterna/query.hpp>
#include <sterna/schema.hpp>

#include <memory>
#include <string_view>

namespace sterna {

class STERNA_API Database : public DataAccess {
 public:
  /// Connects at once. @throws Error(config) for a URL of an unknown kind, Error(connection) when
  /// the server cannot be reached.
  explicit Database(std::string_view url);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// Changes made through it take effect at once, without history: for tests and tools.
  Schema& schema();

 private:
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sterna
