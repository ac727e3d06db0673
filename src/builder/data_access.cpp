#include <sterna/query.hpp>

#include "builder/session.hpp"

namespace sterna {

namespace detail {

void in_transaction(SchemaTarget& target, const std::function<void()>& body) {
  target.begin_nested();
  try {
    body();
  } catch (...) {
    target.rollback_nested();
    throw;
  }
  target.commit_nested();
}

}  // namespace detail

DataAccess::DataAccess(std::shared_ptr<detail::Session> session) : session_(std::move(session)) {}
DataAccess::~DataAccess() = default;
DataAccess::DataAccess(DataAccess&&) noexcept = default;
DataAccess& DataAccess::operator=(DataAccess&&) noexcept = default;

Query DataAccess::table(std::string_view name) const { return Query(session_, name); }
Expression DataAccess::now() const { return sterna::now(); }

void DataAccess::transaction(const std::function<void()>& body) const {
  detail::in_transaction(session_->target, body);
}

std::string DataAccess::engine() const { return std::string(session_->target.dialect().name()); }
std::string DataAccess::product() const { return session_->target.server().product; }
int DataAccess::server_version() const { return session_->target.server().version; }
std::string DataAccess::server_version_text() const {
  return session_->target.server().version_text;
}

void DataAccess::progress(std::string_view what, std::int64_t done, std::int64_t total) const {
  session_->target.progress(what, done, total);
}

Rows DataAccess::run_query(const Expression& sql) const {
  return session_->target.query(detail::statement_of(sql, session_->target.dialect()));
}

std::int64_t DataAccess::run_statement(const Expression& sql) const {
  return session_->target.execute(detail::statement_of(sql, session_->target.dialect()));
}

}  // namespace sterna
