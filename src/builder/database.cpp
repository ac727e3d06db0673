#include <sterna/database.hpp>

#include "base/url.hpp"
#include "builder/direct_target.hpp"
#include "builder/session.hpp"
#include "database/registry.hpp"

namespace sterna {

struct Database::Impl {
  explicit Impl(std::string_view url)
      : connection(connect(parse_url(url))), target(*connection), schema(target) {}

  std::unique_ptr<Connection> connection;
  DirectTarget target;
  Schema schema;
};

Database::Database(std::string_view url) : Database(std::make_unique<Impl>(url)) {}
Database::Database(std::unique_ptr<Impl> impl)
    : DataAccess(impl->schema.session()), impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Schema& Database::schema() { return impl_->schema; }

}  // namespace sterna
